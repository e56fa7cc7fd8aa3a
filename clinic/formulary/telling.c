/* telling.c - an entry, told. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/formulary/telling.h"

#include <stdio.h>

#include "core/therapy.h"

/* Spans of a week or more in whole days, others in hours where they are whole. */
static void span_text(char text[AMOUNT_TEXT_BYTES], int64_t ms)
{
    if (ms % DAY_MS == 0 && ms >= WEEK_DAYS * (int64_t)DAY_MS)
        amount_write(text, ms / DAY_MS, 0, 0, "d");
    else if (ms % HOUR_MS == 0)
        amount_write(text, ms / HOUR_MS, 0, 0, "h");
    else if (ms % MINUTE_MS == 0)
        amount_write(text, ms / MINUTE_MS, 0, 0, "min");
    else
        amount_write(text, ms, 0, 0, "ms");
}

void figure_text(char text[AMOUNT_TEXT_BYTES], const struct entry *entry, enum dimension dimension, int64_t value)
{
    bool mg = entry->milligrams;
    unsigned mass_scale = mg ? 12 : 9; /* decimals from fg */
    switch (dimension) {
    case DIMENSION_CONC:
        amount_write(text, value, mg ? 6 : 3, 0, mg ? "mg/mL" : "mcg/mL");
        break;
    case DIMENSION_MASS:
        amount_write(text, value, mass_scale, 0, mg ? "mg" : "mcg");
        break;
    case DIMENSION_DOSE:
        amount_write(text, value, mass_scale, 0, mg ? "mg/day" : "mcg/day");
        break;
    case DIMENSION_SPAN:
        span_text(text, value);
        break;
    case DIMENSION_RATIO:
        amount_write(text, value, 4, 0, "%");
        break;
    case DIMENSION_COUNT:
        amount_write(text, value, 0, 0, "");
        break;
    case DIMENSION_VOLUME:
    case DIMENSION_FLOW:
    case DIMENSION_LENGTH:
    case DIMENSION_PPM:
    case DIMENSION_TEMPERATURE:
    case DIMENSION_CURRENT:
        amount_write(text, value, 0, 0, amount_base_unit(dimension)); /* no entry holds one */
        break;
    }
}

struct origin figure_origin(const struct figure *figure)
{
    return (struct origin){ figure->mark, figure->source, figure->reason };
}

void origin_text(char text[ORIGIN_TEXT_BYTES], const struct entry *entry, struct origin origin)
{
    const char *reason = origin.reason > 0 ? entry->reason[origin.reason - 1] : NULL;
    const char *word = mark_word(origin.mark);
    if (origin.mark == MARK_GUESS)
        snprintf(text, ORIGIN_TEXT_BYTES, "%s: %s", word, reason != NULL ? reason : "");
    else
        snprintf(text, ORIGIN_TEXT_BYTES, "%s: %s%s%s", word, entry->source[origin.source].id, reason != NULL ? "; " : "",
                 reason != NULL ? reason : "");
}

/* Adds where it comes from to an object. */
static json_t *origin_add(json_t *object, const struct entry *entry, struct origin origin)
{
    bool guess = origin.mark == MARK_GUESS;
    json_object_set_new(object, "mark", json_string(mark_word(origin.mark)));
    if (!guess)
        json_object_set_new(object, "source", json_string(entry->source[origin.source].id));
    if (origin.reason > 0)
        json_object_set_new(object, guess ? "why" : "derived", json_string(entry->reason[origin.reason - 1]));
    return object;
}

static void figure_add(json_t *object, const char *key, const struct entry *entry, enum dimension dimension,
                       const struct figure *figure)
{
    char text[AMOUNT_TEXT_BYTES];
    if (!figure->known)
        return;
    figure_text(text, entry, dimension, figure->value);
    json_t *told = json_pack("{s:s, s:I, s:s}", "value", text, "integer", (json_int_t)figure->value, "unit",
                             amount_base_unit(dimension));
    json_object_set_new(object, key, origin_add(told, entry, figure_origin(figure)));
}

static void decision_add(json_t *object, const char *key, const struct entry *entry, json_t *value, struct origin origin)
{
    json_object_set_new(object, key, origin_add(json_pack("{s:o}", "value", value), entry, origin));
}

static void decisions_add(json_t *object, const struct entry *entry)
{
    static const char *const priorities[] = { [PRIORITY_LOW] = "low", [PRIORITY_MEDIUM] = "medium", [PRIORITY_HIGH] = "high" };
    const struct origin *origin = entry->origin;
    decision_add(object, "class", entry, json_string(entry->drug_class), origin[DECISION_CLASS]);
    decision_add(object, "patient_bolus", entry, json_boolean(entry->patient_bolus), origin[DECISION_PATIENT_BOLUS]);
    decision_add(object, "second_clinician", entry, json_boolean(entry->second_clinician), origin[DECISION_SECOND_CLINICIAN]);
    decision_add(object, "under_delivery", entry, json_string(priorities[entry->under_delivery]),
                 origin[DECISION_UNDER_DELIVERY]);
    decision_add(object, "safe_state", entry, json_string(entry->safe_minimum ? "least flow" : "stopped"),
                 origin[DECISION_SAFE_STATE]);
}

