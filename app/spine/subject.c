/* subject.c - in whom a course is run. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/subject.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/options.h"
#include "app/textfile.h"
#include "rig/override.h"

enum { OPTIONS_MAX = 40, OPTION_BYTES = 24 };

struct subject subject_usual(const char *command)
{
    struct subject subject = { .command = command,
                               .regime_word = "mobile",
                               .drug = -1,
                               .tip = LEVEL_L2,
                               .units = { "h", "mg" },
                               .tolerance = 1e-3,
                               .cells = CANAL_CELLS_USUAL };
    figures_typical(&subject.figures);
    return subject;
}

void subject_help(void)
{
    printf("  --drug NAME          morphine, hydromorphone, baclofen, ziconotide, bupivacaine, clonidine, fentanyl, "
           "sufentanil\n"
           "  --tip LEVEL          where the catheter ends, C1 to S2 (L2)\n"
           "  --regime WORD        mobile (mobile person, or bolus) or still: which dispersion (mobile)\n"
           "  --drift CM_H         of drug towards the sac, cm/h; negative: towards the head (0)\n"
           "  --set FIGURE=VALUE   another value of a figure, in its own unit; may be repeated\n"
           "  --figures FILE       other values of figures, as JSON: each with unit, and source or guess\n"
           "  --time UNIT, --amount UNIT   s, min, h, d and ng, ug, mg, where the table's head names none (h, mg)\n"
           "  --cells N            16 to 128, even (64); --tolerance SHARE  of one step, 0.000001 to 0.1\n");
}

int subject_usage(const struct subject *subject, const char *text, const char *word)
{
    fprintf(stderr, "%s: %s%s; see %s --help\n", subject->command, text, word, subject->command);
    return EXIT_USAGE;
}

int subject_option_unknown(const struct subject *subject, const char *word, const struct option *options)
{
    const char *names[OPTIONS_MAX];
    char dashed[OPTIONS_MAX][OPTION_BYTES];
    size_t count = 0;
    for (; options[count].name != NULL && count + 1 < OPTIONS_MAX; count++) {
        (void)snprintf(dashed[count], sizeof dashed[count], "--%s", options[count].name);
        names[count] = dashed[count];
    }
    names[count] = NULL;
    const char *nearest = reader_nearest(word, names);
    if (nearest == NULL)
        return subject_usage(subject, "unknown option, or a value is missing: ", word);
    fprintf(stderr, "%s: unknown option, or a value is missing: %s; did you mean %s?\n", subject->command, word,
            nearest);
    return EXIT_USAGE;
}

bool subject_number(const char *text, double low, double high, double *value)
{
    char *end = NULL;
    double number = strtod(text, &end);
    if (*text == '\0' || *end != '\0' || strpbrk(text, "xXnN") != NULL || !(number >= low && number <= high))
        return false;
    *value = number;
    return true;
}

int subject_figure_unknown(const struct subject *subject, const char *word)
{
    const char *words[FIGURES_ALL + 1];
    for (int i = 0; i < FIGURES_ALL; i++)
        words[i] = figure_row((enum figure)i)->word;
    words[FIGURES_ALL] = NULL;
    const char *nearest = reader_nearest(word, words);
    fprintf(stderr, "%s: there is no figure \"%s\"; %s%s%s\n", subject->command, word,
            nearest != NULL ? "did you mean \"" : "", nearest != NULL ? nearest : "see cisterna spine figures",
            nearest != NULL ? "\"?" : "");
    return EXIT_USAGE;
}

static int figure_set(struct subject *subject, const char *text)
{
    char word[64];
    double value = -1, low = 0, high = 0;
    const char *equal = strchr(text, '=');
    if (equal == NULL || (size_t)(equal - text) >= sizeof word)
        return subject_usage(subject, "--set takes FIGURE=VALUE, such as morphine.clearance=20, not ", text);
    memcpy(word, text, (size_t)(equal - text));
    word[equal - text] = '\0';
    int figure = figure_find(word);
    if (figure < 0)
        return subject_figure_unknown(subject, word);
    if (subject_number(equal + 1, -HUGE_VAL, HUGE_VAL, &value) &&
        figures_put(&subject->figures, word, value, NULL) == FIGURE_GOOD)
        return EXIT_DONE;
    figure_range((enum figure)figure, &low, &high);
    fprintf(stderr, "%s: --set %s: \"%s\" is out of range, or no number: from %g to %g, in %s\n", subject->command,
            word, equal + 1, low, high, figure_row((enum figure)figure)->unit);
    return EXIT_USAGE;
}

static int figures_load(struct subject *subject, const char *file)
{
    static struct reader reader;
    size_t size = 0;
    char *text = textfile_read(file, &size);
    if (text == NULL)
        return EXIT_USAGE;
    if (!textfile_lines(file, text, size)) {
        free(text);
        return EXIT_USAGE;
    }
    reader = (struct reader){ .file = file, .text = text, .size = size };
    int code = override_read(&reader, &subject->figures);
    if (code != EXIT_DONE)
        reader_print(&reader, stderr);
    free(text);
    return code;
}

static int place_take(struct subject *subject, int letter, const char *value)
{
    int found = letter == SUBJECT_DRUG  ? agent_find(value)
                : letter == SUBJECT_TIP ? level_find(value)
                                        : regime_find(value);
    if (found < 0)
        return letter == SUBJECT_DRUG  ? subject_usage(subject, "--drug: there are no figures of ", value)
               : letter == SUBJECT_TIP ? subject_usage(subject, "--tip is a level from C1 to S2, not ", value)
                                       : subject_usage(subject, "--regime is mobile or still, not ", value);
    if (letter == SUBJECT_DRUG)
        subject->drug = found;
    else if (letter == SUBJECT_TIP)
        subject->tip = (enum level)found;
    else
        subject->regime = (enum regime)found;
    subject->regime_word = letter == SUBJECT_REGIME ? value : subject->regime_word;
    return EXIT_DONE;
}

int subject_take(struct subject *subject, int letter, const char *value)
{
    double number = 0;
    switch (letter) {
    case SUBJECT_DRIFT:
        if (!subject_number(value, -1000, 1000, &number))
            return subject_usage(subject, "--drift is a number of cm/h, not ", value);
        subject->drift_m_s = number * 1e-2 / 3600;
        return EXIT_DONE;
    case SUBJECT_SET:
        return figure_set(subject, value);
    case SUBJECT_FIGURES:
        return figures_load(subject, value);
    case SUBJECT_TIME:
        subject->units.time = value;
        return dosing_time_unit(value) > 0 ? EXIT_DONE
                                           : subject_usage(subject, "--time is s, min, h or d, not ", value);
    case SUBJECT_AMOUNT:
        subject->units.amount = value;
        return dosing_amount_unit(value) > 0 ? EXIT_DONE
                                             : subject_usage(subject, "--amount is ng, ug, mcg or mg, not ", value);
    case SUBJECT_CELLS:
        if (!subject_number(value, CANAL_CELLS_MIN, CANAL_CELLS_MAX, &number) || fmod(number, 2) != 0)
            return subject_usage(subject, "--cells is an even number from 16 to 128, not ", value);
        subject->cells = (int)number;
        return EXIT_DONE;
    case SUBJECT_TOLERANCE:
        return subject_number(value, 1e-6, 0.1, &subject->tolerance)
                   ? EXIT_DONE
                   : subject_usage(subject, "--tolerance is from 0.000001 to 0.1, not ", value);
    default:
        return place_take(subject, letter, value);
    }
}

struct spine_setup subject_setup(const struct subject *subject, const struct figures *figures)
{
    struct spine_setup setup =
        agent_setup(figures, (enum agent)subject->drug, subject->regime, level_middle(subject->tip));
    setup.flow.drift_m_s = subject->drift_m_s;
    setup.tolerance = subject->tolerance;
    return setup;
}
