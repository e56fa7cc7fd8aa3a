/* daycurve.h - the 24 hours of a program as a curve: steps of constant flow that together are the day's volume, exactly.
 * Pages draw it, the command line and reports print it. REQ-CLIN-07, HZ-01, HZ-22, screen rule W5. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_DAYCURVE_H
#define CLINIC_WORKFLOW_DAYCURVE_H

#include "amount/ratio.h"
#include "core/therapy.h"

/* A bolus makes three at most: its whole minutes, the part of a minute that it ends in, the base behind it. */
enum { DAYCURVE_STEPS_MAX = 3 * (DAY_MINUTES / INTERVAL_MINUTES_MIN + 1) + 1 };

/* From this minute of the 24 hours on, for so many minutes, so much in each of them. */
struct daycurve_step {
    uint16_t minute, minutes;
    int64_t grain; /* volume of one minute, GRAIN_PER_NL to a nL; of the minute a bolus ends in, base and rest of it */
};

/* The steps follow each other without a gap, from minute 0 to DAY_MINUTES. */
struct daycurve {
    unsigned count;
    struct daycurve_step step[DAYCURVE_STEPS_MAX];
};

/* Of a day set of a flex program, from midnight (`set` below day_set_count). Of a periodic program, from so many minutes
 * after its beginning: from periodic.first_minutes on, its sum is the most of any 24 hours. Of any other program every day.
 * Openings, which come once, and boluses that a patient asks for are not in it. `program` as program_judge() passes it. */
void daycurve_make(const struct program *program, unsigned set, unsigned from_minutes, struct daycurve *curve);
/* The volume of all of it. */
vol_grain daycurve_sum(const struct daycurve *curve);
/* What such a volume holds of a drug, fg: those of the steps add up to that of the sum. */
struct ratio daycurve_mass(int64_t grain, conc_ng_ml conc);
/* How many boluses of a periodic program begin in 24 hours at most; 0 of another. */
unsigned daycurve_boluses(const struct program *program);

#endif
