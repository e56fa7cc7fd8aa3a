/* cell.h - the look at the battery: what was used since the last one, and what that means. REQ-PWR-01, -08, HZ-04, HZ-06. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_CELL_H
#define PUMP_CELL_H

#include "pump/state.h"

/* The cell: what was used, and whether it will last. Its end stops nothing by itself: therapy goes on as long as the
 * cell truly carries it, and the alarm says that nobody should count on that (docs/decisions/0013-energy.md). */
void cell_look(struct pump *pump, struct kept *kept, instant_ms now);

#endif
