/* command.c - the command line of `cisterna spine`. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* strsep */
#include "app/spine/command.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "amount/amount.h"
#include "app/options.h"
#include "app/spine/draw.h"
#include "app/spine/table.h"
#include "app/spine/validate.h"
#include "app/textfile.h"
#include "document/reader.h"
#include "twin/body/agent.h"

enum { PATH_BYTES = 4096 };

struct ask {
    const char *file, *plot, *regime_word;
    int drug;
    enum regime regime;
    enum level tip;
    uint32_t levels;
    struct figures figures;
    struct dosing_units units;
    double drift_m_s, every_s, until_s, tolerance;
    int cells;
    bool summary, json;
};

static void help(void)
{
    printf(
        "Examples:\n"
        "  cisterna spine examples/spine-bolus.csv --drug morphine --summary\n"
        "  cisterna spine examples/spine-bolus.csv --drug morphine --every '10 min' --plot bolus.png > bolus.csv\n"
        "  cisterna play examples/morphine-60-days.json --out out && cisterna spine out/events.ndjson --drug morphine\n"
        "\n"
        "Takes doses through a model of the spine: concentration by level and time, as CSV on standard output. "
        "docs/spine.md\n"
        "says what of it is known and what is a guess. SIMULATION. Not a medical device; never for use in people.\n"
        "\n"
        "Usage: cisterna spine DOSES.csv --drug NAME [OPTION ...]\n"
        "       cisterna spine figures [--json]       every number of the model, with unit, spread and source\n"
        "       cisterna spine validate ROWS.json     published figures beside the model's; see its --help\n"
        "  DOSES.csv            events as NONMEM has them: ID,TIME,AMT,RATE,EVID,ADDL,II; units in the head, TIME[h], "
        "AMT[mg];\n"
        "                       or series.csv or events.ndjson of a played scenario: what its catheter delivered\n"
        "  --drug NAME          morphine, hydromorphone, baclofen, ziconotide, bupivacaine, clonidine, fentanyl, "
        "sufentanil\n"
        "  --tip LEVEL          where the catheter ends, C1 to S2 (L2)\n"
        "  --regime WORD        mobile (mobile person, or bolus) or still: which dispersion (mobile)\n"
        "  --drift CM_H         of drug towards the sac, cm/h; negative: towards the head (0)\n"
        "  --set FIGURE=VALUE   another value of a figure, in its own unit; may be repeated\n"
        "  --levels L2,T10,C2   rows and lines of these only (all)\n"
        "  --every SPAN         a row so often ('1 h'); --until SPAN: how long (a day after the last dose)\n"
        "  --time UNIT, --amount UNIT   s, min, h, d and ng, ug, mg, where the table's head names none (h, mg)\n"
        "  --summary            peaks, areas, half-lives and balance instead of rows; --json: the same as JSON\n"
        "  --plot FILE          a figure, .png or .svg: along the spine over time; of the first ID\n"
        "  --cells N            16 to 128, even (64); --tolerance SHARE  of one step, 0.000001 to 0.1 (0.001)\n"
        "\n"
        "Exit codes: 0 done, 1 failed, 2 usage or malformed input.\n");
}

static int usage(const char *text, const char *word)
{
    fprintf(stderr, "cisterna spine: %s%s; see cisterna spine --help\n", text, word);
    return EXIT_USAGE;
}

static bool number_read(const char *text, double low, double high, double *value)
{
    char *end = NULL;
    double number = strtod(text, &end);
    if (*text == '\0' || *end != '\0' || strpbrk(text, "xXnN") != NULL || !(number >= low && number <= high))
        return false;
    *value = number;
    return true;
}

static int figure_unknown(const char *word)
{
    const char *words[FIGURES_ALL + 1];
    for (int i = 0; i < FIGURES_ALL; i++)
        words[i] = figure_row((enum figure)i)->word;
    words[FIGURES_ALL] = NULL;
    const char *nearest = reader_nearest(word, words);
    fprintf(stderr, "cisterna spine: there is no figure \"%s\"; %s%s%s\n", word,
            nearest != NULL ? "did you mean \"" : "", nearest != NULL ? nearest : "see cisterna spine figures",
            nearest != NULL ? "\"?" : "");
    return EXIT_USAGE;
}

