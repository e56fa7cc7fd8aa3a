/* trouble.h - the words for what can be done wrong to a live implant, and how much of it is said. twin/hardware/trouble.h tells
 * what each does. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_TROUBLE_H
#define RIG_TROUBLE_H

#include "twin/hardware/trouble.h"

enum trouble_amount {
    TROUBLE_PLAIN, /* on or off */
    TROUBLE_SHARE, /* "20 %", up to 100 % */
    TROUBLE_FACTOR /* "120 %": of what would be right, up to ten times */
};

struct trouble_row {
    const char *word;
    enum twin_fault fault;
    enum trouble_amount amount;
    const char *text; /* what the amount is */
};

enum { TROUBLES_MAX = 12 };

/* Null after the last. */
const struct trouble_row *trouble_at(unsigned index);

#endif
