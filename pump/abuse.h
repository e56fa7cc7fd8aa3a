/* abuse.h - somebody asks again and again for what is refused. A refusal is information, not an alarm (HZ-30); very many
 * of them within an hour are one alarm of low priority. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_ABUSE_H
#define PUMP_ABUSE_H

#include "pump/state.h"

/* A patient's request for a bolus was refused. */
void abuse_refused(struct pump *pump, instant_ms now);
/* Somebody without a key called: for the link. */
void abuse_stranger(struct pump *pump, instant_ms now);
/* Ends what has been quiet for an hour. Returns when the next look is due. */
instant_ms abuse_look(struct pump *pump, instant_ms now);

#endif
