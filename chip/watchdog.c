/* watchdog.c - the chip's own watchdog. */
// SPDX-License-Identifier: Apache-2.0
#include "chip/watchdog.h"

#include <stdint.h>

#include "chip/registers.h"

enum { LOAD = WATCHDOG + 0x00, CONTROL = WATCHDOG + 0x08, CLEAR = WATCHDOG + 0x0C, INTERRUPTS = 1, RESETS = 2 };

void watchdog_run(void)
{
    *register_at(LOAD) = WATCHDOG_TICKS;
    *register_at(CLEAR) = 1; /* QEMU's counts while it rests, too */
    *register_at(CONTROL) = INTERRUPTS | RESETS;
}

void watchdog_rest(void)
{
    *register_at(CONTROL) = 0;
}
