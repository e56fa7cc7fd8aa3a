/* bus.c - the core's side of the board bus. */
// SPDX-License-Identifier: Apache-2.0
#include "chip/bus.h"

#include "chip/fault.h"
#include "chip/memory.h"
#include "chip/registers.h"
#include "chip/uart.h"
#include "chip/watchdog.h"

static void put_16(uint8_t *bytes, uint16_t value)
{
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
}

static void write_request(uint8_t request, uint8_t sequence, const uint8_t *body, uint16_t size)
{
    uint8_t head[BUS_HEAD_BYTES] = { BUS_SYNC_1, BUS_SYNC_2, request, sequence }, check[BUS_CHECK_BYTES];
    put_16(head + 4, size);
    put_16(check, bus_check(bus_check(0xFFFF, head + 2, BUS_HEAD_BYTES - 2), body, size));
    uart_write(UART_BUS, head, sizeof head);
    uart_write(UART_BUS, body, size);
    uart_write(UART_BUS, check, sizeof check);
}

static void copy_out(uint8_t *bytes, uint32_t from, uint16_t size)
{
    for (uint16_t i = 0; i < size; i++) {
        bytes[i] = chip_window.bytes[from + i];
    }
}

uint16_t bus_ask_more(enum bus_request request, const void *body, uint16_t size, void *result, uint16_t result_size,
                      uint8_t *more, uint16_t more_max)
{
    uint8_t sequence = chip_sequence++;
    write_request((uint8_t)request, sequence, body, size);
    watchdog_rest();
    uint8_t answer = uart_read(UART_BUS);
    watchdog_run();
    core_barrier();
    uint16_t there = chip_window.size;
    uint32_t more_size = there >= result_size ? (uint32_t)(there - result_size) : UINT32_MAX;
    bool sound =
        answer == (uint8_t)(sequence << 4 | BUS_DONE) && chip_window.sequence == sequence && more_size <= more_max;
    if (sound) {
        copy_out(result, 0, result_size);
        copy_out(more, result_size, (uint16_t)more_size);
        sound = chip_window.check == bus_check(bus_check(0xFFFF, result, result_size), more, more_size);
    }
    if (!sound) {
        fault_raise(BUS_FAULT_BUS, (uint32_t)request << 16 | (uint32_t)sequence << 8 | answer);
    }
    return (uint16_t)more_size;
}

void bus_ask(enum bus_request request, const void *body, uint16_t size, void *result, uint16_t result_size)
{
    (void)bus_ask_more(request, body, size, result, result_size, NULL, 0);
}
