/* squares.h - the inner problem of a fit: given weights, the least sum of squares over some of the figures, within bounds. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_SQUARES_H
#define APP_SPINE_SQUARES_H

#include "app/spine/fit.h"

/* Logarithms of the figures; those that are held stay as they are. */
struct squares {
    struct fit *fit;
    double x[FIT_FIGURES_MAX];
    bool held[FIT_FIGURES_MAX];
    double sum;
    bool settled, broken; /* broken: no forecast could be made */
};

/* Moves x to the least squares and leaves residuals, predictions and sum there. */
void squares_least(struct squares *squares);
/* How far the limit of an observation below it lies above a prediction, in standard deviations. */
double squares_above(const struct fit *fit, size_t observation, double kg_m3);
/* Residuals, predictions and sum at x. */
bool squares_at(struct squares *squares);
/* How weighted predictions change with each logarithm, by columns of all figures: slope[figure * count + observation]. */
bool squares_slopes(struct squares *squares, double *slope);

#endif
