/* crash.h - runs something that may crash (a division by zero, a wild pointer in the pump's software) and lives to tell it.
 * One at a time in a process: what a signal needs cannot be handed over otherwise. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CRASH_H
#define RIG_CRASH_H

/* 0 when it came to its end, else the number of the signal. */
int crash_caught(void (*work)(void *context), void *context);

#endif
