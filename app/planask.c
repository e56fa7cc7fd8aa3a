/* planask.c - the questions of `cisterna plan`. */
// SPDX-License-Identifier: Apache-2.0
#include "app/planask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/options.h"
#include "app/textfile.h"
#include "clinic/planner/bridge.h"
#include "clinic/planner/mix.h"
#include "clinic/planner/prime.h"
#include "clinic/planner/rate.h"
#include "clinic/planner/refilling.h"
#include "clinic/planner/residual.h"
#include "clinic/planner/starting.h"
#include "clinic/planner/volume.h"
#include "core/calendar.h"
#include "core/limits.h"

enum { PART_BYTES = 64, BOLUSES_MOST = 1000 };

/* The first that goes wrong ends the reading. */
#define TRY(step)                                                                                                              \
    do {                                                                                                                       \
        int code_ = (step);                                                                                                    \
        if (code_ != EXIT_DONE)                                                                                                \
            return code_;                                                                                                      \
    } while (0)

static int model_of(const struct inquiry *inquiry, const struct model **model)
{
    *model = model_named(inquiry->value[PLAN_MODEL]);
    return *model != NULL ? EXIT_DONE : inquiry_usage(inquiry, "--model is C20, C40 or V20, not ", inquiry->value[PLAN_MODEL]);
}

static int drug_of(const struct inquiry *inquiry, const char *word, uint16_t *drug)
{
    *drug = drug_code(word);
    return *drug != DRUG_NONE ? EXIT_DONE : inquiry_usage(inquiry, "no drug is called ", word);
}

static int conc_of(const struct inquiry *inquiry, const char *what, const char *text, conc_ng_ml *conc)
{
    int64_t value = 0;
    TRY(inquiry_amount_of(inquiry, what, text, DIMENSION_CONC, &value));
    if (value <= 0 || value > CONC_NG_ML_MAX)
        return inquiry_usage(inquiry, "a concentration is above zero and at most 100 mg/mL, not ", text);
    conc->ng_ml = (int32_t)value;
    return EXIT_DONE;
}

static int dose_of(const struct inquiry *inquiry, const char *what, const char *text, mass_fg *dose)
{
    TRY(inquiry_amount_of(inquiry, what, text, DIMENSION_DOSE, &dose->fg));
    return dose->fg <= LIMIT_FG_MAX ? EXIT_DONE : inquiry_usage(inquiry, "no pump gives that much a day: ", text);
}

static int volume_of(const struct inquiry *inquiry, enum plan_option option, vol_nl *volume)
{
    if (!inquiry_has(inquiry, option))
        return EXIT_DONE;
    TRY(inquiry_amount(inquiry, option, DIMENSION_VOLUME, &volume->nl));
    return volume->nl <= VOL_NL_MAX ? EXIT_DONE
                                    : inquiry_usage(inquiry, "no reservoir holds more than 100 mL: ", inquiry->value[option]);
}

static int flow_of(const struct inquiry *inquiry, enum plan_option option, rate_nl_day *flow)
{
    int64_t value = 0;
    if (!inquiry_has(inquiry, option))
        return EXIT_DONE;
    TRY(inquiry_amount(inquiry, option, DIMENSION_FLOW, &value));
    if (value <= 0 || value > RATE_NL_DAY_MAX)
        return inquiry_usage(inquiry, "no pump gives more than 28.8 mL/day, nor nothing: ", inquiry->value[option]);
    flow->nl_day = (int32_t)value;
    return EXIT_DONE;
}

static int drugdose_of(const struct inquiry *inquiry, struct drugdose *given)
{
    TRY(drug_of(inquiry, inquiry->value[PLAN_DRUG], &given->drug));
    TRY(conc_of(inquiry, "--concentration", inquiry->value[PLAN_CONCENTRATION], &given->conc));
    return dose_of(inquiry, "--dose", inquiry->value[PLAN_DOSE], &given->dose);
}