static int figure_set(struct ask *ask, const char *text)
{
    char word[64];
    const char *equal = strchr(text, '=');
    if (equal == NULL || (size_t)(equal - text) >= sizeof word)
        return usage("--set takes FIGURE=VALUE, such as morphine.clearance=20, not ", text);
    memcpy(word, text, (size_t)(equal - text));
    word[equal - text] = '\0';
    int figure = figure_find(word);
    if (figure < 0)
        return figure_unknown(word);
    if (number_read(equal + 1, 0, 1e9, &ask->figures.value[figure]))
        return EXIT_DONE;
    fprintf(stderr, "cisterna spine: --set %s: \"%s\" is no number from 0 up, in %s\n", word, equal + 1,
            figure_row((enum figure)figure)->unit);
    return EXIT_USAGE;
}

static int levels_set(struct ask *ask, char *list)
{
    char *word = NULL;
    ask->levels = 0;
    while ((word = strsep(&list, ",")) != NULL) {
        int level = level_find(word);
        if (level < 0)
            return usage("--levels: there is no level ", word);
        ask->levels |= UINT32_C(1) << level;
    }
    return EXIT_DONE;
}

static bool span_read(const char *text, double *seconds)
{
    int64_t ms = 0;
    if (amount_read(text, DIMENSION_SPAN, &ms) != AMOUNT_OK || ms <= 0)
        return false;
    *seconds = (double)ms / 1000;
    return true;
}

enum letter {
    DRUG = 256,
    TIP,
    REGIME,
    DRIFT,
    SET,
    LEVELS,
    EVERY,
    UNTIL,
    TIME,
    AMOUNT,
    SUMMARY,
    JSON,
    PLOT,
    CELLS,
    TOLERANCE,
    HELP
};

static const struct option OPTIONS[] = {
    { "drug", required_argument, NULL, DRUG },
    { "tip", required_argument, NULL, TIP },
    { "regime", required_argument, NULL, REGIME },
    { "drift", required_argument, NULL, DRIFT },
    { "set", required_argument, NULL, SET },
    { "levels", required_argument, NULL, LEVELS },
    { "every", required_argument, NULL, EVERY },
    { "until", required_argument, NULL, UNTIL },
    { "time", required_argument, NULL, TIME },
    { "amount", required_argument, NULL, AMOUNT },
    { "summary", no_argument, NULL, SUMMARY },
    { "json", no_argument, NULL, JSON },
    { "plot", required_argument, NULL, PLOT },
    { "cells", required_argument, NULL, CELLS },
    { "tolerance", required_argument, NULL, TOLERANCE },
    { "help", no_argument, NULL, HELP },
    { NULL, 0, NULL, 0 },
};

static int place_take(struct ask *ask, int letter, const char *value)
{
    int found = letter == DRUG ? agent_find(value) : letter == TIP ? level_find(value) : regime_find(value);
    if (found < 0)
        return letter == DRUG  ? usage("--drug: there are no figures of ", value)
               : letter == TIP ? usage("--tip is a level from C1 to S2, not ", value)
                               : usage("--regime is mobile or still, not ", value);
    if (letter == DRUG)
        ask->drug = found;
    else if (letter == TIP)
        ask->tip = (enum level)found;
    else
        ask->regime = (enum regime)found;
    ask->regime_word = letter == REGIME ? value : ask->regime_word;
    return EXIT_DONE;
}

