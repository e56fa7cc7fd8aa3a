/* plan.c - the questions of `cisterna plan`: options in, a sheet out. */
// SPDX-License-Identifier: Apache-2.0
#include "app/plan.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/options.h"
#include "app/textfile.h"
#include "clinic/formulary/inforce.h"
#include "clinic/planner/inquiry.h"

#define ON(name) (UINT64_C(1) << PLAN_##name)
enum { OPTION_LETTER_FIRST = 256 };
static const uint64_t COMMON = ON(REGION) | ON(FORMULARY) | ON(SITE_KEY) | ON(JSON) | ON(HELP);

void plan_help(void)
{
    const struct question_row *row = NULL;
    for (unsigned i = 0; (row = question_at(i)) != NULL; i++)
        printf("  plan %-16s %s\n", row->word, row->text);
}

static void question_help(const struct question_row *row)
{
    printf("Example:\n  cisterna plan %s %s\n\n%s. SIMULATION. Not a medical device; never for use in people.\n\n", row->word,
           row->example, row->text);
    for (unsigned i = 0; i < PLAN_OPTIONS; i++) {
        if (((row->needed | row->taken | COMMON) >> i & 1) == 0)
            continue;
        const struct option_row *option = option_row(i);
        int length = printf("  --%s %s", option->word, option->value);
        printf("%*s %s%s\n", length < 32 ? 32 - length : 0, "", option->text, (row->needed >> i & 1) != 0 ? " (needed)" : "");
    }
    printf("\nExit codes: 0 worked out, 2 usage, 3 refused by a limit; the sheet is printed all the same.\n"
           "Of the release in force: 1 unreadable, 5 damaged or not signed by this key, 6 nothing in it for the region.\n");
}

/* What was refused, on standard error, and EXIT_USAGE. */
static int usage(const struct inquiry *inquiry)
{
    if (*inquiry->fault != '\0')
        fprintf(stderr, "cisterna plan %s: %s; see cisterna plan %s --help\n", inquiry->question, inquiry->fault,
                inquiry->question);
    return EXIT_USAGE;
}

static bool option_take(const struct question_row *row, struct inquiry *inquiry, unsigned option, const char *value)
{
    if (option >= PLAN_OPTIONS || ((row->needed | row->taken | COMMON) >> option & 1) == 0)
        return inquiry_refuse(inquiry, "takes no option --", option < PLAN_OPTIONS ? option_row(option)->word : "?");
    bool part = question_part(row, option);
    if (part && !inquiry_part(inquiry, (enum plan_option)option, value))
        return false;
    if (!part && inquiry->value[option] != NULL)
        return inquiry_refuse(inquiry, "is given twice: --", option_row(option)->word);
    inquiry->value[option] = value != NULL ? value : "";
    return true;
}

static bool options_read(const struct question_row *row, int count, char **words, struct inquiry *inquiry)
{
    struct option options[PLAN_OPTIONS + 1] = { 0 };
    for (unsigned i = 0; i < PLAN_OPTIONS; i++)
        options[i] = (struct option){ option_row(i)->word, *option_row(i)->value != '\0' ? required_argument : no_argument, NULL,
                                      OPTION_LETTER_FIRST + (int)i };
    optind = 1;
    opterr = 0;
    for (int letter; (letter = getopt_long(count, words, ":h", options, NULL)) != -1;) {
        if (letter == ':')
            return inquiry_refuse(inquiry, "needs a value after ", words[optind - 1]);
        if (letter == '?')
            return inquiry_refuse(inquiry, "unknown option ", words[optind - 1]);
        if (!option_take(row, inquiry, letter == 'h' ? PLAN_HELP : (unsigned)(letter - OPTION_LETTER_FIRST), optarg))
            return false;
    }
    if (optind < count)
        return inquiry_refuse(inquiry, "takes options only, not ", words[optind]);
    for (unsigned i = 0; i < PLAN_OPTIONS && !inquiry_has(inquiry, PLAN_HELP); i++)
        if ((row->needed >> i & 1) != 0 && inquiry->value[i] == NULL)
            return inquiry_refuse(inquiry, "needs --", option_row(i)->word);
    return true;
}

