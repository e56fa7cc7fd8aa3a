/* chooser.h - which image of the software starts: what the boot code asks, before anything else of the pump runs. It is written
 * by the factory and never replaced, and so is the form of the record it reads. REQ-SECU-09; docs/decisions/0018-update.md. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_CHOOSER_H
#define PUMP_CHOOSER_H

#include "pump/pump.h"

/* The slot whose image is to start: 1 or 2, or 0 for the one the factory wrote. An image that is to be tried is marked as
 * started, in flash, before it is chosen, and so is chosen once. Else it is the newest confirmed one. An image whose header,
 * signature or content is not in order is never chosen. When that is so of the newest confirmed one an older one starts, in the
 * end the factory's, though it be below the floor: a pump that starts nothing would withhold therapy. */
uint8_t chooser_slot(const struct board *board, const struct pump_unit *unit);

#endif
