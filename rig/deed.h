/* deed.h - all that clinic, patient and hardware can do in a scenario: one row for each. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_DEED_H
#define RIG_DEED_H

#include "rig/scenario.h"

/* Who, the word, the kind (and which fault), and all the fields it may have. */
struct deed {
    enum who who;
    const char *word;
    enum action_kind kind;
    enum twin_fault fault;
    const char *const *fields;
};

/* The row named by the fields "who" and "do"; null, with a complaint, when there is none. */
const struct deed *deed_read(const struct node *node);

#endif
