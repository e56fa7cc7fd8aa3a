/* tape.h - an input read from its beginning: numbers and blocks one after the other, zeros behind its end. */
// SPDX-License-Identifier: Apache-2.0
#ifndef FUZZ_TAPE_H
#define FUZZ_TAPE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct tape {
    const uint8_t *at;
    size_t left;
};

static inline uint8_t tape_byte(struct tape *tape)
{
    if (tape->left == 0)
        return 0;
    tape->left--;
    return *tape->at++;
}

/* The next `size` (1 to 8) bytes, least significant first. */
static inline uint64_t tape_number(struct tape *tape, unsigned size)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < size; i++)
        number |= (uint64_t)tape_byte(tape) << (8 * i);
    return number;
}

/* The next `size` bytes. */
static inline void tape_block(struct tape *tape, uint8_t *block, size_t size)
{
    size_t there = size < tape->left ? size : tape->left;
    memset(block, 0, size);
    if (there > 0)
        memcpy(block, tape->at, there);
    tape->at += there;
    tape->left -= there;
}

/* As many as are there, `most` at most; returns how many. */
static inline size_t tape_rest(struct tape *tape, uint8_t *block, size_t most)
{
    size_t size = tape->left < most ? tape->left : most;
    tape_block(tape, block, size);
    return size;
}

#endif
