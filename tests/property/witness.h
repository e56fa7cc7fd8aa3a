/* witness.h - an independent account of what left the tip: exact plug flow by volume, and the mass of each drug in
 * every rolling hour and day against the largest limit of the therapies in force in it. Shares nothing with pump/. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_PROPERTY_WITNESS_H
#define TESTS_PROPERTY_WITNESS_H

#include "core/therapy.h"
#include "tests/model/stand.h"

enum { WITNESS_DRUGS = 9, WITNESS_THERAPIES = 400, WITNESS_STRETCHES = 400, WITNESS_QUANTA = 1 << 18 };

__extension__ typedef __int128 exact_mass; /* fL x ng/mL: a millionth of a femtogram */

struct witness {
    int64_t quantum_fl, dead_fl;
    int64_t quanta;
    unsigned stretches, therapies;
    int64_t from_fl[WITNESS_STRETCHES];
    struct mixture stretch[WITNESS_STRETCHES];
    int64_t since_ms[WITNESS_THERAPIES];
    int64_t limit_fg[WITNESS_THERAPIES][2][WITNESS_DRUGS];
    int64_t at_ms[WITNESS_QUANTA];                   /* rings, by quantum number */
    int64_t mass[WITNESS_QUANTA][WITNESS_DRUGS];
    int64_t oldest[2];                               /* first quantum in each window */
    exact_mass sum[2][WITNESS_DRUGS];
    int64_t excesses;                                /* windows over their limit */
    int64_t checked;
};

/* Stands at the motor's door of this stand from now on. */
void witness_attend(struct witness *witness, struct stand *stand);
/* A refill was applied / a therapy came into force now. */
void witness_refill(struct witness *witness, int64_t quanta_moved, const struct mixture *mixture);
void witness_therapy(struct witness *witness, int64_t now_ms, const struct limits *limits);

#endif
