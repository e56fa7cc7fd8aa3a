/* fitcommand.c - the command line of `cisterna spine fit`. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* strsep */
#include "app/spine/fitcommand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/options.h"
#include "app/spine/canvas.h"
#include "app/spine/fitdraw.h"
#include "app/spine/fittable.h"
#include "app/spine/stages.h"
#include "app/textfile.h"

enum { WORD_BYTES = 64 };
/* Where nobody says bounds: so many times less and more than the start. */
static const double USUAL_REACH = 50;

enum letter { FIT = SUBJECT_LETTERS, START, BOUNDS, ERROR, BELOW, EACH, PROFILE, PLOT, JSON, HELP };

static const struct option OPTIONS[] = {
    SUBJECT_OPTIONS,
    { "fit", required_argument, NULL, FIT },
    { "start", required_argument, NULL, START },
    { "bounds", required_argument, NULL, BOUNDS },
    { "error", required_argument, NULL, ERROR },
    { "blq", required_argument, NULL, BELOW },
    { "each", no_argument, NULL, EACH },
    { "profile", no_argument, NULL, PROFILE },
    { "plot", required_argument, NULL, PLOT },
    { "json", no_argument, NULL, JSON },
    { "help", no_argument, NULL, HELP },
    { NULL, 0, NULL, 0 },
};

/* What was asked for. Starts and bounds are kept as words until the figures are known. */
struct ask {
    struct subject subject;
    char *file, *fit, *start[FIT_FIGURES_MAX], *bounds[FIT_FIGURES_MAX];
    const char *plot;
    int starts, bounded;
    struct fit_error error;
    bool profile, json, above_only, each;
};

static void help(void)
{
    printf(
        "Example:\n"
        "  cisterna spine fit examples/spine-fit.csv --drug morphine --fit clearance,dispersion --profile --plot "
        "fit.png\n"
        "\n"
        "Estimates figures of the spine from observed concentrations: nonlinear least squares within bounds, all "
        "people "
        "of the\n"
        "table with the same figures. Tells standard errors, intervals, correlations and residuals; a figure that the "
        "observations\n"
        "cannot tell is named, and the exit code is 1. The search is MINPACK's, software developed by the University "
        "of "
        "Chicago,\n"
        "as Operator of Argonne National Laboratory. SIMULATION. Not a medical device; never for use in people.\n"
        "\n"
        "Usage: cisterna spine fit TABLE.csv --drug NAME --fit FIGURE,FIGURE... [OPTION ...]\n"
        "  TABLE.csv            doses as cisterna spine takes them, and rows that look (EVID 0) with DV[ng/mL] and "
        "LEVEL; "
        "SPACE\n"
        "                       csf or tissue, MDV 1 for no observation (docs/spine.md)\n"
        "  --fit LIST           up to 8 figures; \"clearance\" is the drug's, \"dispersion\" the regime's\n"
        "  --start FIGURE=VALUE where the search begins (the typical adult's); may be repeated\n"
        "  --bounds FIGURE=LOW:HIGH   (a fiftieth to fifty times the start); may be repeated\n"
        "  --error MODEL        proportional (to the prediction), additive, or both as SD+SHARE in ng/mL, such as "
        "5+0.1\n"
        "                       (proportional)\n"
        "  --blq M1|M3          observations below the limit of quantification, DV \"<5\" or 5 with BLQ 1: left out, "
        "or by the\n"
        "                       probability of lying there (M3)\n"
        "  --each               each ID by itself, then middle and spread of the estimates between people (two "
        "stages)\n"
        "  --profile            how the sum of squares rises as each figure is moved, and intervals by that\n"
        "  --plot FILE          observations, residuals and profiles, .png or .svg; implies --profile\n"
        "  --json               the same as JSON\n");
    subject_help();
    printf(
        "\nExit codes: 0 done; 1 a figure is at a bound, not seen, left open, or tied to others; 2 usage or malformed input.\n");
}

