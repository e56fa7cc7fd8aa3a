/* fault.c - whatever goes wrong is recorded, and the core starts again. */
// SPDX-License-Identifier: Apache-2.0
#include "chip/fault.h"

#include <stddef.h>

#include "chip/layout.h"
#include "chip/memory.h"
#include "chip/registers.h"

enum { EXCEPTION_NMI = 2, EXCEPTION_HARD = 3, EXCEPTION_MEMORY = 4, EXCEPTION_BUS = 5, EXCEPTION_USAGE = 6 };
enum { STATUS_STACKING = 1u << 4, STATUS_MEMORY_KNOWN = 1u << 7, STATUS_BUS_KNOWN = 1u << 15 };
enum { RESET_KEY = 0x05FA0000, RESET_REQUEST = 1u << 2 };
enum {
    FRAME_LR = 5,
    FRAME_PC = 6,
    FRAME_PSR = 7,
    FRAME_BYTES = 32
}; /* what the core pushes: r0-r3, r12, lr, pc, psr */

static uint32_t check_of(const struct bus_fault *fault)
{
    const uint8_t *bytes = (const uint8_t *)fault;
    return 0x0FA10000u | bus_check(0xFFFF, bytes, sizeof *fault);
}

/* The first record stands until it is told: what follows upon a fault explains less. */
void fault_record(const struct bus_fault *fault)
{
    struct bus_fault before;
    if (!fault_last(&before)) {
        chip_fault.fault = *fault;
        chip_fault.check = check_of(fault);
    }
}

bool fault_last(struct bus_fault *fault)
{
    *fault = chip_fault.fault;
    return fault->kind != 0 && chip_fault.check == check_of(fault);
}

void fault_forget(void)
{
    chip_fault = (struct fault_kept){ .check = 0 };
}

_Noreturn static void start_again(void)
{
    core_barrier();
    *register_at(CORE_RESET) = RESET_KEY | RESET_REQUEST;
    core_barrier();
    for (;;) {
    }
}

__attribute__((noinline)) _Noreturn void fault_raise(enum bus_fault_kind kind, uint32_t address)
{
    struct bus_fault fault = { .kind = kind, .address = address, .pc = (uint32_t)__builtin_return_address(0) };
    fault_record(&fault);
    start_again();
}

_Noreturn void sodium_misuse(void)
{
    fault_raise(BUS_FAULT_USAGE, 0);
}

int64_t __aeabi_ldiv0(int64_t none)
{
    (void)none;
    fault_raise(BUS_FAULT_USAGE, 0);
}

static uint32_t kind_of(uint32_t exception, const struct bus_fault *fault)
{
    uint32_t guard = (uint32_t)layout_guard;
    switch (exception) {
    case EXCEPTION_NMI:
        return BUS_FAULT_WATCHDOG; /* the one thing that is wired to it */
    case EXCEPTION_MEMORY:
        if ((fault->status & STATUS_STACKING) != 0 ||
            ((fault->status & STATUS_MEMORY_KNOWN) != 0 && fault->address - guard < LAYOUT_GUARD_BYTES)) {
            return BUS_FAULT_STACK;
        }
        return BUS_FAULT_MEMORY;
    case EXCEPTION_BUS:
        return BUS_FAULT_BUS;
    case EXCEPTION_USAGE:
        return BUS_FAULT_USAGE;
    case EXCEPTION_HARD:
        return BUS_FAULT_HARD;
    default:
        return BUS_FAULT_UNEXPECTED;
    }
}

/* Called by fault_enter() alone. `frame`: what the core pushed, where it had room to. */
_Noreturn void fault_take(const uint32_t *frame, uint32_t exception);
_Noreturn void fault_take(const uint32_t *frame, uint32_t exception)
{
    struct bus_fault fault = { .status = *register_at(CORE_FAULT_STATUS) };
    if ((fault.status & STATUS_MEMORY_KNOWN) != 0) {
        fault.address = *register_at(CORE_FAULT_MEMORY);
    } else if ((fault.status & STATUS_BUS_KNOWN) != 0) {
        fault.address = *register_at(CORE_FAULT_BUS);
    } else if (exception != EXCEPTION_HARD && exception > EXCEPTION_USAGE) {
        fault.address = exception;
    }
    fault.kind = kind_of(exception, &fault);
    uint32_t at = (uint32_t)frame, bottom = (uint32_t)layout_stack;
    if ((fault.status & STATUS_STACKING) == 0 && at >= bottom && at <= (uint32_t)layout_handler_top - FRAME_BYTES) {
        fault.lr = frame[FRAME_LR];
        fault.pc = frame[FRAME_PC];
        fault.psr = frame[FRAME_PSR];
    }
    fault_record(&fault);
    start_again();
}

/* From here nothing returns, so the handlers' stack begins anew: also where it was what overflowed. */
__attribute__((naked)) void fault_enter(void)
{
    __asm volatile("tst lr, #4\n"
                   "ite eq\n"
                   "mrseq r0, msp\n"
                   "mrsne r0, psp\n"
                   "mrs r1, ipsr\n"
                   "ldr r2, =layout_handler_top\n"
                   "mov sp, r2\n"
                   "b fault_take\n");
}
