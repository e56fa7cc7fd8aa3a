/* clerk.c - the table of the commands of records, their options, and signing in. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L /* clock_gettime() */
#include "app/records/clerk.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app/records/checker.h"
#include "app/records/courier.h"
#include "app/records/keeper.h"
#include "app/records/keyholder.h"
#include "app/records/people.h"
#include "clinic/records/audit.h"
#include "clinic/records/users.h"
#include "document/reader.h"

#define ON(name) (UINT64_C(1) << CLERK_AT_##name)
enum { COMMON_LAST = CLERK_AT_HELP, OPTION_LETTER_FIRST = 256, WORDS_BYTES = 32 };

struct option_row {
    const char *word, *value, *text;
};
#define OPTION(name, word_, value_, text_) { .word = word_, .value = value_, .text = text_ },
static const struct option_row ROWS[CLERK_OPTIONS] = {
#include "app/records/clerk.def"
};
#undef OPTION

struct command_row {
    const char *word;
    int (*run)(struct clerk *clerk);
    uint64_t options;
    int fewest, most;
    const char *plain, *text;
};
#define CLERK(word_, function, options_, fewest_, most_, plain_, text_)                                                      \
    { .word = word_, .run = function, .options = options_, .fewest = fewest_, .most = most_, .plain = plain_, .text = text_ },
static const struct command_row COMMANDS[] = {
#include "app/records/clerk.def"
};
#undef CLERK
enum { COMMANDS_ALL = sizeof COMMANDS / sizeof COMMANDS[0] };

int clerk_say(const struct clerk *clerk, int code, const char *text, const char *word)
{
    fprintf(stderr, "cisterna records%s%s: %s%s%s\n", *clerk->command != '\0' ? " " : "", clerk->command, text, word,
            code == EXIT_USAGE ? "; see cisterna records --help" : "");
    return code;
}

int clerk_fault(const struct clerk *clerk, enum records_fault fault)
{
    static const int CODE[] = {
        [RECORDS_OK] = EXIT_DONE,         [RECORDS_MISSING] = EXIT_FAILED,  [RECORDS_EXISTS] = EXIT_FAILED,
        [RECORDS_REFUSED] = EXIT_REFUSED, [RECORDS_MALFORMED] = EXIT_USAGE, [RECORDS_PASSWORD] = EXIT_FAILED,
        [RECORDS_VERSION] = EXIT_VERSION, [RECORDS_DAMAGED] = EXIT_DAMAGED, [RECORDS_BUSY] = EXIT_FAILED,
        [RECORDS_UNKNOWN] = EXIT_UNKNOWN, [RECORDS_FAILED] = EXIT_FAILED,
    };
    if (fault != RECORDS_OK)
        fprintf(stderr, "cisterna records %s: %s\n", clerk->command, clerk->records.error);
    return CODE[fault];
}

int64_t clerk_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void clerk_print(json_t *object)
{
    (void)json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
    printf("\n");
    json_decref(object);
}

const char *clerk_url(struct clerk *clerk)
{
    const char *given = clerk->value[CLERK_AT_DB] != NULL ? clerk->value[CLERK_AT_DB] : getenv("CISTERNA_DB");
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int length = -1;
    if (given != NULL && *given != '\0')
        return given;
    if (state != NULL && *state != '\0')
        length = snprintf(clerk->path, sizeof clerk->path, "%s/cisterna/records.db", state);
    else if (home != NULL && *home != '\0')
        length = snprintf(clerk->path, sizeof clerk->path, "%s/.local/state/cisterna/records.db", home);
    if (length > 0 && length < (int)sizeof clerk->path)
        return clerk->path;
    (void)clerk_say(clerk, EXIT_USAGE, "needs --db URL: there is no home to look in", "");
    return NULL;
}

const char *clerk_user(const struct clerk *clerk)
{
    const char *given = clerk->value[CLERK_AT_USER] != NULL ? clerk->value[CLERK_AT_USER] : getenv("CISTERNA_USER");
    return given != NULL && *given != '\0' ? given : NULL;
}

