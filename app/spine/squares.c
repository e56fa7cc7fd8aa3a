/* squares.c - least squares within bounds. MINPACK's lmder knows no bounds: each logarithm x between a and b is written as
 * a + (b - a)(1 + sin z)/2, and lmder moves z (the way of MINUIT). Where the least lies at a bound, the slope in z ends there
 * too, and z comes to rest. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/squares.h"

#include <cminpack.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/spine/censor.h"
#include "app/spine/forecast.h"

/* A step of a logarithm for its slope: the error of a central difference is 1e-5 of the slope, and that of forecasts, whose own
 * steps may change, at a tolerance of 1e-6 some 1e-4. */
static const double STEP = 3e-3;
static const double SUM_CLOSE = 1e-9, PLACE_CLOSE = 1e-7;
/* So near to a bound z would not move any more. */
static const double INSIDE = 1e-3;
/* lmder's first step is REACH of the length of z, so that z must not lie around 0; a whole turn changes nothing. */
static const double TURN = 6.28318530717958647693, REACH = 0.1;
enum { TRIALS = 60 };

static bool predict(struct squares *squares, const double *x, double *kg_m3)
{
    struct fit *fit = squares->fit;
    struct figures figures = fit->subject->figures;
    for (int i = 0; i < fit->figures; i++)
        figures.value[fit->figure[i].figure] = exp(x[i]);
    struct spine_setup setup = subject_setup(fit->subject, &figures);
    fit->forecasts++;
    return forecast(fit->dosing, fit->observations, &setup, fit->subject->cells, kg_m3);
}

double squares_above(const struct fit *fit, size_t observation, double kg_m3)
{
    return (fit->observations->row[observation].kg_m3 - kg_m3) * fit->weight[observation] / fit->sigma;
}

/* What lies below its limit counts once sigma is known, which the first round finds without it. */
static double residual_of(const struct fit *fit, size_t observation, double kg_m3)
{
    const struct observation *row = &fit->observations->row[observation];
    if (!row->below)
        return (row->kg_m3 - kg_m3) * fit->weight[observation];
    return fit->sigma > 0 ? fit->sigma * sqrt(2 * censor_loss(squares_above(fit, observation, kg_m3))) : 0;
}

bool squares_at(struct squares *squares)
{
    struct fit *fit = squares->fit;
    squares->sum = 0;
    if (!predict(squares, squares->x, fit->predicted))
        return false;
    for (size_t i = 0; i < fit->observations->count; i++) {
        fit->residual[i] = residual_of(fit, i, fit->predicted[i]);
        squares->sum += fit->residual[i] * fit->residual[i];
    }
    return true;
}

static bool slope_of(struct squares *squares, int figure, double *slope)
{
    size_t count = squares->fit->observations->count;
    double x[FIT_FIGURES_MAX], *below = malloc(count * sizeof below[0]);
    if (below == NULL)
        abort(); /* nothing else is left to do */
    memcpy(x, squares->x, sizeof x);
    x[figure] -= STEP;
    bool good = predict(squares, x, below);
    x[figure] += 2 * STEP;
    good = good && predict(squares, x, slope);
    for (size_t i = 0; good && i < count; i++)
        slope[i] = (residual_of(squares->fit, i, below[i]) - residual_of(squares->fit, i, slope[i])) / (2 * STEP);
    free(below);
    return good;
}

bool squares_slopes(struct squares *squares, double *slope)
{
    bool good = true;
    for (int i = 0; i < squares->fit->figures && good; i++)
        good = slope_of(squares, i, slope + (size_t)i * squares->fit->observations->count);
    return good;
}

static double place_of(const struct fit_figure *figure, double x)
{
    double low = log(figure->low), share = 2 * (x - low) / (log(figure->high) - low) - 1;
    return TURN + asin(fmax(-1 + INSIDE, fmin(1 - INSIDE, share)));
}

static double x_of(const struct fit_figure *figure, double z)
{
    double low = log(figure->low);
    return low + (log(figure->high) - low) * 0.5 * (1 + sin(z));
}

/* What lmder asks for: residuals (1) or their slopes (2). */
static int answer(void *context, int rows, int columns, const double *z, double *residual, double *slope, int stride,
                  int wish)
{
    struct squares *squares = context;
    struct fit *fit = squares->fit;
    for (int i = 0, column = 0; i < fit->figures; i++)
        if (!squares->held[i])
            squares->x[i] = x_of(&fit->figure[i], z[column++]);
    (void)columns;
    if (wish == 1) {
        squares->broken |= !squares_at(squares);
        memcpy(residual, fit->residual, (size_t)rows * sizeof residual[0]);
        return squares->broken ? -1 : 0;
    }
    for (int i = 0, column = 0; i < fit->figures; i++) {
        if (squares->held[i])
            continue;
        double *here = slope + (size_t)column * (size_t)stride;
        double turn = 0.5 * (log(fit->figure[i].high) - log(fit->figure[i].low)) * cos(z[column++]);
        squares->broken |= !slope_of(squares, i, here);
        for (int k = 0; k < rows; k++)
            here[k] *= -turn; /* a residual falls as a prediction rises */
    }
    return squares->broken ? -1 : 0;
}

void squares_least(struct squares *squares)
{
    struct fit *fit = squares->fit;
    int rows = (int)fit->observations->count, columns = 0, order[FIT_FIGURES_MAX], calls = 0, slopes = 0;
    double z[FIT_FIGURES_MAX], scale[FIT_FIGURES_MAX], turned[FIT_FIGURES_MAX], work[3][FIT_FIGURES_MAX];
    for (int i = 0; i < fit->figures; i++)
        if (!squares->held[i])
            z[columns++] = place_of(&fit->figure[i], squares->x[i]);
    if (columns == 0) {
        squares->settled = squares_at(squares);
        squares->broken |= !squares->settled;
        return;
    }
    double *memory = calloc((size_t)rows * ((size_t)columns + 2), sizeof memory[0]);
    if (memory == NULL)
        abort(); /* nothing else is left to do */
    double *slope = memory + 2 * (size_t)rows;
    int found = lmder(answer, squares, rows, columns, z, memory, slope, rows, SUM_CLOSE, PLACE_CLOSE, 0, TRIALS, scale,
                      1, REACH, 0, &calls, &slopes, order, turned, work[0], work[1], work[2], memory + rows);
    free(memory);
    /* 1 to 4 are ways to end at a minimum; 6 to 8 say that it can be found no more exactly. */
    squares->settled = found >= 1 && found <= 8 && found != 5;
    for (int i = 0, column = 0; i < fit->figures; i++)
        if (!squares->held[i])
            squares->x[i] = x_of(&fit->figure[i], z[column++]);
    squares->broken |= !squares_at(squares);
}