static int option_take(struct ask *ask, int letter, char *value)
{
    double number = 0;
    switch (letter) {
    case DRUG:
    case TIP:
    case REGIME:
        return place_take(ask, letter, value);
    case DRIFT:
        ask->drift_m_s = number_read(value, -1000, 1000, &number) ? number * 1e-2 / 3600 : 0;
        return number == 0 && strcmp(value, "0") != 0 ? usage("--drift is a number of cm/h, not ", value) : EXIT_DONE;
    case SET:
        return figure_set(ask, value);
    case LEVELS:
        return levels_set(ask, value);
    case EVERY:
        return span_read(value, &ask->every_s) ? EXIT_DONE
                                               : usage("--every needs a span of time, such as '10 min', not ", value);
    case UNTIL:
        return span_read(value, &ask->until_s) ? EXIT_DONE
                                               : usage("--until needs a span of time, such as '3 d', not ", value);
    case TIME:
        ask->units.time = value;
        return dosing_time_unit(value) > 0 ? EXIT_DONE : usage("--time is s, min, h or d, not ", value);
    case AMOUNT:
        ask->units.amount = value;
        return dosing_amount_unit(value) > 0 ? EXIT_DONE : usage("--amount is ng, ug, mcg or mg, not ", value);
    case SUMMARY:
        ask->summary = true;
        return EXIT_DONE;
    case JSON:
        ask->json = true;
        return EXIT_DONE;
    case PLOT:
        ask->plot = value;
        return draw_knows(value) ? EXIT_DONE : usage("--plot writes .png or .svg, not ", value);
    case CELLS:
        if (!number_read(value, CANAL_CELLS_MIN, CANAL_CELLS_MAX, &number) || fmod(number, 2) != 0)
            return usage("--cells is an even number from 16 to 128, not ", value);
        ask->cells = (int)number;
        return EXIT_DONE;
    case TOLERANCE:
        return number_read(value, 1e-6, 0.1, &ask->tolerance)
                   ? EXIT_DONE
                   : usage("--tolerance is from 0.000001 to 0.1, not ", value);
    default:
        return EXIT_USAGE;
    }
}

static int option_unknown(const char *word)
{
    const char *names[sizeof OPTIONS / sizeof OPTIONS[0]];
    char dashed[sizeof OPTIONS / sizeof OPTIONS[0]][16];
    size_t count = 0;
    for (; OPTIONS[count].name != NULL; count++) {
        (void)snprintf(dashed[count], sizeof dashed[count], "--%s", OPTIONS[count].name);
        names[count] = dashed[count];
    }
    names[count] = NULL;
    const char *nearest = reader_nearest(word, names);
    if (nearest == NULL)
        return usage("unknown option, or a value is missing: ", word);
    fprintf(stderr, "cisterna spine: unknown option, or a value is missing: %s; did you mean %s?\n", word, nearest);
    return EXIT_USAGE;
}

/* EXIT_DONE, or the exit code; `done` when there is nothing left to do. */
static int words_read(struct ask *ask, int count, char **words, bool *done)
{
    int letter;
    opterr = 0;
    optind = 1;
    while ((letter = getopt_long(count, words, "h", OPTIONS, NULL)) != -1) {
        if (letter == HELP || letter == 'h') {
            help();
            *done = true;
            return EXIT_DONE;
        }
        int code = letter == '?' ? option_unknown(words[optind - 1]) : option_take(ask, letter, optarg);
        if (code != EXIT_DONE)
            return code;
    }
    if (optind + 1 != count)
        return usage(optind == count ? "needs a table of doses, or figures" : "takes one table of doses", "");
    ask->file = words[optind];
    return EXIT_DONE;
}

