/* vectors.c - every exception has a handler; all but three are faults. */
// SPDX-License-Identifier: Apache-2.0
#include "chip/vectors.h"

#include "chip/fault.h"
#include "chip/layout.h"
#include "chip/startup.h"
#include "chip/uart.h"

#define FOUR fault_enter, fault_enter, fault_enter, fault_enter
#define SIXTEEN FOUR, FOUR, FOUR, FOUR

/* clang-format off */
void (*const vectors[VECTORS])(void) __attribute__((section(".vectors"), used)) = {
    (void (*)(void))layout_handler_top, startup_reset,
    fault_enter, fault_enter, FOUR, FOUR, FOUR,                /* 2 to 15 */
    uart_radio_woke, fault_enter, uart_bus_woke, fault_enter,  /* interrupts 0 to 3 */
    FOUR, FOUR, FOUR, SIXTEEN,                                 /* 4 to 31 */
};
/* clang-format on */
