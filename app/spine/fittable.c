/* fittable.c - a fit as text and JSON. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/fittable.h"

#include <jansson.h>
#include <math.h>

enum { NUMBER_BYTES = 32 };
static const double NG_ML = 1e6, HOUR_S = 3600;

static const char *unit_of(const struct fit_figure *figure)
{
    return figure_row(figure->figure)->unit;
}

static const char *word_of(const struct fit_figure *figure)
{
    return figure_row(figure->figure)->word;
}

static bool has_error(const struct fit_figure *figure)
{
    return figure->verdict == FIT_KNOWN || figure->verdict == FIT_WEAK;
}

void fittable_place(const struct observation *row, char text[32])
{
    if (row->place == OBSERVATION_HEAD)
        (void)snprintf(text, 32, "head");
    else
        (void)snprintf(text, 32, "%s %s", row->place == OBSERVATION_CSF ? "CSF" : "tissue",
                       level_name((int)row->level));
}

/* To six digits, or that there is no such number: of a deviation of 0, or of one too large for any. */
static const char *number_tell(char text[NUMBER_BYTES], double value)
{
    (void)snprintf(text, NUMBER_BYTES, isfinite(value) ? "%.6g" : "cannot be told", value);
    return text;
}

/* What one standard deviation is, in words. */
static void error_print(FILE *out, const struct fit *fit)
{
    if (!isfinite(fit->sigma * hypot(100 * fit->error.share, fit->error.deviation_kg_m3 * NG_ML)))
        fputs("its size cannot be told", out);
    else if (fit->error.share == 0)
        fprintf(out, "additive, standard deviation %.4g ng/mL", fit->sigma * fit->error.deviation_kg_m3 * NG_ML);
    else if (fit->error.deviation_kg_m3 == 0)
        fprintf(out, "proportional, %.3g %% of the prediction", 100 * fit->sigma * fit->error.share);
    else
        fprintf(out, "%.4g ng/mL and %.3g %% of the prediction", fit->sigma * fit->error.deviation_kg_m3 * NG_ML,
                100 * fit->sigma * fit->error.share);
}

/* With some below their limits: theirs is the probability of that, and sigma is what the fit found. */
static double likelihood_below(const struct fit *fit)
{
    double sum = 0, sigma = fit->sigma;
    for (size_t i = 0; i < fit->observations->count; i++)
        sum +=
            pow(fit->residual[i] / sigma, 2) +
            (fit->observations->row[i].below ? 0 : log(2 * acos(-1) * sigma * sigma) - 2 * log(fit->weight[i] * 1e-6));
    return sum;
}

/* Minus twice the logarithm of the likelihood, and Akaike's criterion with one parameter for the error's size. */
static double likelihood(const struct fit *fit)
{
    if (fit->below > 0)
        return likelihood_below(fit);
    double count = (double)fit->observations->count, sum = count * (log(2 * acos(-1) * fit->squares / count) + 1);
    for (size_t i = 0; i < fit->observations->count; i++)
        sum -= 2 * log(fit->weight[i] * 1e-6); /* of concentrations in ng/mL */
    return sum;
}

static double akaike(const struct fit *fit)
{
    return likelihood(fit) + 2 * ((double)(fit->observations->count - fit->below) - fit->freedom + 1);
}

static void interval_print(FILE *out, double from, double to)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%.4g to %.4g", from, to);
    fprintf(out, "  %-22s", text);
}

static void profile_print(FILE *out, const struct fit_figure *figure)
{
    char from[32], to[32];
    (void)snprintf(from, sizeof from, figure->profile_from > 0 ? "%.4g" : "below %.4g",
                   figure->profile_from > 0 ? figure->profile_from : figure->low);
    (void)snprintf(to, sizeof to, figure->profile_to > 0 ? "%.4g" : "above %.4g",
                   figure->profile_to > 0 ? figure->profile_to : figure->high);
    fprintf(out, "  %s to %s", from, to);
}

