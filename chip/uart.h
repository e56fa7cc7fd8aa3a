/* uart.h - the two serial lines, byte by byte (the UART of Arm's Cortex-M System Design Kit). */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_UART_H
#define CHIP_UART_H

#include <stddef.h>
#include <stdint.h>

/* Both lines, with interrupts for what comes in: they wake the core and do nothing else. */
void uart_open(void);

/* `uart`: UART_RADIO or UART_BUS (chip/registers.h). Writing waits for the line; reading sleeps until a byte is there. */
void uart_write(uint32_t uart, const uint8_t *bytes, size_t size);
uint8_t uart_read(uint32_t uart);

/* The handlers of the two receive interrupts. */
void uart_radio_woke(void);
void uart_bus_woke(void);

#endif
