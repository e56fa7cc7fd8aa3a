/* formulary.c - `cisterna formulary`: the drug library, looked into, checked, signed and put into force. */
// SPDX-License-Identifier: Apache-2.0
#include "app/formulary.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "app/formularyrun.h"
#include "app/options.h"
#include "document/reader.h"

enum { WORDS_MAX = 256, OPTION_LETTER_FIRST = 256 };

static const struct {
    const char *word, *value, *text;
} ROWS[FORMULARY_OPTIONS] = {
#define OPTION(name, word, value, text) { word, value, text },
#include "app/formulary.def"
#undef OPTION
};

int formulary_usage(const struct formulary_ask *ask, const char *text, const char *word)
{
    fprintf(stderr, "cisterna formulary %s: %s%s; see cisterna formulary --help\n", ask->command, text, word);
    return EXIT_USAGE;
}

#define ON(name) (1u << FORMULARY_##name##_AT)
static const struct act {
    const char *word;
    int (*run)(const struct formulary_ask *ask);
    unsigned takes, needs, fewest, most;
    const char *plain, *text;
} ACTS[] = {
#define ACT(word, run, takes, needs, fewest, most, plain, text) { word, run, takes, needs, fewest, most, plain, text },
#include "app/formulary.def"
#undef ACT
};
enum { ACTS_ALL = sizeof ACTS / sizeof ACTS[0] };

static void help_print(void)
{
    printf("Examples:\n"
           "  cisterna formulary show ziconotide --region EU\n"
           "  cisterna formulary check formulary/*.json\n"
           "  cisterna formulary key --out site.key\n"
           "  cisterna formulary sign --key site.key --out release-1 formulary/*.json\n"
           "  cisterna formulary load release-1 --key site.key.pub --into formulary-in-force\n"
           "  cisterna formulary limits therapy.json --key site.key --release formulary-in-force/current --serial SIM-0042 \\\n"
           "      --model C20 --out limits-0042\n"
           "\n"
           "The drug library. SIMULATION. Not a medical device; never for use in people.\n"
           "\n"
           "Usage: cisterna formulary COMMAND [OPTION ...]\n");
    for (unsigned i = 0; i < ACTS_ALL; i++) {
        int length = printf("  %s %s", ACTS[i].word, ACTS[i].plain);
        printf("%*s %s\n", 23 - length, "", ACTS[i].text);
    }
    printf("\nOptions:\n");
    for (unsigned i = 0; i < FORMULARY_OPTIONS; i++) {
        int length = printf("  --%s %s", ROWS[i].word, ROWS[i].value);
        printf("%*s %s\n", 19 - length, "", ROWS[i].text);
    }
    printf("\nExit codes: 0 done, 1 failed, 2 usage or malformed, 3 refused by a rule of safety or not in the formulary,\n"
           "5 damaged or not signed by this key, 6 another region or release, or not newer than what is in force.\n");
}

/* Says so, and what was perhaps meant. */
static int unknown(const char *what, const char *word, const char *const *names)
{
    const char *nearest = reader_nearest(word, names);
    if (nearest != NULL && strcmp(nearest, word) != 0)
        fprintf(stderr, "cisterna formulary: unknown %s \"%s\"; did you mean \"%s\"?\n", what, word, nearest);
    else
        fprintf(stderr, "cisterna formulary: unknown %s, or its value is missing: \"%s\"; see cisterna formulary --help\n", what,
                word);
    return EXIT_USAGE;
}

static int option_unknown(const char *word)
{
    static const char *const names[FORMULARY_OPTIONS + 1] = {
#define OPTION(name, word, value, text) "--" word,
#include "app/formulary.def"
#undef OPTION
    };
    return unknown("option", word, names);
}

static int command_unknown(const char *word)
{
    const char *names[ACTS_ALL + 1] = { NULL };
    for (unsigned i = 0; i < ACTS_ALL; i++)
        names[i] = ACTS[i].word;
    return unknown("command", word, names);
}

/* The options and plain words of a command; EXIT_DONE when they are right. */
static int words_read(const struct act *act, int count, char **words, struct formulary_ask *ask)
{
    struct option options[FORMULARY_OPTIONS + 1] = { { NULL, 0, NULL, 0 } };
    int letter;
    for (unsigned i = 0; i < FORMULARY_OPTIONS; i++)
        options[i] = (struct option){ ROWS[i].word, *ROWS[i].value != '\0' ? required_argument : no_argument, NULL,
                                      OPTION_LETTER_FIRST + (int)i };
    opterr = 0;
    while ((letter = getopt_long(count, words, "h", options, NULL)) != -1) {
        if (letter == '?')
            return option_unknown(words[optind - 1]);
        unsigned option = letter == 'h' ? FORMULARY_HELP_AT : (unsigned)(letter - OPTION_LETTER_FIRST);
        if (option != FORMULARY_HELP_AT && (act->takes >> option & 1) == 0)
            return formulary_usage(ask, "takes no option --", ROWS[option].word);
        if (optarg != NULL && *optarg == '\0')
            return formulary_usage(ask, "an empty value for --", ROWS[option].word);
        ask->value[option] = optarg != NULL ? optarg : "";
    }
    ask->word = words + optind;
    ask->words = (unsigned)(count - optind);
    if (ask->value[FORMULARY_HELP_AT] != NULL)
        return EXIT_DONE;
    for (unsigned i = 0; i < FORMULARY_OPTIONS; i++)
        if ((act->needs >> i & 1) != 0 && ask->value[i] == NULL)
            return formulary_usage(ask, "needs --", ROWS[i].word);
    if (ask->words < act->fewest)
        return formulary_usage(ask, "needs ", act->plain);
    if (ask->words > act->most)
        return formulary_usage(ask, "takes no more than ", *act->plain != '\0' ? act->plain : "options");
    return EXIT_DONE;
}

int formulary_main(int count, char **words)
{
    const char *command = count > 1 ? words[1] : "";
    if (strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0 || strcmp(command, "help") == 0) {
        help_print();
        return EXIT_DONE;
    }
    for (unsigned i = 0; i < ACTS_ALL; i++) {
        struct formulary_ask ask = { .command = ACTS[i].word };
        if (strcmp(ACTS[i].word, command) != 0)
            continue;
        int code = words_read(&ACTS[i], count - 1, words + 1, &ask);
        if (code != EXIT_DONE)
            return code;
        if (ask.value[FORMULARY_HELP_AT] == NULL)
            return ACTS[i].run(&ask);
        help_print();
        return EXIT_DONE;
    }
    return command_unknown(command);
}