static void figures_print(FILE *out, const struct fit *fit)
{
    fprintf(out, "%-32s %-6s %9s %9s %7s  %-22s%s\n", "figure", "unit", "start", "estimate", "error", "19 in 20",
            fit->profiled ? "  by its profile" : "");
    for (int i = 0; i < fit->figures; i++) {
        const struct fit_figure *figure = &fit->figure[i];
        fprintf(out, "%-32s %-6s %9.4g %9.4g", word_of(figure), unit_of(figure), figure->start, figure->value);
        if (has_error(figure)) {
            fprintf(out, " %5.3g %%", 100 * figure->log_error);
            interval_print(out, figure->from, figure->to);
        } else {
            fprintf(out, " %7s  %-22s", "-", fit_verdict_word(figure->verdict));
        }
        if (fit->profiled && figure->verdict != FIT_AT_BOUND)
            profile_print(out, figure);
        fputc('\n', out);
    }
}

static void verdicts_print(FILE *out, const struct fit *fit)
{
    int tied = 0;
    for (int i = 0; i < fit->figures; i++) {
        const struct fit_figure *figure = &fit->figure[i];
        if (figure->verdict == FIT_AT_BOUND)
            fprintf(out, "AT ITS BOUND: %s; the observations ask for a value beyond %g to %g %s\n", word_of(figure),
                    figure->low, figure->high, unit_of(figure));
        if (figure->verdict == FIT_SILENT)
            fprintf(out, "NOT SEEN: at this value no observation depends on %s\n", word_of(figure));
        if (figure->verdict == FIT_OPEN)
            fprintf(out, "LEFT OPEN: the interval of %s takes in all of its bounds, %g to %g %s: it cannot be told\n",
                    word_of(figure), figure->low, figure->high, unit_of(figure));
        if (figure->verdict == FIT_WEAK)
            fprintf(out, "WEAK: the observations leave %s open within more than a factor of fifty\n", word_of(figure));
        tied += figure->verdict == FIT_TIED;
    }
    if (tied > 0) {
        fprintf(out, "NOT TOLD APART: the observations know a combination of these, and none of them:");
        for (int i = 0; i < fit->figures; i++)
            if (fit->figure[i].verdict == FIT_TIED)
                fprintf(out, " %s", word_of(&fit->figure[i]));
        fputc('\n', out);
    }
    if (!isfinite(fit->sigma))
        fprintf(out, "NOT TOLD: the size of the error, beside which an observation is next to nothing; look at DV\n");
    if (!fit->settled)
        fprintf(out, "NOT SETTLED: the search ended without a minimum; another --start may find one\n");
}

static void correlation_print(FILE *out, const struct fit *fit)
{
    fprintf(out, "\ncorrelation of logarithms (condition %.3g)\n", fit->condition);
    for (int i = 0; i < fit->figures; i++) {
        if (!has_error(&fit->figure[i]))
            continue;
        fprintf(out, "%-32s", word_of(&fit->figure[i]));
        for (int k = 0; k <= i; k++)
            if (has_error(&fit->figure[k]))
                fprintf(out, " %7.3f", fit->correlation[i][k]);
        fputc('\n', out);
    }
}

void fittable_text(FILE *out, const struct fit *fit)
{
    const struct subject *subject = fit->subject;
    fprintf(out, "%s, tip at %s, regime %s: %zu observations, %d figures\n", agent_word((enum agent)subject->drug),
            level_name((int)subject->tip), subject->regime_word, fit->observations->count, fit->figures);
    if (fit->below > 0)
        fprintf(out, "%zu of them below their limit, each by the probability of that (M3); its residual is of that\n",
                fit->below);
    if (fit->left_out > 0)
        fprintf(out, "%zu below their limit are left out (M1)\n", fit->left_out);
    fputs("error: ", out);
    error_print(out, fit);
    char one[NUMBER_BYTES], other[NUMBER_BYTES];
    fprintf(out, " (%.0f degrees of freedom)\n-2 log likelihood %s, Akaike %s; %u rounds of weights, %lu forecasts\n\n",
            fit->freedom, number_tell(one, likelihood(fit)), number_tell(other, akaike(fit)), fit->rounds,
            fit->forecasts);
    figures_print(out, fit);
    verdicts_print(out, fit);
    correlation_print(out, fit);
    fprintf(out, "\n%-8s %9s %-10s %12s %12s %9s\n", "ID", "h", "place", "observed", "predicted", "residual");
    for (size_t i = 0; i < fit->observations->count; i++) {
        const struct observation *row = &fit->observations->row[i];
        char place[32];
        fittable_place(row, place);
        char observed[32];
        (void)snprintf(observed, sizeof observed, "%s%.5g", row->below ? "<" : "", row->kg_m3 * NG_ML);
        fprintf(out, "%-8s %9.5g %-10s %12s %12.5g ", fit->dosing->person[row->person].id, row->at_s / HOUR_S, place,
                observed, fit->predicted[i] * NG_ML);
        double residual = fit->residual[i] / fit->sigma;
        fprintf(out, isfinite(residual) ? "%9.3f\n" : "cannot be told\n", residual);
    }
    fprintf(out, "\nConcentrations in ng/mL, residuals in standard deviations. SIMULATION; never for use in people.\n");
}