int rate_ask(const struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct rate_question question = { .model = NULL };
    TRY(model_of(inquiry, &question.model));
    TRY(drugdose_of(inquiry, &question.drugdose));
    TRY(volume_of(inquiry, PLAN_FILL, &question.fill));
    TRY(volume_of(inquiry, PLAN_ALARM, &question.alarm));
    vol_nl fill = question.fill.nl > 0 ? question.fill : question.model->reservoir;
    if (question.alarm.nl >= fill.nl)
        return inquiry_usage(inquiry, "--alarm must be below what is in the reservoir: ", inquiry->value[PLAN_ALARM]);
    rate_sheet(formulary, &question, sheet);
    return EXIT_DONE;
}

static int date_of(const struct inquiry *inquiry, const char *text, civil_ms *civil)
{
    struct civil_date date = { .year = 0 };
    char end = '\0';
    bool form = strlen(text) == 10 && strspn(text, "0123456789-") == 10 &&
                sscanf(text, "%4d-%2hhu-%2hhu%c", &date.year, &date.month, &date.day, &end) == 3;
    if (!form || civil_from_date(&date, civil) != RESULT_OK)
        return inquiry_usage(inquiry, "a date is written 2026-03-01, and lies within 1970 and 2199, not ", text);
    return EXIT_DONE;
}

static int boluses_of(const struct inquiry *inquiry, struct refilling_question *question)
{
    char *end = NULL;
    const char *text = inquiry->value[PLAN_BOLUS_MAX];
    if (inquiry_has(inquiry, PLAN_BOLUS) != inquiry_has(inquiry, PLAN_BOLUS_MAX))
        return inquiry_usage(inquiry, "--bolus and --bolus-max are told together", "");
    if (text == NULL)
        return EXIT_DONE;
    question->boluses = *text >= '0' && *text <= '9' ? strtoll(text, &end, 10) : 0;
    if (question->boluses < 1 || question->boluses > BOLUSES_MOST || (strcmp(end, "/day") != 0 && *end != '\0'))
        return inquiry_usage(inquiry, "--bolus-max is a number a day, such as 4/day, not ", text);
    return inquiry_amount(inquiry, PLAN_BOLUS, DIMENSION_MASS, &question->bolus.fg);
}

int refill_ask(const struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    static const char *const states[FILL_STATES] = { "first", "undiluted", "diluted" };
    struct refilling_question question = { .state = FILL_UNDILUTED, .from = { (int64_t)time(NULL) * 1000 } };
    TRY(model_of(inquiry, &question.model));
    TRY(drugdose_of(inquiry, &question.drugdose));
    TRY(volume_of(inquiry, PLAN_FILL, &question.fill));
    TRY(volume_of(inquiry, PLAN_ALARM, &question.alarm));
    TRY(boluses_of(inquiry, &question));
    if (inquiry_has(inquiry, PLAN_STATE)) {
        unsigned state = 0;
        while (state < FILL_STATES && strcmp(states[state], inquiry->value[PLAN_STATE]) != 0)
            state++;
        if (state == FILL_STATES)
            return inquiry_usage(inquiry, "--state is first, undiluted or diluted, not ", inquiry->value[PLAN_STATE]);
        question.state = (enum fill_state)state;
    }
    if (inquiry_has(inquiry, PLAN_FROM))
        TRY(date_of(inquiry, inquiry->value[PLAN_FROM], &question.from));
    question.has_replacement = inquiry_has(inquiry, PLAN_REPLACEMENT);
    if (question.has_replacement)
        TRY(date_of(inquiry, inquiry->value[PLAN_REPLACEMENT], &question.replacement));
    refilling_sheet(formulary, &question, sheet);
    return EXIT_DONE;
}

