/* refilling.c - when the next refill is due. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/refilling.h"

#include "clinic/guard/wording.h"
#include "core/calendar.h"

static const char *const REASON_WORDS[REFILLING_REASONS] = { "volume", "stability", "replacement", "policy" };
static const char *const STATE_WORDS[FILL_STATES] = { "first fill", "undiluted", "diluted" };

const char *refilling_reason_word(enum refilling_reason reason)
{
    return REASON_WORDS[reason];
}

static bool date_shown(civil_ms civil, struct civil_date *date)
{
    civil_ms back;
    if (civil.ms < 0)
        return false;
    *date = civil_date(civil);
    return civil_from_date(date, &back) == RESULT_OK && back.ms == civil.ms;
}

void write_date(char text[32], civil_ms civil)
{
    struct civil_date date;
    if (date_shown(civil, &date))
        snprintf(text, 32, "%04d-%02u-%02u %02u:%02u", (int)date.year, date.month, date.day, date.hour, date.minute);
    else
        snprintf(text, 32, "outside 1970 to 2199");
}

void write_day(char text[32], civil_ms civil)
{
    struct civil_date date;
    if (date_shown(civil, &date))
        snprintf(text, 32, "%04d-%02u-%02u", (int)date.year, date.month, date.day);
    else
        snprintf(text, 32, "outside 1970 to 2199");
}

static struct ratio of_figure(const struct figure *figure)
{
    return figure->known ? ratio_of(figure->value) : RATIO_NONE;
}

bool refilling_plan(const struct entry *entry, const struct refilling_question *question, struct refilling_plan *plan)
{
    struct ratio usable = ratio_mul(ratio_of(question->fill.nl - question->alarm.nl), ratio_of(DAY_MS));
    plan->flow = drugdose_flow(&question->drugdose);
    plan->bolus = ratio_over(question->bolus.fg, question->drugdose.conc.ng_ml);
    plan->daily = ratio_add(plan->flow, ratio_mul(plan->bolus, ratio_of(question->boluses)));
    plan->base_alone = ratio_div(usable, plan->flow);
    plan->lasts[REFILLING_VOLUME] = ratio_div(usable, plan->daily);
    plan->lasts[REFILLING_STABILITY] = of_figure(&entry->stability[question->state]);
    plan->lasts[REFILLING_REPLACEMENT] =
        question->has_replacement ? ratio_of(question->replacement.ms - question->from.ms) : RATIO_NONE;
    plan->lasts[REFILLING_POLICY] = of_figure(&entry->refill_policy);
    plan->due = RATIO_NONE;
    plan->first = REFILLING_VOLUME;
    for (unsigned i = 0; i < REFILLING_REASONS; i++) {
        struct ratio least = ratio_least(plan->due, plan->lasts[i]);
        if (ratio_is(plan->lasts[i]) && (!ratio_is(plan->due) || ratio_compare(plan->lasts[i], plan->due) < 0))
            plan->first = (enum refilling_reason)i;
        plan->due = least;
    }
    return ratio_is(plan->due);
}

/* The moment so long after the refill, to the millisecond below. */
static civil_ms moment(const struct refilling_question *question, struct ratio span)
{
    int64_t ms = 0;
    const int64_t far = INT64_C(300) * 366 * DAY_MS;
    if (!ratio_whole(span, ROUND_DOWN, &ms) || ms > far)
        return (civil_ms){ -1 };
    return (civil_ms){ question->from.ms + ms };
}

static void inputs(struct sheet *sheet, const struct entry *entry, const struct refilling_question *question)
{
    wording text;
    char date[32];
    drugdose_inputs(sheet, entry, &question->drugdose, "");
    write_volume(text, ratio_of(question->fill.nl), ROUND_NEAREST);
    sheet_input(sheet, "fill", "filled", "%s, %s", text, STATE_WORDS[question->state]);
    write_volume(text, ratio_of(question->alarm.nl), ROUND_NEAREST);
    sheet_input(sheet, "alarm", "left at the alarm", "%s", text);
    if (question->boluses > 0) {
        write_mass(text, entry, ratio_of(question->bolus.fg), ROUND_NEAREST);
        sheet_input(sheet, "boluses", "boluses", "%s, at most %lld in any 24 hours", text, (long long)question->boluses);
    }
    write_date(date, question->from);
    sheet_input(sheet, "from", "from", "%s", date);
    sheet_formula(sheet, "volume: (fill - alarm) / (flow + boluses a day x volume of one); the earliest of all reasons is due");
}

