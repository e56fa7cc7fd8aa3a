/* bridge.h - changing drug or concentration: the old drug still stands in tubing and catheter, and goes on at its own flow
 * until the new one reaches the tip. What would happen without is reckoned too. REQ-CLIN-09, clinical facts 2.1 (written from
 * mass balance). */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_BRIDGE_H
#define CLINIC_PLANNER_BRIDGE_H

#include "clinic/planner/catheter.h"
#include "clinic/planner/drugdose.h"

struct bridge_question {
    const struct model *model;
    struct implanted_catheter catheter;
    struct drugdose from, to;
};

struct bridge_plan {
    vol_nl volume;                 /* of tubing and catheter */
    struct ratio rate;             /* nL/day: old dose / old concentration */
    struct ratio duration;         /* ms: volume / rate */
    struct ratio after;            /* nL/day: new dose / new concentration */
    struct ratio skipped_dose;     /* fg/day of the old drug, were the new flow set at once */
    struct ratio skipped_factor;   /* of the new dose, where the drug is the same; else of the old one */
    struct ratio skipped_duration; /* ms for which that would last */
};

/* The arithmetic alone; what cannot be reckoned is no number. */
void bridge_plan(const struct bridge_question *question, struct bridge_plan *plan);
void bridge_sheet(const struct formulary *formulary, const struct bridge_question *question, struct sheet *sheet);

#endif
