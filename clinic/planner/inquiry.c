/* inquiry.c - the table of questions and their options, and what is wrong with one. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/inquiry.h"

#include <string.h>

#include "clinic/planner/asking.h"

#define ON(name) (UINT64_C(1) << PLAN_##name)

static const struct option_row ROWS[PLAN_OPTIONS] = {
#define OPTION(name, word_, value_, text_) { .word = word_, .value = value_, .text = text_ },
#include "clinic/planner/question.def"
#undef OPTION
};

static const struct question_row QUESTIONS[] = {
#define PLAN(word_, function, needed_, taken_, text_, example_)                                                                \
    { .word = word_, .ask = function, .needed = needed_, .taken = taken_, .text = text_, .example = example_ },
#include "clinic/planner/question.def"
#undef PLAN
};
enum { QUESTION_COUNT = sizeof QUESTIONS / sizeof QUESTIONS[0] };

const struct option_row *option_row(unsigned option)
{
    return &ROWS[option];
}

const struct question_row *question_at(unsigned index)
{
    return index < QUESTION_COUNT ? &QUESTIONS[index] : NULL;
}

const struct question_row *question_named(const char *word)
{
    for (unsigned i = 0; i < QUESTION_COUNT; i++)
        if (strcmp(QUESTIONS[i].word, word) == 0)
            return &QUESTIONS[i];
    return NULL;
}

bool question_part(const struct question_row *row, unsigned option)
{
    return (row->needed & ON(STOCK)) != 0 && (option == PLAN_DRUG || option == PLAN_DOSE || option == PLAN_STOCK);
}

/* The option that a text names first; PLAN_OPTIONS when it names none. */
static unsigned option_in(const char *text)
{
    const char *begin = strstr(text, "--");
    size_t length = begin != NULL ? strspn(begin + 2, "abcdefghijklmnopqrstuvwxyz-") : 0;
    for (unsigned i = 0; i < PLAN_OPTIONS && length > 0; i++)
        if (strlen(ROWS[i].word) == length && strncmp(ROWS[i].word, begin + 2, length) == 0)
            return i;
    return PLAN_OPTIONS;
}

bool inquiry_refuse(struct inquiry *inquiry, const char *text, const char *word)
{
    snprintf(inquiry->fault, sizeof inquiry->fault, "%s%s", text, word);
    inquiry->at = option_in(text);
    return false;
}

bool inquiry_amount_of(struct inquiry *inquiry, const char *what, const char *text, enum dimension dimension,
                      int64_t *amount)
{
    char message[160];
    enum amount_fault fault = amount_read(text, dimension, amount);
    if (fault == AMOUNT_OK)
        return true;
    snprintf(message, sizeof message, "%s needs %s%s%s, not ", what, amount_example(dimension),
             fault == AMOUNT_FRACTION ? ", not finer than a whole " : "",
             fault == AMOUNT_FRACTION ? amount_base_unit(dimension) : "");
    if (strchr(text, ',') != NULL)
        snprintf(message, sizeof message, "%s: a decimal point is written '.', and a comma is not read as one: ", what);
    return inquiry_refuse(inquiry, message, text);
}

bool inquiry_amount(struct inquiry *inquiry, enum plan_option option, enum dimension dimension, int64_t *amount)
{
    char what[40];
    snprintf(what, sizeof what, "--%s", ROWS[option].word);
    return inquiry_amount_of(inquiry, what, inquiry->value[option], dimension, amount);
}

bool inquiry_part(struct inquiry *inquiry, enum plan_option option, const char *value)
{
    if (option == PLAN_DRUG) {
        if (inquiry->drugs == MIXTURE_DRUGS_MAX)
            return inquiry_refuse(inquiry, "takes four drugs at most, not also ", value);
        inquiry->drug[inquiry->drugs++] = value;
        return true;
    }
    const char **into = option == PLAN_DOSE ? inquiry->dose : inquiry->stock;
    if (inquiry->drugs == 0 || into[inquiry->drugs - 1] != NULL)
        return inquiry_refuse(inquiry, "each --dose and --stock stands behind its --drug, once: ", value);
    into[inquiry->drugs - 1] = value;
    return true;
}
