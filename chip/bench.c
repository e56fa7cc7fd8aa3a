/* bench.c - commands without the air in between, for soaks. */
// SPDX-License-Identifier: Apache-2.0
#include "chip/bench.h"

#include <string.h>

#include "chip/bus.h"
#include "chip/memory.h"

void bench_command(const struct board *board, const struct bus_wake *wake, const uint8_t *bytes, uint16_t size)
{
    struct receipt receipt;
    memset(&receipt, 0, sizeof receipt); /* its gaps too, which go over the bus */
    pump_command(&chip_pump, board, (instant_ms){ wake->now_ms }, (struct sender){ wake->role, wake->slot }, bytes,
                 size, &receipt);
    bus_ask(BUS_BENCH_RECEIPT, &receipt, sizeof receipt, NULL, 0);
}
