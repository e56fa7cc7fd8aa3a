/* emergency.h - what anybody may do who holds a magnet and a device to the skin: learn who this is, and lower the pump to its
 * safe rate. Never more. The access expires, its effect holds until a clinician ends it. link/SPEC.md §8. REQ-SECU-08. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_EMERGENCY_H
#define PUMP_EMERGENCY_H

#include <stdbool.h>

#include "board/board.h"
#include "pump/telemetry.h"

enum { EMERGENCY_WINDOW_MS = 3600000 }; /* REQ-SECU-08 */

struct emergency {
    int64_t until_ms; /* end of the window; 0: none was opened since the magnet was last seen away */
};

/* EMERGENCY, which came by this reach. */
enum welcome emergency_hear(struct pump *pump, const struct board *board, const struct packet *packet, uint8_t reach,
                            instant_ms now);

#endif
