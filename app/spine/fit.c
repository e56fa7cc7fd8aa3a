/* fit.c - figures estimated from observations. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/spine/censor.h"
#include "app/spine/profile.h"
#include "app/spine/spectrum.h"
#include "app/spine/squares.h"

enum { ROUNDS_MAX = 60, SIGMA_TURNS = 60 };
/* Weights follow predictions until no logarithm moves by more. */
static const double ROUND_CLOSE = 1e-5;
/* Nearer to a bound, as a share of the way between both, counts as at it: z of squares.c comes no nearer in a few steps. */
static const double AT_BOUND = 2e-3;
/* So many mean squares of a residual the sum must fall by, for each e-fold beyond a bound. */
static const double PULL = 0.05;
/* A figure that changes predictions by less than this share of themselves, for its own doubling, is not seen in them. */
static const double SILENT = 1e-5;
/* Below this ratio of least to largest singular value of the scaled slopes, whose own error is some 1e-4, a combination of
 * figures is not seen; figures with more than LOADED of it are what is tied. */
static const double TIED = 1e-3, LOADED = 0.1;
/* ln 50 / 2: half of an interval that spans a factor of fifty. */
static const double WEAK = 1.956;
/* An observation next to nothing still weighs only so much: this share of the largest. */
static const double FLOOR = 1e-6;

const char *fit_verdict_word(enum fit_verdict verdict)
{
    static const char *const words[] = { "known", "weak", "left open", "at its bound", "not seen", "tied" };
    return words[verdict];
}

/* Abramowitz and Stegun 26.7.3 and 26.7.4: how much lies between -t and t. */
static double student_within(double t, double freedom)
{
    double angle = atan(t / sqrt(freedom)), cosine = cos(angle), term = 1, sum = 0;
    int whole = (int)freedom;
    if (whole % 2 == 0) {
        for (int i = 2; i <= whole; i += 2) {
            sum += term;
            term *= cosine * cosine * (i - 1) / i;
        }
        return sin(angle) * sum;
    }
    term = cosine;
    for (int i = 3; i <= whole; i += 2) {
        sum += term;
        term *= cosine * cosine * (i - 1) / i;
    }
    return (angle + sin(angle) * sum) / acos(0);
}

double fit_student(double freedom)
{
    double low = 1, high = 20;
    for (int i = 0; i < 80; i++) {
        double t = 0.5 * (low + high);
        if (student_within(t, freedom) < 0.95)
            low = t;
        else
            high = t;
    }
    return 0.5 * (low + high);
}

static void weigh(struct fit *fit, const double *value, double largest)
{
    const struct fit_error *error = &fit->error;
    double least = FLOOR * largest * (error->share > 0 ? error->share : 1);
    for (size_t i = 0; i < fit->observations->count; i++)
        fit->weight[i] = 1 / fmax(least, hypot(error->deviation_kg_m3, error->share * value[i]));
}

static double freedom_of(const struct fit *fit, const struct squares *squares)
{
    double freedom = (double)(fit->observations->count - fit->below) - fit->figures;
    for (int i = 0; i < fit->figures; i++)
        freedom += squares->held[i];
    return freedom;
}

/* The standard deviation of a residual, with figures that are free taken off the count, as least squares do. With some below
 * their limits it is where the likelihood is greatest: s^2 (n - p + sum of z hazard(z)) = the squares of the others. */
static double sigma_find(const struct fit *fit, const struct squares *squares)
{
    double freedom = freedom_of(fit, squares), others = squares->sum;
    struct fit at = *fit;
    if (fit->below == 0)
        return sqrt(others / freedom);
    for (size_t i = 0; i < fit->observations->count; i++)
        others -= fit->observations->row[i].below ? fit->residual[i] * fit->residual[i] : 0;
    others = fmax(others, 0);
    at.sigma = fit->sigma > 0 ? fit->sigma : sqrt(others / freedom);
    for (int turn = 0; turn < SIGMA_TURNS && at.sigma > 0; turn++) {
        double count = freedom;
        for (size_t i = 0; i < fit->observations->count; i++) {
            double z = fit->observations->row[i].below ? squares_above(&at, i, fit->predicted[i]) : 0;
            count += z == 0 ? 0 : z * censor_hazard(z);
        }
        at.sigma = sqrt(at.sigma * sqrt(others / fmax(count, 0.1 * freedom)));
    }
    return at.sigma;
}

