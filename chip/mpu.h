/* mpu.h - the core's memory protection: what may be read, written and run. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_MPU_H
#define CHIP_MPU_H

/* Closes the memory for good:
 *   code and constants: read and run, to the eighth of their region in which they end;
 *   its first 256 bytes, which hold the vectors alone: nothing, so that a null pointer is a fault;
 *   RAM: read and write, never run; below the stack a guard of 256 bytes: nothing;
 *   the two UARTs and the watchdog: read and write, never run.
 * Everything else is a fault, in handlers too, but not in a hard fault and the watchdog's own (they work without it). */
void mpu_close(void);

#endif
