/* account.h - the least that left the tip, by quanta told to the motor and plug flow, in every rolling hour and day, against the
 * largest limit in force in it. As tests/property/witness.h, smaller, and for a pump that is told anything: what it was told of a
 * mixture is taken as it is, what it was told of a remainder is taken at its weakest. Shares nothing with pump/. */
// SPDX-License-Identifier: Apache-2.0
#ifndef FUZZ_ACCOUNT_H
#define FUZZ_ACCOUNT_H

#include "core/therapy.h"
#include "tests/model/stand.h"

enum { ACCOUNT_DRUGS = 10, ACCOUNT_QUANTA = 2048, ACCOUNT_CHANGES = 64, ACCOUNT_WINDOWS = 2 };

struct account {
    int64_t quantum_fl, dead_fl;
    int64_t quanta; /* told to the motor; beyond ACCOUNT_QUANTA they are only counted */
    int64_t at_ms[ACCOUNT_QUANTA];
    int64_t mass_fg[ACCOUNT_QUANTA][ACCOUNT_DRUGS];
    int64_t sum_fg[ACCOUNT_WINDOWS][ACCOUNT_DRUGS], oldest[ACCOUNT_WINDOWS];
    unsigned stretches, therapies;
    int64_t from_fl[ACCOUNT_CHANGES]; /* where in the volume ever pumped a mixture begins */
    int64_t conc_ng_ml[ACCOUNT_CHANGES][ACCOUNT_DRUGS];
    int64_t since_ms[ACCOUNT_CHANGES];
    int64_t limit_fg[ACCOUNT_CHANGES][ACCOUNT_WINDOWS][ACCOUNT_DRUGS];
    int64_t slack_quanta; /* so many may pass a limit: one after damage to the memory */
    int64_t checked, excesses;
};

/* Stands at the motor's door of this stand. This is what all of the line holds: nothing of any drug where it is not known. */
void account_open(struct account *account, struct stand *stand, const struct mixture *line);
/* This was filled in, on top of `left` when that is not nothing. */
void account_refill(struct account *account, vol_nl left, const struct mixture *fill);
void account_therapy(struct account *account, instant_ms now, const struct limits *limits);
/* Can it follow another change? */
bool account_has_room(const struct account *account);

#endif
