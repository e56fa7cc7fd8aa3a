/* bedside.c - the patient of a played scenario. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/bedside.h"

#include <math.h>
#include <stdlib.h>

#include "amount/amount.h"
#include "board/board.h"
#include "rig/nearest.h"

/* Who has called the clinic does not call it again for the same sound within so long, by enum tone: guesses. */
static const int64_t CALL_MS[] = { [TONE_SINGLE] = 7 * (int64_t)DAY_MS, [TONE_DUAL] = DAY_MS };

struct bedside *bedside_make(const struct patient *patient, uint64_t seed, const struct twin *twin)
{
    struct bedside *bedside = calloc(1, sizeof *bedside);
    struct body_setup setup;
    patient_setup(patient, seed, &setup);
    if (bedside == NULL || !body_begin(&bedside->body, &setup)) {
        free(bedside);
        return NULL;
    }
    bedside->patient = patient;
    bedside->look_at = patient != NULL ? (instant_ms){ BODY_BATCH_MS } : INSTANT_NEVER;
    bedside->tones = twin->tones; /* the clinic was there for those */
    bedside->pain_least = 10.0;
    bedside->breathing_least = 1.0;
    return bedside;
}

/* What it was like, and for how long. */
static void remember(struct bedside *bedside, double seconds)
{
    const struct person_view seen = person_view(&bedside->body.person);
    bedside->seconds += seconds;
    bedside->pain_seconds += seconds * seen.pain;
    bedside->apnoea_seconds += seconds * seen.apnoea;
    bedside->pain_least = fmin(bedside->pain_least, seen.pain);
    bedside->pain_most = fmax(bedside->pain_most, seen.pain);
    bedside->sedation_most = fmax(bedside->sedation_most, seen.sedation);
    bedside->breathing_least = fmin(bedside->breathing_least, seen.breathing);
    bedside->withdrawal_most = fmax(bedside->withdrawal_most, seen.withdrawal);
    bedside->confusion_most = fmax(bedside->confusion_most, seen.confusion);
}

/* Bits of what came of the soundings since the last batch. */
static unsigned listen(struct bedside *bedside, const struct twin *twin)
{
    bool sounded = twin->tones != bedside->tones && twin->tone != TONE_CONFIRM;
    bedside->tones = twin->tones;
    if (twin->now.ms >= bedside->calls_again.ms)
        bedside->known = TONE_NONE;
    if (!bedside->patient->hears || !sounded || twin->tone <= bedside->known)
        return 0;
    if (!person_hears(&bedside->body.person)) {
        bedside->missed++;
        return bedside->missed_before++ == 0 ? BEDSIDE_MISSED : 0;
    }
    bedside->heard++;
    bedside->known = twin->tone;
    bedside->calls_again.ms = twin->now.ms + CALL_MS[twin->tone];
    return BEDSIDE_HEARD;
}

/* A bit where breathing has stopped or come back since the last batch. */
static unsigned breathe(struct bedside *bedside)
{
    bool was = bedside->breathless;
    bedside->breathless = person_view(&bedside->body.person).apnoea > 0;
    if (bedside->breathless == was)
        return 0;
    bedside->apnoeas += bedside->breathless;
    return bedside->breathless ? BEDSIDE_STOPS : BEDSIDE_BREATHES;
}

json_t *bedside_sounding(const struct bedside *bedside, const struct twin *twin, bool heard)
{
    json_t *detail = json_object();
    json_object_set_new(detail, "tone", json_string(twin->tone == TONE_DUAL ? "two tones" : "one beep"));
    if (!heard)
        return detail;
    json_object_set_new(detail, "missed_before", json_integer((json_int_t)bedside->missed_before));
    json_object_set_new(detail, "does", json_string("calls the clinic"));
    return detail;
}

unsigned bedside_look(struct bedside *bedside, const struct twin *twin)
{
    struct body *body = &bedside->body;
    double before_ms = (double)body->at.ms;
    body_follow(body, twin);
    if (bedside->patient == NULL)
        return 0;
    bool due = twin->now.ms >= bedside->look_at.ms; /* else only the series wants to see */
    remember(bedside, ((double)body->at.ms - before_ms) / 1000.0);
    while (bedside->look_at.ms <= twin->now.ms)
        bedside->look_at.ms += BODY_BATCH_MS;
    bool asks = due && bedside->patient->asks && person_asks(&body->person);
    bedside->asked += asks;
    return (asks ? BEDSIDE_ASKS : 0) | (due ? listen(bedside, twin) | breathe(bedside) : 0);
}

void bedside_harm(struct bedside *bedside, const struct harm *harm, const struct twin *twin)
{
    (void)person_ill(&bedside->body.person, harm->infected ? 1.0 : 0.0);
    if (harm->tip_m == bedside->body.setup.tip_m)
        return;
    body_follow(&bedside->body, twin); /* what has left so far left where the tip was */
    if (!body_tip(&bedside->body, harm->tip_m))
        return; /* out of the canal it stays where it was seen last: the twin loses all that leaves it */
}

