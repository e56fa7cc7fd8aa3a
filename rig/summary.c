/* summary.c - what a run came to. Every amount is a decimal text with its unit. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/summary.h"

#include <string.h>

#include "rig/bedside.h"
#include "rig/harmtell.h"
#include "rig/nearest.h"

static void set_volume(json_t *object, const char *name, vol_nl volume)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write_volume(text, volume.nl);
    json_object_set_new(object, name, json_string(text));
}

static void set_volume_fl(json_t *object, const char *name, int64_t fl)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write_volume_fl(text, fl);
    json_object_set_new(object, name, json_string(text));
}

static void set_count(json_t *object, const char *name, uint64_t count)
{
    json_object_set_new(object, name, json_integer((json_int_t)count));
}

vol_fl summary_prescribed(const struct pump_status *status)
{
    return (vol_fl){ status->commanded.fl + status->withheld_quanta * status->quantum.fl +
                     (status->in_hand.grain + status->dropped.grain) / GRAIN_PER_FL };
}

/* What the mechanism was told, in one volume. Grains are rounded down to whole femtolitres for showing. */
static json_t *totals(struct play *play, const struct pump_status *status)
{
    const struct twin *twin = &play->rig.twin;
    json_t *object = json_object();
    int64_t quantum = status->quantum.fl;
    set_volume_fl(object, "prescribed", summary_prescribed(status).fl);
    set_volume_fl(object, "commanded", status->commanded.fl);
    set_volume_fl(object, "metered", status->metered.fl);
    set_volume(object, "displaced", rig_nl(twin->totals.displaced));
    set_volume(object, "delivered", rig_nl(twin->totals.delivered));
    set_volume(object, "lost", rig_nl(twin->totals.lost));
    set_volume(object, "filled", play->asked.filled);
    set_volume(object, "withdrawn", play->asked.withdrawn);
    set_volume_fl(object, "remaining_calculated", status->remaining.fl);
    set_volume(object, "remaining_true", rig_nl(twin->reservoir_m3));
    set_volume_fl(object, "corrected", play->asked.corrected_fl);
    set_volume(object, "dead_volume", rig_nl(twin_dead_volume(twin)));
    set_volume(object, "dead_volume_change", rig_nl(twin_dead_volume(twin) - play->dead_at_start_m3));
    set_volume_fl(object, "missed", status->missed_quanta * quantum);
    set_volume_fl(object, "withheld", status->withheld_quanta * quantum);
    set_volume_fl(object, "in_hand", status->in_hand.grain / GRAIN_PER_FL);
    set_volume_fl(object, "dropped", status->dropped.grain / GRAIN_PER_FL);
    set_volume(object, "metered_minus_displaced", rig_nl((double)status->metered.fl / 1e18 - twin->totals.displaced));
    return object;
}

/* Each is zero when nothing was forgotten. */
static json_t *balances(struct play *play, const struct pump_status *status)
{
    const struct twin_totals *truth = &play->rig.twin.totals;
    const struct asked *asked = &play->asked;
    json_t *object = json_object();
    int64_t calculated = (asked->filled.nl - asked->withdrawn.nl) * FL_PER_NL + asked->corrected_fl -
                         status->remaining.fl - status->metered.fl;
    double reservoir = truth->filled - play->rig.twin.reservoir_m3 - truth->withdrawn - truth->displaced;
    double change = twin_dead_volume(&play->rig.twin) - play->dead_at_start_m3;
    set_volume_fl(object, "calculated_filled_less_remaining_withdrawn_metered", calculated);
    set_volume(object, "true_filled_less_remaining_withdrawn_displaced", rig_nl(reservoir));
    set_volume(object, "true_displaced_less_delivered_change_lost",
               rig_nl(truth->displaced - truth->delivered - change - truth->lost));
    return object;
}

static json_t *drugs(struct play *play)
{
    json_t *object = json_object();
    for (unsigned i = 0; i < play->drugs.count; i++) {
        char name[32], text[AMOUNT_TEXT_BYTES];
        int64_t ng = (series_delivered(&play->rig.twin, play->drugs.drug[i]).fg + 500000) / 1000000;
        json_t *drug = json_object();
        amount_write(text, ng, 6, 6, "mg");
        json_object_set_new(drug, "delivered", json_string(text));
        int64_t tip = nearest(twin_tip_concentration(&play->rig.twin, play->drugs.drug[i]) * 1e6);
        amount_write(text, tip, 6, 0, "mg/mL");
        json_object_set_new(drug, "at_tip", json_string(text));
        series_drug_name(name, play->drugs.drug[i]);
        json_object_set_new(object, name, drug);
    }
    return object;
}

static json_t *reasons(const uint64_t count[VERDICT_COUNT])
{
    json_t *object = json_object();
    for (unsigned bit = 0; bit < VERDICT_COUNT; bit++)
        if (count[bit] > 0)
            set_count(object, verdict_word(bit), count[bit]);
    return object;
}

