// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "app/campaign.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/options.h"
#include "app/progress.h"
#include "rig/cuts.h"
#include "rig/dice.h"
#include "rig/sweep.h"

enum { BLOCK_BITS = 64, TOLD_MAX = 20 };

static int usage(const char *command, const char *text, const char *word)
{
    fprintf(stderr, "cisterna %s: %s%s; see cisterna --help\n", command, text, word);
    return EXIT_USAGE;
}

static bool number(const char *text, uint64_t most, uint64_t *value)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    *value = strtoull(text, &end, 10);
    return *end == '\0' && *value <= most;
}

struct sweep_options {
    uint64_t seed, from, to, instants, sample;
    const char *out;
    struct progress progress;
    uint64_t fates[SWEEP_FATES];
    uint64_t told;
};

static enum sweep_fate flip(struct sweep_options *options, struct sweep *sweep, unsigned instant, uint32_t bit)
{
    enum sweep_fate fate = sweep_flip(sweep, instant, bit);
    options->fates[fate]++;
    if (fate >= SWEEP_WRONG && options->told++ < TOLD_MAX)
        fprintf(stderr, "%s: bit %" PRIu32 " at instant %u\n", sweep_word(fate), bit, instant);
    return fate;
}

/* The bit after the last whole line of the file: where a run that was interrupted goes on. */
static uint64_t resume_at(const char *name, uint64_t from, uint64_t to, uint64_t fates[SWEEP_FATES])
{
    FILE *file = fopen(name, "r");
    char line[256];
    uint64_t next = from;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        unsigned long long bit, f[SWEEP_FATES];
        if (strchr(line, '\n') != NULL &&
            sscanf(line, "{\"bit\":%llu,\"masked\":%llu,\"harmless\":%llu,\"detected\":%llu,\"wrong\":%llu,\"stuck\":%llu}", &bit,
                   &f[0], &f[1], &f[2], &f[3], &f[4]) == 6 &&
            bit == next && bit <= to) {
            for (unsigned i = 0; i < SWEEP_FATES; i++)
                fates[i] += f[i];
            next = bit + 1;
        }
    }
    if (file != NULL)
        fclose(file);
    return next;
}

static void line_write(FILE *out, uint64_t bit, const uint64_t fates[SWEEP_FATES])
{
    fprintf(out, "{\"bit\":%" PRIu64, bit);
    for (unsigned i = 0; i < SWEEP_FATES; i++)
        fprintf(out, ",\"%s\":%" PRIu64, sweep_word((enum sweep_fate)i), fates[i]);
    fprintf(out, "}\n");
}

/* Blocks of bits, so that each instant's flash is copied once a block at most. */
static bool sweep_all(struct sweep_options *options, struct sweep *sweep)
{
    uint64_t next = options->from;
    FILE *out = stdout;
    if (options->out != NULL) {
        next = resume_at(options->out, options->from, options->to, options->fates);
        out = fopen(options->out, "a");
    }
    if (out == NULL)
        return false;
    if (next > options->from)
        fprintf(stderr, "going on at bit %" PRIu64 "\n", next);
    uint64_t begin = next;
    bool well = true;
    for (; next <= options->to && well; next += BLOCK_BITS) {
        uint64_t end = next + BLOCK_BITS - 1 < options->to ? next + BLOCK_BITS - 1 : options->to;
        uint64_t fates[BLOCK_BITS][SWEEP_FATES] = { { 0 } };
        for (unsigned instant = 0; instant < options->instants; instant++)
            for (uint64_t bit = next; bit <= end; bit++)
                fates[bit - next][flip(options, sweep, instant, (uint32_t)bit)]++;
        for (uint64_t bit = next; bit <= end; bit++)
            line_write(out, bit, fates[bit - next]);
        well = fflush(out) == 0;
        progress_draw(&options->progress, (int64_t)(end + 1 - begin) * DAY_MS, (int64_t)(options->to + 1 - begin) * DAY_MS);
    }
    return (out == stdout || fclose(out) == 0) && well;
}

