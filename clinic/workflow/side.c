/* side.c - a therapy in rows. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/side.h"

#include <stdarg.h>
#include <stdio.h>

#include "clinic/planner/refilling.h"
#include "clinic/workflow/daydose.h"
#include "clinic/workflow/names.h"
#include "document/plain.h"

/* An empty one, for names in mg where there is none. */
static const struct formulary NO_FORMULARY = { .entries = 0 };

__attribute__((format(printf, 4, 5))) static void add(struct settings *settings, const char *label, struct ratio number,
                                                      const char *format, ...)
{
    if (settings->count == FINISH_ROWS_MAX)
        return;
    struct setting *setting = &settings->setting[settings->count++];
    va_list list;
    va_start(list, format);
    snprintf(setting->label, sizeof setting->label, "%s", label);
    vsnprintf(setting->text, sizeof setting->text, format, list);
    va_end(list);
    setting->number = number;
}

static void add_volume(struct settings *settings, const char *label, int64_t nl)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write_volume(text, nl);
    add(settings, label, ratio_of(nl), "%s", text);
}

static void add_flow(struct settings *settings, const char *label, int64_t nl_day)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write_flow(text, nl_day);
    add(settings, label, ratio_of(nl_day), "%s", text);
}

static void add_day(struct settings *settings, const struct formulary *formulary, uint16_t drug, const char *what,
                    int64_t fg)
{
    char label[FINISH_LABEL_BYTES], text[AMOUNT_TEXT_BYTES];
    snprintf(label, sizeof label, "%s, %s", drug_word(drug), what);
    names_dose(formulary, drug, fg, text);
    add(settings, label, ratio_of(fg), "%s", text);
}

static void drug_rows(struct settings *settings, const struct formulary *formulary, const struct therapy *therapy)
{
    char label[FINISH_LABEL_BYTES], text[AMOUNT_TEXT_BYTES];
    if (therapy->mixture.count == 0) {
        add(settings, "drug", RATIO_NONE, "none");
        add_flow(settings, "most in any 24 h", daydose_most(therapy, DRUG_NONE, PART_ALL));
    }
    for (unsigned i = 0; i < therapy->mixture.count; i++) {
        const struct component *component = &therapy->mixture.component[i];
        snprintf(label, sizeof label, "%s, concentration", drug_word(component->drug));
        names_conc(formulary, component->drug, component->conc, text);
        add(settings, label, ratio_of(component->conc.ng_ml), "%s", text);
        add_day(settings, formulary, component->drug, "base of a day",
                daydose_most(therapy, component->drug, PART_BASE));
        add_day(settings, formulary, component->drug, "most in any 24 h",
                daydose_most(therapy, component->drug, PART_ALL));
    }
    add_flow(settings, "volume of a day", daydose_most(therapy, DRUG_NONE, PART_BASE));
}

static void add_bolus(struct settings *settings, const char *label, vol_nl volume, rate_nl_day rate)
{
    char amount[AMOUNT_TEXT_BYTES], flow[AMOUNT_TEXT_BYTES];
    amount_write_volume(amount, volume.nl);
    amount_write_flow(flow, rate.nl_day);
    add(settings, label, ratio_of(volume.nl), "%s at %s", amount, flow);
}

