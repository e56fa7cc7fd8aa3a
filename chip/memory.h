/* memory.h - all the memory of the image. These are its only variables: everything else of the software is handed what it works
 * on. The linker script tells where they lie. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_MEMORY_H
#define CHIP_MEMORY_H

#include "board/bus.h"
#include "chip/fault.h"
#include "pump/pump.h"

/* What every reset leaves alone; what of it survives is the board's to say, and on the emulated one the twin's. */
extern uint64_t chip_retained[RETAINED_BYTES / 8];
extern volatile struct bus_window chip_window;
extern struct fault_kept chip_fault;

/* What every reset clears. */
extern struct pump chip_pump;
extern struct pump_unit chip_unit;
extern uint8_t chip_sequence; /* of the next request on the bus */

#endif