double bedside_bathes(const struct bedside *bedside)
{
    return bedside->patient != NULL ? body_bathes(&bedside->body) : 0.0;
}

void bedside_sample(struct bedside *bedside, const struct series_drugs *drugs, struct sample *sample)
{
    struct body_view *view = &bedside->view;
    body_look(&bedside->body, view);
    sample->person = (struct sample_person){ nearest(view->pain * 1e3),       nearest(view->relief * 1e3),
                                             nearest(view->sedation * 1e3),   nearest(view->breathing * 1e3),
                                             nearest(view->spasticity * 1e3), nearest(view->withdrawal * 1e3),
                                             nearest(view->confusion * 1e3) };
    for (unsigned i = 0; i < drugs->count; i++)
        for (unsigned k = 0; k < view->drugs; k++)
            if (view->drug[k].drug == drugs->drug[i]) {
                sample->beside_tip_pg_ml[i] = nearest(view->drug[k].tip * 1e9);
                sample->cisterna_pg_ml[i] = nearest(view->drug[k].cisterna * 1e9);
            }
}

static json_t *span_json(double seconds)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write_span(text, nearest(seconds * 1000.0));
    return json_string(text);
}

/* Thousandths as a decimal text. */
static void set_number(json_t *object, const char *name, double value)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write(text, nearest(value * 1e3), 3, 0, "");
    json_object_set_new(object, name, json_string(text));
}

/* What the scenario put in the place of a published or guessed figure, marked as its own. */
static json_t *figures(const struct patient *patient)
{
    json_t *object = json_object();
    for (int i = 0; i < FIGURES_ALL; i++) {
        const struct figure_row *row = figure_row((enum figure)i);
        const char *unit = row->unit[0] == '1' && row->unit[1] == '\0' ? "" : row->unit;
        if (patient->figure[i] > 0)
            json_object_set_new(object, row->word,
                                json_sprintf("%g%s%s, the scenario's own instead of %g", patient->figure[i],
                                             *unit != '\0' ? " " : "", unit, row->value));
    }
    return object;
}

/* How refills were kept and alarms heard, where that was the patient's own doing. */
static void behaviour_set(json_t *object, const struct bedside *bedside, const struct appointment *appointment)
{
    if (bedside->patient->comes)
        json_object_set_new(object, "appointments",
                            json_pack("{s:I, s:I, s:I, s:I, s:I}", "made", (json_int_t)appointment->appointments,
                                      "kept", (json_int_t)appointment->kept, "late", (json_int_t)appointment->late,
                                      "missed", (json_int_t)appointment->missed, "awaited",
                                      (json_int_t)appointment->awaited));
    if (bedside->patient->hears)
        json_object_set_new(
            object, "soundings",
            json_pack("{s:I, s:I}", "heard", (json_int_t)bedside->heard, "missed", (json_int_t)bedside->missed));
}

json_t *bedside_summary(const struct bedside *bedside, const struct appointment *appointment)
{
    const struct patient *patient = bedside->patient;
    const struct body_setup *setup = &bedside->body.setup;
    const struct person_view now = person_view(&bedside->body.person);
    json_t *object = json_object(), *pain = json_object();
    json_object_set_new(object, "person", json_string(patient->drawn ? "drawn" : "typical"));
    json_object_set_new(object, "seed", json_integer((json_int_t)setup->seed));
    json_object_set_new(object, "posture", json_string(setup->regime == REGIME_STILL ? "still" : "mobile"));
    json_object_set_new(object, "tip", json_string(level_name((int)level_at(setup->tip_m))));
    json_object_set_new(object, "figures", figures(patient));
    json_object_set_new(object, "asks", json_string(patient->asks ? "freely" : "scripted"));
    json_object_set_new(object, "asked", json_integer((json_int_t)bedside->asked));
    behaviour_set(object, bedside, appointment);
    set_number(pain, "without_drug", setup->pain);
    set_number(pain, "least", bedside->pain_least);
    set_number(pain, "mean", bedside->seconds > 0 ? bedside->pain_seconds / bedside->seconds : now.pain);
    set_number(pain, "most", bedside->pain_most);
    set_number(pain, "end", now.pain);
    json_object_set_new(object, "pain", pain);
    set_number(object, "sedation_most", bedside->sedation_most);
    set_number(object, "breathing_least", bedside->breathing_least);
    if (bedside->apnoeas > 0)
        json_object_set_new(
            object, "apnoea",
            json_pack("{s:I, s:o}", "times", (json_int_t)bedside->apnoeas, "all", span_json(bedside->apnoea_seconds)));
    set_number(object, "withdrawal_most", bedside->withdrawal_most);
    set_number(object, "confusion_most", bedside->confusion_most);
    return object;
}