/* First weighed by what was observed, then by what the last round predicted. */
static void rounds_run(struct fit *fit, struct squares *squares)
{
    double largest = 0, before[FIT_FIGURES_MAX], moved = HUGE_VAL;
    for (size_t i = 0; i < fit->observations->count; i++) {
        fit->predicted[i] = fit->observations->row[i].kg_m3;
        largest = fmax(largest, fit->predicted[i]);
    }
    for (fit->rounds = 0; fit->rounds < ROUNDS_MAX && moved > ROUND_CLOSE; fit->rounds++) {
        weigh(fit, fit->predicted, largest);
        memcpy(before, squares->x, sizeof before);
        squares_least(squares);
        if (squares->broken)
            return;
        double sigma = sigma_find(fit, squares), changed = sigma > 0 ? fabs(log(sigma / fmax(fit->sigma, 1e-300))) : 0;
        moved = fit->below > 0 ? changed : fit->error.share > 0 ? 0 : -1;
        fit->sigma = sigma;
        for (int i = 0; i < fit->figures && moved >= 0; i++)
            moved = fmax(moved, fabs(squares->x[i] - before[i]));
    }
    squares->settled &= moved <= ROUND_CLOSE;
}

/* -1, 1: x has come to rest at the lower or upper bound, and the sum would fall beyond by more than nothing. Where it would not,
 * the search only wandered there, and the figure is not seen or tied to others. */
static int bound_of(const struct fit *fit, const struct squares *squares, int figure, const double *slope)
{
    const struct fit_figure *row = &fit->figure[figure];
    double low = log(row->low), share = (squares->x[figure] - low) / (log(row->high) - low), rise = 0;
    int side = share < AT_BOUND ? -1 : share > 1 - AT_BOUND ? 1 : 0;
    for (size_t i = 0; side != 0 && i < fit->observations->count; i++)
        rise -= fit->residual[i] * slope[(size_t)figure * fit->observations->count + i];
    return side * rise < -PULL * squares->sum / (double)fit->observations->count ? side : 0;
}

/* What rests at a bound is held there, and the others are fitted anew. */
static void bounds_hold(struct fit *fit, struct squares *squares, double *slope)
{
    for (int round = 0; round < fit->figures && !squares->broken; round++) {
        bool more = false;
        squares->broken |= !squares_slopes(squares, slope);
        for (int i = 0; i < fit->figures; i++) {
            int side = squares->held[i] ? 0 : bound_of(fit, squares, i, slope);
            if (side == 0)
                continue;
            squares->x[i] = log(side < 0 ? fit->figure[i].low : fit->figure[i].high);
            squares->held[i] = more = true;
            fit->figure[i].verdict = FIT_AT_BOUND;
        }
        if (!more)
            return;
        rounds_run(fit, squares);
    }
}

/* The scaled slopes' matrix of those figures that are seen, as positions in `seen`. */
static int matrix_make(struct fit *fit, const struct squares *squares, const double *slope, struct spectrum *spectrum,
                       int seen[FIT_FIGURES_MAX], double norm[FIT_FIGURES_MAX])
{
    size_t count = fit->observations->count;
    double whole = 0;
    int size = 0;
    for (size_t i = 0; i < count; i++)
        whole += pow(fit->predicted[i] * fit->weight[i], 2);
    for (int i = 0; i < fit->figures; i++) {
        double square = 0;
        for (size_t k = 0; k < count; k++)
            square += pow(slope[(size_t)i * count + k], 2);
        if (squares->held[i])
            continue;
        if (!(square > SILENT * SILENT * whole)) {
            fit->figure[i].verdict = FIT_SILENT;
            continue;
        }
        norm[size] = sqrt(square);
        seen[size++] = i;
    }
    for (int a = 0; a < size; a++)
        for (int b = 0; b < size; b++) {
            double sum = 0;
            for (size_t k = 0; k < count; k++)
                sum += slope[(size_t)seen[a] * count + k] * slope[(size_t)seen[b] * count + k];
            spectrum->matrix[a][b] = sum / (norm[a] * norm[b]);
        }
    spectrum->size = size;
    spectrum_find(spectrum);
    return size;
}

static void figure_judge(struct fit *fit, struct fit_figure *figure, double variance)
{
    double half = sqrt(fit->limit * variance);
    figure->log_error = sqrt(variance);
    figure->from = figure->value * exp(-half);
    figure->to = figure->value * exp(half);
    figure->verdict = half <= WEAK                                              ? FIT_KNOWN
                      : figure->from > figure->low || figure->to < figure->high ? FIT_WEAK
                                                                                : FIT_OPEN;
}