static void sweep_some(struct sweep_options *options, struct sweep *sweep)
{
    struct dice dice = dice_for(options->seed, 1);
    for (uint64_t i = 0; i < options->sample; i++) {
        uint32_t bit = (uint32_t)dice_between(&dice, (int64_t)options->from, (int64_t)options->to);
        (void)flip(options, sweep, (unsigned)dice_between(&dice, 0, (int64_t)options->instants - 1), bit);
        progress_draw(&options->progress, (int64_t)i * DAY_MS, (int64_t)options->sample * DAY_MS);
    }
}

static const struct option SWEEP_OPTIONS[] = {
    { "from", required_argument, NULL, 'f' },     { "to", required_argument, NULL, 't' },
    { "instants", required_argument, NULL, 'i' }, { "out", required_argument, NULL, 'o' },
    { "sample", required_argument, NULL, 'n' },   { "seed", required_argument, NULL, 's' },
    { NULL, 0, NULL, 0 },
};

static int sweep_take(int letter, const char *value, struct sweep_options *options)
{
    switch (letter) {
    case 'f':
        return number(value, SWEEP_BITS - 1, &options->from) ? EXIT_DONE : usage("sweep", "--from needs a bit: ", value);
    case 't':
        return number(value, SWEEP_BITS - 1, &options->to) ? EXIT_DONE : usage("sweep", "--to needs a bit: ", value);
    case 'i':
        return number(value, SWEEP_INSTANTS_MAX, &options->instants) && options->instants > 0
                   ? EXIT_DONE
                   : usage("sweep", "--instants needs a number from 1 to 400: ", value);
    case 'o':
        options->out = value;
        return EXIT_DONE;
    case 'n':
        return number(value, UINT32_MAX, &options->sample) ? EXIT_DONE : usage("sweep", "--sample needs a number: ", value);
    case 's':
        return number(value, UINT64_MAX, &options->seed) ? EXIT_DONE : usage("sweep", "--seed needs a number: ", value);
    default:
        return usage("sweep", "unknown option, or a value is missing", "");
    }
}

int sweep_main(int count, char **words)
{
    struct sweep_options options = { .seed = 1, .to = SWEEP_BITS - 1, .instants = 100 };
    int letter, code = EXIT_DONE;
    opterr = 0;
    while (code == EXIT_DONE && (letter = getopt_long(count, words, "", SWEEP_OPTIONS, NULL)) != -1)
        code = sweep_take(letter, optarg, &options);
    if (code != EXIT_DONE)
        return code;
    if (optind != count)
        return usage("sweep", "takes no file: ", words[optind]);
    if (options.from > options.to)
        return usage("sweep", "--from lies behind --to", "");
    progress_begin(&options.progress);
    struct sweep *sweep = sweep_begin(options.seed, (unsigned)options.instants);
    if (sweep == NULL) {
        fprintf(stderr, "cisterna sweep: memory is short, the therapy was refused, or the live records are longer than "
                        "SWEEP_RECORD_BYTES (rig/sweep.h)\n");
        return EXIT_FAILED;
    }
    bool well = true;
    if (options.sample > 0)
        sweep_some(&options, sweep);
    else
        well = sweep_all(&options, sweep);
    sweep_end(sweep);
    progress_end(&options.progress);
    double seconds = (double)(progress_clock() - options.progress.begun_ms) / 1000.0;
    uint64_t runs = 0;
    for (unsigned i = 0; i < SWEEP_FATES; i++) {
        fprintf(stderr, "%-9s %12" PRIu64 "\n", sweep_word((enum sweep_fate)i), options.fates[i]);
        runs += options.fates[i];
    }
    fprintf(stderr, "runs      %12" PRIu64 " in %.1f s\n", runs, seconds);
    if (!well)
        fprintf(stderr, "cisterna sweep: the file could not be written\n");
    return well && options.fates[SWEEP_WRONG] + options.fates[SWEEP_STUCK] == 0 ? EXIT_DONE : EXIT_FAILED;
}