static json_t *bounds_json(const struct entry *entry)
{
    json_t *all = json_object();
    for (enum entry_field field = 0; field < FIELD_COUNT; field++) {
        struct bounds bounds = entry->bounds[field];
        json_t *object = json_object();
        for (unsigned place = 0; place < BOUND_PLACES; place++)
            figure_add(object, bound_key(place), entry, field_dimension(field), bound_at(&bounds, place));
        json_object_set_new(all, field_key(field), object);
    }
    return all;
}

static json_t *starts_json(const struct entry *entry)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < entry->starts; i++) {
        const struct start_range *start = &entry->start[i];
        json_t *object = json_pack("{s:s, s:b}", "who", start->who, "opioid_naive", (int)start->opioid_naive);
        figure_add(object, "low", entry, DIMENSION_DOSE, &start->low);
        figure_add(object, "high", entry, DIMENSION_DOSE, &start->high);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *titrations_json(const struct entry *entry)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < entry->titrations; i++) {
        const struct titration *step = &entry->titration[i];
        enum dimension dimension = step->share ? DIMENSION_RATIO : DIMENSION_DOSE;
        json_t *object = json_pack("{s:s, s:s}", "who", step->who, "direction", step->downward ? "down" : "up");
        figure_add(object, "low", entry, dimension, &step->low);
        figure_add(object, "high", entry, dimension, &step->high);
        figure_add(object, "interval", entry, DIMENSION_SPAN, &step->interval);
        figure_add(object, "advised", entry, DIMENSION_SPAN, &step->advised);
        json_array_append_new(list, object);
    }
    return list;
}

static void statements_add(json_t *object, const struct entry *entry)
{
    for (unsigned kind = 0; kind < STATEMENT_KINDS; kind++) {
        json_t *list = json_array();
        for (unsigned i = 0; i < entry->statements[kind]; i++) {
            const struct entry_statement *said = &entry->statement[kind][i];
            json_array_append_new(list, origin_add(json_pack("{s:s}", "text", said->text), entry,
                                                   (struct origin){ said->mark, said->source, said->reason }));
        }
        json_object_set_new(object, statement_key(kind), list);
    }
}

static json_t *compatibility_json(const struct entry *entry)
{
    json_t *object = json_object();
    for (uint8_t model = 1; model < ENTRY_MODELS; model++)
        if (entry->compatibility[model] != COMPATIBILITY_UNKNOWN)
            decision_add(object, model_name(model), entry,
                         json_string(entry->compatibility[model] == COMPATIBILITY_DECLARED ? "declared" : "refused"),
                         entry->compatibility_origin[model]);
        else
            json_object_set_new(object, model_name(model), json_pack("{s:s}", "value", "unknown"));
    return object;
}

static json_t *sources_json(const struct entry *entry)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < entry->sources; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "id", entry->source[i].id, "text", entry->source[i].text, "mark",
                                              mark_word(entry->source[i].mark)));
    return list;
}

json_t *entry_json(const struct entry *entry)
{
    json_t *object = json_pack("{s:s, s:s, s:s, s:b}", "drug", drug_word(entry->drug), "region", entry->region, "unit",
                               entry->milligrams ? "mg" : "mcg", "opioid", (int)entry->opioid);
    json_t *list = json_array(), *stability = json_object();
    decisions_add(object, entry);
    figure_add(object, "restart_limit", entry, DIMENSION_SPAN, &entry->restart_limit);
    figure_add(object, "refill_policy", entry, DIMENSION_SPAN, &entry->refill_policy);
    for (unsigned i = 0; i < entry->concentrations; i++) {
        json_t *one = json_object();
        figure_add(one, "marketed", entry, DIMENSION_CONC, &entry->concentration[i]);
        json_array_append(list, json_object_get(one, "marketed"));
        json_decref(one);
    }
    json_object_set_new(object, "concentrations", list);
    json_object_set_new(object, "bounds", bounds_json(entry));
    json_object_set_new(object, "starts", starts_json(entry));
    json_object_set_new(object, "titrations", titrations_json(entry));
    for (unsigned state = 0; state < FILL_STATES; state++)
        figure_add(stability, fill_state_key(state), entry, DIMENSION_SPAN, &entry->stability[state]);
    json_object_set_new(object, "stability", stability);
    json_object_set_new(object, "compatibility", compatibility_json(entry));
    statements_add(object, entry);
    json_object_set_new(object, "sources", sources_json(entry));
    return object;
}
