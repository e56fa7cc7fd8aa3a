/* spineday.h - the day that solvers are compared on: a bolus and a steady flow of morphine into L2, 64 equal cells, looked at
 * each quarter of an hour at the tip and 10 cm above it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef BENCH_SPINEDAY_H
#define BENCH_SPINEDAY_H

#include "tests/twin/spine_reference.h"
#include "twin/body/spine.h"

enum { SPINEDAY_MOMENTS = 96, SPINEDAY_CELLS = 64 };

/* A typical adult, in the mobile regime. */
struct spine_setup spineday_setup(void);
/* The same for the reference. */
struct reference_case spineday_case(const struct spine_setup *setup, double relative);
/* By the fast solver, with adaptive steps: at the tip and 10 cm above it, in turn. */
void spineday_fast(const struct spine_setup *setup, double tolerance, double seen[2 * SPINEDAY_MOMENTS]);
/* The same, with looks taken from within its steps, as those of CVODE are. */
void spineday_gliding(const struct spine_setup *setup, double tolerance, double seen[2 * SPINEDAY_MOMENTS]);
/* By CVODE. */
void spineday_slow(const struct spine_setup *setup, double relative, double seen[2 * SPINEDAY_MOMENTS]);

#endif
