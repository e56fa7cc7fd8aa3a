/* desolve.c - the day of spineday.h for R's deSolve: the right side, compiled, as deSolve calls it, and the fast solver beside
 * it, so that both run in one process, in turn. Loaded by bench/desolve.R. */
// SPDX-License-Identifier: Apache-2.0
#include "bench/spineday.h"

static struct spine_setup setup;
static struct reference_case what;
static struct reference_body *body;

/* deSolve and R's .C call by these names and types; nobody else does. */
void desolve_start(double *y);
void desolve_rates(const int *count, const double *t, const double *y, double *rate, double *out, const int *sizes);
void desolve_seen(const double *y, double *seen);
void desolve_fast(const double *tolerance, const int *times, double *seen);

void desolve_start(double *y)
{
    setup = spineday_setup();
    what = spineday_case(&setup, 0);
    body = reference_begin(&what, y);
}

void desolve_rates(const int *count, const double *t, const double *y, double *rate, double *out, const int *sizes)
{
    (void)count;
    (void)t;
    (void)out;
    (void)sizes;
    reference_rates(body, y, rate);
}

/* What is seen in one state, at the tip and 10 cm above it. */
void desolve_seen(const double *y, double *seen)
{
    static struct reference_state state;
    state.cell_m = 0.60 / SPINEDAY_CELLS;
    for (int i = 0; i < SPINEDAY_CELLS; i++)
        state.csf[i] = y[2 * i + 2];
    seen[0] = reference_csf_at(&what, &state, setup.tip_m);
    seen[1] = reference_csf_at(&what, &state, setup.tip_m - 0.1);
}

/* The fast solver's day, so many times over. */
void desolve_fast(const double *tolerance, const int *times, double *seen)
{
    for (int i = 0; i < *times; i++)
        spineday_fast(&setup, *tolerance, seen);
}
