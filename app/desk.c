/* desk.c - the table of commands that talk to a pump, their options and their help. */
// SPDX-License-Identifier: Apache-2.0
#include "app/desk.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/emergency.h"
#include "app/give.h"
#include "app/logbook.h"
#include "app/pair.h"
#include "app/peers.h"
#include "app/program.h"
#include "app/refill.h"
#include "app/status.h"
#include "document/plain.h"
#include "document/reader.h"

#define ON(name) (UINT64_C(1) << OPTION_AT_##name)
enum { COMMON_LAST = OPTION_AT_HELP, OPTION_LETTER_FIRST = 256 };

struct option_row {
    const char *word, *value, *text;
};
#define OPTION(name, word_, value_, text_) { .word = word_, .value = value_, .text = text_ },
static const struct option_row ROWS[DESK_OPTIONS] = {
#include "app/desk.def"
};
#undef OPTION

struct command_row {
    const char *word;
    int (*run)(const struct desk *desk);
    uint64_t options;
    int fewest, most;
    const char *plain, *text;
};
#define DESK(word_, function, options_, fewest_, most_, plain_, text_)                                                 \
    { .word = word_, .run = function, .options = options_, .fewest = fewest_, .most = most_, .plain = plain_, .text = text_ },
static const struct command_row COMMANDS[] = {
#include "app/desk.def"
};
#undef DESK
enum { COMMANDS_ALL = sizeof COMMANDS / sizeof COMMANDS[0] };

static bool takes(const struct command_row *row, unsigned option)
{
    return option <= COMMON_LAST || (row->options >> option & 1) != 0;
}

static const struct command_row *row_find(const char *word)
{
    for (unsigned i = 0; i < COMMANDS_ALL; i++)
        if (strcmp(COMMANDS[i].word, word) == 0)
            return &COMMANDS[i];
    return NULL;
}

bool desk_knows(const char *word)
{
    return row_find(word) != NULL;
}

const char *desk_word(unsigned index)
{
    return index < COMMANDS_ALL ? COMMANDS[index].word : NULL;
}

void desk_help(void)
{
    for (unsigned i = 0; i < COMMANDS_ALL; i++) {
        int length = printf("  %s %s", COMMANDS[i].word, COMMANDS[i].plain);
        printf("%*s %s\n", 22 - length, "", COMMANDS[i].text);
    }
}

static void row_help(const struct command_row *row)
{
    printf("Usage: cisterna %s %s%s[OPTION ...]\n%s. SIMULATION. Not a medical device; never for use in people.\n\n", row->word,
           row->plain, *row->plain != '\0' ? " " : "", row->text);
    for (unsigned i = 0; i < DESK_OPTIONS; i++) {
        if (!takes(row, i))
            continue;
        int length = printf("  --%s %s", ROWS[i].word, ROWS[i].value);
        printf("%*s %s\n", 27 - length, "", ROWS[i].text);
    }
    printf("\nExit codes: 0 done, 1 no contact or failed, 2 usage, 3 refused by the pump, 4 outcome unknown, 5 data damaged,\n"
           "6 version mismatch.\n");
}

int desk_usage(const struct desk *desk, const char *text, const char *word)
{
    fprintf(stderr, "cisterna %s: %s%s; see cisterna %s --help\n", desk->command, text, word, desk->command);
    return EXIT_USAGE;
}

int desk_number(const struct desk *desk, const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
    uint64_t value = 0;
    size_t digits = strspn(text, "0123456789");
    bool good = digits > 0 && digits <= 20 && text[digits] == '\0';
    for (size_t i = 0; good && i < digits; i++) {
        uint64_t digit = (uint64_t)(text[i] - '0');
        good = value <= (UINT64_MAX - digit) / 10;
        value = value * 10 + digit;
    }
    char range[80];
    snprintf(range, sizeof range, "needs a whole number from %llu to %llu, not ", (unsigned long long)least,
             (unsigned long long)most);
    if (!good || value < least || value > most)
        return desk_usage(desk, range, text);
    *number = value;
    return EXIT_DONE;
}

int desk_amount(const struct desk *desk, enum desk_option option, enum dimension dimension, int64_t least, int64_t most,
                int64_t *amount)
{
    static const char *const faults[] = { [AMOUNT_OK] = "is outside", [AMOUNT_FORM] = "is no amount",
                                          [AMOUNT_UNIT] = "has the wrong unit", [AMOUNT_FRACTION] = "is no whole number of ",
                                          [AMOUNT_RANGE] = "is too large" };
    char text[256], low[AMOUNT_TEXT_BYTES], high[AMOUNT_TEXT_BYTES];
    int64_t value = 0;
    const char *given = desk->value[option];
    snprintf(text, sizeof text, "--%s needs %s", ROWS[option].word, amount_example(dimension));
    if (given == NULL)
        return desk_usage(desk, text, "");
    enum amount_fault fault = amount_read(given, dimension, &value);
    if (fault == AMOUNT_OK && value >= least && value <= most) {
        *amount = value;
        return EXIT_DONE;
    }
    amount_write_of(low, dimension, least);
    amount_write_of(high, dimension, most);
    const char *unit = fault == AMOUNT_FRACTION ? amount_base_unit(dimension) : "", *why = faults[fault];
    if (strchr(given, ',') != NULL)
        why = "has a comma, and is not guessed at: decimals stand behind a point";
    snprintf(text, sizeof text, "--%s needs %s, from %s to %s; \"%.40s\" %s%s", ROWS[option].word, amount_example(dimension), low,
             high, given, why, unit);
    return desk_usage(desk, text, "");
}

