/* advice.c - the table of advice by reason. */
// SPDX-License-Identifier: Apache-2.0
#include "document/advice.h"

#include <stddef.h>

#include "core/verdict.h"

#define VERDICT(name, bit, word, text) BIT_##name = bit,
enum {
#include "core/verdict.def"
};
#undef VERDICT

const char *advice_text(unsigned bit)
{
#define ADVICE(name, text) [BIT_##name] = text,
    static const char *const texts[] = {
#include "document/advice.def"
    };
#undef ADVICE
    _Static_assert(sizeof texts / sizeof *texts == VERDICT_COUNT, "a row of advice for each reason");
    return bit < VERDICT_COUNT ? texts[bit] : NULL;
}
