/* plant.c - an image with everything of chip/ in it but the pump: told to, it does what no code should, so that core_test.py sees
 * what the core makes of it. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "chip/bus.h"
#include "chip/fault.h"
#include "chip/hello.h"
#include "chip/image.h"
#include "chip/layout.h"
#include "chip/memory.h"
#include "chip/mpu.h"
#include "chip/registers.h"
#include "chip/uart.h"
#include "chip/vectors.h"
#include "chip/watchdog.h"

enum { INTERRUPT_PENDING = 0xE000E200, TIMER_INTERRUPT = 8, NOBODYS = 0x50000000 };

enum { SOON = 2500000 }; /* a tenth of a second, in ticks of the watchdog */

int main(void);

static void deaf(void)
{
    for (;;) {
    }
}

/* Where the watchdog's first bite leads to nothing: the vectors lie in memory now, and all are deaf. */
static void bite_twice(void)
{
    uint32_t *table = (uint32_t *)(((uint32_t)chip_retained + 255) & ~255u);
    for (unsigned i = 0; i < VECTORS; i++) {
        table[i] = (uint32_t)deaf;
    }
    *register_at(CORE_VECTORS) = (uint32_t)table;
    core_barrier();
    *register_at(WATCHDOG) = SOON;
    deaf();
}

/* As deep as it goes. Not a tail call, and no array that could be left out. */
__attribute__((noinline)) static uint32_t deep(volatile uint32_t *above)
{
    volatile uint32_t here[16] = { *above + 1 };
    return here[0] == 0 ? 0 : deep(here) + here[0];
}

static void write_at(uint32_t address)
{
    *register_at(address) = 1;
}

static void run_memory(void)
{
    static const uint16_t back = 0x4770; /* bx lr */
    memcpy((void *)chip_retained, &back, sizeof back);
    ((void (*)(void))((uint32_t)chip_retained | 1))();
}

static void interrupt(void)
{
    *register_at(CORE_INTERRUPT_ENABLE) = 1u << TIMER_INTERRUPT;
    *register_at(INTERRUPT_PENDING) = 1u << TIMER_INTERRUPT;
    core_barrier();
}

static int64_t divide(volatile int64_t number, volatile int64_t by)
{
    return number / by;
}

static void deed(unsigned number)
{
    volatile uint32_t zero = 0;
    switch (number) {
    case 1:
        (void)deep(&zero);
        break;
    case 2:
        (void)*register_at(zero);
        break;
    case 3:
        write_at((uint32_t)&image_stamp);
        break;
    case 4:
        run_memory();
        break;
    case 5:
        sodium_misuse();
    case 6:
        zero = 7 / zero;
        break;
    case 7:
        zero = (uint32_t)divide(7, 0);
        break;
    case 8:
        interrupt();
        break;
    case 9:
        write_at(NOBODYS);
        break;
    case 10:
        __asm volatile("cpsid i\n udf #1");
        break;
    case 11:
        __asm volatile(".inst.w 0xEEB70A00"); /* vmov.f32 s0, #1.0: there is no floating point */
        break;
    case 12:
        for (;;) {
        }
    case 13:
        write_at((uint32_t)layout_guard);
        break;
    case 15:
        bite_twice();
        break;
    case 14:
        __asm volatile("msr psp, %0\n svc #0" ::"r"(layout_stack));
        break;
    }
}

int main(void)
{
    watchdog_run();
    uint32_t crc = image_crc();
    mpu_close();
    uart_open();
    (void)hello(crc, true);
    struct bus_sleep sleep = { .wake_ms = INT64_MAX };
    struct bus_wake wake;
    for (;;) {
        bus_ask(BUS_SLEEP, &sleep, sizeof sleep, &wake, sizeof wake);
        deed(wake.role);
    }
}
