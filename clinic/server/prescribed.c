/* prescribed.c - therapies as documents. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/prescribed.h"

#include <stdio.h>

#include "amount/amount.h"
#include "clinic/workflow/names.h"

struct telling {
    const struct formulary *formulary;
    const struct therapy *therapy;
};

static void text_set(json_t *object, const char *name, const char *text)
{
    (void)json_object_set_new(object, name, json_string(text));
}

static void volume_set(json_t *object, const char *name, vol_nl volume)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write_volume(text, volume.nl);
    text_set(object, name, text);
}

static void flow_set(json_t *object, const char *name, rate_nl_day rate)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write_flow(text, rate.nl_day);
    text_set(object, name, text);
}

static void span_set(json_t *object, const char *name, int64_t count, const char *unit)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write(text, count, 0, 0, unit);
    text_set(object, name, text);
}

/* A flow: ng/mL times nL/day are fg/day, so the dose is exact. */
static void dose_set(const struct telling *at, json_t *object, rate_nl_day rate)
{
    const struct component *primary = at->therapy->mixture.component;
    char text[AMOUNT_TEXT_BYTES];
    if (at->therapy->mixture.count == 0) {
        flow_set(object, "rate", rate);
        return;
    }
    names_dose(at->formulary, primary->drug, (int64_t)rate.nl_day * primary->conc.ng_ml, text);
    text_set(object, "dose", text);
}

static json_t *bolus_json(const struct telling *at, vol_nl volume, rate_nl_day rate)
{
    const struct component *primary = at->therapy->mixture.component;
    char text[AMOUNT_TEXT_BYTES];
    json_t *object = json_object();
    if (at->therapy->mixture.count == 0) {
        volume_set(object, "volume", volume);
    } else {
        names_mass(at->formulary, primary->drug, volume.nl * primary->conc.ng_ml, text);
        text_set(object, "dose", text);
    }
    flow_set(object, "rate", rate);
    return object;
}

static json_t *drugs_json(const struct telling *at)
{
    char text[AMOUNT_TEXT_BYTES];
    json_t *list = json_array();
    for (unsigned i = 0; i < at->therapy->mixture.count; i++) {
        const struct component *component = &at->therapy->mixture.component[i];
        names_conc(at->formulary, component->drug, component->conc, text);
        (void)json_array_append_new(list,
                                    json_pack("{s:s, s:s}", "drug", drug_word(component->drug), "concentration", text));
    }
    return list;
}

/* Day sets have no names in the pump: they are numbered. */
static void flex_set(const struct telling *at, json_t *object)
{
    static const char *const DAYS[WEEK_DAYS] = { "monday", "tuesday",  "wednesday", "thursday",
                                                 "friday", "saturday", "sunday" };
    const struct program *program = &at->therapy->program;
    json_t *sets = json_object(), *week = json_object();
    char name[16], from[16];
    for (unsigned i = 0; i < program->day_set_count; i++) {
        json_t *list = json_array();
        for (unsigned j = 0; j < program->day_set[i].count; j++) {
            const struct program_step *step = &program->day_set[i].step[j];
            json_t *one = json_object();
            snprintf(from, sizeof from, "%02u:%02u", step->minute / 60U % 24U, step->minute % 60U);
            text_set(one, "from", from);
            dose_set(at, one, step->rate);
            (void)json_array_append_new(list, one);
        }
        snprintf(name, sizeof name, "day %u", i + 1);
        (void)json_object_set_new(sets, name, list);
    }
    for (unsigned day = 0; day < WEEK_DAYS; day++) {
        snprintf(name, sizeof name, "day %u", program->weekday_set[day] + 1U);
        text_set(week, DAYS[day], name);
    }
    (void)json_object_set_new(object, "day_sets", sets);
    (void)json_object_set_new(object, "week", week);
}

