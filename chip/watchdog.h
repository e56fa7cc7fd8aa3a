/* watchdog.h - the chip's own watchdog: it ends a computation that does not end. (The pump's watchdog, which bites when a wake is
 * not answered within a minute, is a door of the board and stands outside the chip.) It runs while the core computes and rests
 * while the core waits for the twin, since nothing may depend on how long an answer takes. When it runs out the core records
 * BUS_FAULT_WATCHDOG and starts again; should the core not even do that, the second time it runs out resets the chip. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_WATCHDOG_H
#define CHIP_WATCHDOG_H

/* 25 MHz clock. A guess: far above what the longest answer takes, the check of a signature and of an image of 128 KiB. */
enum { WATCHDOG_TICKS = 10 * 25000000 };

/* From now on; what was counted is forgotten. */
void watchdog_run(void);
void watchdog_rest(void);

#endif