static void flex_rows(struct settings *settings, const struct program *program)
{
    static const char *const days[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
    char label[FINISH_LABEL_BYTES];
    for (unsigned day = 0; day < WEEK_DAYS; day++)
        add(settings, days[day], RATIO_NONE, "day set %u", program->weekday_set[day] + 1U);
    for (unsigned set = 0; set < program->day_set_count; set++)
        for (unsigned i = 0; i < program->day_set[set].count; i++) {
            const struct program_step *step = &program->day_set[set].step[i];
            snprintf(label, sizeof label, "day set %u, from %02u:%02u", set + 1, step->minute / 60U,
                     step->minute % 60U);
            add_flow(settings, label, step->rate.nl_day);
        }
}

static void program_rows(struct settings *settings, const struct program *program)
{
    static const char *const kinds[] = { "stopped", "continuous", "flex", "periodic", "minimum" };
    char span[AMOUNT_TEXT_BYTES];
    add(settings, "program", RATIO_NONE, "%s", program->kind <= PROGRAM_MINIMUM ? kinds[program->kind] : "unknown");
    if (program->kind == PROGRAM_FLEX)
        flex_rows(settings, program);
    else
        add_flow(settings, "base flow", program->base.nl_day);
    if (program->kind == PROGRAM_PERIODIC) {
        add_bolus(settings, "periodic bolus", program->periodic.volume, program->periodic.rate);
        amount_write_span(span, (int64_t)program->periodic.interval_minutes * MINUTE_MS);
        add(settings, "one every", ratio_of(program->periodic.interval_minutes), "%s", span);
        amount_write_span(span, (int64_t)program->periodic.first_minutes * MINUTE_MS);
        add(settings, "the first after", RATIO_NONE, "%s", span);
    }
}

static void extra_rows(struct settings *settings, const struct program *program)
{
    static const char *const openings[] = { "none", "priming bolus", "bridge bolus", "single bolus" };
    const struct patient_bolus *patient = &program->patient;
    add(settings, "opening", RATIO_NONE, "%s",
        program->opening.kind <= OPENING_SINGLE ? openings[program->opening.kind] : "unknown");
    if (program->opening.kind != OPENING_NONE)
        add_bolus(settings, "opening, how much", program->opening.volume, program->opening.rate);
    add(settings, "patient's bolus", RATIO_NONE, "%s", patient->allowed == 1 ? "allowed" : "not allowed");
    if (patient->allowed == 1) {
        add_bolus(settings, "patient's bolus, how much", patient->volume, patient->rate);
        add(settings, "patient's bolus, lockout", ratio_of(patient->lockout_minutes), "%u min",
            patient->lockout_minutes);
        add(settings, "patient's bolus, most in 24 h", ratio_of(patient->max_per_day), "%u", patient->max_per_day);
        add(settings, "patient's bolus, ends after", RATIO_NONE, "%u days", patient->expiry_days);
    }
}

static void limit_rows(struct settings *settings, const struct formulary *formulary, const struct limits *limits)
{
    char label[FINISH_LABEL_BYTES], hour[AMOUNT_TEXT_BYTES], day[AMOUNT_TEXT_BYTES];
    for (unsigned i = 0; i < limits->count; i++) {
        const struct drug_limit *limit = &limits->drug[i];
        snprintf(label, sizeof label, "limits of %s", drug_word(limit->drug));
        names_mass(formulary, limit->drug, limit->window[WINDOW_HOUR].fg, hour);
        names_mass(formulary, limit->drug, limit->window[WINDOW_DAY].fg, day);
        add(settings, label, RATIO_NONE, "%s in an hour, %s in a day", hour, day);
    }
    add_volume(settings, "largest bolus", limits->bolus_max.nl);
    add_flow(settings, "largest flow", limits->rate_max.nl_day);
}

static void rule_rows(struct settings *settings, const struct therapy *therapy)
{
    static const char *const priorities[] = { "?", "low", "medium", "high" };
    char text[AMOUNT_TEXT_BYTES];
    add_flow(settings, "safe rate", therapy->safe_rate.nl_day);
    add(settings, "restart limit", ratio_of(therapy->restart_limit_hours), "%u h", therapy->restart_limit_hours);
    add(settings, "under-delivery is", RATIO_NONE, "%s",
        priorities[therapy->under_delivery <= PRIORITY_HIGH ? therapy->under_delivery : 0]);
    add_volume(settings, "reservoir low at", therapy->reservoir_low.nl);
    add(settings, "MRI", RATIO_NONE, "%s", therapy->mri_rule == MRI_EMPTY_FIRST ? "empty first" : "keep the program");
    add_volume(settings, "dead volume", therapy->dead_volume.nl);
    add(settings, "formulary", RATIO_NONE, "%u", therapy->formulary_version);
    plain_write(therapy->region, text, sizeof text);
    add(settings, "region", RATIO_NONE, "%s", text[0] != '\0' ? text : "none");
}

/* Further away than any date that is shown. */
#define FAR_MS (INT64_C(300) * 366 * DAY_MS)

/* When the next refill is due, by the first drug, and why. */
static void refill_rows(struct settings *settings, const struct formulary *formulary, const struct finish_side *side)
{
    const struct therapy *therapy = side->therapy;
    const struct component *first = &therapy->mixture.component[0];
    const struct entry *entry = therapy->mixture.count > 0 ? formulary_find(formulary, first->drug) : NULL;
    const struct patient_bolus *patient = &therapy->program.patient;
    add_volume(settings, "reservoir, calculated", side->reservoir.nl);
    if (entry == NULL || side->reservoir.nl <= therapy->reservoir_low.nl)
        return;
    struct refilling_question question = {
        .model = model_find(therapy->model, therapy->revision),
        .drugdose = { first->drug, first->conc, { daydose_most(therapy, first->drug, PART_BASE) } },
        .fill = side->reservoir,
        .alarm = therapy->reservoir_low,
        .bolus = { patient->allowed == 1 ? patient->volume.nl * first->conc.ng_ml : 0 },
        .boluses = patient->allowed == 1 ? patient->max_per_day : 0,
        .state = side->first_fill                     ? FILL_FIRST
                 : entry_marketed(entry, first->conc) ? FILL_UNDILUTED
                                                      : FILL_DILUTED,
        .from = side->from,
        .has_replacement = side->has_replacement,
        .replacement = side->replacement,
    };
    struct refilling_plan plan;
    char day[32];
    int64_t ms = 0;
    if (!refilling_plan(entry, &question, &plan) || !ratio_whole(plan.due, ROUND_DOWN, &ms) || ms > FAR_MS ||
        ms < -FAR_MS) {
        add(settings, "refill by", RATIO_NONE, "not known: nothing bounds it");
        return;
    }
    write_day(day, (civil_ms){ side->from.ms + ms });
    add(settings, "refill by", RATIO_NONE, "%s, because of %s", day, refilling_reason_word(plan.first));
}

void side_settings(struct settings *settings, const struct formulary *formulary, const struct finish_side *side)
{
    const struct therapy *therapy = side->therapy;
    const struct formulary *known = formulary != NULL ? formulary : &NO_FORMULARY;
    char name[PLAIN_TEXT_BYTES];
    settings->count = 0;
    if (therapy == NULL)
        return;
    plain_write(therapy->name, name, sizeof name);
    add(settings, "name", RATIO_NONE, "%s", name);
    drug_rows(settings, known, therapy);
    program_rows(settings, &therapy->program);
    extra_rows(settings, &therapy->program);
    limit_rows(settings, known, &therapy->limits);
    rule_rows(settings, therapy);
    if (side->has_reservoir)
        refill_rows(settings, known, side);
}