static json_t *program_json(const struct telling *at)
{
    static const char *const KINDS[] = { "stopped", "continuous", "flex", "periodic", "minimum" };
    const struct program *program = &at->therapy->program;
    json_t *object = json_pack("{s:s}", "kind", KINDS[program->kind]);
    if (program->kind == PROGRAM_CONTINUOUS || (program->kind == PROGRAM_PERIODIC && program->base.nl_day > 0))
        dose_set(at, object, program->base);
    if (program->kind == PROGRAM_FLEX)
        flex_set(at, object);
    if (program->kind == PROGRAM_PERIODIC) {
        json_t *bolus = bolus_json(at, program->periodic.volume, program->periodic.rate);
        span_set(bolus, "every", program->periodic.interval_minutes, "min");
        span_set(bolus, "first", program->periodic.first_minutes, "min");
        (void)json_object_set_new(object, "bolus", bolus);
    }
    return object;
}

static json_t *opening_json(const struct opening *opening)
{
    static const char *const KINDS[] = { "none", "prime", "bridge", "single" };
    json_t *object = json_pack("{s:s}", "kind", KINDS[opening->kind]);
    if (opening->kind == OPENING_NONE)
        return object;
    volume_set(object, "volume", opening->volume);
    flow_set(object, "rate", opening->rate);
    return object;
}

static json_t *patient_json(const struct telling *at)
{
    const struct patient_bolus *patient = &at->therapy->program.patient;
    json_t *object = bolus_json(at, patient->volume, patient->rate);
    span_set(object, "lockout", patient->lockout_minutes, "min");
    (void)json_object_set_new(object, "max_per_day", json_integer(patient->max_per_day));
    span_set(object, "expiry", patient->expiry_days, "d");
    return object;
}

static json_t *limits_json(const struct telling *at)
{
    const struct limits *limits = &at->therapy->limits;
    char hour[AMOUNT_TEXT_BYTES], day[AMOUNT_TEXT_BYTES];
    json_t *drugs = json_array(), *object = json_object();
    for (unsigned i = 0; i < limits->count; i++) {
        const struct drug_limit *limit = &limits->drug[i];
        names_mass(at->formulary, limit->drug, limit->window[WINDOW_HOUR].fg, hour);
        names_mass(at->formulary, limit->drug, limit->window[WINDOW_DAY].fg, day);
        (void)json_array_append_new(
            drugs, json_pack("{s:s, s:s, s:s}", "drug", drug_word(limit->drug), "hour", hour, "day", day));
    }
    (void)json_object_set_new(object, "drugs", drugs);
    volume_set(object, "bolus_max", limits->bolus_max);
    flow_set(object, "rate_max", limits->rate_max);
    return object;
}

json_t *prescribed_json(const struct formulary *formulary, const struct therapy *therapy)
{
    static const char *const PRIORITIES[] = { "", "low", "medium", "high" };
    const struct telling at = { formulary, therapy };
    json_t *object = json_object();
    text_set(object, "name", therapy->name);
    (void)json_object_set_new(object, "drugs", drugs_json(&at));
    (void)json_object_set_new(object, "program", program_json(&at));
    (void)json_object_set_new(object, "opening", opening_json(&therapy->program.opening));
    if (therapy->program.patient.allowed != 0)
        (void)json_object_set_new(object, "patient_bolus", patient_json(&at));
    (void)json_object_set_new(object, "limits", limits_json(&at));
    flow_set(object, "safe_rate", therapy->safe_rate);
    span_set(object, "restart_limit", therapy->restart_limit_hours, "h");
    text_set(object, "under_delivery", PRIORITIES[therapy->under_delivery & 3]);
    volume_set(object, "reservoir_low", therapy->reservoir_low);
    text_set(object, "mri", therapy->mri_rule == MRI_EMPTY_FIRST ? "empty_first" : "keep_program");
    (void)json_object_set_new(object, "formulary", json_integer(therapy->formulary_version));
    if (*therapy->region != '\0')
        text_set(object, "region", therapy->region);
    return object;
}
