/* forgotten.h - what the pump had counted and has forgotten with its memory: added to what it tells, so that a run's totals go
 * on. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_FORGOTTEN_H
#define RIG_FORGOTTEN_H

#include "pump/pump.h"

struct forgotten {
    int64_t commanded_quanta, commanded_bolus_quanta, metered_quanta, missed_quanta, withheld_quanta;
    vol_grain dropped;
};

void forgotten_add(const struct forgotten *forgotten, struct pump_status *status);
/* A reset lies between the two, both with what was forgotten before. */
void forgotten_count(struct forgotten *forgotten, const struct pump_status *before, const struct pump_status *after);

#endif
