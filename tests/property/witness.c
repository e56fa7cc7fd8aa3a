// SPDX-License-Identifier: Apache-2.0
#include "tests/property/witness.h"

#include <stdlib.h>
#include <string.h>

static const int64_t WINDOW_MS[2] = { 3600000, 86400000 };

static int64_t overlap(int64_t a_from, int64_t a_to, int64_t b_from, int64_t b_to)
{
    int64_t from = a_from > b_from ? a_from : b_from;
    int64_t to = a_to < b_to ? a_to : b_to;
    return to > from ? to - from : 0;
}

/* What quantum number `quanta` pushes out of the tip. */
static void masses(const struct witness *w, int64_t mass[WITNESS_DRUGS])
{
    int64_t to = w->quanta * w->quantum_fl - w->dead_fl, from = to - w->quantum_fl;
    memset(mass, 0, WITNESS_DRUGS * sizeof mass[0]);
    for (unsigned s = 0; s < w->stretches; s++) {
        int64_t end = s + 1 < w->stretches ? w->from_fl[s + 1] : INT64_MAX;
        int64_t part = overlap(from, to, w->from_fl[s], end);
        for (unsigned i = 0; part > 0 && i < w->stretch[s].count; i++)
            mass[w->stretch[s].component[i].drug] += part * w->stretch[s].component[i].conc.ng_ml;
    }
}

/* The largest limit in force at any moment of the window that ends now. */
static int64_t limit(const struct witness *w, unsigned kind, unsigned drug, int64_t now_ms)
{
    int64_t largest = 0;
    for (unsigned t = w->therapies; t-- > 0;) {
        if (w->limit_fg[t][kind][drug] > largest)
            largest = w->limit_fg[t][kind][drug];
        if (w->since_ms[t] <= now_ms - WINDOW_MS[kind])
            break;
    }
    return largest;
}

static void see(void *self, instant_ms at)
{
    struct witness *w = self;
    int64_t n = w->quanta++ % WITNESS_QUANTA;
    w->at_ms[n] = at.ms;
    masses(w, w->mass[n]);
    for (unsigned kind = 0; kind < 2; kind++) {
        for (unsigned drug = 0; drug < WITNESS_DRUGS; drug++)
            w->sum[kind][drug] += w->mass[n][drug];
        for (; w->at_ms[w->oldest[kind] % WITNESS_QUANTA] <= at.ms - WINDOW_MS[kind]; w->oldest[kind]++)
            for (unsigned drug = 0; drug < WITNESS_DRUGS; drug++)
                w->sum[kind][drug] -= w->mass[w->oldest[kind] % WITNESS_QUANTA][drug];
        if (w->quanta - w->oldest[kind] >= WITNESS_QUANTA)
            abort();
        for (unsigned drug = 0; drug < WITNESS_DRUGS; drug++) {
            w->excesses += w->sum[kind][drug] > (exact_mass)limit(w, kind, drug, at.ms) * 1000000;
            w->checked += w->sum[kind][drug] > 0;
        }
    }
}

void witness_attend(struct witness *w, struct stand *stand)
{
    memset(w, 0, sizeof *w);
    w->quantum_fl = stand->unit.model.quantum.nl * (1000000 + stand->unit.calibration.ppm);
    w->dead_fl = stand->dead.nl * 1000000;
    w->from_fl[0] = INT64_MIN / 2;
    w->stretches = 1;
    stand->witness = see;
    stand->witness_self = w;
}

void witness_refill(struct witness *w, int64_t quanta_moved, const struct mixture *mixture)
{
    if (w->stretches == WITNESS_STRETCHES)
        abort();
    w->from_fl[w->stretches] = quanta_moved * w->quantum_fl;
    w->stretch[w->stretches++] = *mixture;
}

void witness_therapy(struct witness *w, int64_t now_ms, const struct limits *limits)
{
    if (w->therapies == WITNESS_THERAPIES)
        abort();
    unsigned t = w->therapies++;
    w->since_ms[t] = now_ms;
    if (t > 0)
        memcpy(w->limit_fg[t], w->limit_fg[t - 1], sizeof w->limit_fg[t]);
    for (unsigned row = 0; row < limits->count; row++)
        for (unsigned kind = 0; kind < 2; kind++)
            w->limit_fg[t][kind][limits->drug[row].drug] = limits->drug[row].window[kind].fg;
}