/* Errors from the inverse of the slopes' matrix, unless a direction in it is not seen. */
static void errors_find(struct fit *fit, const struct squares *squares, const double *slope)
{
    struct spectrum spectrum;
    int seen[FIT_FIGURES_MAX];
    double norm[FIT_FIGURES_MAX], inverse[FIT_FIGURES_MAX][FIT_FIGURES_MAX];
    int size = matrix_make(fit, squares, slope, &spectrum, seen, norm);
    if (size == 0)
        return;
    fit->condition = sqrt(spectrum.value[size - 1] / fmax(spectrum.value[0], 1e-30));
    bool tied[FIT_FIGURES_MAX] = { false };
    for (int k = 0; k < size; k++)
        for (int a = 0; a < size; a++)
            tied[a] |= sqrt(fmax(spectrum.value[k], 0) / spectrum.value[size - 1]) < TIED &&
                       fabs(spectrum.vector[a][k]) > LOADED;
    for (int a = 0; a < size; a++)
        for (int b = 0; b < size; b++) {
            inverse[a][b] = 0;
            for (int k = 0; k < size; k++)
                inverse[a][b] += spectrum.vector[a][k] * spectrum.vector[b][k] / fmax(spectrum.value[k], 1e-30);
        }
    for (int a = 0; a < size; a++) {
        for (int b = 0; b < size; b++)
            if (!tied[a] && !tied[b])
                fit->correlation[seen[a]][seen[b]] = inverse[a][b] / sqrt(inverse[a][a] * inverse[b][b]);
        if (tied[a])
            fit->figure[seen[a]].verdict = FIT_TIED;
        else
            figure_judge(fit, &fit->figure[seen[a]], fit->sigma * fit->sigma * inverse[a][a] / (norm[a] * norm[a]));
    }
}

/* Slopes as the second derivative of the likelihood has them: of -2 ln Phi it is not the square of its root's slope. */
static void information_make(const struct fit *fit, double *slope)
{
    size_t count = fit->observations->count;
    for (size_t i = 0; i < count && fit->sigma > 0; i++) {
        if (!fit->observations->row[i].below)
            continue;
        double z = squares_above(fit, i, fit->predicted[i]), hazard = censor_hazard(z);
        double is = hazard / sqrt(2 * fmax(censor_loss(z), 1e-300)), should_be = sqrt(fmax(hazard * (z + hazard), 0));
        for (int figure = 0; figure < fit->figures; figure++)
            slope[(size_t)figure * count + i] *= is > 0 ? should_be / is : 0;
    }
}

const char *fit_run(struct fit *fit)
{
    struct squares squares = { .fit = fit };
    size_t count = fit->observations->count;
    fit->predicted = calloc(3 * count + 1, sizeof fit->predicted[0]);
    double *slope = calloc((size_t)fit->figures * count + 1, sizeof slope[0]);
    if (fit->predicted == NULL || slope == NULL)
        abort(); /* nothing else is left to do */
    fit->weight = fit->predicted + count;
    fit->residual = fit->weight + count;
    for (int i = 0; i < fit->figures; i++) {
        squares.x[i] = log(fit->figure[i].start);
        fit->figure[i].verdict = FIT_KNOWN;
    }
    fit->below = 0;
    for (size_t i = 0; i < count; i++)
        fit->below += fit->observations->row[i].below;
    if (count - fit->below <= (size_t)fit->figures) {
        free(slope);
        return "there must be more observations than figures to fit, not counting those below their limit";
    }
    rounds_run(fit, &squares);
    bounds_hold(fit, &squares, slope);
    fit->settled = squares.settled;
    fit->squares = squares.sum;
    for (int i = 0; i < fit->figures; i++)
        fit->figure[i].value = exp(squares.x[i]);
    fit->freedom = freedom_of(fit, &squares);
    fit->limit = pow(fit_student(fit->freedom), 2);
    if (fit->below == 0)
        fit->sigma = sqrt(fit->squares / fit->freedom);
    if (!squares.broken && squares_slopes(&squares, slope)) {
        information_make(fit, slope);
        errors_find(fit, &squares, slope);
    }
    free(slope);
    if (!squares.broken && fit->profiled)
        profile_run(fit, &squares);
    squares.broken = squares.broken || !squares_at(&squares); /* profiles left other predictions behind */
    return squares.broken ? "a figure is out of range, or more than 4096 infusions run at once" : NULL;
}

void fit_free(struct fit *fit)
{
    free(fit->predicted);
    fit->predicted = fit->weight = fit->residual = NULL;
}

bool fit_sound(const struct fit *fit)
{
    bool sound = fit->settled && isfinite(fit->sigma);
    for (int i = 0; i < fit->figures; i++)
        sound &= fit->figure[i].verdict == FIT_KNOWN || fit->figure[i].verdict == FIT_WEAK;
    return sound;
}
