/* rate.h - from a daily dose to a flow: quanta a day, the dose achieved, and how long a reservoir lasts. REQ-CLIN-04. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_RATE_H
#define CLINIC_PLANNER_RATE_H

#include "clinic/planner/drugdose.h"

struct rate_question {
    const struct model *model;
    struct drugdose drugdose;
    vol_nl fill;  /* what is in the reservoir; 0: full */
    vol_nl alarm; /* what stays in at the low-reservoir alarm */
};

struct rate_plan {
    struct ratio flow;           /* nL/day, exact */
    rate_nl_day set;             /* what the pump can be given: the flow, or the nearest below it */
    bool exact;                  /* set is the flow */
    mass_fg achieved;            /* a day, at `set` */
    struct ratio quanta_per_day; /* at `set`, nominal */
    struct ratio lasts;          /* ms until the alarm volume is reached, at `set` */
};

/* The arithmetic alone; false when no flow comes of it. */
bool rate_plan(const struct rate_question *question, struct rate_plan *plan);
/* Worked out and judged, as a sheet. */
void rate_sheet(const struct formulary *formulary, const struct rate_question *question, struct sheet *sheet);

#endif
