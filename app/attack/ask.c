/* ask.c - reading the command line of `cisterna attack`: which kind takes which options, and what their values mean. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "app/attack/ask.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/reader.h"

#define ON(name) (UINT64_C(1) << ASK_##name)
enum { COMMON_LAST = ASK_HELP, LETTER_FIRST = 256, SECONDS_USUAL = 60, WAIT_MS_USUAL = 200 };

struct option_row {
    const char *word, *value, *text;
};
#define OPTION(name, word_, value_, text_) { .word = word_, .value = value_, .text = text_ },
static const struct option_row ROWS[ASK_OPTIONS] = {
#include "app/attack/attack.def"
};
#undef OPTION

#define KIND(name, word, function, promises, ids, place, count, unheard, anew, options, tries, fear) [KIND_##name] = options,
static const uint64_t TAKEN[ATTACK_KINDS] = {
#include "rig/attack/kind.def"
};
#undef KIND

static bool takes(unsigned kind, unsigned option)
{
    return option <= COMMON_LAST || (kind < ATTACK_KINDS && (TAKEN[kind] >> option & 1) != 0);
}

int ask_usage(const char *text, const char *word)
{
    fprintf(stderr, "cisterna attack: %s%s; see cisterna attack --help\n", text, word);
    return EXIT_USAGE;
}

void ask_help(const struct ask *ask)
{
    const struct kind_row *row = kind_row(ask->kind);
    printf("Usage: cisterna attack --radio DIR %s [OPTION ...]\n", row != NULL ? row->word : "KIND");
    printf("Attacks a virtual pump, tells which promise that tries to break, and what came of it. SIMULATION.\n\n");
    for (unsigned i = 0; i < ATTACK_KINDS; i++)
        if (row == NULL || kind_row(i) == row)
            printf("  %-10s %s\n%13sbroken if: %s\n%13s%s\n", kind_row(i)->word, kind_row(i)->tries, "", kind_row(i)->fear,
                   "", kind_row(i)->ids);
    printf("\n");
    for (unsigned i = 0; i < ASK_OPTIONS; i++)
        if (takes(ask->kind, i)) {
            int length = printf("  --%s %s", ROWS[i].word, ROWS[i].value);
            printf("%*s %s\n", 26 - length, "", ROWS[i].text);
        }
    printf("\nreplay takes a capture: cisterna attack --radio DIR replay FILE.pcap\n"
           "Exit codes: 0 nothing was broken that could be seen, 1 failed, or a promise is broken, 2 usage, 4 the witness does\n"
           "not get through any more, 5 data damaged, 6 version mismatch.\n");
}

static int number_read(const struct ask *ask, enum ask_option option, uint64_t least, uint64_t most, uint64_t *number)
{
    const char *text = ask->value[option];
    char *end = NULL, said[96];
    if (text == NULL)
        return EXIT_DONE;
    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    if (*text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && value >= least && value <= most) {
        *number = value;
        return EXIT_DONE;
    }
    snprintf(said, sizeof said, "--%s is a whole number from %llu to %llu, not ", ROWS[option].word, (unsigned long long)least,
             (unsigned long long)most);
    return ask_usage(said, text);
}

static int kind_read(struct ask *ask, const char *word)
{
    const char *names[ATTACK_KINDS + 1] = { NULL };
    for (unsigned i = 0; i < ATTACK_KINDS; i++) {
        names[i] = kind_row(i)->word;
        if (strcmp(word, names[i]) == 0) {
            ask->kind = (enum attack_kind)i;
            return EXIT_DONE;
        }
    }
    const char *nearest = reader_nearest(word, names);
    if (nearest == NULL)
        return ask_usage("there is no such attack: ", word);
    fprintf(stderr, "cisterna attack: there is no attack \"%s\"; did you mean \"%s\"?\n", word, nearest);
    return EXIT_USAGE;
}

static int place_read(struct ask *ask)
{
    const char *word = ask->value[ASK_REACH];
    ask->wish.place = kind_row(ask->kind)->place;
    if (word == NULL)
        return EXIT_DONE;
    for (unsigned i = 0; i < PLACES; i++)
        if (strcmp(word, kind_place((enum place)i)) == 0) {
            ask->wish.place = (enum place)i;
            ask->wish.placed = true;
            return EXIT_DONE;
        }
    return ask_usage("--reach is far, near or magnet, not ", word);
}

static int kinds_read(struct ask *ask)
{
    char list[128], *rest = list;
    const char *text = ask->value[ASK_ONLY];
    if (text == NULL)
        return EXIT_DONE;
    if (snprintf(list, sizeof list, "%s", text) >= (int)sizeof list)
        return ask_usage("--only has too many kinds: ", text);
    for (const char *word = strtok_r(list, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
        unsigned kind = answers_kind(word);
        if (kind == 0)
            return ask_usage("--only knows the kinds of link/SPEC.md, such as KNOCK, and not ", word);
        ask->wish.only |= ANSWERS_BIT(kind);
    }
    return ask->wish.only != 0 ? EXIT_DONE : ask_usage("--only needs a kind", "");
}

static int hex_read(struct ask *ask)
{
    const char *text = ask->value[ASK_HEX];
    size_t digits = 0;
    for (; *text != '\0'; text++) {
        static const char all[] = "0123456789abcdefABCDEF";
        const char *found = strchr(all, *text);
        if (*text == ' ')
            continue;
        if (found == NULL || digits == 2 * (size_t)ASK_BYTES_MAX)
            return ask_usage("--hex is hexadecimal digits, not ", text);
        unsigned value = (unsigned)(found - all) < 16 ? (unsigned)(found - all) : (unsigned)(found - all) - 6;
        ask->bytes[digits / 2] = (uint8_t)(digits % 2 == 0 ? value << 4 : ask->bytes[digits / 2] | value);
        digits++;
    }
    ask->wish.size = digits / 2;
    return digits % 2 == 0 ? EXIT_DONE : ask_usage("--hex has half a byte at its end: ", ask->value[ASK_HEX]);
}

static int file_read(struct ask *ask)
{
    FILE *stream = fopen(ask->value[ASK_FILE], "rb");
    if (stream == NULL) {
        fprintf(stderr, "cisterna attack: cannot read %s: %s\n", ask->value[ASK_FILE], strerror(errno));
        return EXIT_USAGE;
    }
    ask->wish.size = fread(ask->bytes, 1, sizeof ask->bytes, stream);
    bool whole = ferror(stream) == 0 && fgetc(stream) == EOF;
    (void)fclose(stream);
    return whole ? EXIT_DONE : ask_usage("the file holds more than 65536 bytes, or cannot be read: ", ask->value[ASK_FILE]);
}

/* What is injected. */
static int bytes_read(struct ask *ask)
{
    bool hex = ask_has(ask, ASK_HEX), file = ask_has(ask, ASK_FILE);
    if (ask->kind != KIND_INJECT)
        return EXIT_DONE;
    if (hex == file)
        return ask_usage("inject needs --hex BYTES or --file FILE", "");
    if (ask_has(ask, ASK_RAW) && ask_has(ask, ASK_BODY))
        return ask_usage("--raw and --body exclude each other", "");
    int code = hex ? hex_read(ask) : file_read(ask);
    ask->wish.bytes = ask->bytes;
    ask->wish.raw = ask_has(ask, ASK_RAW);
    if (code == EXIT_DONE && (ask->wish.size == 0 || (!ask->wish.raw && ask->wish.size > FRAME_BODY_MAX)))
        return ask_usage("a body has 1 to 252 bytes; --raw sends other things", "");
    return code;
}

