/* asking.c - the ten questions: what was given, read into a planner's question, and its sheet. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/asking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clinic/planner/benefitlines.h"
#include "clinic/planner/benefitwords.h"
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
        if (!(step))                                                                                                           \
            return false;                                                                                                      \
    } while (0)

static bool model_of(struct inquiry *inquiry, const struct model **model)
{
    *model = model_named(inquiry->value[PLAN_MODEL]);
    return *model != NULL ? true : inquiry_refuse(inquiry, "--model is C20, C40 or V20, not ", inquiry->value[PLAN_MODEL]);
}

static bool drug_of(struct inquiry *inquiry, const char *word, uint16_t *drug)
{
    *drug = drug_code(word);
    return *drug != DRUG_NONE ? true : inquiry_refuse(inquiry, "no drug is called ", word);
}

static bool conc_of(struct inquiry *inquiry, const char *what, const char *text, conc_ng_ml *conc)
{
    int64_t value = 0;
    TRY(inquiry_amount_of(inquiry, what, text, DIMENSION_CONC, &value));
    if (value <= 0 || value > CONC_NG_ML_MAX)
        return inquiry_refuse(inquiry, "a concentration is above zero and at most 100 mg/mL, not ", text);
    conc->ng_ml = (int32_t)value;
    return true;
}

static bool dose_of(struct inquiry *inquiry, const char *what, const char *text, mass_fg *dose)
{
    TRY(inquiry_amount_of(inquiry, what, text, DIMENSION_DOSE, &dose->fg));
    return dose->fg <= LIMIT_FG_MAX ? true : inquiry_refuse(inquiry, "no pump gives that much a day: ", text);
}

static bool volume_of(struct inquiry *inquiry, enum plan_option option, vol_nl *volume)
{
    if (!inquiry_has(inquiry, option))
        return true;
    TRY(inquiry_amount(inquiry, option, DIMENSION_VOLUME, &volume->nl));
    return volume->nl <= VOL_NL_MAX ? true
                                    : inquiry_refuse(inquiry, "no reservoir holds more than 100 mL: ", inquiry->value[option]);
}

/* Where nothing is no answer: told and zero is not the same as not told. `advice` says what would be right. */
static bool volume_above_zero(struct inquiry *inquiry, enum plan_option option, const char *advice, vol_nl *volume)
{
    TRY(volume_of(inquiry, option, volume));
    return !inquiry_has(inquiry, option) || volume->nl > 0 ? true
                                                           : inquiry_refuse(inquiry, advice, inquiry->value[option]);
}

static const char FILL_ADVICE[] = "--fill is what is put in the reservoir, above zero, not ";

static bool flow_of(struct inquiry *inquiry, enum plan_option option, rate_nl_day *flow)
{
    int64_t value = 0;
    if (!inquiry_has(inquiry, option))
        return true;
    TRY(inquiry_amount(inquiry, option, DIMENSION_FLOW, &value));
    if (value <= 0 || value > RATE_NL_DAY_MAX)
        return inquiry_refuse(inquiry, "no pump gives more than 28.8 mL/day, nor nothing: ", inquiry->value[option]);
    flow->nl_day = (int32_t)value;
    return true;
}

static bool drugdose_of(struct inquiry *inquiry, struct drugdose *given)
{
    TRY(drug_of(inquiry, inquiry->value[PLAN_DRUG], &given->drug));
    TRY(conc_of(inquiry, "--concentration", inquiry->value[PLAN_CONCENTRATION], &given->conc));
    return dose_of(inquiry, "--dose", inquiry->value[PLAN_DOSE], &given->dose);
}

bool rate_ask(struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct rate_question question = { .model = NULL };
    TRY(model_of(inquiry, &question.model));
    TRY(drugdose_of(inquiry, &question.drugdose));
    TRY(volume_above_zero(inquiry, PLAN_FILL, "--fill is above zero, and left out for a full reservoir, not ",
                          &question.fill));
    TRY(volume_of(inquiry, PLAN_ALARM, &question.alarm));
    vol_nl fill = question.fill.nl > 0 ? question.fill : question.model->reservoir;
    if (question.alarm.nl >= fill.nl)
        return inquiry_refuse(inquiry, "--alarm must be below what is in the reservoir: ", inquiry->value[PLAN_ALARM]);
    rate_sheet(formulary, &question, sheet);
    return true;
}