/* "clearance" of the drug, "dispersion" of the regime, or a whole word; -1 when there is none. */
static int figure_of(const struct subject *subject, const char *word)
{
    char whole[WORD_BYTES];
    int figure = figure_find(word);
    if (strcmp(word, "dispersion") == 0)
        return subject->regime == REGIME_STILL ? FIGURE_STILL : FIGURE_MOBILE;
    if (figure >= 0)
        return figure;
    (void)snprintf(whole, sizeof whole, "%s.%s", agent_word((enum agent)subject->drug), word);
    figure = figure_find(whole);
    if (figure >= 0)
        return figure;
    (void)snprintf(whole, sizeof whole, "body.%s", word);
    return figure_find(whole);
}

static int error_take(struct ask *ask, const char *word)
{
    double deviation = 0, share = 0;
    char *end = NULL;
    ask->error = (struct fit_error){ 0, 1 };
    if (strcmp(word, "proportional") == 0)
        return EXIT_DONE;
    ask->error = (struct fit_error){ 1e-6, 0 };
    if (strcmp(word, "additive") == 0)
        return EXIT_DONE;
    deviation = strtod(word, &end);
    if (*end != '+' || !(deviation > 0 && deviation < 1e9) || !subject_number(end + 1, 1e-6, 10, &share))
        return subject_usage(&ask->subject, "--error is proportional, additive, or SD+SHARE such as 5+0.1, not ", word);
    ask->error = (struct fit_error){ deviation * 1e-6, share };
    return EXIT_DONE;
}

static int option_take(struct ask *ask, int letter, char *value)
{
    switch (letter) {
    case FIT:
        ask->fit = value;
        return EXIT_DONE;
    case START:
        if (ask->starts == FIT_FIGURES_MAX)
            return subject_usage(&ask->subject, "--start: more than there can be figures: ", value);
        ask->start[ask->starts++] = value;
        return EXIT_DONE;
    case BOUNDS:
        if (ask->bounded == FIT_FIGURES_MAX)
            return subject_usage(&ask->subject, "--bounds: more than there can be figures: ", value);
        ask->bounds[ask->bounded++] = value;
        return EXIT_DONE;
    case ERROR:
        return error_take(ask, value);
    case BELOW:
        ask->above_only = strcmp(value, "M1") == 0;
        return ask->above_only || strcmp(value, "M3") == 0
                   ? EXIT_DONE
                   : subject_usage(&ask->subject, "--blq is M1 (left out) or M3 (by its probability), not ", value);
    case PLOT:
        ask->plot = value;
        ask->profile = true;
        return canvas_knows(value) ? EXIT_DONE
                                   : subject_usage(&ask->subject, "--plot writes .png or .svg, not ", value);
    case EACH:
        ask->each = true;
        return EXIT_DONE;
    case PROFILE:
        ask->profile = true;
        return EXIT_DONE;
    case JSON:
        ask->json = true;
        return EXIT_DONE;
    default:
        return subject_take(&ask->subject, letter, value);
    }
}

static int words_read(struct ask *ask, int count, char **words, bool *done)
{
    int letter;
    opterr = 0;
    optind = 0; /* begins anew, after the words of `spine` */
    while ((letter = getopt_long(count, words, "h", OPTIONS, NULL)) != -1) {
        if (letter == HELP || letter == 'h') {
            help();
            *done = true;
            return EXIT_DONE;
        }
        int code = letter == '?' ? subject_option_unknown(&ask->subject, words[optind - 1], OPTIONS)
                                 : option_take(ask, letter, optarg);
        if (code != EXIT_DONE)
            return code;
    }
    if (optind + 1 != count)
        return subject_usage(&ask->subject, optind == count ? "needs a table of observations" : "takes one table", "");
    if (ask->subject.drug < 0 || ask->fit == NULL)
        return subject_usage(&ask->subject, "needs ", ask->subject.drug < 0 ? "--drug" : "--fit");
    if (ask->each && ask->profile)
        return subject_usage(&ask->subject, "--each has no profiles and no plot: leave one out: --profile or --plot",
                             "");
    ask->file = words[optind];
    return EXIT_DONE;
}

