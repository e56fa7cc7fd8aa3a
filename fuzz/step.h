/* step.h - an input of fuzz/session.c is a program: where it begins, and steps of a code, a length and so many bytes. A step
 * that is cut short or too long is still one, so that steps can be mutated, left out, doubled and swapped each for itself
 * (fuzz/breed.c). Codes are frozen: they stand in the corpus. */
// SPDX-License-Identifier: Apache-2.0
#ifndef FUZZ_STEP_H
#define FUZZ_STEP_H

#include "fuzz/tape.h"

#define STEP(name, code, text) STEP_##name = code,
enum step {
#include "fuzz/step.def"
    STEPS
};
#undef STEP

enum { STEP_HEAD = 2, STEP_BYTES_MAX = 255, PROGRAM_STEPS = 32 };

/* The next step's code, 0 to STEPS - 1, and its bytes. */
static inline uint8_t step_next(struct tape *tape, struct tape *bytes)
{
    uint8_t code = tape_byte(tape) % STEPS, size = tape_byte(tape);
    *bytes = (struct tape){ tape->at, size < tape->left ? size : tape->left };
    tape->at += bytes->left;
    tape->left -= bytes->left;
    return code;
}

#endif