static bool date_of(struct inquiry *inquiry, const char *text, civil_ms *civil)
{
    struct civil_date date = { .year = 0 };
    char end = '\0';
    bool form = strlen(text) == 10 && strspn(text, "0123456789-") == 10 &&
                sscanf(text, "%4d-%2hhu-%2hhu%c", &date.year, &date.month, &date.day, &end) == 3;
    if (!form || civil_from_date(&date, civil) != RESULT_OK)
        return inquiry_refuse(inquiry, "a date is written 2026-03-01, and lies within 1970 and 2199, not ", text);
    return true;
}

static bool boluses_of(struct inquiry *inquiry, struct refilling_question *question)
{
    char *end = NULL;
    const char *text = inquiry->value[PLAN_BOLUS_MAX];
    if (inquiry_has(inquiry, PLAN_BOLUS) != inquiry_has(inquiry, PLAN_BOLUS_MAX))
        return inquiry_refuse(inquiry, "--bolus and --bolus-max are told together", "");
    if (text == NULL)
        return true;
    question->boluses = *text >= '0' && *text <= '9' ? strtoll(text, &end, 10) : 0;
    if (question->boluses < 1 || question->boluses > BOLUSES_MOST || (strcmp(end, "/day") != 0 && *end != '\0'))
        return inquiry_refuse(inquiry, "--bolus-max is a number a day, such as 4/day, not ", text);
    TRY(inquiry_amount(inquiry, PLAN_BOLUS, DIMENSION_MASS, &question->bolus.fg));
    return question->bolus.fg > 0
               ? true
               : inquiry_refuse(inquiry, "--bolus is above zero, and left out with --bolus-max where none is allowed, not ",
                                inquiry->value[PLAN_BOLUS]);
}

/* Not told, the concentration decides: what is not marketed was diluted, or compounded. */
static bool state_of(struct inquiry *inquiry, const struct formulary *formulary, struct refilling_question *question)
{
    static const char *const states[FILL_STATES] = { "first", "undiluted", "diluted" };
    unsigned state = 0;
    if (!inquiry_has(inquiry, PLAN_STATE)) {
        const struct entry *entry = formulary_find(formulary, question->drugdose.drug);
        bool marketed = entry != NULL && entry_marketed(entry, question->drugdose.conc);
        question->state = marketed ? FILL_UNDILUTED : FILL_DILUTED;
        return true;
    }
    while (state < FILL_STATES && strcmp(states[state], inquiry->value[PLAN_STATE]) != 0)
        state++;
    if (state == FILL_STATES)
        return inquiry_refuse(inquiry, "--state is first, undiluted or diluted, not ", inquiry->value[PLAN_STATE]);
    question->state = (enum fill_state)state;
    return true;
}

bool refill_ask(struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct refilling_question question = { .from = { inquiry->today_ms } };
    TRY(model_of(inquiry, &question.model));
    TRY(drugdose_of(inquiry, &question.drugdose));
    TRY(volume_above_zero(inquiry, PLAN_FILL, FILL_ADVICE, &question.fill));
    TRY(volume_of(inquiry, PLAN_ALARM, &question.alarm));
    TRY(boluses_of(inquiry, &question));
    TRY(state_of(inquiry, formulary, &question));
    if (inquiry_has(inquiry, PLAN_FROM))
        TRY(date_of(inquiry, inquiry->value[PLAN_FROM], &question.from));
    question.has_replacement = inquiry_has(inquiry, PLAN_REPLACEMENT);
    if (question.has_replacement)
        TRY(date_of(inquiry, inquiry->value[PLAN_REPLACEMENT], &question.replacement));
    refilling_sheet(formulary, &question, sheet);
    return true;
}

static bool catheter_of(struct inquiry *inquiry, struct implanted_catheter *catheter)
{
    int64_t value = 0;
    enum dimension dimension;
    const char *text = inquiry->value[PLAN_CATHETER];
    enum amount_fault fault = amount_read_any(text, &dimension, &value);
    if (fault != AMOUNT_OK || (dimension != DIMENSION_LENGTH && dimension != DIMENSION_VOLUME) || value > INT32_MAX)
        return inquiry_refuse(inquiry, "--catheter needs a length, such as '110 cm', or a volume, such as '0.2 mL', not ", text);
    catheter->by_volume = dimension == DIMENSION_VOLUME;
    if (catheter->by_volume)
        catheter->volume.nl = value;
    else
        catheter->length_mm = (int32_t)value;
    if (!inquiry_has(inquiry, PLAN_TRIMMED))
        return true;
    TRY(inquiry_amount(inquiry, PLAN_TRIMMED, DIMENSION_LENGTH, &value));
    if (value > CATHETER_MM_MAX)
        return inquiry_refuse(inquiry, "--trimmed is longer than any catheter: ", inquiry->value[PLAN_TRIMMED]);
    catheter->trimmed_mm = (int32_t)value;
    return true;
}

