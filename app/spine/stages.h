/* stages.h - two stages: a fit of each person by itself, and how the estimates differ between people. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_STAGES_H
#define APP_SPINE_STAGES_H

#include <stdio.h>

#include "app/spine/fit.h"

/* What people come to in one figure. */
struct stages_figure {
    double middle, spread; /* geometric mean; factor of one standard deviation between people, 1 and more */
    double log_error;      /* of the logarithm of the middle: between people over the root of how many */
};

/* Fits all of `wish` (what is asked for, with a start for each figure) to each person's observations alone, prints a line for
 * each and then middle and spread of those whose fit is sound, as text or JSON. The spread holds the errors of the single
 * estimates too: it is an upper bound. True when two people or more are sound. */
bool stages_run(FILE *out, const struct fit *wish, bool json);
/* Of at least two positive estimates. */
struct stages_figure stages_summary(const double *estimate, size_t count);

#endif