int desk_name(const struct desk *desk, enum desk_option option, size_t most, const char **name)
{
    char text[PLAIN_FAULT_BYTES + 40], fault[PLAIN_FAULT_BYTES];
    const char *given = desk->value[option];
    snprintf(text, sizeof text, "--%s needs a text of 1 to %zu bytes", ROWS[option].word, most);
    if (given == NULL)
        return desk_usage(desk, text, "");
    if (*given == '\0' || strlen(given) > most) {
        snprintf(text + strlen(text), sizeof text - strlen(text), ", not of %zu", strlen(given));
        return desk_usage(desk, text, "");
    }
    if (plain_fits(given, fault)) {
        *name = given;
        return EXIT_DONE;
    }
    snprintf(text, sizeof text, "--%s %s", ROWS[option].word, fault);
    return desk_usage(desk, text, "");
}

/* One option, in its place. */
static int option_take(const struct command_row *row, struct desk *desk, unsigned option, const char *value)
{
    if (option >= DESK_OPTIONS || !takes(row, option))
        return desk_usage(desk, "takes no option --", option < DESK_OPTIONS ? ROWS[option].word : "?");
    if (option == OPTION_AT_DRUG && desk->drugs == MIXTURE_DRUGS_MAX)
        return desk_usage(desk, "takes four drugs at most, not also ", value);
    if (option == OPTION_AT_DRUG)
        desk->drug[desk->drugs++] = value;
    if (option == OPTION_AT_CONCENTRATION && (desk->drugs == 0 || desk->concentration[desk->drugs - 1] != NULL))
        return desk_usage(desk, "each --concentration stands behind its --drug: ", value);
    if (option == OPTION_AT_CONCENTRATION)
        desk->concentration[desk->drugs - 1] = value;
    desk->value[option] = value != NULL ? value : "";
    return EXIT_DONE;
}

/* The option of this command that was perhaps meant. */
static int option_unknown(const struct command_row *row, const struct desk *desk, const char *word)
{
    char spelt[DESK_OPTIONS][24];
    const char *names[DESK_OPTIONS + 1] = { NULL };
    unsigned count = 0;
    for (unsigned i = 0; i < DESK_OPTIONS; i++)
        if (takes(row, i)) {
            snprintf(spelt[count], sizeof spelt[count], "--%s", ROWS[i].word);
            names[count] = spelt[count];
            count++;
        }
    const char *nearest = reader_nearest(word, names);
    if (nearest == NULL || strcmp(nearest, word) == 0)
        return desk_usage(desk, "unknown option, or its value is missing or too much: ", word);
    fprintf(stderr, "cisterna %s: unknown option %s; did you mean %s?\n", desk->command, word, nearest);
    return EXIT_USAGE;
}

int desk_main(int count, char **words)
{
    const struct command_row *row = row_find(words[0]);
    struct desk desk = { .command = words[0] };
    struct option options[DESK_OPTIONS + 1] = { { NULL, 0, NULL, 0 } };
    for (unsigned i = 0; i < DESK_OPTIONS; i++)
        options[i] = (struct option){ ROWS[i].word, *ROWS[i].value != '\0' ? required_argument : no_argument, NULL,
                                      OPTION_LETTER_FIRST + (int)i };
    int letter;
    opterr = 0;
    while ((letter = getopt_long(count, words, "h", options, NULL)) != -1) {
        if (letter == '?')
            return option_unknown(row, &desk, words[optind - 1]);
        unsigned option = letter == 'h' ? OPTION_AT_HELP : (unsigned)(letter - OPTION_LETTER_FIRST);
        int code = option_take(row, &desk, option, optarg);
        if (code != EXIT_DONE)
            return code;
    }
    if (desk_has(&desk, OPTION_AT_HELP)) {
        row_help(row);
        return EXIT_DONE;
    }
    int plain = count - optind;
    if (plain < row->fewest || plain > row->most)
        return desk_usage(&desk, plain < row->fewest ? "needs " : "takes no more than ",
                          *row->plain != '\0' ? row->plain : "options");
    desk.word = plain > 0 ? words[optind] : NULL;
    if (desk_has(&desk, OPTION_AT_NEAR) && desk_has(&desk, OPTION_AT_FAR))
        return desk_usage(&desk, "--near and --far exclude each other", "");
    return row->run(&desk);
}
