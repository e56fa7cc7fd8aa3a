/* luck.c - chance in a body. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/luck.h"

#include <Random123/philox.h>
#include <math.h>

static philox4x64_ctr_t draw(uint64_t seed, enum luck stream, uint64_t index)
{
    philox4x64_ctr_t place = { { index, (uint64_t)stream, 0, 0 } };
    philox4x64_key_t key = { { seed, 0x6c6966656f6631u } }; /* apart from all other chance of the twin */
    return philox4x64(place, key);
}

/* 53 bits: from 0 (included) to 1 (not included). */
static double share_of(uint64_t bits)
{
    return (double)(bits >> 11) * 0x1p-53;
}

double luck_share(uint64_t seed, enum luck stream, uint64_t index)
{
    return share_of(draw(seed, stream, index).v[0]);
}

double luck_wait(uint64_t seed, enum luck stream, uint64_t index)
{
    return -log1p(-luck_share(seed, stream, index)) + 0x1p-60;
}

double luck_normal(uint64_t seed, enum luck stream, uint64_t index)
{
    philox4x64_ctr_t chance = draw(seed, stream, index);
    double radius = 1.0 - share_of(chance.v[0]);
    return sqrt(-2.0 * log(radius)) * cos(6.28318530717958647693 * share_of(chance.v[1]));
}
