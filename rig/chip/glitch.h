/* glitch.h - one fault in a core: an instruction that is skipped, or a bit of a register, a flag or the memory that turns
 * over; where and when, drawn by chance from a seed; and how it is done through the debug port. docs/faults.md. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CHIP_GLITCH_H
#define RIG_CHIP_GLITCH_H

#include "rig/chip/gdb.h"

enum glitch_kind { GLITCH_SKIP, GLITCH_REGISTER, GLITCH_FLAG, GLITCH_PUMP, GLITCH_STACK, GLITCH_KINDS };
const char *glitch_kind_word(enum glitch_kind kind);

enum {
    GLITCH_LONGEST =
        400, /* instructions after an answer, at most: longer than nearly all that lies between two requests */
    GLITCH_STACK_BYTES = 512 /* above the stack pointer */
};

struct glitch {
    uint32_t wake;         /* of the stretch, from 0 */
    uint32_t request;      /* whose answer it follows, from 0, the one that woke the core */
    uint32_t instructions; /* so many after that answer was taken */
    bool wire;             /* instructions of the board bus count too, and may be struck; else they are passed over */
    uint8_t kind;          /* enum glitch_kind */
    uint8_t number;        /* REGISTER: 0 to 15 */
    uint8_t bit;           /* REGISTER, FLAG: 0 to 31 (of xPSR); in memory of its byte */
    uint32_t place;        /* PUMP, STACK: byte, from the begin of struct pump or from the stack pointer */
};

/* What there is to choose from: how many requests each wake of the stretch had. */
struct glitch_ground {
    uint32_t wakes;
    const uint16_t *requests;
    uint32_t pump_bytes;
};

/* The glitch of this run: a function of seed and run alone, evenly over the wakes, the requests of the wake and the
 * instructions. */
struct glitch glitch_plan(uint64_t seed, uint64_t run, const struct glitch_ground *ground);

/* Bytes of a Thumb instruction by its first half: 2 or 4. */
unsigned glitch_instruction_bytes(uint16_t half);
/* xPSR after the instruction has been passed over: inside an IT block the block goes on. */
uint32_t glitch_psr_after(uint32_t psr);

/* What a glitch is done to beside registers: the code, from address 0 on, as it was loaded, and the memory that code
 * changes. Neither goes through the debug port, which looks through the core's memory protection and refuses whole pages
 * because of a part. */
struct glitch_body {
    const uint8_t *code;
    size_t code_bytes;
    uint8_t *memory;
    size_t memory_bytes;
    uint32_t memory_at, pump; /* addresses of memory and of struct pump */
};

/* Does it, to a core that stands. `pc`: where the core stood. False with the reason in gdb->wrong. */
MUST_USE bool glitch_do(const struct glitch *glitch, struct gdb *gdb, const struct glitch_body *body, uint32_t *pc);

/* "flips bit 5 of r3, 210 instructions after request 4 of wake 77". */
void glitch_text(const struct glitch *glitch, char *text, size_t room);

#endif