struct cuts_options {
    struct cuts_ask ask;
    bool json;
    struct progress progress;
};

static void cuts_progress(void *context, uint64_t done, uint64_t total)
{
    struct cuts_options *options = context;
    progress_draw(&options->progress, (int64_t)done * DAY_MS, (int64_t)total * DAY_MS);
}

static void cuts_print(const struct cuts_options *options, const struct cuts_report *report)
{
    if (!options->json)
        printf("  %-16s %10s %10s %10s %10s %10s\n", "what", "operations", "doors", "runs", "cut", "broken");
    for (unsigned i = 0; i < CLINIC_DEEDS; i++) {
        const struct cuts_row *row = &report->row[i];
        printf(options->json ? "{\"what\":\"%s\",\"operations\":%" PRIu64 ",\"doors\":%" PRIu64 ",\"runs\":%" PRIu64
                               ",\"cut\":%" PRIu64 ",\"broken\":%" PRIu64 "}\n"
                             : "  %-16s %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 "\n",
               clinic_word((enum clinic_deed)i), row->operations, row->doors, row->runs, row->cut, row->broken);
    }
}

static const struct option CUTS_OPTIONS[] = {
    { "lives", required_argument, NULL, 'l' }, { "seed", required_argument, NULL, 's' }, { "no-doors", no_argument, NULL, 'd' },
    { "no-pairs", no_argument, NULL, 'p' },    { "json", no_argument, NULL, 'j' },       { NULL, 0, NULL, 0 },
};

static int cuts_take(int letter, const char *value, struct cuts_options *options)
{
    switch (letter) {
    case 'l':
        return number(value, 1000000, &options->ask.lives) ? EXIT_DONE : usage("cuts", "--lives needs a number: ", value);
    case 's':
        return number(value, UINT64_MAX, &options->ask.seed) ? EXIT_DONE : usage("cuts", "--seed needs a number: ", value);
    case 'd':
        options->ask.doors = false;
        return EXIT_DONE;
    case 'p':
        options->ask.pairs = false;
        return EXIT_DONE;
    case 'j':
        options->json = true;
        return EXIT_DONE;
    default:
        return usage("cuts", "unknown option, or a value is missing", "");
    }
}

int cuts_main(int count, char **words)
{
    struct cuts_options options = { .ask = { .seed = 1, .lives = 4, .doors = true, .pairs = true } };
    struct cuts_report report;
    int letter, code = EXIT_DONE;
    opterr = 0;
    while (code == EXIT_DONE && (letter = getopt_long(count, words, "", CUTS_OPTIONS, NULL)) != -1)
        code = cuts_take(letter, optarg, &options);
    if (code != EXIT_DONE)
        return code;
    if (optind != count)
        return usage("cuts", "takes no file: ", words[optind]);
    progress_begin(&options.progress);
    bool well = cuts_run(&options.ask, &report, cuts_progress, &options);
    progress_end(&options.progress);
    cuts_print(&options, &report);
    uint64_t operations = 0;
    for (unsigned i = 0; i < CLINIC_DEEDS; i++)
        operations += report.row[i].operations;
    if (operations == 0)
        fprintf(stderr, "cisterna cuts: this pump writes no flash: power was cut at doors only\n");
    if (report.broken > 0)
        fprintf(stderr,
                "BROKEN promise %s: seed %" PRIu64 ", life %" PRIu64 ", %s, %s %" PRIu64 " (phase %u, then %" PRIu64 "): %s\n",
                promise_word(report.breach.promise), options.ask.seed, report.life, clinic_word(report.deed),
                report.door ? "door" : "flash operation", report.at, report.phase, report.second, report.breach.text);
    if (!well)
        fprintf(stderr, "cisterna cuts: memory is short, or a life broke a promise without any cut: run cisterna soak\n");
    return well && report.broken == 0 ? EXIT_DONE : EXIT_FAILED;
}