bool prime_ask(struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct prime_question question = { .pump_primed = inquiry_has(inquiry, PLAN_PUMP_PRIMED),
                                       .catheter_empty = inquiry_has(inquiry, PLAN_CATHETER_EMPTY),
                                       .has_tubing = inquiry_has(inquiry, PLAN_TUBING) };
    TRY(model_of(inquiry, &question.model));
    TRY(catheter_of(inquiry, &question.catheter));
    TRY(drugdose_of(inquiry, &question.drugdose));
    TRY(flow_of(inquiry, PLAN_RATE, &question.rate));
    TRY(volume_of(inquiry, PLAN_TUBING, &question.tubing));
    if (question.catheter_empty && inquiry_has(inquiry, PLAN_HOLDS))
        return inquiry_refuse(inquiry, "--catheter-empty and --holds contradict each other", "");
    if (inquiry_has(inquiry, PLAN_HOLDS))
        TRY(conc_of(inquiry, "--holds", inquiry->value[PLAN_HOLDS], &question.holds));
    prime_sheet(formulary, &question, sheet);
    return true;
}

/* "baclofen:500 mcg/mL:400 mcg/day" */
static bool triple_of(struct inquiry *inquiry, enum plan_option option, struct drugdose *given)
{
    char part[3][PART_BYTES];
    const char *text = inquiry->value[option];
    for (unsigned i = 0; i < 3; i++) {
        size_t size = strcspn(text, ":");
        if (size == 0 || size >= PART_BYTES || (i < 2) != (text[size] == ':'))
            return inquiry_refuse(inquiry, "needs DRUG:CONCENTRATION:DOSE, such as 'baclofen:500 mcg/mL:400 mcg/day', not ",
                                 inquiry->value[option]);
        memcpy(part[i], text, size);
        part[i][size] = '\0';
        text += size + 1;
    }
    TRY(drug_of(inquiry, part[0], &given->drug));
    TRY(conc_of(inquiry, "the concentration", part[1], &given->conc));
    return dose_of(inquiry, "the dose", part[2], &given->dose);
}

bool bridge_ask(struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct bridge_question question = { .model = NULL };
    TRY(model_of(inquiry, &question.model));
    TRY(catheter_of(inquiry, &question.catheter));
    TRY(triple_of(inquiry, PLAN_FROM, &question.from));
    TRY(triple_of(inquiry, PLAN_TO, &question.to));
    bridge_sheet(formulary, &question, sheet);
    return true;
}

bool residual_ask(struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct residual_question question;
    struct reading now = { .date = "now" };
    (void)formulary; /* volumes alone */
    memset(&question, 0, sizeof question);
    TRY(model_of(inquiry, &question.model));
    TRY(volume_of(inquiry, PLAN_EXPECTED, &now.expected));
    TRY(volume_of(inquiry, PLAN_FOUND, &now.found));
    TRY(volume_above_zero(inquiry, PLAN_METERED,
                          "--metered is above zero, and left out where it is not known or nothing was counted, not ",
                          &now.metered));
    TRY(volume_above_zero(inquiry, PLAN_TOLERANCE, "--tolerance is above zero, and left out for the published one, not ",
                          &question.tolerance));
    if (question.tolerance.nl > residual_tolerance_most(question.model).nl)
        return inquiry_refuse(inquiry,
                              "--tolerance is at most five times the published one, 5 mL for 20 mL pumps and 10 mL above, not ",
                              inquiry->value[PLAN_TOLERANCE]);
    if (inquiry_has(inquiry, PLAN_HISTORY)) {
        TRY(readings_read(inquiry->value[PLAN_HISTORY], inquiry->history, &question.readings, inquiry->messages));
    }
    if (question.readings.count == READINGS_MAX)
        return inquiry_refuse(inquiry, "the history leaves no room for this reading; at most 63 lines are taken", "");
    question.readings.reading[question.readings.count++] = now;
    residual_sheet(&question, sheet);
    return true;
}

bool start_ask(struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct starting_question question = { .opioid_naive = inquiry_has(inquiry, PLAN_OPIOID_NAIVE),
                                          .published_ratios = inquiry_has(inquiry, PLAN_PUBLISHED_RATIOS),
                                          .other_route = inquiry->value[PLAN_OTHER_ROUTE] };
    TRY(drug_of(inquiry, inquiry->value[PLAN_DRUG], &question.drug));
    starting_sheet(formulary, &question, sheet);
    return true;
}

