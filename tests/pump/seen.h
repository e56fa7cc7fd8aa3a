/* seen.h - the instant of every quantum a test's pump commands, seen at the motor's door. One stand for each test program. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_PUMP_SEEN_H
#define TESTS_PUMP_SEEN_H

#include "tests/pump/bench.h"

static struct stand stand;

enum { QUANTA_MAX = 8000 };

struct seen {
    unsigned count;
    int64_t at_ms[QUANTA_MAX];
};

static struct seen seen;

static void see(void *self, instant_ms at)
{
    struct seen *all = self;
    assert_true(all->count < QUANTA_MAX);
    all->at_ms[all->count++] = at.ms;
}

static unsigned between(int64_t from_ms, int64_t to_ms)
{
    unsigned count = 0;
    for (unsigned i = 0; i < seen.count; i++)
        count += seen.at_ms[i] >= from_ms && seen.at_ms[i] < to_ms;
    return count;
}

static struct therapy begin(void)
{
    bench_new(&stand);
    memset(&seen, 0, sizeof seen);
    stand.witness = see;
    stand.witness_self = &seen;
    struct therapy therapy = bench_therapy(&stand);
    therapy.program.patient = (struct patient_bolus){ .allowed = 0 };
    return therapy;
}

#endif
