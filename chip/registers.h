/* registers.h - the registers that the image writes to or reads: of the Cortex-M4 itself (Armv7-M Architecture Reference Manual,
 * B3), and of the parts of Arm's application note AN386 (Cortex-M System Design Kit, technical reference manual, chapter 4). */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_REGISTERS_H
#define CHIP_REGISTERS_H

#include <stdint.h>

static inline volatile uint32_t *register_at(uint32_t address)
{
    return (volatile uint32_t *)(uintptr_t)address; /* the headers compile on a host too */
}

/* The core. */
enum {
    CORE_INTERRUPT_ENABLE = 0xE000E100,
    CORE_VECTORS = 0xE000ED08,       /* VTOR */
    CORE_RESET = 0xE000ED0C,         /* AIRCR */
    CORE_CONFIGURATION = 0xE000ED14, /* CCR */
    CORE_FAULTS = 0xE000ED24,        /* SHCSR */
    CORE_FAULT_STATUS = 0xE000ED28,  /* CFSR */
    CORE_FAULT_MEMORY = 0xE000ED34,  /* MMFAR */
    CORE_FAULT_BUS = 0xE000ED38,     /* BFAR */
    CORE_COPROCESSORS = 0xE000ED88,  /* CPACR */
    MPU_CONTROL = 0xE000ED94,
    MPU_NUMBER = 0xE000ED98,
    MPU_BASE = 0xE000ED9C,
    MPU_ATTRIBUTES = 0xE000EDA0
};

/* The board. */
enum { UART_RADIO = 0x40004000, UART_BUS = 0x40005000, WATCHDOG = 0x40008000 };

static inline void core_barrier(void)
{
    __asm volatile("dsb\n isb" ::: "memory");
}

#endif
