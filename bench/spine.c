/* spine.c - what the spine costs: 64 cells and one drug at steps of a minute, and adaptive beside a pump, against a loop that
 * only multiplies as often as the solver must, and against CVODE at the same error. Prints figures; asserts nothing. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/spineday.h"
#include "twin/body/agent.h"
#include "twin/body/march.h"

enum { ROUNDS = 7, FIXED_STEPS = 200000, DAYS = 365, LOOSE = 5 };

static struct spine spine, start;
static struct spine_setup setup;

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double fixed_steps(void)
{
    spine = start;
    spine_infuse(&spine, 1e-6 / 86400);
    double begun = seconds();
    for (int i = 0; i < FIXED_STEPS; i++)
        march_step(&spine, 60.0);
    return seconds() - begun;
}

/* A year with four boluses a day upon a steady flow, an hour at a time. */
static double year(void)
{
    spine = start;
    spine_infuse(&spine, 1e-6 / 86400);
    double begun = seconds();
    for (int hour = 0; hour < DAYS * 24; hour++) {
        if (hour % 6 == 0)
            spine_bolus(&spine, 1e-7);
        march(&spine, 3600.0);
    }
    return seconds() - begun;
}

/* The floor: two solves of 64 cells a step are 4 x 64 multiplications and additions, each waiting for the one before it. */
static double floor_loop(void)
{
    volatile double factor = 0.999, more = 1e-3;
    volatile double kept = 0.0;
    double value = 1.0, begun = seconds();
    for (int i = 0; i < FIXED_STEPS; i++)
        for (int k = 0; k < 4 * 64 / 2; k++) /* two chains run side by side */
            value = value * factor + more;
    kept = value;
    (void)kept;
    return seconds() - begun;
}

/* What CVODE's day spends on geometry before its first step. */
static double making(void)
{
    double y[2 * SPINEDAY_CELLS + 2], least = 1e9;
    struct reference_case what = spineday_case(&setup, 0);
    for (int round = 0; round < ROUNDS; round++) {
        double begun = seconds();
        free(reference_begin(&what, y));
        least = fmin(least, seconds() - begun);
    }
    return least;
}

static double worst(const double *seen, const double *true_values)
{
    double off = 0;
    for (int i = 0; i < 2 * SPINEDAY_MOMENTS; i++)
        off = fmax(off, fabs(seen[i] / true_values[i] - 1));
    return off;
}

/* Both on 64 equal cells, each against itself at a tight tolerance, so that only the stepping is compared. */
static void against_cvode(void)
{
    static double truth[2][2 * SPINEDAY_MOMENTS], seen[2 * SPINEDAY_MOMENTS];
    static const double tolerance[LOOSE] = { 1e-2, 3e-3, 1e-3, 3e-4, 1e-4 },
                        relative[LOOSE] = { 1e-3, 1e-4, 1e-5, 1e-6, 1e-7 };
    spineday_fast(&setup, 1e-6, truth[0]);
    spineday_slow(&setup, 1e-10, truth[1]);
    double made = making();
    printf("\na day with a bolus, 64 cells, 96 looks     error     ms\n");
    for (int i = 0; i < LOOSE; i++) {
        double least = 1e9;
        for (int round = 0; round < ROUNDS; round++) {
            double begun = seconds();
            spineday_fast(&setup, tolerance[i], seen);
            least = fmin(least, seconds() - begun);
        }
        printf("spine, tolerance %.0e                 %8.1e %6.3f\n", tolerance[i], worst(seen, truth[0]), 1e3 * least);
    }
    for (int i = 0; i < LOOSE; i++) {
        double least = 1e9;
        for (int round = 0; round < ROUNDS; round++) {
            double begun = seconds();
            spineday_gliding(&setup, tolerance[i], seen);
            least = fmin(least, seconds() - begun);
        }
        printf("looks from within steps, %.0e          %8.1e %6.3f\n", tolerance[i], worst(seen, truth[0]),
               1e3 * least);
    }
    for (int i = 0; i < LOOSE; i++) {
        double least = 1e9;
        for (int round = 0; round < ROUNDS; round++) {
            double begun = seconds();
            spineday_slow(&setup, relative[i], seen);
            least = fmin(least, seconds() - begun);
        }
        printf("CVODE, relative tolerance %.0e        %8.1e %6.3f\n", relative[i], worst(seen, truth[1]),
               1e3 * (least - made));
    }
}

int main(void)
{
    struct canal canal;
    struct figures figures;
    double fixed = 1e9, adaptive = 1e9, least = 1e9;
    figures_typical(&figures);
    setup = agent_setup(&figures, AGENT_MORPHINE, REGIME_MOBILE, level_middle(LEVEL_L2));
    if (!canal_init(&canal, CANAL_CELLS_USUAL, setup.tip_m) || !spine_init(&start, &canal, &setup))
        return 1;
    for (int round = 0; round < ROUNDS; round++) {
        fixed = fmin(fixed, fixed_steps());
        least = fmin(least, floor_loop());
        adaptive = fmin(adaptive, year());
    }
    printf("64 cells, one drug, steps of a minute  %7.3f us a step   %10.3g x real time, best of %d rounds\n",
           fixed / FIXED_STEPS * 1e6, 60.0 * FIXED_STEPS / fixed, ROUNDS);
    printf("floor (its dependent arithmetic)       %7.3f us a step   ratio %.1f\n", least / FIXED_STEPS * 1e6,
           fixed / least);
    printf("a year, 4 boluses a day, adaptive      %7.3f s           %10.3g x real time, %lu steps\n", adaptive,
           DAYS * 86400.0 / adaptive, spine.steps);
    printf("one hour of that                       %7.3f ms\n", adaptive / (DAYS * 24) * 1e3);
    printf("struct spine %zu B\n", sizeof(struct spine));
    against_cvode();
    return 0;
}
