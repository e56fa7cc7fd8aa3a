/* list.h - the words of the records: roles, workflows, outcomes, causes, reasons, actions. Frozen codes; list.def. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_LIST_H
#define CLINIC_RECORDS_LIST_H

#include <stdbool.h>
#include <stdint.h>

#define WORD(list, name, code, word) WORD_##list##_##name = code,
enum list_word {
    LIST_WORD_NONE = -1,
#include "clinic/records/list.def"
};
#undef WORD

enum list {
    LIST_ROLE,
    LIST_WORKFLOW,
    LIST_OUTCOME,
    LIST_CAUSE,
    LIST_LEVEL,
    LIST_ANSWER,
    LIST_REASON,
    LIST_SCALE,
    LIST_ACT,
    LIST_ACTION
};

/* The word of a code, or null. */
const char *list_word(enum list list, int64_t code);
/* The code of a word, or -1. */
int64_t list_code(enum list list, const char *word);
/* The words of a list, one at a time; null after the last. */
const char *list_at(enum list list, unsigned index);

/* What a role may. Reading what is not sealed is open to all of them. */
bool list_role_opens(int64_t role);
bool list_role_writes(int64_t role);
bool list_role_administers(int64_t role);

#endif
