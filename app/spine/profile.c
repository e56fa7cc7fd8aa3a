/* profile.c - how far each figure can be moved. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/profile.h"

#include <math.h>
#include <stdlib.h>

enum { STEPS = FIT_PROFILE_MAX / 2 - 4, MENDS = 3 };
/* The step of a logarithm: a share of its standard error, within bounds. */
static const double SHARE = 0.5, STEP_LEAST = 0.002, STEP_MOST = 0.3, STEP_UNKNOWN = 0.2, GROWTH = 1.25;

static double rise_of(const struct fit *fit, const struct squares *squares)
{
    return fit->sigma > 0 ? fmax(0, (squares->sum - fit->squares) / (fit->sigma * fit->sigma)) : 0;
}

static void point_add(struct fit_figure *figure, double x, double rise)
{
    if (figure->points == FIT_PROFILE_MAX)
        return;
    figure->at[figure->points] = exp(x);
    figure->rise[figure->points++] = rise;
}

/* The root of the rise is nearly straight: where it meets that of the limit between two places. */
static double crossing(double limit, double x, double rise, double beyond, double beyond_rise)
{
    double a = sqrt(rise), b = sqrt(beyond_rise);
    return x + (beyond - x) * (sqrt(limit) - a) / (b - a);
}

/* 0 when the limit is not reached before the bound. */
static double walk(struct fit *fit, const struct squares *least, int place, int side)
{
    struct fit_figure *figure = &fit->figure[place];
    struct squares squares = *least;
    double bound = log(side < 0 ? figure->low : figure->high), x = least->x[place], rise = 0;
    double step = figure->log_error > 0 ? fmax(STEP_LEAST, fmin(STEP_MOST, SHARE * figure->log_error)) : STEP_UNKNOWN;
    squares.held[place] = true;
    for (int i = 0; i < STEPS && side * (bound - x) > 1e-9; i++, step *= GROWTH) {
        double next = side * (bound - x) > step ? x + side * step : bound;
        squares.x[place] = next;
        squares_least(&squares);
        double next_rise = rise_of(fit, &squares);
        if (squares.broken)
            return 0;
        point_add(figure, next, next_rise);
        if (next_rise >= fit->limit) {
            for (int mend = 0; mend < MENDS; mend++) {
                double between = crossing(fit->limit, x, rise, next, next_rise);
                squares.x[place] = between;
                squares_least(&squares);
                double between_rise = rise_of(fit, &squares);
                if (between_rise >= fit->limit) {
                    next = between;
                    next_rise = between_rise;
                } else {
                    x = between;
                    rise = between_rise;
                }
            }
            return exp(crossing(fit->limit, x, rise, next, next_rise));
        }
        x = next;
        rise = next_rise;
    }
    return 0;
}

static void points_sort(struct fit_figure *figure)
{
    for (int i = 1; i < figure->points; i++)
        for (int k = i; k > 0 && figure->at[k] < figure->at[k - 1]; k--) {
            double at = figure->at[k], rise = figure->rise[k];
            figure->at[k] = figure->at[k - 1];
            figure->rise[k] = figure->rise[k - 1];
            figure->at[k - 1] = at;
            figure->rise[k - 1] = rise;
        }
}

void profile_run(struct fit *fit, const struct squares *least)
{
    for (int i = 0; i < fit->figures; i++) {
        struct fit_figure *figure = &fit->figure[i];
        point_add(figure, least->x[i], 0);
        if (!least->held[i]) {
            figure->profile_from = walk(fit, least, i, -1);
            figure->profile_to = walk(fit, least, i, 1);
        }
        points_sort(figure);
    }
}