/* From a file, from the environment, or asked for; `twice`: the same again. */
static int password_read(const char *file, const char *variable, const char *prompt, bool twice, struct secret *secret)
{
    struct secret again;
    const char *given = getenv(variable);
    if (file != NULL)
        return secret_first_line(file, secret);
    if (given != NULL && *given != '\0' && strlen(given) <= SECRET_BYTES_MAX) {
        secret->size = strlen(given);
        memcpy(secret->text, given, secret->size + 1);
        return EXIT_DONE;
    }
    int code = secret_line(prompt, secret);
    if (code != EXIT_DONE || !twice)
        return code;
    code = secret_line("the same again", &again);
    if (code == EXIT_DONE && strcmp(secret->text, again.text) != 0) {
        fprintf(stderr, "cisterna: the two are not the same\n");
        code = EXIT_USAGE;
    }
    secret_forget(&again);
    return code;
}

int clerk_password(const struct clerk *clerk, bool first, struct secret *secret)
{
    return password_read(clerk->value[CLERK_AT_PASSPHRASE_FILE], "CISTERNA_PASSPHRASE",
                         first ? "a password for the new user" : "password", first, secret);
}

int clerk_new_password(const struct clerk *clerk, struct secret *secret)
{
    return password_read(clerk->value[CLERK_AT_NEW_PASSPHRASE_FILE], "CISTERNA_NEW_PASSPHRASE", "the new password", true,
                         secret);
}

static int sign_in(struct clerk *clerk)
{
    struct secret secret;
    uint8_t key[USER_KEY_FILE_BYTES];
    const char *name = clerk_user(clerk);
    if (clerk_has(clerk, CLERK_AT_KEY_FILE)) {
        int code = keyholder_read(clerk, clerk->value[CLERK_AT_KEY_FILE], key);
        if (code == EXIT_DONE)
            code = clerk_fault(clerk, users_key_open(&clerk->records, key));
        keyholder_forget(key);
        return code;
    }
    if (name == NULL)
        return clerk_say(clerk, EXIT_USAGE, "needs --user NAME or --key-file FILE", "");
    int code = clerk_password(clerk, false, &secret);
    if (code == EXIT_DONE)
        code = clerk_fault(clerk, users_sign_in(&clerk->records, name, secret.text, secret.size));
    secret_forget(&secret);
    return code;
}

int clerk_open(struct clerk *clerk)
{
    const char *url = clerk_url(clerk);
    if (url == NULL)
        return EXIT_USAGE;
    int code = clerk_fault(clerk, records_open(&clerk->records, url, false));
    if (code != EXIT_DONE)
        return code;
    code = sign_in(clerk);
    if (code != EXIT_DONE)
        records_close(&clerk->records);
    return code;
}

int clerk_commit(struct clerk *clerk, enum records_fault fault)
{
    if (fault == RECORDS_OK)
        fault = records_commit(&clerk->records);
    else
        records_rollback(&clerk->records);
    return clerk_fault(clerk, fault);
}

int clerk_note(struct clerk *clerk, enum list_word action)
{
    enum records_fault fault = records_begin_note(&clerk->records, clerk_now());
    if (fault != RECORDS_OK)
        return clerk_fault(clerk, fault);
    return clerk_commit(clerk, audit_append(&clerk->records, action, TABLE_HEAD, 1, NULL));
}

static void option_help(unsigned option)
{
    int length = printf("  --%s %s", ROWS[option].word, ROWS[option].value);
    printf("%*s %s\n", 31 - length, "", ROWS[option].text);
}

static int help(void)
{
    printf("Examples:\n"
           "  cisterna records init --user ada\n"
           "  cisterna records verify --user otto --anchor elsewhere/records.anchor\n"
           "  cisterna records backup --key-file clinic.key backup.jsonl --db postgresql:///clinic\n"
           "\n"
           "The clinic's records. SIMULATION. Not a medical device; never for use in people.\n\n"
           "Usage: cisterna records COMMAND [OPTION ...]\n");
    for (unsigned i = 0; i < COMMANDS_ALL; i++) {
        int length = printf("  %s %s", COMMANDS[i].word, COMMANDS[i].plain);
        printf("%*s %s\n", 24 - length, "", COMMANDS[i].text);
    }
    printf("\nOptions:\n");
    for (unsigned i = 0; i < CLERK_OPTIONS; i++)
        option_help(i);
    printf("\nExit codes: 0 done, 1 failed, 2 usage or malformed input, 3 refused, 4 outcome unknown, 5 data damaged,\n"
           "6 version mismatch. Data goes to standard output, messages to standard error.\n");
    return EXIT_DONE;
}

static bool takes(const struct command_row *row, unsigned option)
{
    return option <= COMMON_LAST || (row->options >> option & 1) != 0;
}