static int figures_show(const struct ask *ask)
{
    json_t *rows = json_array();
    if (!ask->json)
        printf("%-32s %8s %-6s %7s %-5s %s\n", "figure", "value", "unit", "factor", "guess", "source");
    for (int i = 0; i < FIGURES_ALL; i++) {
        const struct figure_row *row = figure_row((enum figure)i);
        bool lognormal = row->distribution == DISTRIBUTION_LOGNORMAL;
        if (!ask->json)
            printf("%-32s %8g %-6s %7g %-5s %s\n", row->word, ask->figures.value[i], row->unit, row->spread,
                   row->guess ? "yes" : "", row->source);
        (void)json_array_append_new(rows, json_pack("{s:s, s:f, s:s, s:s, s:f, s:b, s:s}", "figure", row->word, "value",
                                                    ask->figures.value[i], "unit", row->unit, "distribution",
                                                    lognormal ? "lognormal" : "fixed", "factor", row->spread, "guess",
                                                    (int)row->guess, "source", row->source));
    }
    if (ask->json) {
        (void)json_dumpf(rows, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
        putchar('\n');
    }
    json_decref(rows);
    return EXIT_DONE;
}

/* The events of a scenario tell commands; what left its catheter stands in the series beside them. */
static const char *table_beside(const char *file, char path[PATH_BYTES])
{
    static const char events[] = "events.ndjson";
    size_t size = strlen(file), tail = sizeof events - 1;
    if (size < tail || strcmp(file + size - tail, events) != 0 || size >= PATH_BYTES)
        return file;
    (void)snprintf(path, PATH_BYTES, "%.*sseries.csv", (int)(size - tail), file);
    return path;
}

static int person_run(const struct ask *ask, const struct dosing *dosing, size_t place, json_t *all)
{
    static struct course course;
    const struct dosing_person *person = &dosing->person[place];
    struct course_wish wish = { .setup = agent_setup(&ask->figures, (enum agent)ask->drug, ask->regime,
                                                     level_middle(ask->tip)),
                                .cells = ask->cells,
                                .every_s = ask->every_s,
                                .until_s = ask->until_s };
    struct table_head head = { person->id, agent_word((enum agent)ask->drug), ask->regime_word, ask->tip, ask->levels };
    wish.setup.flow.drift_m_s = ask->drift_m_s;
    wish.setup.tolerance = ask->tolerance;
    const char *fault = course_run(&course, dosing, person, &wish);
    if (fault != NULL) {
        fprintf(stderr, "cisterna spine: ID %s: %s\n", person->id, fault);
        course_free(&course);
        return EXIT_USAGE;
    }
    if (ask->json)
        (void)json_array_append_new(all, table_json(&head, &course));
    else if (ask->summary)
        table_text(stdout, &head, &course);
    else {
        if (place == 0)
            table_csv_head(stdout);
        table_csv(stdout, &head, &course);
    }
    if (ask->plot != NULL && place == 0)
        fault = draw_file(ask->plot, &head, &course);
    if (fault != NULL)
        fprintf(stderr, "cisterna spine: %s could not be written: %s\n", ask->plot, fault);
    course_free(&course);
    return fault == NULL ? EXIT_DONE : EXIT_FAILED;
}

static int spine_run(const struct ask *ask)
{
    char path[PATH_BYTES];
    const char *file = table_beside(ask->file, path);
    struct dosing dosing;
    size_t size = 0;
    char *text = textfile_read(file, &size);
    if (text == NULL)
        return EXIT_USAGE;
    bool good = dosing_read(&dosing, file, text, &ask->units, agent_word((enum agent)ask->drug));
    free(text);
    if (!good)
        fprintf(stderr, "%s\n", dosing.fault);
    int code = good ? EXIT_DONE : EXIT_USAGE;
    json_t *all = json_array();
    for (size_t i = 0; i < dosing.people && code == EXIT_DONE; i++)
        code = person_run(ask, &dosing, i, all);
    if (ask->json && code == EXIT_DONE) {
        (void)json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
        putchar('\n');
    }
    json_decref(all);
    dosing_free(&dosing);
    return code;
}

int spine_main(int count, char **words)
{
    struct ask ask = { .drug = -1,
                       .regime_word = "mobile",
                       .tip = LEVEL_L2,
                       .levels = (UINT32_C(1) << LEVELS_ALL) - 1,
                       .units = { "h", "mg" },
                       .every_s = 3600,
                       .tolerance = 1e-3,
                       .cells = CANAL_CELLS_USUAL };
    bool done = false;
    if (count > 1 && strcmp(words[1], "validate") == 0)
        return validate_main(count - 1, words + 1);
    figures_typical(&ask.figures);
    int code = words_read(&ask, count, words, &done);
    if (code != EXIT_DONE || done)
        return code;
    if (strcmp(ask.file, "figures") == 0)
        return figures_show(&ask);
    if (ask.drug < 0)
        return usage("needs --drug, such as --drug morphine", "");
    return spine_run(&ask);
}
