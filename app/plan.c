/* plan.c - the table of questions of `cisterna plan`, their options and their answers. */
// SPDX-License-Identifier: Apache-2.0
#include "app/plan.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "app/options.h"
#include "app/planask.h"
#include "clinic/formulary/formulary.h"
#include "clinic/planner/sheet.h"

#define ON(name) (UINT64_C(1) << PLAN_##name)
enum { OPTION_LETTER_FIRST = 256 };
static const uint64_t COMMON = ON(REGION) | ON(JSON) | ON(HELP);

static const struct option_row {
    const char *word, *value, *text;
} ROWS[PLAN_OPTIONS] = {
#define OPTION(name, word_, value_, text_) { .word = word_, .value = value_, .text = text_ },
#include "app/plan.def"
#undef OPTION
};

static const struct question_row {
    const char *word;
    int (*run)(const struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet);
    uint64_t needed, taken;
    const char *text, *example;
} QUESTIONS[] = {
#define PLAN(word_, function, needed_, taken_, text_, example_)                                                                \
    { .word = word_, .run = function, .needed = needed_, .taken = taken_, .text = text_, .example = example_ },
#include "app/plan.def"
#undef PLAN
};
enum { QUESTION_COUNT = sizeof QUESTIONS / sizeof QUESTIONS[0] };

void plan_help(void)
{
    for (unsigned i = 0; i < QUESTION_COUNT; i++)
        printf("  plan %-16s %s\n", QUESTIONS[i].word, QUESTIONS[i].text);
}

static void question_help(const struct question_row *row)
{
    printf("Example:\n  cisterna plan %s %s\n\n%s. SIMULATION. Not a medical device; never for use in people.\n\n", row->word,
           row->example, row->text);
    for (unsigned i = 0; i < PLAN_OPTIONS; i++) {
        if (((row->needed | row->taken | COMMON) >> i & 1) == 0)
            continue;
        int length = printf("  --%s %s", ROWS[i].word, ROWS[i].value);
        printf("%*s %s%s\n", length < 32 ? 32 - length : 0, "", ROWS[i].text, (row->needed >> i & 1) != 0 ? " (needed)" : "");
    }
    printf("\nExit codes: 0 worked out, 2 usage, 3 refused by a limit; the sheet is printed all the same.\n");
}

int inquiry_usage(const struct inquiry *inquiry, const char *text, const char *word)
{
    fprintf(stderr, "cisterna plan %s: %s%s; see cisterna plan %s --help\n", inquiry->question, text, word, inquiry->question);
    return EXIT_USAGE;
}

int inquiry_amount_of(const struct inquiry *inquiry, const char *what, const char *text, enum dimension dimension,
                      int64_t *amount)
{
    char message[160];
    enum amount_fault fault = amount_read(text, dimension, amount);
    if (fault == AMOUNT_OK)
        return EXIT_DONE;
    snprintf(message, sizeof message, "%s needs %s%s%s, not ", what, amount_example(dimension),
             fault == AMOUNT_FRACTION ? ", not finer than a whole " : "",
             fault == AMOUNT_FRACTION ? amount_base_unit(dimension) : "");
    if (strchr(text, ',') != NULL)
        snprintf(message, sizeof message, "%s: a decimal point is written '.', and a comma is not read as one: ", what);
    return inquiry_usage(inquiry, message, text);
}

int inquiry_amount(const struct inquiry *inquiry, enum plan_option option, enum dimension dimension, int64_t *amount)
{
    char what[40];
    snprintf(what, sizeof what, "--%s", ROWS[option].word);
    return inquiry_amount_of(inquiry, what, inquiry->value[option], dimension, amount);
}

/* The options of one drug of a mixture stand behind it. */
static int part_take(struct inquiry *inquiry, enum plan_option option, const char *value)
{
    if (option == PLAN_DRUG) {
        if (inquiry->drugs == MIXTURE_DRUGS_MAX)
            return inquiry_usage(inquiry, "takes four drugs at most, not also ", value);
        inquiry->drug[inquiry->drugs++] = value;
        return EXIT_DONE;
    }
    const char **into = option == PLAN_DOSE ? inquiry->dose : inquiry->stock;
    if (inquiry->drugs == 0 || into[inquiry->drugs - 1] != NULL)
        return inquiry_usage(inquiry, "each --dose and --stock stands behind its --drug, once: ", value);
    into[inquiry->drugs - 1] = value;
    return EXIT_DONE;
}