/* The library that the question is answered by. */
static int library_open(struct inquiry *inquiry, struct formulary *formulary)
{
    const char *region = inquiry_has(inquiry, PLAN_REGION) ? inquiry->value[PLAN_REGION] : "US";
    const struct inforce inforce = { inquiry->value[PLAN_FORMULARY], inquiry->value[PLAN_SITE_KEY] };
    if (!formulary_start(formulary, region, 0)) {
        (void)inquiry_refuse(inquiry, "--region is US or EU, not ", region);
        return usage(inquiry);
    }
    return (int)inforce_open(&inforce, region, formulary, stderr);
}

static int answer(const struct question_row *row, struct inquiry *inquiry)
{
    static struct sheet sheet;
    struct formulary formulary;
    int code = library_open(inquiry, &formulary);
    if (code != EXIT_DONE)
        return code;
    bool good = row->ask(inquiry, &formulary, &sheet);
    if (good)
        sheet_input(&sheet, "formulary", "formulary", "release %u, region %s, %s", formulary.version, formulary.region,
                    inquiry_has(inquiry, PLAN_FORMULARY) ? "in force at this site" : "built in");
    formulary_close(&formulary);
    if (!good)
        return usage(inquiry);
    if (inquiry_has(inquiry, PLAN_JSON)) {
        json_t *json = sheet_json(&sheet);
        json_dumpf(json, stdout, JSON_INDENT(2));
        printf("\n");
        json_decref(json);
    } else {
        sheet_print(&sheet, stdout);
    }
    if (findings_worst(&sheet.findings) != FINDING_HARD)
        return EXIT_DONE;
    fprintf(stderr, "cisterna plan %s: refused: %u hard limit%s, shown under the checks\n", row->word,
            findings_of(&sheet.findings, FINDING_HARD), findings_of(&sheet.findings, FINDING_HARD) == 1 ? "" : "s");
    return EXIT_REFUSED;
}

/* With the file of earlier readings, where one is named. */
static int answer_with_history(const struct question_row *row, struct inquiry *inquiry)
{
    size_t size = 0;
    char *history = NULL;
    if (inquiry_has(inquiry, PLAN_HISTORY)) {
        history = textfile_read(inquiry->value[PLAN_HISTORY], &size);
        if (history == NULL)
            return EXIT_USAGE;
    }
    inquiry->history = history;
    int code = answer(row, inquiry);
    free(history);
    return code;
}

static void questions_print(FILE *out)
{
    const struct question_row *row = NULL;
    fprintf(out, "cisterna plan QUESTION [OPTION ...]; the questions, each with its --help:\n");
    for (unsigned i = 0; (row = question_at(i)) != NULL; i++)
        fprintf(out, "  %-10s %s\n", row->word, row->text);
}

int plan_main(int count, char **words)
{
    struct inquiry inquiry = { .question = count > 1 ? words[1] : "",
                               .today_ms = (int64_t)time(NULL) * 1000,
                               .messages = stderr };
    if (count < 2 || strcmp(words[1], "--help") == 0 || strcmp(words[1], "-h") == 0) {
        questions_print(count < 2 ? stderr : stdout);
        return count < 2 ? EXIT_USAGE : EXIT_DONE;
    }
    const struct question_row *row = question_named(words[1]);
    if (row != NULL) {
        if (!options_read(row, count - 1, words + 1, &inquiry))
            return usage(&inquiry);
        if (!inquiry_has(&inquiry, PLAN_HELP))
            return answer_with_history(row, &inquiry);
        question_help(row);
        return EXIT_DONE;
    }
    fprintf(stderr, "cisterna plan: no question \"%s\"; there are:", words[1]);
    for (unsigned i = 0; (row = question_at(i)) != NULL; i++)
        fprintf(stderr, " %s", row->word);
    fprintf(stderr, "\n");
    return EXIT_USAGE;
}
