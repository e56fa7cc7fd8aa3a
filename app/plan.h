/* plan.h - `cisterna plan`: the clinic's arithmetic on its own. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PLAN_H
#define APP_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "amount/amount.h"
#include "core/mixture.h"

#define OPTION(name, ...) PLAN_##name,
enum plan_option {
#include "app/plan.def"
    PLAN_OPTIONS
};
#undef OPTION

/* What the command line says. */
struct inquiry {
    const char *question;
    const char *value[PLAN_OPTIONS]; /* null: not given; a flag has an empty one */
    unsigned drugs;                  /* of mix: each with its dose and stock */
    const char *drug[MIXTURE_DRUGS_MAX], *dose[MIXTURE_DRUGS_MAX], *stock[MIXTURE_DRUGS_MAX];
};

/* words[0] is "plan". Returns the exit code: 0 when nothing, or only notes, stand against the plan; 3 when a limit does. */
int plan_main(int count, char **words);
/* The lines of `cisterna --help`. */
void plan_help(void);

static inline bool inquiry_has(const struct inquiry *inquiry, enum plan_option option)
{
    return inquiry->value[option] != NULL;
}
/* "cisterna plan QUESTION: text word" on standard error, and EXIT_USAGE. */
int inquiry_usage(const struct inquiry *inquiry, const char *text, const char *word);
/* Reads an amount that must be there, or EXIT_USAGE with what would be right. */
int inquiry_amount(const struct inquiry *inquiry, enum plan_option option, enum dimension dimension, int64_t *amount);
/* The same of any text, named by the option it stands in. */
int inquiry_amount_of(const struct inquiry *inquiry, const char *what, const char *text, enum dimension dimension,
                      int64_t *amount);

#endif
