/* therapytext.h - a therapy in rows of words, and two of them beside each other: every setting, whether it changes or not.
 * REQ-CLIN-02. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_THERAPYTEXT_H
#define APP_THERAPYTEXT_H

#include <stdio.h>

#include "amount/amount.h"
#include "core/therapy.h"

/* What a day consists of. A single bolus, prime or bridge comes once, when the therapy begins. */
enum part {
    PART_BASE = 1,    /* the program itself, its periodic boluses included */
    PART_PATIENT = 2, /* every bolus that the patient may ask for */
    PART_SINGLE = 4,
    PART_FILLING = 8, /* prime or bridge: what the pump moves, as if all of it reached the person on top of the base */
    PART_ALL = 15
};

/* The most that these parts (a sum of enum part) amount to in any 24 hours: of a drug in fg, to the nanogram; of what flows in nL
 * for DRUG_NONE. Boluses that a clinician gives are not in it: each is asked for by itself. */
int64_t therapytext_day(const struct therapy *therapy, uint16_t drug, unsigned parts);

/* Old beside new; `old` null when there is none. */
void therapytext_compare(FILE *out, const struct therapy *old, const struct therapy *new);

#endif
