/* command.c - the command line of `cisterna spine`. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* strsep */
#include "app/spine/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "amount/amount.h"
#include "app/options.h"
#include "app/spine/canvas.h"
#include "app/spine/draw.h"
#include "app/spine/fitcommand.h"
#include "app/spine/subject.h"
#include "app/spine/table.h"
#include "app/spine/validate.h"
#include "app/textfile.h"

enum { PATH_BYTES = 4096 };

struct ask {
    struct subject subject;
    const char *file, *plot;
    uint32_t levels;
    double every_s, until_s;
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
        "       cisterna spine fit TABLE.csv ...      figures estimated from observations; see its --help\n"
        "  DOSES.csv            events as NONMEM has them: ID,TIME,AMT,RATE,EVID,ADDL,II; units in the head, TIME[h], "
        "AMT[mg];\n"
        "                       or series.csv or events.ndjson of a played scenario: what its catheter delivered\n");
    subject_help();
    printf("  --levels L2,T10,C2   rows and lines of these only (all)\n"
           "  --every SPAN         a row so often ('1 h'); --until SPAN: how long (a day after the last dose)\n"
           "  --summary            peaks, areas, half-lives and balance instead of rows; --json: the same as JSON\n"
           "  --plot FILE          a figure, .png or .svg: along the spine over time; of the first ID\n"
           "\n"
           "Exit codes: 0 done, 1 failed, 2 usage or malformed input.\n");
}

static int levels_set(struct ask *ask, char *list)
{
    char *word = NULL;
    ask->levels = 0;
    while ((word = strsep(&list, ",")) != NULL) {
        int level = level_find(word);
        if (level < 0)
            return subject_usage(&ask->subject, "--levels: there is no level ", word);
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

enum letter { LEVELS = SUBJECT_LETTERS, EVERY, UNTIL, SUMMARY, JSON, PLOT, HELP };

static const struct option OPTIONS[] = {
    SUBJECT_OPTIONS,
    { "levels", required_argument, NULL, LEVELS },
    { "every", required_argument, NULL, EVERY },
    { "until", required_argument, NULL, UNTIL },
    { "summary", no_argument, NULL, SUMMARY },
    { "json", no_argument, NULL, JSON },
    { "plot", required_argument, NULL, PLOT },
    { "help", no_argument, NULL, HELP },
    { NULL, 0, NULL, 0 },
};

static int option_take(struct ask *ask, int letter, char *value)
{
    const struct subject *subject = &ask->subject;
    switch (letter) {
    case LEVELS:
        return levels_set(ask, value);
    case EVERY:
        return span_read(value, &ask->every_s)
                   ? EXIT_DONE
                   : subject_usage(subject, "--every needs a span of time, such as '10 min', not ", value);
    case UNTIL:
        return span_read(value, &ask->until_s)
                   ? EXIT_DONE
                   : subject_usage(subject, "--until needs a span of time, such as '3 d', not ", value);
    case SUMMARY:
        ask->summary = true;
        return EXIT_DONE;
    case JSON:
        ask->json = true;
        return EXIT_DONE;
    case PLOT:
        ask->plot = value;
        return canvas_knows(value) ? EXIT_DONE : subject_usage(subject, "--plot writes .png or .svg, not ", value);
    default:
        return subject_take(&ask->subject, letter, value);
    }
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
        int code = letter == '?' ? subject_option_unknown(&ask->subject, words[optind - 1], OPTIONS)
                                 : option_take(ask, letter, optarg);
        if (code != EXIT_DONE)
            return code;
    }
    if (optind + 1 != count)
        return subject_usage(&ask->subject,
                             optind == count ? "needs a table of doses, or figures" : "takes one table of doses", "");
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
            printf("%-32s %8g %-6s %7g %-5s %s\n", row->word, ask->subject.figures.value[i], row->unit, row->spread,
                   row->guess ? "yes" : "", row->source);
        (void)json_array_append_new(rows, json_pack("{s:s, s:f, s:s, s:s, s:f, s:b, s:s}", "figure", row->word, "value",
                                                    ask->subject.figures.value[i], "unit", row->unit, "distribution",
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
    const struct subject *subject = &ask->subject;
    const char *drug = agent_word((enum agent)subject->drug);
    struct course_wish wish = { .setup = subject_setup(subject, &subject->figures),
                                .cells = subject->cells,
                                .every_s = ask->every_s,
                                .until_s = ask->until_s };
    struct table_head head = { person->id, drug, subject->regime_word, subject->tip, ask->levels };
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
    if (!textfile_lines(file, text, size)) {
        free(text);
        return EXIT_USAGE;
    }
    bool good = dosing_read(&dosing, file, text, &ask->subject.units, agent_word((enum agent)ask->subject.drug));
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
    struct ask ask = { .subject = subject_usual("cisterna spine"),
                       .levels = (UINT32_C(1) << LEVELS_ALL) - 1,
                       .every_s = 3600 };
    bool done = false;
    if (count > 1 && strcmp(words[1], "validate") == 0)
        return validate_main(count - 1, words + 1);
    if (count > 1 && strcmp(words[1], "fit") == 0)
        return fit_main(count - 1, words + 1);
    int code = words_read(&ask, count, words, &done);
    if (code != EXIT_DONE || done)
        return code;
    if (strcmp(ask.file, "figures") == 0)
        return figures_show(&ask);
    if (ask.subject.drug < 0)
        return subject_usage(&ask.subject, "needs --drug, such as --drug morphine", "");
    return spine_run(&ask);
}
