/* dice.h - the tests' own chance, so that no test draws its cases from the code it tests. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_TWIN_DICE_H
#define TESTS_TWIN_DICE_H

#include <stdint.h>

struct dice { uint64_t state; };

/* splitmix64 (Steele, Lea, Flood 2014). */
static inline uint64_t dice_roll(struct dice *dice)
{
    uint64_t z = dice->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* A whole number from low to high, both included. */
static inline int64_t dice_between(struct dice *dice, int64_t low, int64_t high)
{
    return low + (int64_t)(dice_roll(dice) % (uint64_t)(high - low + 1));
}

/* 0 to 1. */
static inline double dice_share(struct dice *dice)
{
    return (double)(dice_roll(dice) >> 11) * 0x1p-53;
}

#endif
