/* dice.h - chance for lives made up by the rig: a small generator whose state is one word, so that a life is a function
 * of its seed. SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_DICE_H
#define RIG_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

/* A generator of its own for this index under this seed: neighbours have nothing in common. */
struct dice dice_for(uint64_t seed, uint64_t index);
uint64_t dice_bits(struct dice *dice);
/* Evenly from least to most, both included. */
int64_t dice_between(struct dice *dice, int64_t least, int64_t most);
/* From least to most, every doubling as likely as every other; least at least 1. */
int64_t dice_scale(struct dice *dice, int64_t least, int64_t most);
/* True once in so many. */
bool dice_once_in(struct dice *dice, int64_t many);
/* The wait, in ms, until the next of events that come at random so many times a thousand years; INT64_MAX for 0. At
 * least 1 ms. Exponential, from integers alone: the same on every machine. */
int64_t dice_wait(struct dice *dice, int64_t per_thousand_years);

#endif
