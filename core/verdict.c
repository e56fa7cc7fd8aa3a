/* verdict.c - the word and the sentence of each reason for a refusal. */
// SPDX-License-Identifier: Apache-2.0
#include "core/verdict.h"

#include <stddef.h>

#define VERDICT(name, bit, word, text) +1
_Static_assert(0
#include "core/verdict.def"
                       == VERDICT_COUNT,
               "VERDICT_COUNT is the number of rows");
#undef VERDICT

/* One case for each row: a bit used twice does not compile. */
const char *verdict_word(unsigned bit)
{
#define VERDICT(name, number, word, text)                                                                              \
    case number: {                                                                                                     \
        _Static_assert((number) < VERDICT_COUNT, "bits are dense: " #name);                                            \
        return word;                                                                                                   \
    }
    switch (bit) {
#include "core/verdict.def"
    default:
        return NULL;
    }
#undef VERDICT
}

const char *verdict_text(unsigned bit)
{
#define VERDICT(name, number, word, text)                                                                              \
    case number:                                                                                                       \
        return text;
    switch (bit) {
#include "core/verdict.def"
    default:
        return NULL;
    }
#undef VERDICT
}
