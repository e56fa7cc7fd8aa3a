/* memory.c - all the memory of the image. */
// SPDX-License-Identifier: Apache-2.0
#include "chip/memory.h"

uint64_t chip_retained[RETAINED_BYTES / 8] __attribute__((section(".retained")));
volatile struct bus_window chip_window __attribute__((section(".window")));
struct fault_kept chip_fault __attribute__((section(".kept")));

struct pump chip_pump;
struct pump_unit chip_unit;
uint8_t chip_sequence;