static json_t *number_or_null(bool known, double value)
{
    return known && isfinite(value) ? json_real(value) : json_null();
}

static json_t *figure_json(const struct fit *fit, int place)
{
    const struct fit_figure *figure = &fit->figure[place];
    bool known = has_error(figure);
    json_t *correlation = json_object();
    for (int i = 0; i < fit->figures; i++)
        if (i != place && known && has_error(&fit->figure[i]))
            (void)json_object_set_new(correlation, word_of(&fit->figure[i]),
                                      number_or_null(true, fit->correlation[place][i]));
    json_t *object = json_pack(
        "{s:s, s:s, s:f, s:f, s:f, s:f, s:s, s:o, s:o, s:o, s:o}", "figure", word_of(figure), "unit", unit_of(figure),
        "start", figure->start, "low", figure->low, "high", figure->high, "estimate", figure->value, "verdict",
        fit_verdict_word(figure->verdict), "log_error", number_or_null(known, figure->log_error), "from",
        number_or_null(known, figure->from), "to", number_or_null(known, figure->to), "correlation", correlation);
    if (!fit->profiled)
        return object;
    json_t *points = json_array();
    for (int i = 0; i < figure->points; i++)
        (void)json_array_append_new(points, json_pack("[f, o]", figure->at[i], number_or_null(true, figure->rise[i])));
    (void)json_object_set_new(object, "profile",
                              json_pack("{s:o, s:o, s:o}", "from",
                                        number_or_null(figure->profile_from > 0, figure->profile_from), "to",
                                        number_or_null(figure->profile_to > 0, figure->profile_to), "points", points));
    return object;
}

void fittable_json(FILE *out, const struct fit *fit)
{
    json_t *figures = json_array(), *rows = json_array();
    for (int i = 0; i < fit->figures; i++)
        (void)json_array_append_new(figures, figure_json(fit, i));
    for (size_t i = 0; i < fit->observations->count; i++) {
        const struct observation *row = &fit->observations->row[i];
        char place[32];
        fittable_place(row, place);
        (void)json_array_append_new(
            rows, json_pack("{s:s, s:f, s:s, s:b, s:f, s:o, s:o}", "id", fit->dosing->person[row->person].id, "h",
                            row->at_s / HOUR_S, "place", place, "below", (int)row->below, "observed_ng_ml",
                            row->kg_m3 * NG_ML, "predicted_ng_ml", number_or_null(true, fit->predicted[i] * NG_ML),
                            "residual", number_or_null(true, fit->residual[i] / fit->sigma)));
    }
    json_t *all = json_pack(
        "{s:b, s:b, s:o, s:o, s:f, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "simulation", 1, "sound", (int)fit_sound(fit),
        "error_sd_ng_ml", number_or_null(true, fit->sigma * fit->error.deviation_kg_m3 * NG_ML), "error_share",
        number_or_null(true, fit->sigma * fit->error.share), "freedom", fit->freedom, "limit",
        number_or_null(true, fit->limit), "minus_twice_log_likelihood", number_or_null(true, likelihood(fit)), "akaike",
        number_or_null(true, akaike(fit)), "condition", number_or_null(true, fit->condition), "forecasts",
        (json_int_t)fit->forecasts, "figures", figures, "observations", rows);
    (void)json_dumpf(all, out, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    fputc('\n', out);
    json_decref(all);
}
