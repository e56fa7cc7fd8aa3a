/* stages.c - two stages. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/stages.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

/* The estimates of all who are sound, by figure. */
struct tally {
    double *estimate[FIT_FIGURES_MAX];
    size_t sound;
};

struct stages_figure stages_summary(const double *estimate, size_t count)
{
    double middle = 0, square = 0;
    for (size_t i = 0; i < count; i++)
        middle += log(estimate[i]) / (double)count;
    for (size_t i = 0; i < count; i++)
        square += pow(log(estimate[i]) - middle, 2) / (double)(count - 1);
    return (struct stages_figure){ exp(middle), exp(sqrt(square)), sqrt(square / (double)count) };
}

/* Those of one person, in a list of their own. */
static struct observations observations_of(const struct observations *all, size_t person)
{
    struct observations some = { .row = calloc(all->count + 1, sizeof some.row[0]) };
    if (some.row == NULL)
        abort(); /* nothing else is left to do */
    for (size_t i = 0; i < all->count; i++)
        if (all->row[i].person == person)
            some.row[some.count++] = all->row[i];
    return some;
}

static void person_print(FILE *out, const struct fit *fit, const char *id, const char *fault)
{
    fprintf(out, "%-8s %5zu", id, fit->observations->count);
    for (int i = 0; i < fit->figures && fault == NULL; i++) {
        const struct fit_figure *figure = &fit->figure[i];
        if (figure->verdict == FIT_KNOWN || figure->verdict == FIT_WEAK)
            fprintf(out, "  %10.4g %5.3g %%", figure->value, 100 * figure->log_error);
        else
            fprintf(out, "  %10.4g %-7s", figure->value, fit_verdict_word(figure->verdict));
    }
    fprintf(out, "%s%s\n", fault != NULL ? "  " : fit_sound(fit) ? "" : "  left out", fault != NULL ? fault : "");
}

static json_t *person_json(const struct fit *fit, const char *id, const char *fault)
{
    json_t *figures = json_array();
    for (int i = 0; i < fit->figures && fault == NULL; i++)
        (void)json_array_append_new(
            figures, json_pack("{s:s, s:f, s:o, s:s}", "figure", figure_row(fit->figure[i].figure)->word, "estimate",
                               fit->figure[i].value, "log_error",
                               isfinite(fit->figure[i].log_error) ? json_real(fit->figure[i].log_error) : json_null(),
                               "verdict", fit_verdict_word(fit->figure[i].verdict)));
    return json_pack("{s:s, s:I, s:b, s:o}", "id", id, "observations", (json_int_t)fit->observations->count, "sound",
                     (int)(fault == NULL && fit_sound(fit)), "figures", figures);
}

/* One person, into the tally when sound, and onto paper. */
static void person_fit(FILE *out, const struct fit *wish, size_t person, struct tally *tally, json_t *people)
{
    struct observations some = observations_of(wish->observations, person);
    struct fit fit = *wish;
    const char *id = wish->dosing->person[person].id;
    fit.observations = &some;
    fit.profiled = false;
    const char *fault = some.count > 0 ? fit_run(&fit) : "no observation";
    if (fault == NULL && fit_sound(&fit)) {
        for (int i = 0; i < fit.figures; i++)
            tally->estimate[i][tally->sound] = fit.figure[i].value;
        tally->sound++;
    }
    if (people != NULL)
        (void)json_array_append_new(people, person_json(&fit, id, fault));
    else
        person_print(out, &fit, id, fault);
    fit_free(&fit);
    observations_free(&some);
}

static void summary_print(FILE *out, const struct fit *wish, const struct tally *tally)
{
    fprintf(out, "\n%zu of %zu people\n%-32s %-6s %10s %9s %9s\n", tally->sound, wish->dosing->people, "figure", "unit",
            "middle", "error", "spread");
    for (int i = 0; i < wish->figures && tally->sound > 1; i++) {
        struct stages_figure all = stages_summary(tally->estimate[i], tally->sound);
        const struct figure_row *row = figure_row(wish->figure[i].figure);
        fprintf(out, "%-32s %-6s %10.4g %7.3g %% %9.4g\n", row->word, row->unit, all.middle, 100 * all.log_error,
                all.spread);
    }
    fprintf(out, "\nThe middle is geometric, the spread a factor of one standard deviation between people; it holds "
                 "the errors of "
                 "each\nestimate too, and is an upper bound. SIMULATION; never for use in people.\n");
}

static json_t *summary_json(const struct fit *wish, const struct tally *tally)
{
    json_t *figures = json_array();
    for (int i = 0; i < wish->figures && tally->sound > 1; i++) {
        struct stages_figure all = stages_summary(tally->estimate[i], tally->sound);
        const struct figure_row *row = figure_row(wish->figure[i].figure);
        (void)json_array_append_new(figures,
                                    json_pack("{s:s, s:s, s:f, s:f, s:f}", "figure", row->word, "unit", row->unit,
                                              "middle", all.middle, "log_error", all.log_error, "spread", all.spread));
    }
    return figures;
}

bool stages_run(FILE *out, const struct fit *wish, bool json)
{
    struct tally tally = { .sound = 0 };
    json_t *people = json ? json_array() : NULL;
    for (int i = 0; i < wish->figures; i++) {
        tally.estimate[i] = calloc(wish->dosing->people + 1, sizeof tally.estimate[i][0]);
        if (tally.estimate[i] == NULL)
            abort(); /* nothing else is left to do */
    }
    if (!json) {
        fprintf(out, "%-8s %5s", "ID", "rows");
        for (int i = 0; i < wish->figures; i++)
            fprintf(out, "  %s", figure_row(wish->figure[i].figure)->word);
        fputc('\n', out);
    }
    for (size_t person = 0; person < wish->dosing->people; person++)
        person_fit(out, wish, person, &tally, people);
    if (json) {
        json_t *all = json_pack("{s:b, s:I, s:o, s:o}", "simulation", 1, "sound", (json_int_t)tally.sound, "figures",
                                summary_json(wish, &tally), "people", people);
        (void)json_dumpf(all, out, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
        fputc('\n', out);
        json_decref(all);
    } else {
        summary_print(out, wish, &tally);
    }
    for (int i = 0; i < wish->figures; i++)
        free(tally.estimate[i]);
    return tally.sound > 1;
}
