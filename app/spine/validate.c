/* validate.c - published figures beside the model's. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/validate.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/options.h"
#include "app/spine/course.h"
#include "app/spine/crowd.h"
#include "app/spine/published.h"
#include "app/textfile.h"
#include "twin/body/luck.h"

enum { PEOPLE_USUAL = 1000, PEOPLE_MAX = 100000, ROW_PARTS = 48 };
static const double NG_ML = 1e6, HOUR_S = 3600, MINUTE_S = 60, ML = 1e6;

struct ask {
    const char *file;
    unsigned long people, seed;
    bool json;
};

/* Those of a crowd who have a value, as they come and sorted, and what each was given. */
struct crowd {
    double value[PEOPLE_MAX], sorted[PEOPLE_MAX], dose_kg[PEOPLE_MAX];
    size_t count;
};

/* What the model says to a row. */
struct answer {
    double typical;           /* adult */
    double middle, low, high; /* of the crowd: median, and what nine in ten lie between */
    double inside;            /* share of the crowd within the published spread */
    double compared;          /* with what was published: typical, or what the crowd comes to; NaN: it cannot be told */
    bool agrees;              /* it is within the spread */
};

static void help(void)
{
    printf("Example:\n"
           "  cisterna spine validate docs/spine-rows.json --people 100\n"
           "\n"
           "Sets published figures beside the model's: the typical adult and its ratio to what was published, then a "
           "crowd drawn\n"
           "from the spreads of the figures (cisterna spine figures): median, and what nine in ten lie between. A row "
           "is inside when\n"
           "the typical adult, or what it tells of a crowd, is within the published spread. Nothing is fitted. "
           "docs/spine.md tells\n"
           "the form of the rows.\n"
           "\n"
           "  --people N           so many in the crowd, 0 to 100000 (1000); --seed S: another crowd (1)\n"
           "  --json               the same as JSON\n"
           "\n"
           "Exit codes: 0 computed, whatever misses; 1 failed; 2 usage or malformed rows.\n");
}

static double area_whole(const struct course *course, enum level level)
{
    const struct course_level *at = &course->level[level];
    double end = course->row[course->rows - 1].csf[level];
    return at->csf_area + (at->csf_half_s > 0 ? end * at->csf_half_s / log(2) : 0);
}

/* NaN where there is no such value: a half-life of what does not fall, and what is continued with it; a peak that is still to
 * come. */
static double measure(const struct published_row *row, const struct course *course, double dose_kg)
{
    const struct course_row *end = &course->row[course->rows - 1];
    const struct course_level *level = &course->level[row->level];
    double half_s = level->csf_half_s > 0 ? level->csf_half_s : (double)NAN;
    double clearance_m3_s = half_s > 0 ? dose_kg / area_whole(course, row->level) : (double)NAN;
    switch (row->quantity) {
    case PUBLISHED_CSF:
        return end->csf[row->level] * NG_ML;
    case PUBLISHED_TISSUE:
        return end->tissue[row->level] * NG_ML;
    case PUBLISHED_RATIO:
        return end->csf[row->level] / end->csf[row->over];
    case PUBLISHED_TISSUE_RATIO:
        return end->tissue[row->level] / end->tissue[row->over];
    case PUBLISHED_HALF_LIFE:
        return half_s / MINUTE_S;
    case PUBLISHED_CLEARANCE:
        return clearance_m3_s * ML * HOUR_S;
    case PUBLISHED_VOLUME:
        return clearance_m3_s * ML * half_s / log(2);
    case PUBLISHED_PEAK_TIME:
        return level->csf_peak > 0 && level->csf_peak_s < end->at_s ? level->csf_peak_s / MINUTE_S : (double)NAN;
    }
    return 0;
}

/* One person's answer; not a number when the person cannot be simulated. */
static double person_answer(const struct published_row *row, struct figures *figures, double dose_kg)
{
    struct figures typical;
    struct course course;
    struct dosing_event event = { row->span_s > 0 ? DOSING_INFUSION : DOSING_BOLUS, 0, dose_kg, row->span_s, 1 };
    struct dosing dosing = { .event = &event, .events = 1 };
    struct dosing_person person = { .id = "1", .count = 1, .end_s = row->span_s };
    figures_typical(&typical);
    for (int i = 0; i < FIGURES_ALL; i++)
        if (row->set[i] > 0)
            figures->value[i] *= row->set[i] / typical.value[i];
    struct course_wish wish = { .setup = agent_setup(figures, row->drug, row->regime, level_middle(row->tip)),
                                .cells = CANAL_CELLS_USUAL,
                                .every_s = row->run_s / ROW_PARTS,
                                .until_s = row->run_s };
    double found = course_run(&course, &dosing, &person, &wish) == NULL ? measure(row, &course, dose_kg) : (double)NAN;
    course_free(&course);
    return found;
}