static int relay_read(struct ask *ask)
{
    const char *way = ask->value[ASK_LOSE];
    ask->lose_to = way != NULL && (strcmp(way, "to") == 0 || strcmp(way, "both") == 0);
    ask->lose_from = way != NULL && (strcmp(way, "from") == 0 || strcmp(way, "both") == 0);
    if (way != NULL && !ask->lose_to && !ask->lose_from)
        return ask_usage("--lose is to, from or both, not ", way);
    if (ask->kind == KIND_RELAY && !ask_has(ask, ASK_AS))
        return ask_usage("relay needs --as DIR, where programmers will look for the pump", "");
    return EXIT_DONE;
}

static int session_read(struct ask *ask)
{
    const char *text = ask->value[ASK_SESSION];
    char *end = NULL;
    if (text == NULL)
        return EXIT_DONE;
    unsigned long value = strtoul(text, &end, 16);
    ask->wish.session = (uint32_t)value;
    return *text != '\0' && *text != '-' && *end == '\0' && value > 0 && value <= UINT32_MAX
               ? EXIT_DONE
               : ask_usage("--session is a hexadecimal number of up to eight digits, not ", text);
}

static int numbers_read(struct ask *ask)
{
    struct attack_wish *wish = &ask->wish;
    uint64_t every = 0, seconds = SECONDS_USUAL, wait = WAIT_MS_USUAL, speed = 0, slot = 0;
    enum ask_option many = ask->kind == KIND_FUZZ ? ASK_FRAMES : ASK_COUNT;
    ask->seed = 1;
    wish->count = kind_row(ask->kind)->count;
    int code = number_read(ask, ASK_SEED, 0, UINT64_MAX, &ask->seed);
    code = code == EXIT_DONE ? number_read(ask, many, 1, ASK_FRAMES_MAX, &wish->count) : code;
    code = code == EXIT_DONE ? number_read(ask, ASK_EVERY, 1, ASK_MS_MAX, &every) : code;
    code = code == EXIT_DONE ? number_read(ask, ASK_WAIT, 0, ASK_MS_MAX, &wait) : code;
    code = code == EXIT_DONE ? number_read(ask, ASK_SECONDS, 1, ASK_SECONDS_MAX, &seconds) : code;
    code = code == EXIT_DONE ? number_read(ask, ASK_SPEED, 1, ASK_FRAMES_MAX, &speed) : code;
    code = code == EXIT_DONE ? number_read(ask, ASK_SLOT, 1, PEER_SLOTS, &slot) : code;
    code = code == EXIT_DONE ? number_read(ask, ASK_AFTER, 0, ASK_FRAMES_MAX, &ask->after) : code;
    wish->every_ms = (int64_t)every;
    wish->speed = (uint32_t)speed;
    wish->slot = (uint8_t)slot;
    ask->wait_ms = (int64_t)wait;
    ask->seconds = (int64_t)seconds;
    wish->span_ms = ask->seconds * 1000;
    return code;
}

