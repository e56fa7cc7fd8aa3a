/* desk.h - the commands of `cisterna` that talk to a pump: one table (app/desk.def), one reading of their options. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_DESK_H
#define APP_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "amount/amount.h"
#include "app/options.h"
#include "core/mixture.h"

#define OPTION(name, ...) OPTION_AT_##name,
enum desk_option {
#include "app/desk.def"
    DESK_OPTIONS
};
#undef OPTION

/* What the command line says. */
struct desk {
    const char *command;
    const char *value[DESK_OPTIONS]; /* null: not given; a flag has an empty one */
    const char *word;                /* the plain word, or null */
    const char *drug[MIXTURE_DRUGS_MAX], *concentration[MIXTURE_DRUGS_MAX]; /* in their order */
    unsigned drugs;
};

/* Is it one of these commands? */
bool desk_knows(const char *word);
/* The commands, one at a time, for a list of words; null after the last. */
const char *desk_word(unsigned index);
/* Runs one; words[0] is its name. Returns the exit code. */
int desk_main(int count, char **words);
/* The lines of `cisterna --help` on these commands. */
void desk_help(void);

static inline bool desk_has(const struct desk *desk, enum desk_option option)
{
    return desk->value[option] != NULL;
}
/* "cisterna WORD: text word; see cisterna WORD --help" on standard error, and EXIT_USAGE. */
int desk_usage(const struct desk *desk, const char *text, const char *word);
/* An amount that an option holds, from `least` to `most`; EXIT_DONE, or EXIT_USAGE with a message, also when it is missing. */
int desk_amount(const struct desk *desk, enum desk_option option, enum dimension dimension, int64_t least, int64_t most,
                int64_t *amount);
/* A name that an option holds, of 1 to `most` bytes that are what they look like (document/plain.h), in the same way. */
int desk_name(const struct desk *desk, enum desk_option option, size_t most, const char **name);
/* A whole number in the same way. */
int desk_number(const struct desk *desk, const char *text, uint64_t least, uint64_t most, uint64_t *number);

#endif
