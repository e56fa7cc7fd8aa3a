// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "app/faults.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/faultsfile.h"
#include "app/options.h"
#include "app/progress.h"
#include "app/target.h"
#include "core/crc.h"
#include "rig/crash.h"
#include "rig/crew.h"
#include "rig/journal.h"

enum { RUNS_MAX = 100000000, WHY_ROOM = 400, TOLD_MAX = 20 };

struct faults_options {
    struct faults_head head;
    struct target target;
    const char *out;
    char image[TARGET_PATH_BYTES];
    uint64_t runs, one, jobs;
    bool alone, json, trace;
    FILE *lines;
    struct faults_sum sum;
    uint64_t told;
    uint64_t before; /* runs that were there already */
    bool written;    /* as far as is known */
    bool begun;      /* every process has begun */
    struct progress progress;
};

/* What comes back from a process for each run. */
struct letter {
    bool begun; /* false: the chip could not be started, `why` */
    struct faults_run run;
    char why[WHY_ROOM];
};
_Static_assert(sizeof(struct letter) <= CREW_REPORT_MAX, "a letter is written in one piece");

/* What each process has. */
struct room {
    struct faults *faults;
};

static int usage(const char *text, const char *word)
{
    fprintf(stderr, "cisterna faults: %s%s; see cisterna --help\n", text, word);
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

/* What the pump logged, and what had moved by then. */
static void trace_print(const struct faults *faults)
{
    const struct ordeal_record *record = faults_record(faults);
    const struct calendar calendar = { .zone = "" };
    struct journal journal = { .stream = stdout };
    unsigned point = 0;
    for (unsigned i = 0; i < record->events; i++) {
        for (; point < record->points && record->point[point].at_ms <= record->event[i].at.ms; point++)
            printf("{\"at_ms\":%" PRId64 ",\"fired\":%" PRIu64 ",\"displaced_ul\":%.3f,\"delivered_ul\":%.3f}\n",
                   record->point[point].at_ms, record->point[point].fired, record->point[point].displaced_m3 * 1e9,
                   record->point[point].delivered_m3 * 1e9);
        journal_event(&journal, &record->event[i], &calendar);
    }
    fflush(stdout);
}

/* What one run needs, in one piece for crash_caught(). */
struct attempt {
    struct room *room;
    struct letter *letter;
    uint64_t number;
    bool well;
};

static void attempt_live(void *context)
{
    struct attempt *attempt = context;
    attempt->well = faults_live(attempt->room->faults, attempt->number, &attempt->letter->run, attempt->letter->why,
                                sizeof attempt->letter->why);
}

/* The rig looks into the struck core's memory, with the pump's own functions: what stands there may be anything, and a crash
 * of that is none of the chip's. */
static bool attempted(struct room *room, uint64_t number, struct letter *letter)
{
    struct attempt attempt = { .room = room, .letter = letter, .number = number };
    int signal = crash_caught(attempt_live, &attempt);
    if (signal != 0)
        snprintf(letter->why, sizeof letter->why, "a look at the struck pump crashed: signal %d", signal);
    return signal == 0 && attempt.well;
}

/* A harness that has failed is made anew and the run done again, once: then the run counts as unknown. */
static bool live(void *context, void *space, uint64_t number, void *report)
{
    const struct faults_options *options = context;
    struct room *room = space;
    struct letter letter;
    memset(&letter, 0, sizeof letter);
    for (unsigned tries = 0; tries < 2; tries++) {
        if (room->faults == NULL)
            room->faults = faults_begin(options->image, options->head.seed, letter.why, sizeof letter.why);
        letter.begun = room->faults != NULL;
        if (!letter.begun || attempted(room, number, &letter))
            break;
        faults_end(room->faults);
        room->faults = NULL;
        letter.run.run = number;
        letter.run.aftermath = (struct aftermath){ .class = AFTERMATH_UNKNOWN };
        snprintf(letter.run.aftermath.text, sizeof letter.run.aftermath.text, "%.150s", letter.why);
    }
    if (options->trace && room->faults != NULL)
        trace_print(room->faults);
    memcpy(report, &letter, sizeof letter);
    return !letter.begun;
}

static void failing_told(struct faults_options *options, const struct faults_run *run)
{
    char text[200];
    if (!aftermath_class_fails(run->aftermath.class) || options->told++ >= TOLD_MAX)
        return;
    glitch_text(&run->glitch, text, sizeof text);
    fprintf(stderr,
            "%s: run %" PRIu64 ": %s, in %s (0x%" PRIx32 "): %s\ncisterna faults --seed %" PRIu64 " --run %" PRIu64
            "\n",
            aftermath_class_word(run->aftermath.class), run->run, text, run->where, run->pc, run->aftermath.text,
            options->head.seed, run->run);
}

static void told(void *context, const void *report)
{
    struct faults_options *options = context;
    struct letter letter;
    memcpy(&letter, report, sizeof letter); /* it stands anywhere among bytes that were read */
    if (!letter.begun) {
        fprintf(stderr, "cisterna faults: %s\n", letter.why);
        options->begun = false;
        return;
    }
    faults_sum_add(&options->sum, &letter.run);
    failing_told(options, &letter.run);
    if (options->lines != NULL) {
        faults_line(options->lines, &letter.run);
        options->written &= fflush(options->lines) == 0; /* in the file before the next is told */
    }
    if (options->json)
        faults_line(stdout, &letter.run);
}

static void progressed(void *context, uint64_t done, uint64_t count)
{
    struct faults_options *options = context;
    progress_draw(&options->progress, (int64_t)done * DAY_MS, (int64_t)count * DAY_MS);
}

static void table_print(FILE *out, const struct faults_sum *sum)
{
    fprintf(out, "  %-18s", "");
    for (unsigned kind = 0; kind < GLITCH_KINDS; kind++)
        fprintf(out, " %9s", glitch_kind_word((enum glitch_kind)kind));
    fprintf(out, " %9s\n", "all");
    for (unsigned class = 0; class < AFTERMATH_CLASSES; class ++) {
        uint64_t all = 0;
        fprintf(out, "  %-18s", aftermath_class_word((enum aftermath_class) class));
        for (unsigned kind = 0; kind < GLITCH_KINDS; kind++) {
            fprintf(out, " %9" PRIu64, sum->count[class][kind]);
            all += sum->count[class][kind];
        }
        fprintf(out, " %9" PRIu64 "  %s\n", all, aftermath_class_text((enum aftermath_class) class));
    }
}

static void sum_print(const struct faults_options *options, double seconds)
{
    const struct faults_sum *sum = &options->sum;
    FILE *out = options->json ? stderr : stdout;
    uint64_t refused = 0;
    for (unsigned i = 0; i < DRIVER_REFUSALS; i++)
        refused += sum->refused[i];
    fprintf(out, "runs %" PRIu64 ", of them in the wire %" PRIu64 "; the same again at once %" PRIu64 "\n", sum->runs,
            sum->wire, sum->early);
    table_print(out, sum);
    fprintf(out,
            "resets %" PRIu64 "; runs with a fault of the core %" PRIu64 "; hangs %" PRIu64 ", of them lockups %" PRIu64
            "\n",
            sum->resets, sum->core_faults, sum->hangs, sum->lockups);
    fprintf(out,
            "the motor driver refused %" PRIu64 " times: keys %" PRIu64 ", interval %" PRIu64 ", hour %" PRIu64
            ", day %" PRIu64 ", budget damaged %" PRIu64 ", busy %" PRIu64 "\n",
            refused, sum->refused[MOTOR_REFUSED_KEYS], sum->refused[MOTOR_REFUSED_INTERVAL],
            sum->refused[MOTOR_REFUSED_HOUR], sum->refused[MOTOR_REFUSED_DAY],
            sum->refused[MOTOR_REFUSED_BUDGET_DAMAGED], sum->refused[MOTOR_REFUSED_BUSY]);
    if (sum->runs > options->before)
        fprintf(out, "%.1f s with %" PRIu64 " job%s: %.2f s a run\n", seconds, options->jobs,
                options->jobs == 1 ? "" : "s", seconds / (double)(sum->runs - options->before));
}

static int campaign(struct faults_options *options, uint64_t next)
{
    uint64_t end = options->head.from + options->runs;
    const struct crew_work work = { .first = next,
                                    .count = next < end ? end - next : 0,
                                    .jobs = (unsigned)options->jobs,
                                    .context = options,
                                    .room_size = sizeof(struct room),
                                    .report_size = sizeof(struct letter),
                                    .work = live,
                                    .told = told,
                                    .progress = progressed };
    options->before = options->sum.runs;
    options->begun = options->written = true;
    if (options->before > 0)
        fprintf(stderr, "going on at run %" PRIu64 "\n", next);
    progress_begin(&options->progress);
    bool well = crew_run(&work);
    double seconds = (double)(progress_clock() - options->progress.begun_ms) / 1000.0;
    progress_end(&options->progress);
    if (!options->begun)
        return EXIT_FAILED;
    sum_print(options, seconds);
    if (!well)
        fprintf(stderr, "cisterna faults: a process could not be started, or died\n");
    if (!options->written)
        fprintf(stderr, "cisterna faults: not all could be written into %s\n", options->out);
    return well && options->written && options->sum.worst == UINT64_MAX ? EXIT_DONE : EXIT_FAILED;
}

/* Counts what is in the file too, beyond what is asked for: it has been found. */
static int campaign_in_file(struct faults_options *options)
{
    int code = EXIT_DONE;
    uint64_t next = options->head.from;
    if (options->out != NULL) {
        options->lines = faultsfile_open(options->out, &options->head, &options->sum, &next, &code);
        if (options->lines == NULL)
            return code;
    }
    code = campaign(options, next);
    if (options->lines != NULL && fclose(options->lines) != 0 && code == EXIT_DONE) {
        fprintf(stderr, "cisterna faults: not all could be written into %s\n", options->out);
        code = EXIT_FAILED;
    }
    return code;
}

static const struct option OPTIONS[] = {
    { "seed", required_argument, NULL, 's' },  { "runs", required_argument, NULL, 'n' },
    { "from", required_argument, NULL, 'f' },  { "run", required_argument, NULL, 'r' },
    { "out", required_argument, NULL, 'o' },   { "jobs", required_argument, NULL, 'J' },
    { "image", required_argument, NULL, 'i' }, { "json", no_argument, NULL, 'j' },
    { "trace", no_argument, NULL, 't' },       { NULL, 0, NULL, 0 },
};

static int option_take(int letter, const char *value, struct faults_options *options)
{
    switch (letter) {
    case 's':
        return number(value, 0, UINT64_MAX, &options->head.seed) ? EXIT_DONE
                                                                 : usage("--seed needs a whole number: ", value);
    case 'n':
        return number(value, 1, RUNS_MAX, &options->runs) ? EXIT_DONE
                                                          : usage("--runs needs a number from 1 to 100000000: ", value);
    case 'f':
        return number(value, 0, RUNS_MAX, &options->head.from) ? EXIT_DONE
                                                               : usage("--from needs the number of a run: ", value);
    case 'r':
        options->alone = true;
        return number(value, 0, 2 * (uint64_t)RUNS_MAX, &options->one)
                   ? EXIT_DONE
                   : usage("--run needs the number of a run: ", value);
    case 'o':
        options->out = value;
        return *value != '\0' ? EXIT_DONE : usage("--out needs a file", "");
    case 'J':
        return number(value, 1, CREW_JOBS_MAX, &options->jobs) ? EXIT_DONE
                                                               : usage("--jobs needs a number from 1 to 256: ", value);
    case 'i':
        return target_take(&options->target, TARGET_IMAGE, value, "faults");
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

/* The image: where it is, and that it is one. */
static int image_find(struct faults_options *options)
{
    struct imagecode code;
    options->target.chip = true;
    if (!target_image(&options->target, options->image)) {
        fprintf(stderr,
                "cisterna faults: this program does not know where it is itself; --image names the chip's image\n");
        return EXIT_FAILED;
    }
    const char *fault = imagecode_read(&code, options->image);
    if (fault != NULL) {
        fprintf(stderr, "cisterna faults: %s: %s; tools/build cortex-m makes it, --image names another\n",
                options->image, fault);
        return EXIT_FAILED;
    }
    options->head.image = crc32_of(code.bytes, code.size);
    imagecode_free(&code);
    return EXIT_DONE;
}

int faults_main(int count, char **words)
{
    struct faults_options *options = calloc(1, sizeof *options);
    int letter, code = EXIT_DONE;
    opterr = 0;
    if (options == NULL)
        return EXIT_FAILED;
    options->head.seed = 1;
    options->runs = 100;
    options->jobs = 1;
    faults_sum_clear(&options->sum);
    while (code == EXIT_DONE && (letter = getopt_long(count, words, "", OPTIONS, NULL)) != -1)
        code = letter == '?' ? usage("unknown option, or a value is missing: ", words[optind - 1])
                             : option_take(letter, optarg, options);
    if (code == EXIT_DONE && optind != count)
        code = usage("takes no file: ", words[optind]);
    if (code == EXIT_DONE && options->alone && options->out != NULL)
        code = usage("--run and --out do not go together", "");
    if (code == EXIT_DONE && options->trace && !options->alone)
        code = usage("--trace needs --run", "");
    if (code == EXIT_DONE)
        code = image_find(options);
    if (code == EXIT_DONE && options->alone) {
        options->head.from = options->one;
        options->runs = 1;
        options->json = true;
    }
    if (code == EXIT_DONE)
        code = campaign_in_file(options);
    free(options);
    return code;
}
