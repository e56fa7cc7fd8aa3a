/* bench.h - what a bench image answers beside the product: a command that did not come through the air. In pump.elf this is
 * missing, and such a wake is a fault. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_BENCH_H
#define CHIP_BENCH_H

#include "board/board.h"
#include "board/bus.h"

/* Carries out the command that this wake brought, and tells the receipt: a struct receipt (core/command.h), as it stands in
 * memory. The twin says afterwards when to step. */
void bench_command(const struct board *board, const struct bus_wake *wake, const uint8_t *bytes, uint16_t size);

#endif
