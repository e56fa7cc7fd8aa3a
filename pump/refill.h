/* refill.h - what a refill changes: volumes, contents, and with them, in the same step, the therapy. REQ-RSVR-01,
 * -02, HZ-05, HZ-11, HZ-23, HZ-25. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_REFILL_H
#define PUMP_REFILL_H

#include "pump/activation.h"
#include "pump/state.h"

/* How far what is found may be off from what was calculated without meaning anything. */
vol_nl refill_tolerance(const struct pump *pump);
/* Judges a refill, and the activation of the staged therapy when it asks for one. Changes nothing but free governor
 * slots, and the lock on a pump found not infusing: what was found once is true, whatever becomes of the command
 * (REQ-RSVR-05). */
struct activation_answer refill_judge(struct pump *pump, struct kept *kept, const struct command *command,
                                      instant_ms now);
/* Carries out a refill that was judged without reasons. */
void refill_enact(struct pump *pump, const struct board *board, const struct command *command, instant_ms now);

#endif