static int option_take(const struct question_row *row, struct inquiry *inquiry, unsigned option, const char *value)
{
    if (option >= PLAN_OPTIONS || ((row->needed | row->taken | COMMON) >> option & 1) == 0)
        return inquiry_usage(inquiry, "takes no option --", option < PLAN_OPTIONS ? ROWS[option].word : "?");
    bool part = (row->needed & ON(STOCK)) != 0 && (option == PLAN_DRUG || option == PLAN_DOSE || option == PLAN_STOCK);
    if (part && part_take(inquiry, (enum plan_option)option, value) != EXIT_DONE)
        return EXIT_USAGE;
    if (!part && inquiry->value[option] != NULL)
        return inquiry_usage(inquiry, "is given twice: --", ROWS[option].word);
    inquiry->value[option] = value != NULL ? value : "";
    return EXIT_DONE;
}

static int options_read(const struct question_row *row, int count, char **words, struct inquiry *inquiry)
{
    struct option options[PLAN_OPTIONS + 1] = { 0 };
    for (unsigned i = 0; i < PLAN_OPTIONS; i++)
        options[i] = (struct option){ ROWS[i].word, *ROWS[i].value != '\0' ? required_argument : no_argument, NULL,
                                      OPTION_LETTER_FIRST + (int)i };
    optind = 1;
    opterr = 0;
    for (int letter; (letter = getopt_long(count, words, ":h", options, NULL)) != -1;) {
        int code = EXIT_DONE;
        if (letter == ':')
            return inquiry_usage(inquiry, "needs a value after ", words[optind - 1]);
        if (letter == '?')
            return inquiry_usage(inquiry, "unknown option ", words[optind - 1]);
        code = option_take(row, inquiry, letter == 'h' ? PLAN_HELP : (unsigned)(letter - OPTION_LETTER_FIRST), optarg);
        if (code != EXIT_DONE)
            return code;
    }
    if (optind < count)
        return inquiry_usage(inquiry, "takes options only, not ", words[optind]);
    for (unsigned i = 0; i < PLAN_OPTIONS && !inquiry_has(inquiry, PLAN_HELP); i++)
        if ((row->needed >> i & 1) != 0 && inquiry->value[i] == NULL)
            return inquiry_usage(inquiry, "needs --", ROWS[i].word);
    return EXIT_DONE;
}

static int answer(const struct question_row *row, const struct inquiry *inquiry)
{
    static struct sheet sheet;
    struct formulary formulary;
    if (!formulary_builtin(inquiry_has(inquiry, PLAN_REGION) ? inquiry->value[PLAN_REGION] : "US", &formulary, stderr))
        return EXIT_USAGE;
    int code = row->run(inquiry, &formulary, &sheet);
    if (code == EXIT_DONE && inquiry_has(inquiry, PLAN_JSON)) {
        json_t *json = sheet_json(&sheet);
        json_dumpf(json, stdout, JSON_INDENT(2));
        printf("\n");
        json_decref(json);
    } else if (code == EXIT_DONE) {
        sheet_print(&sheet, stdout);
    }
    formulary_close(&formulary);
    if (code == EXIT_DONE && findings_worst(&sheet.findings) == FINDING_HARD) {
        fprintf(stderr, "cisterna plan %s: refused: %u hard limit%s, shown under the checks\n", row->word,
                findings_of(&sheet.findings, FINDING_HARD), findings_of(&sheet.findings, FINDING_HARD) == 1 ? "" : "s");
        return EXIT_REFUSED;
    }
    return code;
}

int plan_main(int count, char **words)
{
    struct inquiry inquiry = { .question = count > 1 ? words[1] : "" };
    if (count < 2 || strcmp(words[1], "--help") == 0 || strcmp(words[1], "-h") == 0) {
        FILE *out = count < 2 ? stderr : stdout;
        fprintf(out, "cisterna plan QUESTION [OPTION ...]; the questions, each with its --help:\n");
        for (unsigned i = 0; i < QUESTION_COUNT; i++)
            fprintf(out, "  %-10s %s\n", QUESTIONS[i].word, QUESTIONS[i].text);
        return count < 2 ? EXIT_USAGE : EXIT_DONE;
    }
    for (unsigned i = 0; i < QUESTION_COUNT; i++) {
        if (strcmp(QUESTIONS[i].word, words[1]) != 0)
            continue;
        int code = options_read(&QUESTIONS[i], count - 1, words + 1, &inquiry);
        if (code != EXIT_DONE)
            return code;
        if (!inquiry_has(&inquiry, PLAN_HELP))
            return answer(&QUESTIONS[i], &inquiry);
        question_help(&QUESTIONS[i]);
        return EXIT_DONE;
    }
    fprintf(stderr, "cisterna plan: no question \"%s\"; there are:", words[1]);
    for (unsigned i = 0; i < QUESTION_COUNT; i++)
        fprintf(stderr, " %s", QUESTIONS[i].word);
    fprintf(stderr, "\n");
    return EXIT_USAGE;
}
