/* history.h - what the last refills found against what was calculated, signed, with the volume metered between them: one
 * reading is noise, a trend is a fault or a theft. REQ-RSVR-04, -05, HZ-11, HZ-39. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_HISTORY_H
#define PUMP_HISTORY_H

#include "core/quantity.h"

enum {
    HISTORY_REFILLS = 8,
    HISTORY_TREND_REFILLS = 3,    /* fewer refills are no trend: guess */
    METERED_BOUND_PER_MILLE = 145 /* labelled bound of what a pump delivers against what it is told, clinical 1.1 */
};

struct discrepancy {
    int32_t found_nl;   /* found less calculated: below zero, more has left than was metered */
    int32_t metered_nl; /* metered since the refill before */
};

struct history {
    uint8_t refills;      /* used entries, oldest first */
    uint8_t not_infusing; /* far more was found than calculated, and no clinician has acknowledged re-titration since */
    struct discrepancy refill[HISTORY_REFILLS];
};

/* Adds the newest refill, and forgets the oldest when all entries are taken. */
void history_add(struct history *history, vol_nl found_less_calculated, vol_nl metered);
/* Found less calculated, summed over the refills remembered. */
vol_nl history_sum(const struct history *history);
/* Is it a trend? `noise`: what each reading may be off by itself; `tolerance`: above it a single reading alarms by
 * itself. Either the sum of at least three refills is beyond the bound of the label for what was metered, and above
 * their noise; or readings that were each within tolerance add up to more than it. */
bool history_trend(const struct history *history, vol_nl noise, vol_nl tolerance);

#endif