static struct fit_figure *fitted(struct fit *fit, int figure)
{
    for (int i = 0; i < fit->figures; i++)
        if ((int)fit->figure[i].figure == figure)
            return &fit->figure[i];
    return NULL;
}

static int figures_take(const struct ask *ask, struct fit *fit)
{
    char *list = ask->fit, *word = NULL;
    while ((word = strsep(&list, ",")) != NULL) {
        int figure = figure_of(&ask->subject, word);
        if (figure < 0)
            return subject_figure_unknown(&ask->subject, word);
        if (fitted(fit, figure) != NULL)
            return subject_usage(&ask->subject, "--fit: twice the same figure: ", word);
        if (fit->figures == FIT_FIGURES_MAX)
            return subject_usage(&ask->subject, "--fit takes at most 8 figures; too many with ", word);
        double start = ask->subject.figures.value[figure];
        fit->figure[fit->figures++] = (struct fit_figure){ .figure = (enum figure)figure, .start = start };
    }
    return EXIT_DONE;
}

/* The fitted figure of "FIGURE=...", which is cut at its "="; null with the message printed. */
static struct fit_figure *named(const struct ask *ask, struct fit *fit, const char *option, char *word, char **rest)
{
    char *equal = strchr(word, '=');
    if (equal != NULL)
        *equal = '\0';
    int figure = figure_of(&ask->subject, word);
    struct fit_figure *row = figure >= 0 ? fitted(fit, figure) : NULL;
    if (equal == NULL || row == NULL) {
        fprintf(stderr, "%s: %s: \"%s\" is none of the figures of --fit, with = and a value; see %s --help\n",
                ask->subject.command, option, word, ask->subject.command);
        return NULL;
    }
    *rest = equal + 1;
    return row;
}

static int reach_refused(const struct ask *ask, const struct fit_figure *row)
{
    double low = 0, high = 0;
    figure_range(row->figure, &low, &high);
    fprintf(stderr, "%s: %s: a start of %g within %g to %g %s will not do: 0 < LOW < START < HIGH, within %g to %g\n",
            ask->subject.command, figure_row(row->figure)->word, row->start, row->low, row->high,
            figure_row(row->figure)->unit, low, high);
    return EXIT_USAGE;
}

static int reach_take(const struct ask *ask, struct fit *fit)
{
    char *rest = NULL;
    double low = 0, high = 0;
    for (int i = 0; i < ask->starts; i++) {
        struct fit_figure *row = named(ask, fit, "--start", ask->start[i], &rest);
        if (row == NULL)
            return EXIT_USAGE;
        if (!subject_number(rest, 0, 1e12, &row->start))
            return subject_usage(&ask->subject, "--start: no number: ", rest);
    }
    for (int i = 0; i < fit->figures; i++) {
        struct fit_figure *row = &fit->figure[i];
        figure_range(row->figure, &low, &high);
        row->low = row->start / USUAL_REACH > low ? row->start / USUAL_REACH : low;
        row->high = row->start * USUAL_REACH < high ? row->start * USUAL_REACH : high;
    }
    for (int i = 0; i < ask->bounded; i++) {
        struct fit_figure *row = named(ask, fit, "--bounds", ask->bounds[i], &rest);
        if (row == NULL)
            return EXIT_USAGE;
        char *colon = strchr(rest, ':');
        if (colon != NULL)
            *colon = '\0';
        if (colon == NULL || !subject_number(rest, 0, 1e12, &row->low) ||
            !subject_number(colon + 1, 0, 1e12, &row->high))
            return subject_usage(&ask->subject, "--bounds takes FIGURE=LOW:HIGH, such as clearance=5:80, not ", rest);
    }
    for (int i = 0; i < fit->figures; i++) {
        struct fit_figure *row = &fit->figure[i];
        figure_range(row->figure, &low, &high);
        if (!(row->low > 0 && row->low >= low && row->low < row->start && row->start < row->high && row->high <= high))
            return reach_refused(ask, row);
    }
    return EXIT_DONE;
}

