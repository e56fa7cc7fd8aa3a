/* fault.h - whatever goes wrong in the core ends here: it is recorded, in memory that a reset leaves alone, and the core starts
 * again. Nothing is mended on the way. What the pump does after such a start, and at which rate it goes on, is pump_boot()'s to
 * decide (docs/decisions/0020-unknown-stop.md); the duty here is a recorded reset.
 *
 * In a record `status` is the core's fault status register (CFSR), `address` the address that was refused, where the core knows
 * it, and `pc`, `lr`, `psr` are those of the code that was stopped. A record that our own code makes has no status; its address
 * tells what was wrong, as fault_raise() says. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_FAULT_H
#define CHIP_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "board/bus.h"

struct fault_kept {
    struct bus_fault fault;
    uint32_t check; /* over it: what a cell's power-up leaves in memory is no record */
};

/* Where every exception of the core goes but the reset and the bus's and the radio's interrupts. */
void fault_enter(void);

/* Records and starts again. `address` is what the caller says about it: the request, its sequence and the answer for a bus that
 * misbehaves (BUS_FAULT_BUS); the wanted check value for an image (BUS_FAULT_IMAGE); 0 for a broken promise of our own code
 * (BUS_FAULT_USAGE). */
_Noreturn void fault_raise(enum bus_fault_kind kind, uint32_t address);

/* The same without a start: for what comes back at each start. */
void fault_record(const struct bus_fault *fault);

/* The record of before this start; false when there is none. */
bool fault_last(struct bus_fault *fault);
/* It has been told. */
void fault_forget(void);

/* What libsodium calls when its caller broke a promise. */
_Noreturn void sodium_misuse(void);
/* What the compiler's helpers call instead of dividing 64-bit integers by zero; of narrower ones the core traps by itself. */
int64_t __aeabi_ldiv0(int64_t none);

#endif
