// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/calls.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "app/options.h"
#include "app/progress.h"
#include "rig/exchange.h"

enum { SESSIONS_MAX = 100000000, JOBS_MAX = 256, LOSS_MAX = 90, TOLD_MAX = 20 };

struct calls_options {
    struct exchange_ask ask;
    uint64_t life;
    bool json, trace, one;
    uint64_t told; /* breaches */
    struct progress progress;
};

static int usage(const char *text, const char *word)
{
    fprintf(stderr, "cisterna calls: %s%s; see cisterna --help\n", text, word);
    return EXIT_USAGE;
}

static bool number(const char *text, uint64_t least, uint64_t most, uint64_t *value)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    *value = strtoull(text, &end, 10);
    return *end == '\0' && *value >= least && *value <= most;
}

static void way_print(const char *name, const struct ether_count *way)
{
    printf("\"%s\":{\"frames\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"repeated\":%" PRIu64
           ",\"overtaken\":%" PRIu64 ",\"damaged\":%" PRIu64 ",\"crowded\":%" PRIu64 "}",
           name, way->frames, way->bytes, way->lost, way->repeated, way->overtaken, way->damaged, way->crowded);
}

static void life_print(const struct calls_options *options, const struct calls_report *report)
{
    printf("{\"life\":%" PRIu64 ",\"seed\":%" PRIu64 ",\"days\":%.3f,\"sessions\":%" PRIu64 ",\"opened\":%" PRIu64
           ",\"died\":%" PRIu64 ",\"restored\":%" PRIu64 ",\"unkept\":%" PRIu64 ",\"unknown\":%" PRIu64 ",\"gone\":%" PRIu64
           ",\"commands\":{",
           report->index, options->ask.seed, (double)report->lived_ms / DAY_MS, report->sessions, report->opened, report->died,
           report->restored, report->unkept, report->unknown, report->gone);
    for (unsigned fate = 0; fate < FATES; fate++)
        printf("%s\"%s\":%" PRIu64, fate > 0 ? "," : "", fate_word((enum call_fate)fate), report->fate[fate]);
    printf("},");
    way_print("to_pump", &report->to_pump);
    printf(",");
    way_print("from_pump", &report->from_pump);
    printf(",\"replayed\":%" PRIu64 ",\"resets\":%" PRIu64 ",\"cuts\":%" PRIu64 ",\"hangs\":%" PRIu64 ",\"memory_lost\":%" PRIu64
           ",\"courses\":%" PRIu64 ",\"mode_changes\":%" PRIu64 ",\"quanta\":%" PRIu64,
           report->replayed, report->resets, report->cuts, report->hangs, report->lost, report->courses, report->modes,
           report->quanta);
    if (report->breach.wrong != WRONG_NONE)
        printf(",\"breach\":{\"kind\":\"%s\",\"at_ms\":%" PRId64 ",\"text\":\"%s\"}", wrong_word(report->breach.wrong),
               report->breach.at_ms, report->breach.text);
    printf("}\n");
}

static void breach_print(struct calls_options *options, const struct calls_report *report)
{
    char line[200];
    if (report->breach.wrong == WRONG_NONE || options->told++ >= TOLD_MAX)
        return;
    exchange_replay(line, sizeof line, &options->ask, report);
    fprintf(stderr, "BREACH %s in life %" PRIu64 " at %" PRId64 " ms: %s\n%s\n", wrong_word(report->breach.wrong), report->index,
            report->breach.at_ms, report->breach.text, line);
}

static void life_told(void *context, const struct calls_report *report)
{
    struct calls_options *options = context;
    breach_print(options, report);
    if (options->json)
        life_print(options, report);
}

static void progress_told(void *context, uint64_t done, uint64_t lives)
{
    struct calls_options *options = context;
    progress_draw(&options->progress, (int64_t)done * DAY_MS, (int64_t)lives * DAY_MS);
}

static void way_table(FILE *out, const char *name, const struct ether_count *way)
{
    fprintf(out, "  %-12s frames %" PRIu64 ", lost %" PRIu64 ", repeated %" PRIu64 ", overtaken %" PRIu64 ", damaged %" PRIu64
            ", crowded out %" PRIu64 "\n",
            name, way->frames, way->lost, way->repeated, way->overtaken, way->damaged, way->crowded);
}

static void commands_table(FILE *out, const struct calls_report *total)
{
    uint64_t given = 0;
    for (unsigned kind = 0; kind < CALLS_KINDS; kind++)
        given += kind != COMMAND_STAGE ? total->wish[kind] : 0;
    fprintf(out, "commands %" PRIu64 ", therapies staged %" PRIu64 "; told at first that nothing is known: %" PRIu64 "\n", given,
            total->wish[COMMAND_STAGE], total->unknown);
    for (unsigned fate = 0; fate < FATES; fate++)
        fprintf(out, "  %-28s %10" PRIu64 "\n", fate_text((enum call_fate)fate), total->fate[fate]);
}