static void judge(struct findings *findings, const struct entry *entry, const struct refilling_question *question)
{
    guard_fill(findings, question->model, question->fill, (vol_nl){ -1 });
    if (question->alarm.nl >= question->fill.nl)
        findings_add(findings, RULE_CAPACITY, FINDING_HARD, "the alarm volume is not below the fill: there is nothing to give");
    if (question->boluses > 0) {
        struct ratio total = ratio_add(ratio_of(question->drugdose.dose.fg),
                                       ratio_mul(ratio_of(question->bolus.fg), ratio_of(question->boluses)));
        guard_field(findings, entry, FIELD_BOLUS, ratio_of(question->bolus.fg));
        guard_field(findings, entry, FIELD_BOLUSES, ratio_of(question->boluses));
        guard_field(findings, entry, FIELD_TOTAL, total);
        if (!entry->patient_bolus)
            findings_add(findings, RULE_BOUNDS, FINDING_HARD, "the formulary allows no patient boluses of %s: none would pass",
                         drug_word(entry->drug));
    }
    if (question->state == FILL_UNDILUTED && !entry_marketed(entry, question->drugdose.conc))
        findings_add(findings, RULE_STABILITY, FINDING_HARD,
                     "%s is not known to be marketed at this concentration, so that it is not undiluted: diluted would pass",
                     drug_word(entry->drug));
    if (!entry->stability[question->state].known)
        findings_add(findings, RULE_STABILITY, FINDING_NOTE,
                     "nothing is known of how long %s, %s, keeps in a pump: volume and policy alone decide",
                     drug_word(entry->drug), STATE_WORDS[question->state]);
    if (question->has_replacement && question->replacement.ms <= question->from.ms)
        findings_add(findings, RULE_REPLACEMENT, FINDING_HARD, "the pump was due for replacement before this refill");
}

void refilling_sheet(const struct formulary *formulary, const struct refilling_question *question, struct sheet *sheet)
{
    struct refilling_plan plan;
    wording text;
    char date[32];
    sheet_begin(sheet, "refill");
    sheet_input(sheet, "model", "pump", "%s, revision %u", model_name(question->model->code), question->model->revision);
    const struct entry *entry = drugdose_judge(&sheet->findings, formulary, question->model, &question->drugdose);
    if (entry == NULL)
        return;
    inputs(sheet, entry, question);
    judge(&sheet->findings, entry, question);
    if (question->alarm.nl >= question->fill.nl || !refilling_plan(entry, question, &plan))
        return;
    write_day(date, moment(question, plan.due));
    sheet_result(sheet, NULL, "by", "refill by", "%s", date);
    sheet_result(sheet, NULL, "reason", "because of", "%s", REASON_WORDS[plan.first]);
    write_days(text, plan.due, ROUND_DOWN);
    sheet_result(sheet, NULL, "days", "which is in", "%s", text);
    write_days(text, plan.base_alone, ROUND_DOWN);
    if (question->boluses > 0)
        sheet_result(sheet, NULL, "without_boluses", "the volume, were no bolus given", "%s",
                     ratio_is(plan.base_alone) ? text : "for ever: nothing flows");
    for (unsigned i = 0; i < REFILLING_REASONS; i++) {
        if (!ratio_is(plan.lasts[i]))
            continue;
        write_days(text, plan.lasts[i], ROUND_DOWN);
        write_day(date, moment(question, plan.lasts[i]));
        sheet_result(sheet, "reasons", REASON_WORDS[i], REASON_WORDS[i], "%s (%s)", text, date);
    }
    sheet_figure(sheet, entry, &entry->stability[question->state]);
    sheet_figure(sheet, entry, &entry->refill_policy);
}
