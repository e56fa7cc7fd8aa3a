/* uart.c - the two serial lines, byte by byte. */
// SPDX-License-Identifier: Apache-2.0
#include "chip/uart.h"

#include "chip/registers.h"
#include "chip/vectors.h"

enum { DATA = 0x00, STATE = 0x04, CONTROL = 0x08, INTERRUPT_CLEAR = 0x0C, DIVIDER = 0x10 };
enum { FULL_OUT = 1, FULL_IN = 2 };            /* STATE */
enum { OUT = 1, IN = 2, IN_INTERRUPT = 8 };    /* CONTROL */
enum { INTERRUPT_IN = 2, DIVIDER_LEAST = 16 }; /* the fastest that the part allows */

static volatile uint32_t *part(uint32_t uart, uint32_t offset)
{
    return register_at(uart + offset);
}

static void open_one(uint32_t uart)
{
    *part(uart, DIVIDER) = DIVIDER_LEAST;
    *part(uart, CONTROL) = OUT | IN | IN_INTERRUPT;
    (void)*part(uart,
                DATA); /* what stands there is nobody's; and with this QEMU looks whether something waits to come in */
}

void uart_open(void)
{
    open_one(UART_RADIO);
    open_one(UART_BUS);
    *register_at(CORE_INTERRUPT_ENABLE) =
        1u << (VECTOR_RADIO - VECTOR_INTERRUPTS) | 1u << (VECTOR_BUS - VECTOR_INTERRUPTS);
}

void uart_write(uint32_t uart, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        while ((*part(uart, STATE) & FULL_OUT) != 0) {
        }
        *part(uart, DATA) = bytes[i];
    }
}

uint8_t uart_read(uint32_t uart)
{
    /* Between the look and the sleep no interrupt is taken, but one that is pending ends the sleep all the same. */
    __asm volatile("cpsid i" ::: "memory");
    while ((*part(uart, STATE) & FULL_IN) == 0) {
        __asm volatile("wfi\n cpsie i\n isb\n cpsid i" ::: "memory");
    }
    __asm volatile("cpsie i" ::: "memory");
    return (uint8_t)*part(uart, DATA);
}

void uart_radio_woke(void)
{
    *part(UART_RADIO, INTERRUPT_CLEAR) = INTERRUPT_IN;
}

void uart_bus_woke(void)
{
    *part(UART_BUS, INTERRUPT_CLEAR) = INTERRUPT_IN;
}
