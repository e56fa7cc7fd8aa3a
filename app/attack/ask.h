/* ask.h - what the command line of `cisterna attack` asks for. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_ATTACK_ASK_H
#define APP_ATTACK_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/options.h"
#include "rig/attack/attack.h"

#define OPTION(name, ...) ASK_##name,
enum ask_option {
#include "app/attack/attack.def"
    ASK_OPTIONS
};
#undef OPTION

enum { ASK_BYTES_MAX = 65536, ASK_FRAMES_MAX = 1000000, ASK_SECONDS_MAX = 86400, ASK_MS_MAX = 60000 };

struct ask {
    const char *value[ASK_OPTIONS]; /* as written; null: not given; a flag has an empty one */
    enum attack_kind kind;
    const char *file;               /* the plain word behind the kind, or null */
    uint64_t seed, after;
    int64_t seconds, wait_ms;
    bool lose_to, lose_from;
    struct attack_wish wish;        /* its bytes are those below */
    uint8_t bytes[ASK_BYTES_MAX];
};

/* Reads a command line; words[0] is "attack". EXIT_DONE, or a message and EXIT_USAGE. With --help nothing else is looked at. */
int ask_read(struct ask *ask, int count, char **words);
/* What `cisterna attack --help` says; of a kind, when one was named. */
void ask_help(const struct ask *ask);
/* "cisterna attack: text word; see cisterna attack --help" on standard error, and EXIT_USAGE. */
int ask_usage(const char *text, const char *word);

static inline bool ask_has(const struct ask *ask, enum ask_option option)
{
    return ask->value[option] != NULL;
}

#endif
