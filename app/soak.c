// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/soak.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "amount/amount.h"
#include "app/options.h"
#include "app/progress.h"
#include "app/target.h"
#include "rig/chip/chip.h"
#include "rig/journal.h"
#include "rig/soak.h"

enum { YEARS_MAX = 10000000 };
static const double YEAR_MS = 365.0 * 86400000.0;

struct soak_options {
    struct soak_ask ask;
    const char *faults;
    bool json, trace, one;
    struct target target;
    struct progress progress;
};

static int usage(const char *text, const char *word)
{
    fprintf(stderr, "cisterna soak: %s%s; see cisterna --help\n", text, word);
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

static void counts_print(const struct life_report *report)
{
    bool first = true;
    printf("\"faults\":{");
    for (unsigned i = 0; i < FAULTS; i++) {
        if (report->injected[i] == 0)
            continue;
        uint64_t masked = report->injected[i] - report->detected[i] - report->silent[i];
        printf("%s\"%s\":{\"injected\":%" PRIu64 ",\"detected\":%" PRIu64 ",\"masked\":%" PRIu64 ",\"harmful\":%" PRIu64 "}",
               first ? "" : ",", fault_row((enum fault)i)->word, report->injected[i], report->detected[i], masked,
               report->silent[i]);
        first = false;
    }
    printf("}");
}

static void report_print(const struct life_report *report)
{
    printf("\"days\":%.3f,\"quanta\":%" PRIu64 ",\"missed\":%" PRIu64 ",\"resets\":%" PRIu64 ",\"refills\":%" PRIu64
           ",\"activations\":%" PRIu64 ",\"courses\":%" PRIu64 ",\"refused\":%" PRIu64 ",\"resent\":%" PRIu64 ",",
           (double)report->lived_ms / 86400000.0, report->quanta, report->missed, report->resets, report->refills,
           report->activations, report->boluses, report->refused, report->resent);
    counts_print(report);
}

static void life_told(void *context, const struct life_report *report)
{
    struct soak_options *options = context;
    if (!options->json)
        return;
    printf("{\"life\":%" PRIu64 ",\"seed\":%" PRIu64 ",", report->index, options->ask.seed);
    report_print(report);
    if (report->breach.promise != PROMISE_NONE)
        printf(",\"broken\":{\"promise\":\"%s\",\"at_ms\":%" PRId64 ",\"text\":\"%s\"}", promise_word(report->breach.promise),
               report->breach.at_ms, report->breach.text);
    printf("}\n");
}

static void progress_told(void *context, uint64_t done, uint64_t lives)
{
    struct soak_options *options = context;
    progress_draw(&options->progress, (int64_t)done * 365 * 86400000, (int64_t)lives * 365 * 86400000);
}

static void table_print(FILE *out, const struct life_report *total)
{
    fprintf(out, "  %-16s %10s %10s %10s %10s\n", "fault", "injected", "detected", "masked", "harmful");
    for (unsigned i = 0; i < FAULTS; i++) {
        if (total->injected[i] != 0)
            fprintf(out, "  %-16s %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 "\n", fault_row((enum fault)i)->word,
                    total->injected[i], total->detected[i],
                    total->injected[i] - total->detected[i] - total->silent[i], total->silent[i]);
    }
}

static void sum_print(const struct soak_options *options, const struct soak_sum *sum, double seconds)
{
    double years = (double)sum->lived_ms / YEAR_MS;
    FILE *out = options->json ? stderr : stdout;
    fprintf(out, "lives %" PRIu64 ", pump-years %.2f, quanta %" PRIu64 " (%.0f a year), refills %" PRIu64
            ", activations %" PRIu64 ", courses %" PRIu64 ", resets %" PRIu64 ", commands sent again %" PRIu64 "\n",
            sum->lives, years, sum->total.quanta, years > 0 ? (double)sum->total.quanta / years : 0, sum->total.refills,
            sum->total.activations, sum->total.boluses, sum->total.resets, sum->total.resent);
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    double core_s = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                    (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6 + 1e-6;
    fprintf(out, "%.2f s with %u job%s: %.1f pump-years/s, %.2f million quanta/s", seconds, options->ask.jobs,
            options->ask.jobs == 1 ? "" : "s", years / seconds, (double)sum->total.quanta / seconds / 1e6);
    fprintf(out, "; a core's second: %.1f pump-years, %.2f million quanta\n", years / core_s,
            (double)sum->total.quanta / core_s / 1e6);
    table_print(out, &sum->total);
    fprintf(out, "broken promises: %" PRIu64 "\n", sum->broken);
}

static int lives(struct soak_options *options)
{
    struct soak_watch watch = { options, life_told, progress_told };
    struct soak_sum sum;
    progress_begin(&options->progress);
    bool well = soak_run(&options->ask, &watch, &sum);
    double seconds = (double)(progress_clock() - options->progress.begun_ms) / 1000.0;
    progress_end(&options->progress);
    sum_print(options, &sum, seconds > 0.001 ? seconds : 0.001);
    if (sum.broken > 0) {
        char line[400];
        soak_replay(line, sizeof line, &options->ask, options->faults, &sum.worst);
        fprintf(stderr, "BROKEN promise %s in life %" PRIu64 " at %" PRId64 " ms: %s\n%s\n",
                promise_word(sum.worst.breach.promise), sum.worst.index, sum.worst.breach.at_ms, sum.worst.breach.text, line);
        return EXIT_FAILED;
    }
    if (!well)
        fprintf(stderr, "cisterna soak: a process could not be started, or died\n");
    return well ? EXIT_DONE : EXIT_FAILED;
}

static struct chip *chip_make_one(const void *context)
{
    struct chip *chip;
    return target_begin(context, "soak", &chip) == EXIT_DONE ? chip : NULL;
}

/* Is there a chip to be had at all? Better told once than by each process. */
static int chip_try(struct soak_options *options)
{
    if (!options->target.chip)
        return EXIT_DONE;
    struct chip *chip = chip_make_one(&options->target);
    if (chip == NULL)
        return EXIT_FAILED;
    chip_free(chip);
    options->ask.chip = chip_make_one;
    options->ask.context = &options->target;
    return EXIT_DONE;
}

/* One life in this process, every event of its log on standard output. */
static int trace(struct soak_options *options)
{
    struct life *life = calloc(1, sizeof *life);
    struct journal journal = { .stream = stdout };
    if (life == NULL)
        return EXIT_FAILED;
    life->journal = &journal;
    int code = target_begin(&options->target, "soak", &life->chip);
    if (code != EXIT_DONE) {
        free(life);
        return code;
    }
    life_live(life, options->ask.seed, options->ask.first, &options->ask.mix, options->ask.until_ms);
    struct oracle_breach breach = life->report.breach;
    fprintf(stderr, "lived %" PRId64 " ms; %s%s%s\n", life->report.lived_ms, promise_word(breach.promise),
            breach.promise != PROMISE_NONE ? ": " : "", breach.text);
    chip_free(life->chip);
    free(life);
    return breach.promise == PROMISE_NONE ? EXIT_DONE : EXIT_FAILED;
}

static const struct option OPTIONS[] = {
    { "years", required_argument, NULL, 'y' }, { "seed", required_argument, NULL, 's' },
    { "faults", required_argument, NULL, 'f' }, { "jobs", required_argument, NULL, 'J' },
    { "life", required_argument, NULL, 'l' },  { "until", required_argument, NULL, 'u' },
    { "json", no_argument, NULL, 'j' },        { "trace", no_argument, NULL, 't' },
    { "target", required_argument, NULL, 'g' }, { "image", required_argument, NULL, 'i' },
    { NULL, 0, NULL, 0 },
};

static int option_take(int letter, const char *value, struct soak_options *options)
{
    char wrong[64];
    uint64_t jobs = 0;
    switch (letter) {
    case 'y':
        return number(value, 1, YEARS_MAX, &options->ask.lives) ? EXIT_DONE : usage("--years needs a whole number: ", value);
    case 's':
        return number(value, 0, UINT64_MAX, &options->ask.seed) ? EXIT_DONE : usage("--seed needs a whole number: ", value);
    case 'f':
        options->faults = value;
        return mix_read(value, &options->ask.mix, wrong) ? EXIT_DONE : usage("--faults does not know: ", wrong);
    case 'J':
        if (!number(value, 1, 256, &jobs))
            return usage("--jobs needs a number from 1 to 256: ", value);
        options->ask.jobs = (unsigned)jobs;
        return EXIT_DONE;
    case 'l':
        options->one = true;
        return number(value, 0, UINT64_MAX - 1, &options->ask.first) ? EXIT_DONE
                                                                     : usage("--life needs a whole number: ", value);
    case 'u':
        if (amount_read(value, DIMENSION_SPAN, &options->ask.until_ms) == AMOUNT_OK && options->ask.until_ms > 0)
            return EXIT_DONE;
        return usage("--until needs a span of time, such as '12 d 06:00': ", value);
    case 'g':
        return target_take(&options->target, TARGET_TARGET, value, "soak");
    case 'i':
        return target_take(&options->target, TARGET_IMAGE, value, "soak");
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

int soak_main(int count, char **words)
{
    struct soak_options options = { .ask = { .seed = 1, .lives = 1, .jobs = 1, .until_ms = LIFE_MS },
                                    .faults = "default",
                                    .target = { .bench = true } };
    char wrong[64];
    int letter;
    opterr = 0;
    (void)mix_read("default", &options.ask.mix, wrong);
    while ((letter = getopt_long(count, words, "", OPTIONS, NULL)) != -1) {
        int code = letter == '?' ? usage("unknown option, or a value is missing: ", words[optind - 1])
                                 : option_take(letter, optarg, &options);
        if (code != EXIT_DONE)
            return code;
    }
    if (optind != count)
        return usage("takes no file: ", words[optind]);
    if (options.one)
        options.ask.lives = 1;
    if (options.trace && !options.one)
        return usage("--trace needs --life", "");
    int code = target_judge(&options.target, "soak");
    if (code != EXIT_DONE || options.trace)
        return code != EXIT_DONE ? code : trace(&options);
    code = chip_try(&options);
    return code == EXIT_DONE ? lives(&options) : code;
}