static void sum_print(const struct calls_options *options, const struct exchange_sum *sum, double seconds)
{
    const struct calls_report *total = &sum->total;
    FILE *out = options->json ? stderr : stdout;
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    double core_s = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                    (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6 + 1e-6;
    fprintf(out, "lives %" PRIu64 ", sessions %" PRIu64 ", opened %" PRIu64 ", programmers that died %" PRIu64
            ", restored from a backup %" PRIu64 ", keys not kept %" PRIu64 "\n",
            sum->lives, total->sessions, total->opened, total->died, total->restored, total->unkept);
    commands_table(out, total);
    way_table(out, "to the pump", &total->to_pump);
    way_table(out, "from it", &total->from_pump);
    fprintf(out, "  played again by a stranger: %" PRIu64 "\n", total->replayed);
    fprintf(out, "pump-days %.1f, resets %" PRIu64 " (power cut in a wake %" PRIu64 ", hangs %" PRIu64
            "), starts without memory %" PRIu64 ", boluses begun %" PRIu64 ", changes of mode %" PRIu64 ", quanta %" PRIu64 "\n",
            (double)total->lived_ms / DAY_MS, total->resets, total->cuts, total->hangs, total->lost, total->courses,
            total->modes, total->quanta);
    fprintf(out, "%.2f s with %u job%s: %.0f sessions/s; a core's second: %.0f sessions\n", seconds, options->ask.jobs,
            options->ask.jobs == 1 ? "" : "s", (double)total->sessions / seconds, (double)total->sessions / core_s);
    fprintf(out, "breaches:");
    for (unsigned wrong = WRONG_NONE + 1; wrong < WRONGS; wrong++)
        fprintf(out, "%s %s %" PRIu64, wrong > WRONG_NONE + 1 ? "," : "", wrong_word((enum wrong)wrong), sum->broken[wrong]);
    fprintf(out, "\n");
}

static int lives(struct calls_options *options)
{
    const struct exchange_watch watch = { options, life_told, progress_told };
    struct exchange_sum sum;
    progress_begin(&options->progress);
    bool well = exchange_run(&options->ask, &watch, &sum);
    double seconds = (double)(progress_clock() - options->progress.begun_ms) / 1000.0;
    progress_end(&options->progress);
    sum_print(options, &sum, seconds > 0.001 ? seconds : 0.001);
    if (!well)
        fprintf(stderr, "cisterna calls: a process could not be started, or died\n");
    return well && sum.worst.breach.wrong == WRONG_NONE ? EXIT_DONE : EXIT_FAILED;
}

/* One life in this process; with a trace its journal on standard output, else its line. */
static int one(struct calls_options *options)
{
    struct calls *calls = calloc(1, sizeof *calls);
    struct journal journal = { .stream = stdout };
    struct calls_ask ask = exchange_life(&options->ask, options->life);
    if (calls == NULL)
        return EXIT_FAILED;
    calls->journal = options->trace ? &journal : NULL;
    calls_live(calls, &ask, options->life);
    struct calls_report report = calls->report;
    free(calls);
    breach_print(options, &report);
    if (options->json && !options->trace)
        life_print(options, &report);
    return report.breach.wrong == WRONG_NONE ? EXIT_DONE : EXIT_FAILED;
}

static const struct option OPTIONS[] = {
    { "sessions", required_argument, NULL, 'n' }, { "seed", required_argument, NULL, 's' },
    { "loss", required_argument, NULL, 'p' },     { "jobs", required_argument, NULL, 'J' },
    { "life", required_argument, NULL, 'l' },     { "json", no_argument, NULL, 'j' },
    { "trace", no_argument, NULL, 't' },          { NULL, 0, NULL, 0 },
};

static int option_take(int letter, const char *value, struct calls_options *options)
{
    uint64_t small = 0;
    switch (letter) {
    case 'n':
        return number(value, 1, SESSIONS_MAX, &options->ask.sessions) ? EXIT_DONE
                                                                      : usage("--sessions needs a whole number: ", value);
    case 's':
        return number(value, 0, UINT64_MAX, &options->ask.seed) ? EXIT_DONE : usage("--seed needs a whole number: ", value);
    case 'p':
        if (!number(value, 0, LOSS_MAX, &small))
            return usage("--loss needs a number from 0 to 90, in percent: ", value);
        options->ask.loss_percent = (uint32_t)small;
        return EXIT_DONE;
    case 'J':
        if (!number(value, 1, JOBS_MAX, &small))
            return usage("--jobs needs a number from 1 to 256: ", value);
        options->ask.jobs = (unsigned)small;
        return EXIT_DONE;
    case 'l':
        options->one = true;
        return number(value, 0, SESSIONS_MAX, &options->life) ? EXIT_DONE : usage("--life needs a whole number: ", value);
    case 'j':
        options->json = true;
        return EXIT_DONE;
    case 't':
        options->trace = true;
        return EXIT_DONE;
    default:
        return usage("unknown option, or a value is missing", "");
    }
}

int calls_main(int count, char **words)
{
    struct calls_options options = { .ask = { .seed = 1, .sessions = 1000, .loss_percent = 60, .jobs = 1 } };
    int letter;
    opterr = 0;
    while ((letter = getopt_long(count, words, "", OPTIONS, NULL)) != -1) {
        int code = letter == '?' ? usage("unknown option, or a value is missing: ", words[optind - 1])
                                 : option_take(letter, optarg, &options);
        if (code != EXIT_DONE)
            return code;
    }
    if (optind != count)
        return usage("takes no file: ", words[optind]);
    if (options.trace && !options.one)
        return usage("--trace needs --life", "");
    if (options.one && options.life >= exchange_lives(&options.ask))
        return usage("--life lies behind the last one of so many --sessions", "");
    return options.one ? one(&options) : lives(&options);
}
