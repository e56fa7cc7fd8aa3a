/* play.c - `cisterna play`: reads a scenario, plays it, writes its files, shows it. */
// SPDX-License-Identifier: Apache-2.0
#include "app/play.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app/chart.h"
#include "app/playreport.h"
#include "app/progress.h"
#include "app/textfile.h"
#include "app/version.h"
#include "rig/chip/chip.h"
#include "rig/outfile.h"
#include "rig/summary.h"

struct files {
    struct outfile summary, run, events, series, report;
};

struct view {
    struct chart chart;
    struct progress progress;
    struct playreport *report; /* null: none is written */
};

static void on_sample(void *context, const struct sample *sample, const struct series_drugs *drugs)
{
    struct view *view = context;
    struct chart_point point = { .at_ms = sample->at.ms, .delivered_nl = sample->delivered.nl,
                                 .remaining_nl = nl_of_fl(sample->remaining_calculated).nl,
                                 .drug_ng = drugs->count > 0 ? sample->delivered_ng[0] : 0 };
    chart_add(&view->chart, &point);
    if (view->report != NULL)
        playreport_sample(view->report, sample);
}

static void on_progress(void *context, instant_ms now, instant_ms end)
{
    struct view *view = context;
    progress_draw(&view->progress, now.ms, end.ms);
}

static bool files_open(struct files *files, const char *dir)
{
    memset(files, 0, sizeof *files);
    if (dir == NULL)
        return true;
    if (outfile_open(&files->events, dir, "events.ndjson") && outfile_open(&files->series, dir, "series.csv") &&
        outfile_open(&files->run, dir, "run.json") && outfile_open(&files->report, dir, "report.pdf") &&
        outfile_open(&files->summary, dir, "summary.json"))
        return true;
    fprintf(stderr, "cisterna: cannot write into %s: %s\n", dir, strerror(errno));
    return false;
}

static void files_drop(struct files *files)
{
    outfile_drop(&files->events);
    outfile_drop(&files->series);
    outfile_drop(&files->run);
    outfile_drop(&files->report);
    outfile_drop(&files->summary);
}

