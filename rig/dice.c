// SPDX-License-Identifier: Apache-2.0
#include "rig/dice.h"

#define STEP UINT64_C(0x9E3779B97F4A7C15)
#define YEAR_MS (INT64_C(365) * 86400000)

static uint64_t mixed(uint64_t word)
{
    word = (word ^ (word >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    word = (word ^ (word >> 27)) * UINT64_C(0x94D049BB133111EB);
    return word ^ (word >> 31);
}

struct dice dice_for(uint64_t seed, uint64_t index)
{
    return (struct dice){ mixed(mixed(seed + STEP) + (index + 1) * STEP) };
}

uint64_t dice_bits(struct dice *dice)
{
    dice->state += STEP;
    return mixed(dice->state);
}

int64_t dice_between(struct dice *dice, int64_t least, int64_t most)
{
    uint64_t span = (uint64_t)most - (uint64_t)least + 1;
    uint64_t bits = dice_bits(dice);
    return (int64_t)((uint64_t)least + (span == 0 ? bits : bits % span));
}

int64_t dice_scale(struct dice *dice, int64_t least, int64_t most)
{
    int64_t doublings = 0;
    while (least << (doublings + 1) <= most)
        doublings++;
    int64_t from = least << dice_between(dice, 0, doublings);
    return dice_between(dice, from, from > most / 2 ? most : 2 * from);
}

bool dice_once_in(struct dice *dice, int64_t many)
{
    return dice_between(dice, 1, many) == 1;
}

/* -ln(u) in units of 2^-16, by halving: the whole part counts halvings, the rest is a straight line, which is off by
 * at most a twelfth. Enough for a wait. */
static int64_t minus_log(uint64_t bits)
{
    int64_t halvings = 0;
    while (halvings < 40 && (bits >> 63) == 0) {
        bits <<= 1;
        halvings++;
    }
    int64_t rest = (int64_t)((UINT64_MAX - bits) >> 47); /* 0 to 65535 */
    return (halvings * 65536 + rest) * 45426 / 65536;    /* ln 2 */
}

int64_t dice_wait(struct dice *dice, int64_t per_thousand_years)
{
    if (per_thousand_years <= 0)
        return INT64_MAX;
    int64_t mean = YEAR_MS * 1000 / per_thousand_years;
    int64_t wait = mean / 65536 * minus_log(dice_bits(dice)) + 1;
    return wait;
}
