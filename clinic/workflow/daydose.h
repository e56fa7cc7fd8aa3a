/* daydose.h - what a therapy amounts to in a day: the number in which every large error was visible (HZ-01, HZ-22, HZ-24). */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_DAYDOSE_H
#define CLINIC_WORKFLOW_DAYDOSE_H

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
int64_t daydose_most(const struct therapy *therapy, uint16_t drug, unsigned parts);
/* A mass as it is shown and typed again: to the nearest nanogram. */
int64_t daydose_shown(int64_t fg);

#endif
