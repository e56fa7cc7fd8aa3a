/* main.c - the life of the core (board/SPEC.md): it starts, boots the pump, and sleeps between wakes. Nothing here knows what a
 * pump is for. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "chip/bench.h"
#include "chip/bus.h"
#include "chip/doors.h"
#include "chip/fault.h"
#include "chip/image.h"
#include "chip/memory.h"
#include "chip/mpu.h"
#include "chip/uart.h"
#include "chip/watchdog.h"
#include "pump/chooser.h"

enum { COMMAND_ROOM = 512 }; /* of a bench image's command; longer than any that the pump takes */

int main(void);

/* An image that is not what was built does not run the pump: it says so, and is still. The motor fires on no key. */
_Noreturn static void stay(void)
{
    watchdog_rest();
    for (;;) {
        __asm volatile("cpsid i\n wfi");
    }
}

/* The first words of a core: who it is, and what ended its last life. */
static struct bus_start hello(uint32_t crc)
{
    struct bus_start start;
    struct bus_fault fault;
    struct bus_hello hello = {
        .version = BUS_VERSION,
        .bench = CHIP_BENCH,
        .fault_kept = fault_last(&fault),
        .window = (uint32_t)&chip_window,
        .retained = (uint32_t)chip_retained,
        .pump = (uint32_t)&chip_pump,
        .pump_bytes = sizeof chip_pump,
        .unit_bytes = sizeof chip_unit,
        .image_crc = crc,
    };
    for (unsigned i = 0; i < BUS_BUILD_BYTES; i++) {
        hello.build[i] = image_stamp.build[i];
    }
    bus_ask(BUS_HELLO, &hello, sizeof hello, &start, sizeof start);
    if (hello.fault_kept) {
        bus_ask(BUS_FAULT, &fault, sizeof fault, NULL, 0);
        fault_forget();
    }
    return start;
}

/* Sleeps until the next wake, and does what it brings. */
static void live(const struct board *board, struct bus_sleep *sleep)
{
    struct bus_wake wake;
#if CHIP_BENCH
    uint8_t command[COMMAND_ROOM];
    uint16_t size = bus_ask_more(BUS_SLEEP, sleep, sizeof *sleep, &wake, sizeof wake, command, sizeof command);
#else
    bus_ask(BUS_SLEEP, sleep, sizeof *sleep, &wake, sizeof wake);
#endif
    instant_ms now = { wake.now_ms };
    if (wake.why == BUS_WAKE_RADIO) {
        pump_radio(&chip_pump, board, now);
    } else if (wake.why != BUS_WAKE_STEP) {
#if CHIP_BENCH
        if (wake.why == BUS_WAKE_BENCH && wake.size == size) {
            bench_command(board, &wake, command, size);
            return;
        }
#endif
        fault_raise(BUS_FAULT_BUS, (uint32_t)BUS_SLEEP << 16 | wake.why);
    }
    sleep->wake_ms = pump_step(&chip_pump, board, now).ms;
}

int main(void)
{
    watchdog_run();
    uint32_t crc = image_crc();
    mpu_close();
    uart_open();
    if (crc != image_stamp.crc) {
        fault_record(&(struct bus_fault){ .kind = BUS_FAULT_IMAGE, .address = image_stamp.crc });
        (void)hello(crc);
        stay();
    }
    struct bus_start start = hello(crc);
    bus_ask(BUS_UNIT, NULL, 0, &chip_unit, sizeof chip_unit);
    struct board board = {
        .doors = &doors, .retained = chip_retained, .boot_cause = start.boot_cause, .clock_lost = start.clock_lost != 0
    };
    board.image = chooser_slot(&board, &chip_unit);
    struct bus_sleep sleep = { .image = board.image };
    instant_ms now = { start.now_ms };
    pump_boot(&chip_pump, &board, &chip_unit, now);
    sleep.wake_ms = pump_step(&chip_pump, &board, now).ms;
    for (;;) {
        live(&board, &sleep);
    }
}