bool titrate_ask(struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct titrating_question question = { .has_wanted = inquiry_has(inquiry, PLAN_WANTED), .since = RATIO_NONE };
    int64_t since = 0;
    TRY(drug_of(inquiry, inquiry->value[PLAN_DRUG], &question.drug));
    TRY(dose_of(inquiry, "--dose", inquiry->value[PLAN_DOSE], &question.dose));
    if (question.dose.fg == 0)
        return inquiry_refuse(inquiry, "--dose is the one in force, above zero; for a first dose ask start", "");
    if (question.has_wanted)
        TRY(dose_of(inquiry, "--wanted", inquiry->value[PLAN_WANTED], &question.wanted));
    if (inquiry_has(inquiry, PLAN_SINCE)) {
        TRY(inquiry_amount(inquiry, PLAN_SINCE, DIMENSION_SPAN, &since));
        question.since = ratio_of(since);
    }
    titrating_sheet(formulary, &question, sheet);
    return true;
}

bool volume_ask(struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct volume_question question = { .drug = DRUG_NONE };
    TRY(drug_of(inquiry, inquiry->value[PLAN_DRUG], &question.drug));
    TRY(conc_of(inquiry, "--concentration", inquiry->value[PLAN_CONCENTRATION], &question.conc));
    TRY(inquiry_amount(inquiry, PLAN_MASS, DIMENSION_MASS, &question.mass.fg));
    if (question.mass.fg == 0)
        return inquiry_refuse(inquiry, "--mass is above zero, not ", inquiry->value[PLAN_MASS]);
    volume_sheet(formulary, &question, sheet);
    return true;
}

bool mix_ask(struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct mix_question question = { .parts = inquiry->drugs };
    TRY(model_of(inquiry, &question.model));
    TRY(flow_of(inquiry, PLAN_FLOW, &question.flow));
    TRY(volume_above_zero(inquiry, PLAN_FILL, FILL_ADVICE, &question.fill));
    TRY(volume_of(inquiry, PLAN_DEAD_SPACE, &question.dead_space));
    for (unsigned i = 0; i < inquiry->drugs; i++) {
        struct mix_part *part = &question.part[i];
        if (inquiry->dose[i] == NULL || inquiry->stock[i] == NULL)
            return inquiry_refuse(inquiry, "needs --dose and --stock behind --drug ", inquiry->drug[i]);
        TRY(drug_of(inquiry, inquiry->drug[i], &part->drug));
        TRY(dose_of(inquiry, "--dose", inquiry->dose[i], &part->dose));
        TRY(conc_of(inquiry, "--stock", inquiry->stock[i], &part->stock));
        for (unsigned before = 0; before < i; before++)
            if (question.part[before].drug == part->drug)
                return inquiry_refuse(inquiry, "names a drug twice: ", inquiry->drug[i]);
    }
    mix_sheet(formulary, &question, sheet);
    return true;
}

bool benefit_ask(struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet)
{
    struct benefit_question question = { .has_wanted = inquiry_has(inquiry, PLAN_WANTED) };
    civil_ms now = { inquiry->today_ms };
    TRY(drug_of(inquiry, inquiry->value[PLAN_DRUG], &question.drug));
    if (inquiry_has(inquiry, PLAN_FROM)) {
        TRY(date_of(inquiry, inquiry->value[PLAN_FROM], &now));
    }
    TRY(benefitlines_read(inquiry->value[PLAN_HISTORY], inquiry->history, question.drug, &question.history,
                          inquiry->messages));
    const struct benefit_history *history = &question.history;
    const struct benefit_therapy *newest = &history->therapy[history->therapies - 1];
    int64_t newest_ms = history->scores > 0 && history->score[history->scores - 1].at_ms > newest->at_ms
                            ? history->score[history->scores - 1].at_ms
                            : newest->at_ms;
    if (now.ms < newest_ms)
        return inquiry_refuse(inquiry, "the history goes on behind the day that is asked about; --from names a later one", "");
    question.now_ms = now.ms;
    question.wanted = newest->drug[0];
    if (inquiry_has(inquiry, PLAN_CONCENTRATION) && !question.has_wanted)
        return inquiry_refuse(inquiry, "--concentration is that of the next dose, and needs --wanted", "");
    if (inquiry_has(inquiry, PLAN_CONCENTRATION)) {
        TRY(conc_of(inquiry, "--concentration", inquiry->value[PLAN_CONCENTRATION], &question.wanted.conc));
    }
    if (question.has_wanted) {
        mass_fg wanted;
        TRY(dose_of(inquiry, "--wanted", inquiry->value[PLAN_WANTED], &wanted));
        question.wanted.dose = ratio_of(wanted.fg);
    }
    benefit_sheet(formulary, &question, sheet);
    return true;
}