/* The option of this command that was perhaps meant. */
static int option_unknown(const struct command_row *row, const struct clerk *clerk, const char *word)
{
    char spelt[CLERK_OPTIONS][32];
    const char *names[CLERK_OPTIONS + 1] = { NULL };
    unsigned count = 0;
    for (unsigned i = 0; i < CLERK_OPTIONS; i++)
        if (takes(row, i)) {
            snprintf(spelt[count], sizeof spelt[count], "--%s", ROWS[i].word);
            names[count] = spelt[count];
            count++;
        }
    const char *nearest = reader_nearest(word, names);
    if (nearest == NULL || strcmp(nearest, word) == 0)
        return clerk_say(clerk, EXIT_USAGE, "unknown option, or its value is missing or too much: ", word);
    fprintf(stderr, "cisterna records %s: unknown option %s; did you mean %s?\n", clerk->command, word, nearest);
    return EXIT_USAGE;
}

static int options_read(const struct command_row *row, struct clerk *clerk, int count, char **words)
{
    struct option options[CLERK_OPTIONS + 1] = { { NULL, 0, NULL, 0 } };
    for (unsigned i = 0; i < CLERK_OPTIONS; i++)
        options[i] = (struct option){ ROWS[i].word, *ROWS[i].value != '\0' ? required_argument : no_argument, NULL,
                                      OPTION_LETTER_FIRST + (int)i };
    int letter;
    opterr = 0;
    while ((letter = getopt_long(count, words, "h", options, NULL)) != -1) {
        if (letter == '?')
            return option_unknown(row, clerk, words[optind - 1]);
        unsigned option = letter == 'h' ? CLERK_AT_HELP : (unsigned)(letter - OPTION_LETTER_FIRST);
        if (!takes(row, option))
            return clerk_say(clerk, EXIT_USAGE, "takes no option --", ROWS[option].word);
        clerk->value[option] = optarg != NULL ? optarg : "";
    }
    int plain = count - optind;
    if (!clerk_has(clerk, CLERK_AT_HELP) && (plain < row->fewest || plain > row->most))
        return clerk_say(clerk, EXIT_USAGE, plain < row->fewest ? "needs " : "takes no more than ",
                         *row->plain != '\0' ? row->plain : "options");
    clerk->word = plain > 0 ? words[optind] : NULL;
    return EXIT_DONE;
}

/* The command that these words name, and how many they are; null when there is none. */
static const struct command_row *row_find(int count, char **words, int *used)
{
    char two[WORDS_BYTES];
    snprintf(two, sizeof two, "%s %s", words[1], count > 2 ? words[2] : "");
    for (unsigned i = 0; i < COMMANDS_ALL; i++) {
        bool one = strcmp(COMMANDS[i].word, words[1]) == 0;
        *used = one ? 1 : 2;
        if (one || strcmp(COMMANDS[i].word, two) == 0)
            return &COMMANDS[i];
    }
    return NULL;
}

static int command_unknown(const struct clerk *clerk, const char *word)
{
    const char *names[COMMANDS_ALL + 1] = { NULL };
    for (unsigned i = 0; i < COMMANDS_ALL; i++)
        names[i] = COMMANDS[i].word;
    const char *nearest = reader_nearest(word, names);
    if (strcmp(word, "users") == 0)
        return clerk_say(clerk, EXIT_USAGE, "users needs add, list, password or disable", "");
    if (nearest == NULL)
        return clerk_say(clerk, EXIT_USAGE, "there is no command ", word);
    fprintf(stderr, "cisterna records: there is no command %s; did you mean %s?\n", word, nearest);
    return EXIT_USAGE;
}

int clerk_main(int count, char **words)
{
    struct clerk clerk = { .command = "" };
    int used = 0;
    if (count < 2)
        return clerk_say(&clerk, EXIT_USAGE, "needs a command", "");
    if (strcmp(words[1], "--help") == 0 || strcmp(words[1], "-h") == 0)
        return help();
    const struct command_row *row = row_find(count, words, &used);
    if (row == NULL)
        return command_unknown(&clerk, words[1]);
    clerk.command = row->word;
    int code = options_read(row, &clerk, count - used, words + used);
    if (code != EXIT_DONE)
        return code;
    return clerk_has(&clerk, CLERK_AT_HELP) ? help() : row->run(&clerk);
}
