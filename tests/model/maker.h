/* maker.h - therapies made by chance that a given pump can run: every kind of program, openings, permissions,
 * mixtures, and limits that are sometimes wide and sometimes just enough. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_MODEL_MAKER_H
#define TESTS_MODEL_MAKER_H

#include "core/therapy.h"
#include "pump/pump.h"

/* From least to most, every doubling as likely as every other. */
int64_t maker_scale(uint64_t *seed, int64_t least, int64_t most);
/* One to four drugs out of the four codes from `first` on (a twin holds no more in its life), now and then none. */
struct mixture maker_mixture(uint64_t *seed, uint16_t first);
/* What the pump of this unit can run with this in its reservoir, at flows around `pace`; not necessarily activated by it
 * now. `slack` is how far the limits lie above the least that holds, in thousandths (0: just enough). */
struct therapy maker_therapy(uint64_t *seed, const struct pump_unit *unit, vol_nl dead, const struct mixture *mixture,
                             rate_nl_day pace, int64_t slack);
/* The limits of a therapy made just wide enough for its program and `boluses` of the largest bolus on top, and this much
 * slack. */
void maker_limit(struct therapy *therapy, const struct model *model, int64_t boluses, int64_t slack);

#endif