static void json_write(FILE *stream, const json_t *object)
{
    char *text = json_dumps(object, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    if (text != NULL)
        fprintf(stream, "%s\n", text);
    free(text);
}

/* The one file that may differ from run to run. */
static void run_write(FILE *stream, const struct play_options *options, const struct chip *chip, int64_t wall_ms)
{
    json_t *object = json_object();
    json_object_set_new(object, "cisterna_run", json_integer(1));
    json_object_set_new(object, "notice", json_string("SIMULATION, never for use in people"));
    json_object_set_new(object, "version", json_string(CISTERNA_VERSION));
    json_object_set_new(object, "git", json_string(CISTERNA_GIT));
    json_object_set_new(object, "compiler", json_string(__VERSION__));
    json_object_set_new(object, "target", json_string(target_word(&options->target)));
    json_object_set_new(object, "scenario", json_string(options->scenario));
    json_object_set_new(object, "wall_ms", json_integer(wall_ms));
    if (chip != NULL) {
        struct chip_counts counts = chip_counts(chip);
        char build[2 * BUS_BUILD_BYTES + 1];
        for (unsigned i = 0; i < BUS_BUILD_BYTES; i++)
            snprintf(build + 2 * i, 3, "%02x", chip_hello(chip)->build[i]);
        json_t *told = json_pack("{s:s, s:I, s:I, s:I}", "build", build, "starts", (json_int_t)counts.starts, "wakes",
                                 (json_int_t)counts.wakes, "doors", (json_int_t)counts.doors);
        json_object_set_new(object, "chip", told);
    }
    json_write(stream, object);
    json_decref(object);
}

static bool files_commit(struct files *files, const json_t *summary, const struct play_options *options,
                         const struct chip *chip, int64_t wall_ms)
{
    if (options->out == NULL)
        return true;
    json_write(files->summary.stream, summary);
    run_write(files->run.stream, options, chip, wall_ms);
    if (outfile_commit(&files->events) && outfile_commit(&files->series) && outfile_commit(&files->run) &&
        outfile_commit(&files->report) && outfile_commit(&files->summary))
        return true;
    fprintf(stderr, "cisterna: cannot write into %s: %s\n", options->out, strerror(errno));
    return false;
}

static void table_print(const json_t *summary)
{
    static const char *const rows[][2] = {
        { "prescribed", "totals.prescribed" },
        { "commanded", "totals.commanded" },
        { "metered", "totals.metered" },
        { "displaced", "totals.displaced" },
        { "delivered", "totals.delivered" },
        { "lost", "totals.lost" },
        { "filled", "totals.filled" },
        { "withdrawn", "totals.withdrawn" },
        { "remaining, calculated", "totals.remaining_calculated" },
        { "remaining, true", "totals.remaining_true" },
        { "metered - displaced", "totals.metered_minus_displaced" },
        { "patient boluses granted", "commands.patient_boluses.granted" },
        { "patient boluses refused", "commands.patient_boluses.refused" },
        { "commands refused", "commands.refused" },
        { "resets", "resets" },
        { "battery left", "energy.battery_left" },
        { "mode at the end", "mode" },
    };
    char room[32];
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        printf("  %-26s %s\n", rows[i][0], summary_text(summary, rows[i][1], room));
    const char *name;
    json_t *value;
    json_object_foreach (json_object_get(summary, "drugs"), name, value)
        printf("  %-26s %s\n", name, json_string_value(json_object_get(value, "delivered")));
    json_object_foreach (json_object_get(summary, "alarms"), name, value) {
        long long count = (long long)json_integer_value(json_object_get(value, "count"));
        if (count > 0)
            printf("  alarm %-20s %lld, first at %s\n", name, count,
                   json_string_value(json_object_get(value, "first_at")));
    }
}

static void show(const struct play *play, const struct view *view, const json_t *summary,
                 const struct play_options *options)
{
    char drug[32] = "";
    if (play->drugs.count > 0)
        series_drug_name(drug, play->drugs.drug[0]);
    printf("SIMULATION, never for use in people\n%s\n\n", play->scenario->title);
    if (options->show) {
        chart_draw(&view->chart, *drug != '\0' ? drug : NULL, progress_utf8(), stdout);
        printf("\n");
    }
    table_print(summary);
    if (options->out != NULL)
        printf("\n  files: %s/summary.json, events.ndjson, series.csv, report.pdf, run.json\n", options->out);
}

/* Begun only where files are written; null when it is not. */
static struct playreport *report_begin(const struct play_options *options, const struct play *play)
{
    struct playreport *report = options->out != NULL ? calloc(1, sizeof *report) : NULL;
    if (report == NULL || playreport_begin(report, play, stderr))
        return report;
    free(report);
    return NULL;
}

/* Into its file, which does not appear when the report cannot be made; the other files do. */
static bool report_end(struct playreport *report, struct play *play, const struct play_options *options, struct outfile *file)
{
    bool good = options->out == NULL || (report != NULL && playreport_write(report, play, file->stream, stderr));
    if (!good)
        outfile_drop(file);
    if (report != NULL)
        playreport_free(report);
    free(report);
    return good;
}

/* Plays what has been read and judged; nothing is written before the pump has taken the first therapy. */
static int play_scenario(const struct scenario *scenario, const struct play_options *options, struct play *play)
{
    struct files files;
    struct view view;
    struct play_watch watch = { .context = &view, .sample = on_sample, .progress = on_progress };
    int64_t begun = progress_clock();
    struct chip *chip;
    int code = target_begin(&options->target, "play", &chip);
    if (code != EXIT_DONE)
        return code;
    if (!play_implant(play, scenario, chip, stderr)) {
        bool lost = target_lost(chip, "play");
        chip_free(chip);
        if (!lost)
            fprintf(stderr, "cisterna: %s: the pump refuses the first therapy; nothing is delivered\n", options->scenario);
        return lost ? EXIT_FAILED : EXIT_REFUSED;
    }
    if (!files_open(&files, options->out)) {
        files_drop(&files);
        chip_free(chip);
        return EXIT_FAILED;
    }
    play->journal.stream = files.events.stream;
    view.report = report_begin(options, play);
    chart_begin(&view.chart, scenario->until.ms);
    progress_begin(&view.progress);
    bool good = play_run(play, files.series.stream, &watch);
    progress_end(&view.progress);
    json_t *summary = summary_make(play);
    good = report_end(view.report, play, options, &files.report) && good;
    good = files_commit(&files, summary, options, chip, progress_clock() - begun) && good;
    if (options->json)
        json_write(stdout, summary);
    else
        show(play, &view, summary, options);
    good = play->asked.must_failed == 0 && good;
    if (options->until_ms == 0)
        good = summary_unmet(summary, scenario, options->scenario, stderr) == 0 && good;
    else if (scenario->expectations > 0)
        fprintf(stderr, "cisterna: --until changes the run: what the scenario expects of its end is not judged\n");
    json_decref(summary);
    play_free(play);
    chip_free(chip);
    files_drop(&files);
    return good ? EXIT_DONE : EXIT_FAILED;
}

int play_main(const struct play_options *options)
{
    struct reader *reader = calloc(1, sizeof *reader);
    struct play *play = calloc(1, sizeof *play);
    struct scenario scenario;
    size_t size = 0;
    char *text = textfile_read(options->scenario, &size);
    int code = EXIT_USAGE;
    if (text != NULL && reader != NULL && play != NULL) {
        reader->file = options->scenario;
        reader->text = text;
        reader->size = size;
        code = scenario_read(reader, &scenario);
        reader_print(reader, stderr);
        if (options->has_seed)
            scenario.seed = options->seed;
        if (code == EXIT_DONE && options->until_ms > scenario.until.ms) {
            fprintf(stderr, "cisterna: --until lies after the end of the scenario; change its \"until\" instead\n");
            code = EXIT_USAGE;
        }
        if (options->until_ms > 0)
            scenario.until.ms = options->until_ms;
        if (code == EXIT_DONE)
            code = play_scenario(&scenario, options, play);
        scenario_free(&scenario);
    }
    free(text);
    free(reader);
    free(play);
    return code;
}
