/* inquiry.h - a question to the planner as somebody asks it, in words: from the command line or over HTTP, read by the same code
 * into the same sheet. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_INQUIRY_H
#define CLINIC_PLANNER_INQUIRY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "amount/amount.h"
#include "clinic/formulary/formulary.h"
#include "clinic/planner/sheet.h"
#include "core/mixture.h"

#define OPTION(name, ...) PLAN_##name,
enum plan_option {
#include "clinic/planner/question.def"
    PLAN_OPTIONS
};
#undef OPTION

enum { INQUIRY_FAULT_BYTES = 400 };

struct inquiry {
    const char *question;
    const char *value[PLAN_OPTIONS]; /* null: not given; a flag has an empty one */
    unsigned drugs;                  /* of mix: each with its dose and stock */
    const char *drug[MIXTURE_DRUGS_MAX], *dose[MIXTURE_DRUGS_MAX], *stock[MIXTURE_DRUGS_MAX];
    int64_t today_ms;    /* a refill counts from here when no date is given; since 1970 */
    const char *history; /* the lines that value[PLAN_HISTORY] names; null when it is not given */
    FILE *messages;      /* what is wrong with those lines */
    char fault[INQUIRY_FAULT_BYTES]; /* why it was not answered; empty when messages have told */
    unsigned at;                     /* the option that was at fault; PLAN_OPTIONS: none in particular */
};

/* What there is to an option, and to a question. */
struct option_row {
    const char *word, *value, *text; /* value: placeholder; empty for a flag */
};
struct question_row {
    const char *word;
    /* Reads the options and works out a sheet; false with a fault. Findings in the sheet are no faults. */
    bool (*ask)(struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet);
    uint64_t needed, taken; /* bit sets of enum plan_option */
    const char *text, *example;
};
const struct option_row *option_row(unsigned option); /* below PLAN_OPTIONS */
/* Null after the last; null when there is none of this name. */
const struct question_row *question_at(unsigned index);
const struct question_row *question_named(const char *word);
/* Is the option one of each drug of a mixture? */
bool question_part(const struct question_row *row, unsigned option);

static inline bool inquiry_has(const struct inquiry *inquiry, enum plan_option option)
{
    return inquiry->value[option] != NULL;
}
/* Keeps a fault, text and word in one; false. The first "--option" of the text is what it is about. */
bool inquiry_refuse(struct inquiry *inquiry, const char *text, const char *word);
/* Reads an amount that must be there, or refuses with what would be right. */
bool inquiry_amount(struct inquiry *inquiry, enum plan_option option, enum dimension dimension, int64_t *amount);
/* The same of any text, named by the option it stands in. */
bool inquiry_amount_of(struct inquiry *inquiry, const char *what, const char *text, enum dimension dimension, int64_t *amount);
/* Adds a drug, dose or stock of a mixture: each dose and stock stands behind its drug. */
bool inquiry_part(struct inquiry *inquiry, enum plan_option option, const char *value);

#endif
