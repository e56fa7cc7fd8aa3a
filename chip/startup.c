/* startup.c - from the reset to main(). */
// SPDX-License-Identifier: Apache-2.0
#include "chip/startup.h"

#include <stdint.h>

#include "chip/layout.h"
#include "chip/registers.h"
#include "chip/vectors.h"

enum { FAULTS_APART = 7u << 16, DIVIDE_BY_ZERO_TRAPS = 1u << 4, PAINT_BELOW = 64 };

int main(void);

static void fill(uint32_t *from, const uint32_t *to, uint32_t word)
{
    while (from < to) {
        *from++ = word;
    }
}

/* Called by startup_reset() alone. */
void startup_prepare(void);
void startup_prepare(void)
{
    uint32_t *here = __builtin_frame_address(0);
    fill(layout_clear, layout_clear_end, 0);
    fill(layout_stack, layout_stack_top, STARTUP_PAINT);
    fill(layout_handler_stack, here - PAINT_BELOW / 4, STARTUP_PAINT);
    *register_at(CORE_VECTORS) = (uint32_t)vectors;
    *register_at(CORE_CONFIGURATION) |= DIVIDE_BY_ZERO_TRAPS;
    *register_at(CORE_FAULTS) |= FAULTS_APART; /* else each of them is a hard fault */
    *register_at(CORE_COPROCESSORS) = 0;       /* no floating point: its use is a fault */
}

__attribute__((naked)) void startup_reset(void)
{
    __asm volatile("bl startup_prepare\n"
                   "ldr r0, =layout_stack_top\n"
                   "msr psp, r0\n"
                   "movs r0, #2\n"
                   "msr control, r0\n"
                   "isb\n"
                   "mvn lr, #0\n" /* nothing to return to, which also ends a debugger's list of callers */
                   "b main\n");
}
