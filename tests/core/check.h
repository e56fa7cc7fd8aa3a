/* check.h - what every test of this room includes: cmocka in the order it wants, and a seeded source of chance. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_CORE_CHECK_H
#define TESTS_CORE_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* splitmix64: one number of state, the same sequence everywhere. */
static inline uint64_t chance_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* A number from least to most, both included. */
static inline int64_t chance_between(uint64_t *state, int64_t least, int64_t most)
{
    return least + (int64_t)(chance_next(state) % (uint64_t)(most - least + 1));
}

#endif
