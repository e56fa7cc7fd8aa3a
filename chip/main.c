/* main.c - the life of the core (board/SPEC.md): it starts, boots the pump, and sleeps between wakes. Nothing here knows what a
 * pump is for. */
// SPDX-License-Identifier: Apache-2.0
#include "chip/bench.h"
#include "chip/bus.h"
#include "chip/doors.h"
#include "chip/fault.h"
#include "chip/hello.h"
#include "chip/image.h"
#include "chip/memory.h"
#include "chip/mpu.h"
#include "chip/nap.h"
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
    sleep->wake_ms = nap_until(now, pump_step(&chip_pump, board, now));
}

int main(void)
{
    watchdog_run();
    uint32_t crc = image_crc();
    mpu_close();
    uart_open();
    if (crc != image_stamp.crc) {
        fault_record(&(struct bus_fault){ .kind = BUS_FAULT_IMAGE, .address = image_stamp.crc });
        (void)hello(crc, CHIP_BENCH);
        stay();
    }
    struct bus_start start = hello(crc, CHIP_BENCH);
    bus_ask(BUS_UNIT, NULL, 0, &chip_unit, sizeof chip_unit);
    struct board board = {
        .doors = &doors, .retained = chip_retained, .boot_cause = start.boot_cause, .clock_lost = start.clock_lost != 0
    };
    board.image = chooser_slot(&board, &chip_unit);
    struct bus_sleep sleep = { .image = board.image };
    instant_ms now = { start.now_ms };
    pump_boot(&chip_pump, &board, &chip_unit, now);
    sleep.wake_ms = nap_until(now, pump_step(&chip_pump, &board, now));
    for (;;) {
        live(&board, &sleep);
    }
}
