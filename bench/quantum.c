/* quantum.c - what one delivered quantum costs: pump, twin and virtual clock together, against a loop that only
 * computes exact due times (one 64-bit division each), in one run. Prints figures; asserts nothing. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rig/rig.h"

enum { YEAR_DAYS = 365, ROUNDS = 7 };

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Morphine at 10 mg/mL, 1 mL/day in a C40: the example of a whole year, without its files. */
static struct therapy year_therapy(void)
{
    struct therapy t = { .name = "bench", .serial = "BENCH", .model = MODEL_C40, .revision = 1, .region = "US" };
    t.dead_volume.nl = 257000;
    t.mixture = (struct mixture){ .count = 1, .component = { { DRUG_MORPHINE, { 10000000 } } } };
    t.program.kind = PROGRAM_CONTINUOUS;
    t.program.base.nl_day = 1000000;
    t.limits = (struct limits){ .count = 1, .bolus_max = { 100000 }, .rate_max = { 2000000 } };
    t.limits.drug[0].drug = DRUG_MORPHINE;
    t.limits.drug[0].window[WINDOW_HOUR].fg = 2000000000000;
    t.limits.drug[0].window[WINDOW_DAY].fg = 20000000000000;
    t.safe_rate.nl_day = 48000;
    t.restart_limit_hours = 24;
    t.under_delivery = PRIORITY_HIGH;
    t.reservoir_low.nl = 2000000;
    t.mri_rule = MRI_KEEP_PROGRAM;
    return t;
}

static struct rig rig, start;

static void fill(struct rig *r, const struct therapy *activate)
{
    struct receipt receipt;
    struct rig_refill refill = { .told = { .withdrawn = { activate ? 0 : -1 },
                                           .filled = { 40000000 },
                                           .drawn_up = { 40000000 },
                                           .fill = { .count = 1, .component = { { DRUG_MORPHINE, { 10000000 } } } },
                                           .dead_drug_free = activate != NULL },
                                 .activate = activate };
    if (!rig_refill(r, &refill, &receipt) || receipt.outcome != OUTCOME_APPLIED) {
        fprintf(stderr, "bench: the refill was refused (%llx)\n", (unsigned long long)receipt.reasons);
        exit(1);
    }
}

static double year(int64_t *quanta)
{
    rig = start;
    double begun = seconds();
    for (int64_t day = 30; day <= YEAR_DAYS; day += 30) {
        rig_run_until(&rig, (instant_ms){ day * DAY_MS });
        fill(&rig, NULL);
    }
    rig_run_until(&rig, (instant_ms){ (int64_t)YEAR_DAYS * DAY_MS });
    double spent = seconds() - begun;
    struct pump_status status;
    rig_status(&rig, &status);
    *quanta = status.metered_quanta;
    return spent;
}

/* The floor: nothing but the instants, exactly. */
static double floor_loop(int64_t quanta)
{
    volatile int64_t quantum_grain = INT64_C(108000000000);
    volatile int64_t per_ms = 5 * INT64_C(1000000);
    int64_t at = 0, hand = 0, sum = 0;
    double begun = seconds();
    for (int64_t i = 0; i < quanta; i++) {
        int64_t step = (quantum_grain - hand + per_ms - 1) / per_ms;
        at += step;
        hand += step * per_ms - quantum_grain;
        sum ^= at;
    }
    double spent = seconds() - begun;
    return sum == 42 ? -spent : spent; /* keeps the loop alive */
}

int main(void)
{
    struct pump_unit unit = { .serial = "BENCH" };
    unit.model = *model_find(MODEL_C40, 1);
    struct twin_setup setup = { .model = "C40", .calibration = 1.0, .catheter_m3 = 0.117e-6, .seed = 1 };
    struct therapy therapy = year_therapy();
    if (!rig_start(&start, &unit, &setup)) {
        return 1;
    }
    fill(&start, &therapy);
    double best = 1e9, least = 1e9;
    int64_t quanta = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double spent = year(&quanta);
        best = spent < best ? spent : best;
        double base = floor_loop(quanta);
        base = base < 0 ? -base : base;
        least = base < least ? base : least;
    }
    printf("C40 at 1 mL/day for %d days: %lld quanta, best of %d rounds\n", YEAR_DAYS, (long long)quanta, ROUNDS);
    printf("rig (pump, twin, clock)   %8.1f ns per quantum   %8.2f pump-years per second\n",
           best / (double)quanta * 1e9, 1.0 / best);
    printf("floor (due times only)    %8.1f ns per quantum\n", least / (double)quanta * 1e9);
    printf("ratio                     %8.1f\n", best / least);
    printf("struct pump %zu B, retained memory %zu B, rig %zu B\n", sizeof(struct pump), sizeof(struct kept),
           sizeof(struct rig));
    return 0;
}
