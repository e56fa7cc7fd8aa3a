/* fuzz.h - what every target shares: the function that libFuzzer (or replay.c) calls, and how a broken promise is told. */
// SPDX-License-Identifier: Apache-2.0
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* One input. Returns 0; a promise that does not hold ends the program, which is how libFuzzer learns of it. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Where the target has mutations of its own (fuzz/breed.c); libFuzzer offers the third. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other, size_t other_size, uint8_t *bytes,
                                 size_t room, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t room);

static inline _Noreturn void fuzz_broken(const char *promise, const char *file, int line)
{
    fprintf(stderr, "%s:%d: broken: %s\n", file, line, promise);
    abort();
}

#define MUST(promise)                                                                                                  \
    do {                                                                                                               \
        if (!(promise))                                                                                                \
            fuzz_broken(#promise, __FILE__, __LINE__);                                                                 \
    } while (0)

/* Is all of it zero? */
static inline bool fuzz_zero(const void *memory, size_t size)
{
    const uint8_t *byte = memory;
    uint8_t seen = 0;
    for (size_t i = 0; i < size; i++)
        seen |= byte[i];
    return seen == 0;
}

#endif
