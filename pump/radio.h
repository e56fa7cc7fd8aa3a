/* radio.h - every frame that comes off the air, and what becomes of it: damaged, a stranger's, or one of link/SPEC.md §3.
 * REQ-LINK-10, REQ-SECU-04, -05, -13. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_RADIO_H
#define PUMP_RADIO_H

#include "pump/state.h"

enum { RADIO_FRAMES_AT_ONCE = 16 }; /* at one wake; what waits beyond is fetched at the next */

/* Fetches what came and deals with it. True when more may wait. */
bool radio_hear(struct pump *pump, const struct board *board, instant_ms now);
/* Ends what has lasted too long, and listens far again when a stranger's token has come in. Returns when the next look is due. */
instant_ms radio_look(struct pump *pump, const struct board *board, instant_ms now);

#endif
