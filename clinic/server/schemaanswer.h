/* schemaanswer.h - what answers are made of, described. clinic/server/answer.def */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_SCHEMAANSWER_H
#define CLINIC_SERVER_SCHEMAANSWER_H

#include <jansson.h>

#define ANSWER(name, ...) ANSWER_##name,
enum answer_form {
    ANSWER_NOTHING,
#include "clinic/server/answer.def"
    ANSWERS
};
#undef ANSWER

/* One way in which a handler answers what was done. */
struct reply_row {
    const char *handler;
    unsigned status;
    enum answer_form form;
};

/* The replies of a handler, by its name: the first, the second, ...; null after the last. */
const struct reply_row *reply_at(const char *handler, unsigned index);
const char *answer_word(enum answer_form form);
/* As JSON Schema (2020-12), referring to the others by #/components/schemas/; a new object. */
json_t *answer_schema(enum answer_form form);

#endif