static json_t *alarms(const struct play *play)
{
    json_t *object = json_object();
    for (unsigned i = 0; i < ALARM_COUNT; i++) {
        const struct tally_alarm *tally = &play->journal.tally.alarm[i];
        char name[32], text[AMOUNT_TEXT_BYTES];
        json_t *alarm = json_object();
        set_count(alarm, "count", tally->count);
        if (tally->count > 0) {
            amount_write_span(text, tally->first.ms);
            json_object_set_new(alarm, "first_at", json_string(text));
        }
        journal_alarm_name(name, i);
        json_object_set_new(object, name, alarm);
    }
    return object;
}

static json_t *events(const struct play *play)
{
#define EVENT(name, code, word, ...) { code, word },
    static const struct {
        uint16_t code;
        const char *word;
    } rows[] = {
#include "core/event.def"
    };
#undef EVENT
    json_t *object = json_object();
    set_count(object, "total", play->journal.tally.events);
    set_count(object, "outside", play->journal.tally.hardware_events);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        set_count(object, rows[i].word, play->journal.tally.event[rows[i].code]);
    return object;
}

static json_t *commands(const struct play *play)
{
    const struct asked *asked = &play->asked;
    json_t *object = json_object(), *patient = json_object();
    set_count(object, "applied", asked->applied);
    set_count(object, "refused", asked->refused);
    set_count(object, "not_done", asked->not_done);
    set_count(object, "refills", asked->refills);
    json_object_set_new(object, "refused_because", reasons(play->journal.tally.refused_because));
    set_count(patient, "requested", asked->bolus_requested);
    set_count(patient, "granted", asked->bolus_granted);
    set_count(patient, "refused", asked->bolus_requested - asked->bolus_granted);
    json_object_set_new(patient, "refused_because", reasons(asked->bolus_refused_because));
    json_object_set_new(object, "patient_boluses", patient);
    return object;
}

static json_t *energy(const struct play *play)
{
    const struct battery *battery = &play->rig.twin.battery;
    char text[AMOUNT_TEXT_BYTES];
    json_t *object = json_object();
    set_count(object, "wakes", battery->count[BATTERY_WAKE]);
    set_count(object, "quanta", battery->count[BATTERY_QUANTUM]);
    set_count(object, "tones", battery->count[BATTERY_TONE]);
    set_count(object, "readings", battery->count[BATTERY_SENSE]);
    amount_write(text, nearest(battery_used(battery, play->rig.now) * 1e6), 6, 0, "C");
    json_object_set_new(object, "charge_used", json_string(text));
    amount_write(text, nearest(battery_left(battery, play->rig.now) * 1e6), 4, 0, "%");
    json_object_set_new(object, "battery_left", json_string(text));
    return object;
}

static json_t *quanta(const struct pump_status *status)
{
    char text[AMOUNT_TEXT_BYTES];
    json_t *object = json_object();
    set_count(object, "commanded", (uint64_t)status->commanded_quanta);
    set_count(object, "commanded_for_boluses", (uint64_t)status->commanded_bolus_quanta);
    set_count(object, "metered", (uint64_t)status->metered_quanta);
    set_count(object, "missed", (uint64_t)status->missed_quanta);
    set_count(object, "withheld", (uint64_t)status->withheld_quanta);
    amount_write(text, status->quantum.fl, 6, 0, "nL");
    json_object_set_new(object, "each", json_string(text));
    return object;
}

json_t *summary_make(struct play *play)
{
    const struct scenario *scenario = play->scenario;
    struct pump_status status;
    char text[AMOUNT_TEXT_BYTES], civil[CIVIL_TEXT_BYTES];
    json_t *object = json_object();
    play_status(play, &status);
    set_count(object, "cisterna_summary", 1);
    json_object_set_new(object, "notice", json_string("SIMULATION, never for use in people"));
    json_object_set_new(object, "title", json_string(scenario->title));
    set_count(object, "seed", scenario->seed);
    json_object_set_new(object, "model", json_string(model_name(scenario->unit.model.code)));
    journal_civil(civil, (instant_ms){ 0 }, &scenario->calendar);
    json_object_set_new(object, "start", json_string(civil));
    amount_write_span(text, play->rig.now.ms);
    json_object_set_new(object, "played", json_string(text));
    json_object_set_new(object, "mode", json_string(mode_word(status.mode)));
    json_object_set_new(object, "totals", totals(play, &status));
    json_object_set_new(object, "balances", balances(play, &status));
    json_object_set_new(object, "drugs", drugs(play));
    json_object_set_new(object, "quanta", quanta(&status));
    json_object_set_new(object, "commands", commands(play));
    json_object_set_new(object, "alarms", alarms(play));
    json_object_set_new(object, "events", events(play));
    set_count(object, "resets", play->rig.resets);
    if (play->core_faults > 0) /* of a chip; a run without them says the same wherever the software ran */
        set_count(object, "core_faults", play->core_faults);
    json_object_set_new(object, "energy", energy(play));
    if (scenario->patient != NULL && play->bedside != NULL)
        json_object_set_new(object, "patient", bedside_summary(play->bedside, &play->appointment));
    if (play->harm.used || play->rig.twin.totals.pocket > 0.0) /* a run without has no such member */
        json_object_set_new(object, "complications", harm_stands(&play->harm, &play->rig.twin));
    return object;
}
