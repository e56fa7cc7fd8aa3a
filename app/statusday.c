/* statusday.c - doses of a day and the date of the next refill, as texts. */
// SPDX-License-Identifier: Apache-2.0
#include "app/statusday.h"

#include "app/told.h"
#include "clinic/report/due.h"
#include "clinic/workflow/daydose.h"
#include "core/catalog.h"

static json_t *drugs_json(const struct formulary *formulary, const struct therapy *therapy)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < therapy->mixture.count; i++) {
        const struct component *component = &therapy->mixture.component[i];
        const char *drug = drug_word(component->drug);
        bool milligrams = words_milligrams(formulary, component->drug);
        phrase conc, base, most;
        words_conc(conc, milligrams, ratio_of(component->conc.ng_ml));
        words_dose(base, milligrams, ratio_of(daydose_most(therapy, component->drug, PART_BASE)));
        words_dose(most, milligrams, ratio_of(daydose_most(therapy, component->drug, PART_BASE | PART_PATIENT)));
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "drug", drug != NULL ? drug : "unknown",
                                                    "concentration", conc, "program", base, "most", most));
    }
    return list;
}

static void instant_set(const struct visit *visit, json_t *object, const char *name, bool known, int64_t at_ms)
{
    char text[AMOUNT_TEXT_BYTES];
    if (known)
        told_instant(visit, at_ms, text, sizeof text);
    (void)json_object_set_new(object, name, known ? json_string(text) : json_null());
}

/* How many days from the fill on. */
static void days_set(json_t *object, const char *name, const struct due *due, enum refilling_reason reason,
                     struct moment now)
{
    bool known = due->by[reason].known;
    (void)json_object_set_new(object, name,
                              known ? json_integer((due->by[reason].at.utc_ms - now.utc_ms) / DAY_MS) : json_null());
}

/* Since when an alarm stands; INSTANT_NEVER: it does not. */
static int64_t since_ms(const struct picture *picture, unsigned position)
{
    for (unsigned i = 0; i < picture->alarms; i++)
        if (alarm_position((uint8_t)picture->alarm[i].alarm) == position)
            return picture->alarm[i].since_ms;
    return INSTANT_NEVER.ms;
}

/* By when the volume is used up. Where it already is, no reckoning from now tells when: the pump's own alarm does, of the low
 * reservoir, or of the empty one where the low was never told; or nobody. */
static void volume_set(json_t *object, const struct visit *visit, const struct picture *picture, const struct due *due)
{
    int64_t empty_ms = since_ms(picture, ALARM_AT_RESERVOIR_EMPTY), low_ms = since_ms(picture, ALARM_AT_RESERVOIR_LOW);
    bool reached = visit->status.reservoir_nl <= picture->therapy.reservoir_low.nl || empty_ms != INSTANT_NEVER.ms;
    int64_t was_ms = low_ms != INSTANT_NEVER.ms ? low_ms : empty_ms;
    if (reached)
        instant_set(visit, object, "volume_by", was_ms != INSTANT_NEVER.ms, was_ms);
    else
        instant_set(visit, object, "volume_by", due->by[REFILLING_VOLUME].known, due->by[REFILLING_VOLUME].at.utc_ms);
    (void)json_object_set_new(object, "volume_reached", json_boolean(reached));
}

/* All by the pump's own time: the civil one comes with the text. */
static json_t *refill_json(const struct visit *visit, const struct formulary *formulary, const struct picture *picture)
{
    const struct therapy *therapy = &picture->therapy;
    const int64_t replace_ms = picture->energy.replace_ms;
    const struct component *first = &therapy->mixture.component[0];
    const struct entry *entry = therapy->mixture.count > 0 ? formulary_find(formulary, first->drug) : NULL;
    const struct moment now = { .utc_ms = visit->status.now_ms };
    const struct due_question question = {
        .formulary = formulary,
        .model = model_find(therapy->model, therapy->revision),
        .therapy = therapy,
        .volume = { visit->status.reservoir_nl },
        .from = now,
        .filled = now,
        .state = entry != NULL && entry_marketed(entry, first->conc) ? FILL_UNDILUTED : FILL_DILUTED,
        .has_replacement = replace_ms != INSTANT_NEVER.ms,
        .replacement = { .utc_ms = replace_ms },
    };
    struct due_question first_fill = question;
    struct due due, due_first;
    json_t *object = json_object();
    first_fill.state = FILL_FIRST;
    due_dates(&question, &due);
    due_dates(&first_fill, &due_first);
    volume_set(object, visit, picture, &due);
    instant_set(visit, object, "replacement_by", due.by[REFILLING_REPLACEMENT].known,
                due.by[REFILLING_REPLACEMENT].at.utc_ms);
    days_set(object, "stability_days", &due, REFILLING_STABILITY, now);
    days_set(object, "stability_days_first", &due_first, REFILLING_STABILITY, now);
    days_set(object, "policy_days", &due, REFILLING_POLICY, now);
    return object;
}

void statusday_add(json_t *object, const struct visit *visit, const struct picture *picture)
{
    const struct therapy *therapy = &picture->therapy;
    static const struct formulary NONE;
    struct formulary formulary;
    phrase volume;
    bool known = formulary_builtin(therapy->region, &formulary, stderr);
    (void)json_object_set_new(object, "day", drugs_json(known ? &formulary : &NONE, therapy));
    words_flow(volume, ratio_of(daydose_most(therapy, DRUG_NONE, PART_BASE)));
    (void)json_object_set_new(object, "day_volume", json_string(volume));
    (void)json_object_set_new(object, "refill", refill_json(visit, known ? &formulary : &NONE, picture));
    if (known)
        formulary_close(&formulary);
}
