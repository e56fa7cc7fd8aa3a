/* fit.h - figures estimated from observations: nonlinear least squares within bounds, by MINPACK's Levenberg and Marquardt, with
 * standard errors, correlations and profiles. What the observations cannot tell is said, not hidden. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_FIT_H
#define APP_SPINE_FIT_H

#include "app/spine/observation.h"
#include "app/spine/subject.h"

enum { FIT_FIGURES_MAX = 8, FIT_PROFILE_MAX = 96 };

/* How far an observation strays from the model: its variance is proportional to deviation^2 + (share x prediction)^2. */
struct fit_error {
    double deviation_kg_m3, share;
};

enum fit_verdict {
    FIT_KNOWN,    /* its standard error means something */
    FIT_WEAK,     /* it does, but the interval spans more than a factor of fifty */
    FIT_OPEN,     /* the interval is that wide, and takes in both bounds: nothing is told */
    FIT_AT_BOUND, /* the least squares lie at, or beyond, a bound */
    FIT_SILENT,   /* no observation depends on it */
    FIT_TIED      /* it can be changed, together with others, and nothing observed changes */
};

/* One figure. Values are in its own unit; errors are of its logarithm, for no figure is negative. */
struct fit_figure {
    enum figure figure;
    double start, low, high;
    double value, log_error, from, to; /* from .. to: nineteen in twenty, by the error and Student's t */
    enum fit_verdict verdict;
    /* The profile: the sum of squares at other values, the others fitted anew. */
    int points;
    double at[FIT_PROFILE_MAX], rise[FIT_PROFILE_MAX]; /* rise: (squares / least - 1) x freedom, about a square of t */
    double profile_from, profile_to;                   /* where rise is t^2; 0: not reached before the bound */
};

struct fit {
    const struct subject *subject;
    const struct dosing *dosing;
    const struct observations *observations;
    struct fit_error error;
    bool profiled;   /* profiles are wanted */
    size_t left_out; /* told only: what was below its limit and is not among the observations */
    int figures;
    struct fit_figure figure[FIT_FIGURES_MAX];

    /* The answer. */
    double *predicted, *weight,
        *residual; /* of each observation; residual = (observed - predicted) x weight; of one below
                                           its limit sigma x sqrt(-2 ln Phi), see censor.h */
    double squares, freedom, sigma, limit; /* sigma: of a residual; limit: t^2 */
    size_t below; /* of the observations, below their limit of quantification: they take no part in freedom */
    double correlation[FIT_FIGURES_MAX][FIT_FIGURES_MAX]; /* of logarithms; 0 where unknown */
    double condition; /* of the sensitivities, each scaled to 1: largest over least */
    unsigned rounds;  /* of weights made anew */
    unsigned long forecasts;
    bool settled; /* the optimiser ended at a minimum, and the weights with it */
};

/* Null, or why it cannot be done: too few observations, a setup out of range. To be freed in either case. */
const char *fit_run(struct fit *fit);
void fit_free(struct fit *fit);
/* Every figure is known (or weak), the error has a size, and the optimiser settled. */
bool fit_sound(const struct fit *fit);
const char *fit_verdict_word(enum fit_verdict verdict);
/* The quantile of Student's t below which 97.5 % lie, for a whole number of degrees of freedom, from 1. */
double fit_student(double freedom);

#endif