static int catheter_of(const struct inquiry *inquiry, struct implanted_catheter *catheter)
{
    int64_t value = 0;
    enum dimension dimension;
    const char *text = inquiry->value[PLAN_CATHETER];
    enum amount_fault fault = amount_read_any(text, &dimension, &value);
    if (fault != AMOUNT_OK || (dimension != DIMENSION_LENGTH && dimension != DIMENSION_VOLUME) || value > INT32_MAX)
        return inquiry_usage(inquiry, "--catheter needs a length, such as '110 cm', or a volume, such as '0.2 mL', not ", text);
    catheter->by_volume = dimension == DIMENSION_VOLUME;
    if (catheter->by_volume)
        catheter->volume.nl = value;
    else
        catheter->length_mm = (int32_t)value;
    if (!inquiry_has(inquiry, PLAN_TRIMMED))
        return EXIT_DONE;
    TRY(inquiry_amount(inquiry, PLAN_TRIMMED, DIMENSION_LENGTH, &value));
    if (value > CATHETER_MM_MAX)
        return inquiry_usage(inquiry, "--trimmed is longer than any catheter: ", inquiry->value[PLAN_TRIMMED]);
    catheter->trimmed_mm = (int32_t)value;
    return EXIT_DONE;
}

int prime_ask(const struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct prime_question question = { .pump_primed = inquiry_has(inquiry, PLAN_PUMP_PRIMED),
                                       .catheter_empty = inquiry_has(inquiry, PLAN_CATHETER_EMPTY) };
    TRY(model_of(inquiry, &question.model));
    TRY(catheter_of(inquiry, &question.catheter));
    TRY(drugdose_of(inquiry, &question.drugdose));
    TRY(flow_of(inquiry, PLAN_RATE, &question.rate));
    TRY(volume_of(inquiry, PLAN_TUBING, &question.tubing));
    if (question.catheter_empty && inquiry_has(inquiry, PLAN_HOLDS))
        return inquiry_usage(inquiry, "--catheter-empty and --holds contradict each other", "");
    if (inquiry_has(inquiry, PLAN_HOLDS))
        TRY(conc_of(inquiry, "--holds", inquiry->value[PLAN_HOLDS], &question.holds));
    prime_sheet(formulary, &question, sheet);
    return EXIT_DONE;
}

/* "baclofen:500 mcg/mL:400 mcg/day" */
static int triple_of(const struct inquiry *inquiry, enum plan_option option, struct drugdose *given)
{
    char part[3][PART_BYTES];
    const char *text = inquiry->value[option];
    for (unsigned i = 0; i < 3; i++) {
        size_t size = strcspn(text, ":");
        if (size == 0 || size >= PART_BYTES || (i < 2) != (text[size] == ':'))
            return inquiry_usage(inquiry, "needs DRUG:CONCENTRATION:DOSE, such as 'baclofen:500 mcg/mL:400 mcg/day', not ",
                                 inquiry->value[option]);
        memcpy(part[i], text, size);
        part[i][size] = '\0';
        text += size + 1;
    }
    TRY(drug_of(inquiry, part[0], &given->drug));
    TRY(conc_of(inquiry, "the concentration", part[1], &given->conc));
    return dose_of(inquiry, "the dose", part[2], &given->dose);
}

int bridge_ask(const struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct bridge_question question = { .model = NULL };
    TRY(model_of(inquiry, &question.model));
    TRY(catheter_of(inquiry, &question.catheter));
    TRY(triple_of(inquiry, PLAN_FROM, &question.from));
    TRY(triple_of(inquiry, PLAN_TO, &question.to));
    bridge_sheet(formulary, &question, sheet);
    return EXIT_DONE;
}

