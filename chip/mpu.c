/* mpu.c - the core's memory protection. */
// SPDX-License-Identifier: Apache-2.0
#include "chip/mpu.h"

#include <stdint.h>

#include "chip/layout.h"
#include "chip/registers.h"

/* Armv7-M Architecture Reference Manual, B3.5.9. */
enum {
    NEVER_RUN = 1u << 28,
    NOTHING = 0u << 24,
    READ_WRITE = 1u << 24,
    READ_ONLY = 6u << 24,
    MEMORY = 1u << 17,
    DEVICE = 1u << 16
};
enum { ENABLE = 1, EIGHTHS = 8 };
enum { FLASH_POWER = 21 };                                              /* FLASH_BYTES, rounded up */
enum { CODE_POWER = 18, RAM_POWER = 16, CODE_BYTES = 1 << CODE_POWER }; /* 2 to it: the sizes in the linker script */

struct region {
    uint32_t base;
    uint32_t power; /* 2 to it is its size in bytes */
    uint32_t attributes;
};

static void region_set(uint32_t number, const struct region *region)
{
    *register_at(MPU_NUMBER) = number;
    *register_at(MPU_BASE) = region->base;
    *register_at(MPU_ATTRIBUTES) = region->attributes | (region->power - 1) << 1 | ENABLE;
}

/* The eighths of the code's region that hold nothing of the image. */
static uint32_t unused(void)
{
    uint32_t end = (uint32_t)layout_code_end, mask = 0;
    for (uint32_t eighth = 0; eighth < EIGHTHS; eighth++) {
        mask |= eighth * (CODE_BYTES / EIGHTHS) >= end ? 1u << (8 + eighth) : 0;
    }
    return mask;
}

void mpu_close(void)
{
    /* Where two meet, the later one holds. */
    const struct region regions[] = {
        { 0, CODE_POWER, READ_ONLY | MEMORY | unused() },
        { 0, 8, NOTHING | NEVER_RUN },
        { (uint32_t)layout_guard, RAM_POWER, READ_WRITE | NEVER_RUN | MEMORY },
        { (uint32_t)layout_guard, 8, NOTHING | NEVER_RUN },
        { (uint32_t)layout_flash, FLASH_POWER, READ_ONLY | NEVER_RUN | MEMORY },
        { UART_RADIO, 13, READ_WRITE | NEVER_RUN | DEVICE }, /* and the bus, which follows it */
        { WATCHDOG, 12, READ_WRITE | NEVER_RUN | DEVICE },
    };
    for (uint32_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
        region_set(i, &regions[i]);
    }
    core_barrier();
    *register_at(MPU_CONTROL) = ENABLE;
    core_barrier();
}
