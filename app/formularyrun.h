/* formularyrun.h - what the commands of `cisterna formulary` do, once their options are read. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_FORMULARYRUN_H
#define APP_FORMULARYRUN_H

#include <jansson.h>
#include <stddef.h>

enum formulary_option {
#define OPTION(name, ...) FORMULARY_##name##_AT,
#include "app/formulary.def"
#undef OPTION
    FORMULARY_OPTIONS
};

/* What was asked for. */
struct formulary_ask {
    const char *command;                  /* "list" */
    const char *value[FORMULARY_OPTIONS]; /* null where an option was not given, empty where it takes no value */
    char **word;                          /* the plain words */
    unsigned words;
};

/* Says on standard error what is wrong with the words, and returns EXIT_USAGE. */
int formulary_usage(const struct formulary_ask *ask, const char *text, const char *word);

/* Writes the file --out, whole or not at all; what is there already stays. EXIT_DONE, or a message and an exit code. */
int formulary_put(const struct formulary_ask *ask, const char *text, size_t size);
/* The beginning of an answer as JSON; and its end: it is written to standard output, and let go. */
json_t *formulary_answer(const char *what);
void formulary_answer_print(json_t *object);

#define ACT(word, run, ...) int run(const struct formulary_ask *ask);
#include "app/formulary.def"
#undef ACT

#endif