int residual_ask(const struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    static struct residual_question question;
    struct reading now = { .date = "now" };
    size_t size = 0;
    (void)formulary; /* volumes alone */
    memset(&question, 0, sizeof question);
    TRY(model_of(inquiry, &question.model));
    TRY(volume_of(inquiry, PLAN_EXPECTED, &now.expected));
    TRY(volume_of(inquiry, PLAN_FOUND, &now.found));
    TRY(volume_of(inquiry, PLAN_METERED, &now.metered));
    TRY(volume_of(inquiry, PLAN_TOLERANCE, &question.tolerance));
    if (inquiry_has(inquiry, PLAN_HISTORY)) {
        char *text = textfile_read(inquiry->value[PLAN_HISTORY], &size);
        bool good = text != NULL && readings_read(inquiry->value[PLAN_HISTORY], text, &question.readings, stderr);
        free(text);
        if (!good)
            return EXIT_USAGE;
    }
    if (question.readings.count == READINGS_MAX)
        return inquiry_usage(inquiry, "the history leaves no room for this reading; at most 63 lines are taken", "");
    question.readings.reading[question.readings.count++] = now;
    residual_sheet(&question, sheet);
    return EXIT_DONE;
}

int start_ask(const struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct starting_question question = { .opioid_naive = inquiry_has(inquiry, PLAN_OPIOID_NAIVE),
                                          .published_ratios = inquiry_has(inquiry, PLAN_PUBLISHED_RATIOS),
                                          .other_route = inquiry->value[PLAN_OTHER_ROUTE] };
    TRY(drug_of(inquiry, inquiry->value[PLAN_DRUG], &question.drug));
    starting_sheet(formulary, &question, sheet);
    return EXIT_DONE;
}

int titrate_ask(const struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct titrating_question question = { .since = RATIO_NONE };
    int64_t since = 0;
    TRY(drug_of(inquiry, inquiry->value[PLAN_DRUG], &question.drug));
    TRY(dose_of(inquiry, "--dose", inquiry->value[PLAN_DOSE], &question.dose));
    if (question.dose.fg == 0)
        return inquiry_usage(inquiry, "--dose is the one in force, above zero; for a first dose ask start", "");
    if (inquiry_has(inquiry, PLAN_WANTED))
        TRY(dose_of(inquiry, "--wanted", inquiry->value[PLAN_WANTED], &question.wanted));
    if (inquiry_has(inquiry, PLAN_SINCE)) {
        TRY(inquiry_amount(inquiry, PLAN_SINCE, DIMENSION_SPAN, &since));
        question.since = ratio_of(since);
    }
    titrating_sheet(formulary, &question, sheet);
    return EXIT_DONE;
}

int volume_ask(const struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct volume_question question = { .drug = DRUG_NONE };
    TRY(drug_of(inquiry, inquiry->value[PLAN_DRUG], &question.drug));
    TRY(conc_of(inquiry, "--concentration", inquiry->value[PLAN_CONCENTRATION], &question.conc));
    TRY(inquiry_amount(inquiry, PLAN_MASS, DIMENSION_MASS, &question.mass.fg));
    volume_sheet(formulary, &question, sheet);
    return EXIT_DONE;
}

int mix_ask(const struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct mix_question question = { .parts = inquiry->drugs };
    TRY(model_of(inquiry, &question.model));
    TRY(flow_of(inquiry, PLAN_FLOW, &question.flow));
    TRY(volume_of(inquiry, PLAN_FILL, &question.fill));
    TRY(volume_of(inquiry, PLAN_DEAD_SPACE, &question.dead_space));
    for (unsigned i = 0; i < inquiry->drugs; i++) {
        struct mix_part *part = &question.part[i];
        if (inquiry->dose[i] == NULL || inquiry->stock[i] == NULL)
            return inquiry_usage(inquiry, "needs --dose and --stock behind --drug ", inquiry->drug[i]);
        TRY(drug_of(inquiry, inquiry->drug[i], &part->drug));
        TRY(dose_of(inquiry, "--dose", inquiry->dose[i], &part->dose));
        TRY(conc_of(inquiry, "--stock", inquiry->stock[i], &part->stock));
        for (unsigned before = 0; before < i; before++)
            if (question.part[before].drug == part->drug)
                return inquiry_usage(inquiry, "names a drug twice: ", inquiry->drug[i]);
    }
    mix_sheet(formulary, &question, sheet);
    return EXIT_DONE;
}
