/* recipe.h - therapies and boluses for the campaign of sessions: whatever in them came twice would hurt, and would show. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_RECIPE_H
#define RIG_RECIPE_H

#include "pump/pump.h"
#include "rig/dice.h"

enum { RECIPE_CATHETER_MM = 400 };

/* A bolus that lasts from one to twenty minutes, and is longer than what the umpire cannot see (rig/quota.c). */
void recipe_course(struct dice *dice, const struct model *model, vol_nl *volume, rate_nl_day *rate);
/* A constant flow, a patient's bolus, and in half of them a single bolus to begin with. The limits are ample, and the same for
 * all of one mixture. */
void recipe_therapy(struct dice *dice, const struct pump_unit *unit, const struct mixture *mixture, struct therapy *therapy);

#endif