/* What a row that tells of a crowd is compared with. */
static double crowd_answer(const struct published_row *row, const struct crowd *crowd, double middle)
{
    switch (row->of) {
    case PUBLISHED_PERSON:
        break;
    case PUBLISHED_MEDIAN:
        return middle;
    case PUBLISHED_MEAN:
        return crowd_mean(crowd->value, crowd->count);
    case PUBLISHED_RANGE:
        return crowd_range(crowd->value, crowd->count, (size_t)row->group);
    case PUBLISHED_CORRELATION:
        return crowd_correlation(crowd->dose_kg, crowd->value, crowd->count);
    }
    return (double)NAN;
}

/* Somebody who has no value (no peak, no half-life) is not in it. */
static void crowd_fill(struct crowd *crowd, const struct published_row *row, const struct ask *ask)
{
    struct figures figures;
    crowd->count = 0;
    for (unsigned long i = 0; i < ask->people; i++) {
        double dose_kg = published_dose(row, luck_share(ask->seed, LUCK_DOSE, i));
        figures_drawn(&figures, ask->seed, i);
        double value = person_answer(row, &figures, dose_kg);
        if (!isfinite(value))
            continue;
        crowd->dose_kg[crowd->count] = dose_kg;
        crowd->value[crowd->count++] = value;
    }
}

static struct answer answer_of(const struct published_row *row, const struct ask *ask, struct crowd *crowd)
{
    struct figures figures;
    struct answer answer = { 0 };
    size_t inside = 0;
    figures_typical(&figures);
    answer.typical = person_answer(row, &figures, row->dose_kg);
    crowd_fill(crowd, row, ask);
    for (size_t i = 0; i < crowd->count; i++) {
        crowd->sorted[i] = crowd->value[i];
        inside += crowd->value[i] >= row->low && crowd->value[i] <= row->high;
    }
    answer.compared = row->of == PUBLISHED_PERSON ? answer.typical : (double)NAN;
    if (crowd->count > 0) {
        crowd_sort(crowd->sorted, crowd->count);
        answer.middle = crowd_share(crowd->sorted, crowd->count, 0.5);
        answer.low = crowd_share(crowd->sorted, crowd->count, 0.05);
        answer.high = crowd->sorted[crowd->count - 1 - crowd->count / 20];
        answer.inside = (double)inside / (double)ask->people;
        if (row->of != PUBLISHED_PERSON)
            answer.compared = crowd_answer(row, crowd, answer.middle);
    }
    answer.agrees = answer.compared >= row->low && answer.compared <= row->high;
    return answer;
}

/* To three digits, and no power of ten where people would write none. */
static double rounded(double value)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.3g", value);
    return strtod(text, NULL);
}

/* Of a range and a correlation nobody alone has a value in that unit. */
static bool has_people(const struct published_row *row)
{
    return row->of != PUBLISHED_RANGE && row->of != PUBLISHED_CORRELATION;
}

static const char *verdict(const struct answer *answer)
{
    return !isfinite(answer->compared) ? "cannot be told" : answer->agrees ? "inside" : "outside";
}

static void answer_print(const struct published_row *row, const struct answer *answer, bool crowd)
{
    const char *unit = published_unit(row);
    printf("| %s | %s | %.9g (%.9g to %.9g)%s%s |", row->id, row->what, row->published, row->low, row->high,
           *unit != '\0' ? " " : "", unit);
    if (!isfinite(answer->compared))
        printf(" - | - | %s |", verdict(answer));
    else if (row->of == PUBLISHED_CORRELATION)
        printf(" %.2f | - | %s |", answer->compared, verdict(answer));
    else
        printf(" %.9g | %.2f | %s |", rounded(answer->compared), answer->compared / row->published, verdict(answer));
    if (crowd && has_people(row))
        printf(" %.9g (%.9g to %.9g) | %.0f %% |", rounded(answer->middle), rounded(answer->low), rounded(answer->high),
               100 * answer->inside);
    else if (crowd)
        printf(" - | - |");
    putchar('\n');
}

