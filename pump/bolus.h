/* bolus.h - may a bolus be given now, and if not, why and when? A whole window of base is reserved before any bolus
 * (HZ-31). REQ-THER-04, -07, -08, -10, -11. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_BOLUS_H
#define PUMP_BOLUS_H

#include "pump/state.h"

struct bolus_ask {
    bool patient;
    vol_nl volume;
    rate_nl_day rate;
};

struct bolus_answer {
    verdict reasons;     /* all that apply; 0: granted */
    instant_ms earliest; /* when the same request could first pass; INSTANT_NEVER when waiting alone will not help */
};

/* Judges; changes nothing. */
struct bolus_answer bolus_judge(const struct pump *pump, const struct kept *kept, const struct bolus_ask *ask,
                                instant_ms now);
/* Books a bolus that is part of a therapy just activated (OPENING_SINGLE), so that later ones reckon with it. */
void bolus_book(struct pump *pump, const struct bolus_ask *ask, instant_ms now);
/* Books a granted bolus and begins it. */
void bolus_begin(struct pump *pump, struct kept *kept, const struct bolus_ask *ask, instant_ms now);
/* The earliest instant by permission, lockout and daily count alone; INSTANT_NEVER without permission. */
instant_ms bolus_from(const struct pump *pump, instant_ms now);

#endif
