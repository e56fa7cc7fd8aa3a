/* siege.h - a pump beset by chance: changes of therapy, boluses as often as it grants them, stops, clocks, refills,
 * resets, damaged memory. Counts what happened and what must not. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_PROPERTY_SIEGE_H
#define TESTS_PROPERTY_SIEGE_H

#include "tests/property/witness.h"

/* What a siege may do, in shares of a hundred; the rest of the time is boluses. */
struct siege_taste {
    int activate, clock, stops, refill, reset, damage;
};

struct siege {
    struct stand stand;
    struct witness witness;
    uint64_t seed;
    struct siege_taste taste;
    struct mixture mixture;
    uint16_t first_drug;
    rate_nl_day pace;
    bool has_therapy;
    struct therapy therapy;
    /* what happened */
    int64_t activated, boluses, refused, retried, lowered, resets, damages;
    /* what must not */
    int64_t mute_refusals;   /* no reason, or an earliest that is past */
    int64_t false_promises;  /* the same asked again at `earliest`, when nothing else had changed, and refused */
    int64_t refused_lowering;/* a program that is nowhere higher, under the same limits, refused */
    char told[400];          /* of the first thing that went wrong */
};

/* Plays one siege of so many deeds. */
void siege_play(struct siege *siege, uint64_t seed, const struct siege_taste *taste, unsigned deeds);

#endif
