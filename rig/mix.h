/* mix.h - the faults of a soak: how often each strikes, what it does, and by what it must or may be noticed. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_MIX_H
#define RIG_MIX_H

#include <stdbool.h>
#include <stdint.h>

/* FAULT(name, word, group, strikes in a thousand years, silent 1: unnoticed means a wrong dose) */
#define FAULT(name, ...) FAULT_##name,
enum fault {
#include "rig/mix.def"
    FAULTS
};
#undef FAULT

struct fault_row {
    const char *word, *group;
    int32_t per_thousand_years;
    bool silent;
};
const struct fault_row *fault_row(enum fault fault);

struct mix {
    int32_t per_thousand_years[FAULTS];
};

/* Reads "none", "default", "all", the name of a group, or a list such as "power,stall=12" (strikes a year, decimals
 * allowed); a name alone means its usual rate, "all" ten times the usual of everything. False, with the word that
 * is wrong in `wrong`, when it cannot be read. */
bool mix_read(const char *text, struct mix *mix, char wrong[64]);

#endif