/* Without one there is nothing in the canal, whatever its figures are. */
static bool has_dose(const struct dosing *dosing)
{
    for (size_t i = 0; i < dosing->events; i++)
        if ((dosing->event[i].kind == DOSING_BOLUS || dosing->event[i].kind == DOSING_INFUSION) &&
            dosing->event[i].kg > 0)
            return true;
    return false;
}

/* A proportional error says nothing about what was not found. */
static int zeros_refuse(const struct ask *ask, const struct dosing *dosing, const struct observations *observations)
{
    for (size_t i = 0; i < observations->count && ask->error.deviation_kg_m3 == 0; i++) {
        if (observations->row[i].kg_m3 > 0)
            continue;
        fprintf(stderr,
                "%s:%zu: DV is 0, which no proportional error explains; MDV 1 leaves it out, \"<5\" is below a limit "
                "of 5, --error additive or "
                "SD+SHARE takes it\n",
                ask->file, dosing->event[observations->row[i].event].line);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

static int fit_tell(const struct ask *ask, struct fit *fit)
{
    if (ask->each)
        return stages_run(stdout, fit, ask->json) ? EXIT_DONE : EXIT_FAILED;
    const char *fault = fit_run(fit);
    if (fault != NULL) {
        fprintf(stderr, "%s: %s\n", ask->subject.command, fault);
        return EXIT_USAGE;
    }
    if (ask->json)
        fittable_json(stdout, fit);
    else
        fittable_text(stdout, fit);
    fault = ask->plot != NULL ? fitdraw_file(ask->plot, fit) : NULL;
    if (fault != NULL)
        fprintf(stderr, "%s: %s could not be written: %s\n", ask->subject.command, ask->plot, fault);
    return fault == NULL && fit_sound(fit) ? EXIT_DONE : EXIT_FAILED;
}

static int table_read(const struct ask *ask, struct dosing *dosing, struct observations *observations)
{
    size_t size = 0;
    char *text = textfile_read(ask->file, &size), *again = text != NULL ? malloc(size + 1) : NULL;
    if (text == NULL || !textfile_lines(ask->file, text, size)) {
        free(text);
        free(again);
        return EXIT_USAGE;
    }
    if (again == NULL)
        abort(); /* nothing else is left to do */
    memcpy(again, text, size + 1);
    const char *fault = NULL;
    if (!dosing_read(dosing, ask->file, text, &ask->subject.units, agent_word((enum agent)ask->subject.drug)))
        fault = dosing->fault;
    else if (!observations_read(observations, ask->file, again, dosing))
        fault = observations->fault;
    if (fault != NULL)
        fprintf(stderr, "%s\n", fault);
    free(text);
    free(again);
    if (fault == NULL && !has_dose(dosing)) {
        fprintf(stderr, "%s: no row has a dose, which the observations would be of: a row with AMT above 0 (EVID 1)\n",
                ask->file);
        return EXIT_USAGE;
    }
    return fault == NULL ? zeros_refuse(ask, dosing, observations) : EXIT_USAGE;
}

int fit_main(int count, char **words)
{
    static struct fit fit;
    struct dosing dosing = { .event = NULL };
    struct observations observations = { .row = NULL };
    struct ask ask = { .subject = subject_usual("cisterna spine fit"), .error = { 0, 1 } };
    bool done = false;
    ask.subject.tolerance = 1e-5; /* slopes are differences of forecasts */
    int code = words_read(&ask, count, words, &done);
    if (code != EXIT_DONE || done)
        return code;
    fit = (struct fit){ .subject = &ask.subject, .error = ask.error, .profiled = ask.profile };
    code = figures_take(&ask, &fit);
    if (code == EXIT_DONE)
        code = reach_take(&ask, &fit);
    if (code == EXIT_DONE)
        code = table_read(&ask, &dosing, &observations);
    if (code == EXIT_DONE && ask.above_only)
        fit.left_out = observations_above(&observations);
    fit.dosing = &dosing;
    fit.observations = &observations;
    if (code == EXIT_DONE)
        code = fit_tell(&ask, &fit);
    fit_free(&fit);
    observations_free(&observations);
    dosing_free(&dosing);
    return code;
}
