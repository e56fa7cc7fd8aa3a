/* startup.h - from the reset to main(). */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_STARTUP_H
#define CHIP_STARTUP_H

enum { STARTUP_PAINT = 0x5AFEF00D }; /* what an untouched word of the stacks holds */

/* Where the core begins, on the handlers' stack: clears what a start clears, paints both stacks, so that their deepest use can
 * be seen, and calls main() on the pump's stack. */
void startup_reset(void);

#endif
