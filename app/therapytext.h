/* therapytext.h - a therapy in rows of words, and two of them beside each other: every setting, whether it changes or not.
 * REQ-CLIN-02. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_THERAPYTEXT_H
#define APP_THERAPYTEXT_H

#include <stdio.h>

#include "amount/amount.h"
#include "core/therapy.h"

/* The most that the program itself gives of a drug in any 24 hours, opening and patient's boluses apart, to the nanogram; as a
 * flow in nL/day when it holds no drug. */
int64_t therapytext_day_fg(const struct therapy *therapy, uint16_t drug);
int64_t therapytext_day_nl(const struct therapy *therapy);

/* Old beside new; `old` null when there is none. */
void therapytext_compare(FILE *out, const struct therapy *old, const struct therapy *new);

#endif