static int values_read(struct ask *ask)
{
    const char *serial = ask->value[ASK_SERIAL];
    int (*const readers[])(struct ask *ask) = { place_read, numbers_read, kinds_read, bytes_read, relay_read, session_read };
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        int code = readers[i](ask);
        if (code != EXIT_DONE)
            return code;
    }
    if (serial != NULL && strlen(serial) >= PUMP_ID_BYTES)
        return ask_usage("--serial has up to 15 characters, not ", serial);
    if (serial != NULL)
        memcpy(ask->wish.pump_id, serial, strlen(serial));
    ask->wish.reflect = ask_has(ask, ASK_REFLECT);
    if (ask->kind == KIND_RECORD && !ask_has(ask, ASK_OUT))
        return ask_usage("record needs --out FILE.pcap", "");
    if (ask->kind == KIND_STARVE && !ask_has(ask, ASK_FROM))
        return ask_usage("starve needs --from FILE.pcap: relay writes one", "");
    if (ask->kind == KIND_ROLE && !ask_has(ask, ASK_WITNESS))
        return ask_usage("role needs --witness KEYS", "");
    if (ask->kind == KIND_PAIR && serial == NULL && !ask_has(ask, ASK_WITNESS))
        return ask_usage("pair needs --serial SERIAL, or a witness that knows it", "");
    return EXIT_DONE;
}

/* What stands behind the options: the kind, and the capture of a replay. */
static int plain_read(struct ask *ask, int count, char **words)
{
    if (count == 0)
        return ask_has(ask, ASK_HELP) ? EXIT_DONE : ask_usage("needs a kind of attack", "");
    int code = kind_read(ask, words[0]);
    if (code != EXIT_DONE || ask_has(ask, ASK_HELP))
        return code;
    int most = ask->kind == KIND_REPLAY ? 2 : 1;
    if (count > most)
        return ask_usage("what is this for: ", words[most]);
    if (count < most)
        return ask_usage("replay needs a capture", "");
    ask->file = most == 2 ? words[1] : ask->value[ASK_FROM];
    for (unsigned i = 0; i < ASK_OPTIONS; i++)
        if (ask_has(ask, (enum ask_option)i) && !takes(ask->kind, i)) {
            fprintf(stderr, "cisterna attack: %s takes no --%s\n", kind_row(ask->kind)->word, ROWS[i].word);
            return EXIT_USAGE;
        }
    return values_read(ask);
}

/* The option that was perhaps meant. */
static int option_unknown(const char *word)
{
    char spelt[ASK_OPTIONS][24];
    const char *names[ASK_OPTIONS + 1] = { NULL };
    for (unsigned i = 0; i < ASK_OPTIONS; i++) {
        snprintf(spelt[i], sizeof spelt[i], "--%s", ROWS[i].word);
        names[i] = spelt[i];
    }
    const char *nearest = reader_nearest(word, names);
    if (nearest == NULL || strcmp(nearest, word) == 0)
        return ask_usage("unknown option, or its value is missing or too much: ", word);
    fprintf(stderr, "cisterna attack: unknown option %s; did you mean %s?\n", word, nearest);
    return EXIT_USAGE;
}

int ask_read(struct ask *ask, int count, char **words)
{
    struct option options[ASK_OPTIONS + 1] = { { NULL, 0, NULL, 0 } };
    int letter;
    memset(ask, 0, sizeof *ask);
    ask->kind = ATTACK_KINDS;
    for (unsigned i = 0; i < ASK_OPTIONS; i++)
        options[i] = (struct option){ ROWS[i].word, *ROWS[i].value != '\0' ? required_argument : no_argument, NULL,
                                      LETTER_FIRST + (int)i };
    opterr = 0;
    while ((letter = getopt_long(count, words, "h", options, NULL)) != -1) {
        if (letter == '?')
            return option_unknown(words[optind - 1]);
        ask->value[letter == 'h' ? ASK_HELP : letter - LETTER_FIRST] = optarg != NULL ? optarg : "";
    }
    return plain_read(ask, count - optind, words + optind);
}