/* Null where there is none: JSON has no word for it. */
static json_t *number_json(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *answer_json(const struct published_row *row, const struct answer *answer, bool crowd)
{
    static const char *const ofs[] = { "person", "median", "mean", "range", "correlation" };
    bool ratio = row->of != PUBLISHED_CORRELATION;
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:f, s:f, s:f, s:o, s:o, s:o, s:b}", "id", row->id, "what", row->what,
                  "source", row->source, "use", row->fit ? "fit" : "predict", "of", ofs[row->of], "unit",
                  published_unit(row), "published", row->published, "low", row->low, "high", row->high, "typical",
                  number_json(answer->typical), "compared", number_json(answer->compared), "ratio",
                  number_json(ratio ? answer->compared / row->published : (double)NAN), "inside", (int)answer->agrees);
    if (crowd && has_people(row))
        (void)json_object_set_new(object, "crowd",
                                  json_pack("{s:f, s:f, s:f, s:f}", "median", answer->middle, "low", answer->low,
                                            "high", answer->high, "share_inside", answer->inside));
    return object;
}

static void rows_answer(const struct published *rows, const struct ask *ask)
{
    static struct crowd crowd;
    json_t *all = json_array();
    size_t agree = 0, told = 0;
    if (!ask->json)
        printf("| row | quantity | published (spread) | model | ratio | |%s\n|---|---|---|---|---|---|%s\n",
               ask->people > 0 ? " crowd (nine in ten) | of them inside |" : "", ask->people > 0 ? "---|---|" : "");
    for (size_t i = 0; i < rows->count; i++) {
        struct answer answer = answer_of(&rows->row[i], ask, &crowd);
        agree += answer.agrees;
        told += isfinite(answer.compared);
        if (ask->json)
            (void)json_array_append_new(all, answer_json(&rows->row[i], &answer, crowd.count > 0));
        else
            answer_print(&rows->row[i], &answer, ask->people > 0);
    }
    if (ask->json) {
        (void)json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
        putchar('\n');
    } else {
        printf("\n%zu of %zu rows inside the published spread.\n", agree, rows->count);
        if (told < rows->count)
            printf("%zu cannot be told: there is no such value, or people are asked for (--people).\n",
                   rows->count - told);
    }
    json_decref(all);
}

static int usage(const char *text, const char *word)
{
    fprintf(stderr, "cisterna spine validate: %s%s; see cisterna spine validate --help\n", text, word);
    return EXIT_USAGE;
}

static bool count_read(const char *text, unsigned long most, unsigned long *value)
{
    char *end = NULL;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9 || text[digits] != '\0')
        return false;
    *value = strtoul(text, &end, 10);
    return *value <= most;
}

static int words_read(struct ask *ask, int count, char **words, bool *done)
{
    static const struct option options[] = { { "people", required_argument, NULL, 'p' },
                                             { "seed", required_argument, NULL, 's' },
                                             { "json", no_argument, NULL, 'j' },
                                             { "help", no_argument, NULL, 'h' },
                                             { NULL, 0, NULL, 0 } };
    int letter;
    opterr = 0;
    optind = 0; /* begins anew, after the words of `spine` */
    while ((letter = getopt_long(count, words, "h", options, NULL)) != -1) {
        if (letter == 'h') {
            help();
            *done = true;
            return EXIT_DONE;
        }
        if (letter == '?')
            return usage("unknown option, or a value is missing: ", words[optind - 1]);
        ask->json |= letter == 'j';
        if (letter == 'p' && !count_read(optarg, PEOPLE_MAX, &ask->people))
            return usage("--people is a whole number from 0 to 100000, not ", optarg);
        if (letter == 's' && !count_read(optarg, 999999999, &ask->seed))
            return usage("--seed is a whole number, not ", optarg);
    }
    if (optind + 1 != count)
        return usage(optind == count ? "needs a file of rows, such as docs/spine-rows.json" : "takes one file of rows",
                     "");
    ask->file = words[optind];
    return EXIT_DONE;
}

int validate_main(int count, char **words)
{
    static struct published rows;
    static struct reader reader;
    struct ask ask = { .people = PEOPLE_USUAL, .seed = 1 };
    bool done = false;
    int code = words_read(&ask, count, words, &done);
    if (code != EXIT_DONE || done)
        return code;
    size_t size = 0;
    char *text = textfile_read(ask.file, &size);
    if (text == NULL)
        return EXIT_USAGE;
    reader = (struct reader){ .file = ask.file, .text = text, .size = size };
    code = published_read(&reader, &rows);
    if (code == EXIT_DONE)
        rows_answer(&rows, &ask);
    else
        reader_print(&reader, stderr);
    published_free(&rows);
    free(text);
    return code;
}
