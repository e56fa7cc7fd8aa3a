/* play.c - plays a scenario from the implant to its end. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/play.h"

#include <stdlib.h>
#include <string.h>

#include "rig/acting.h"
#include "rig/bedside.h"
#include "rig/chip/corefault.h"

void play_status(struct play *play, struct pump_status *status)
{
    rig_status(&play->rig, status);
    forgotten_add(&play->forgotten, status);
}

/* What a reset made the pump forget, and what it did to its calculation of the reservoir. */
static void reset_count(struct play *play, const struct pump_status *before)
{
    struct pump_status after;
    play_status(play, &after);
    forgotten_count(&play->forgotten, before, &after);
    play_status(play, &after);
    play->asked.corrected_fl += after.remaining.fl - before->remaining.fl + after.metered.fl - before->metered.fl;
}

/* The pump's time for what it does not log itself. Its own time is the tick and what it has added to a clock that began
 * again; how much that is, its last event says. */
instant_ms play_outside_at(const struct play *play)
{
    if (!play->rig.power.clock.odd)
        return play->rig.now;
    return (instant_ms){ rig_tick(&play->rig).ms + play->pump_ahead_ms };
}

void play_outside(struct play *play, const char *who, const char *what, json_t *detail)
{
    journal_outside(&play->journal, play_outside_at(play), &play->calendar, who, what, detail);
}

/* The pump has started again by itself, or by a deed that has told of it. */
static void restart_notice(struct play *play)
{
    static const char *const words[] = { [BOOT_POWER] = "power_cut",
                                         [BOOT_WATCHDOG] = "watchdog",
                                         [BOOT_BROWN_OUT] = "power_cut",
                                         [BOOT_COMMAND] = "restart" };
    struct pump_status before;
    enum boot_cause cause;
    if (!rig_restarted(&play->rig, &before, &cause))
        return;
    if (!play->reset_told)
        play_outside(play, "hardware", words[cause], NULL);
    play->reset_told = false;
    forgotten_add(&play->forgotten, &before);
    reset_count(play, &before);
    if (pump_log_last(&play->rig.pump) <= play->seen)
        play->seen = 0; /* the log was lost with the core's memory and counts from 1 again */
}

/* Hands on what the pump has logged since it was last looked at. */
void play_drain(struct play *play)
{
    struct event event;
    struct pump_status status;
    for (json_t *told = corefault_next(play->rig.chip); told != NULL; told = corefault_next(play->rig.chip)) {
        play_outside(play, "hardware", "core_fault", told);
        play->core_faults++;
    }
    restart_notice(play);
    uint64_t last = pump_log_last(&play->rig.pump);
    if (play->seen == last)
        return;
    rig_status(&play->rig, &status);
    play->calendar = status.calendar;
    while (play->seen < last)
        if (pump_log_read(&play->rig.pump, ++play->seen, &event)) {
            journal_event(&play->journal, &event, &play->calendar);
            play->pump_ahead_ms = event.at.ms - rig_tick(&play->rig).ms;
        }
}

static void run_to(struct play *play, instant_ms until)
{
    while (!rig_run_to_event(&play->rig, until))
        play_drain(play);
    play_drain(play);
}

static void drugs_add(struct series_drugs *drugs, const struct mixture *mixture)
{
    for (unsigned i = 0; i < mixture->count; i++) {
        unsigned at = 0;
        while (at < drugs->count && drugs->drug[at] != mixture->component[i].drug)
            at++;
        if (at == drugs->count && at < SERIES_DRUGS_MAX)
            drugs->drug[drugs->count++] = mixture->component[i].drug;
    }
}

bool play_implant(struct play *play, const struct scenario *scenario, struct chip *chip, FILE *messages)
{
    struct receipt receipt = { .outcome = OUTCOME_NOT_APPLIED };
    memset(play, 0, sizeof *play);
    play->scenario = scenario;
    play->messages = messages;
    struct twin_setup setup = { .model = model_name(scenario->unit.model.code),
                                .calibration = 1.0 + (double)scenario->true_calibration.ppm / 1e6,
                                .catheter_m3 = rig_m3(scenario->true_catheter),
                                .seed = scenario->seed,
                                .fill_sensor = scenario->fill_sensor,
                                .pressure_sensor = scenario->pressure_sensor };
    struct pump_unit unit = scenario->unit;
    people_provision(&unit, scenario->seed);
    if (!rig_start_on(&play->rig, chip, &unit, &setup)) {
        if (chip == NULL || play->rig.twin.mechanism.quantum_m3 <= 0)
            fprintf(messages, "the twin knows no pump model %s\n", setup.model);
        return false;
    }
    if (!people_meet(&play->people, &play->rig)) {
        fprintf(messages, "the programmers cannot be paired with the pump\n");
        return false;
    }
    play->dead_at_start_m3 = twin_dead_volume(&play->rig.twin);
    drugs_add(&play->drugs, &scenario->implant.fill);
    for (size_t i = 0; i < scenario->actions; i++)
        drugs_add(&play->drugs, &scenario->action[i].refill.fill);
    struct command clock = { .kind = COMMAND_SET_CLOCK, .calendar = scenario->calendar };
    people_command(&play->people, PARTY_CLINICIAN, &clock, &receipt);
    acting_reasons(play, &receipt, "the clock");
    if (receipt.outcome != OUTCOME_APPLIED)
        return false;
    play->calendar = scenario->calendar;
    struct rig_refill refill = { .told = scenario->implant, .activate = &scenario->therapy[0] };
    if (!acting_refill(play, &refill, &receipt)) {
        fprintf(messages, "the first fill is more than the reservoir truly holds\n");
        return false;
    }
    acting_reasons(play, &receipt, "the first therapy");
    harm_start(&play->harm, &scenario->harm, scenario->seed, &play->rig.twin, play->rig.now);
    return receipt.outcome == OUTCOME_APPLIED;
}

/* Complications that have happened by now, and the granuloma a step on. */
static void harm_pass(struct play *play)
{
    double bathes_kg_m3 = play->bedside != NULL ? bedside_bathes(play->bedside) : 0.0;
    if (play->rig.now.ms < harm_next(&play->harm).ms)
        return;
    while (acting_harm(play, harm_look(&play->harm, &play->rig.twin, play->rig.now, bathes_kg_m3)))
        ;
}

void play_free(struct play *play)
{
    free(play->bedside);
    play->bedside = NULL;
}

/* Does what the patient has come to at a look: bits of rig/bedside.h. */
static void patient_acts(struct play *play, unsigned does)
{
    const struct twin *twin = &play->rig.twin;
    if ((does & BEDSIDE_MISSED) != 0)
        play_outside(play, "patient", "alarm_missed", bedside_sounding(play->bedside, twin, false));
    if ((does & BEDSIDE_HEARD) != 0) {
        json_t *detail = bedside_sounding(play->bedside, twin, true);
        if (appointment_call(&play->appointment, play->rig.now))
            json_object_set_new(detail, "visit", json_string("sooner"));
        play->bedside->missed_before = 0;
        play_outside(play, "patient", "alarm_heard", detail);
    }
    if ((does & (BEDSIDE_STOPS | BEDSIDE_BREATHES)) != 0)
        play_outside(play, "patient", (does & BEDSIDE_STOPS) != 0 ? "breathing_stops" : "breathing_returns", NULL);
    if ((does & BEDSIDE_ASKS) != 0)
        acting_press(play);
}

static void sample_take(struct play *play, FILE *series, const struct play_watch *watch)
{
    struct sample sample;
    struct pump_status status;
    play_status(play, &status);
    series_sample(&play->rig.twin, &status, &play->drugs, &sample);
    if (series != NULL) {
        bedside_sample(play->bedside, &play->drugs, &sample);
        series_row_write(series, &play->drugs, &sample, &play->calendar);
    }
    if (watch->sample != NULL)
        watch->sample(watch->context, &sample, &play->drugs);
}

bool play_run(struct play *play, FILE *series, const struct play_watch *watch)
{
    const struct scenario *scenario = play->scenario;
    const instant_ms end = { scenario->until.ms };
    instant_ms sample_at = { 0 };
    size_t next = 0;
    if (series != NULL || scenario->patient != NULL) { /* else nobody is seen */
        play->bedside = bedside_make(scenario->patient, scenario->seed, &play->rig.twin);
        if (play->bedside == NULL) {
            fprintf(play->messages, "with the seed %llu nobody can be made of what is said of the patient\n",
                    (unsigned long long)scenario->seed);
            return false;
        }
    }
    if (series != NULL)
        series_head_write(series, &play->drugs);
    play_drain(play);
    for (;;) {
        instant_ms look_at = play->bedside != NULL ? play->bedside->look_at : INSTANT_NEVER;
        instant_ms until = instant_min(instant_min(sample_at, look_at), end);
        if (next < scenario->actions)
            until = instant_min(until, scenario->action[next].at);
        until = instant_min(instant_min(until, harm_next(&play->harm)), appointment_next(&play->appointment));
        run_to(play, until);
        harm_pass(play);
        for (; next < scenario->actions && scenario->action[next].at.ms <= until.ms; next++)
            if (!appointment_holds(play, next))
                acting_do(play, &scenario->action[next]);
        appointment_pass(play);
        if (play->bedside != NULL)
            bedside_harm(play->bedside, &play->harm, &play->rig.twin);
        bool last = until.ms >= end.ms, row = until.ms >= sample_at.ms || last;
        if (play->bedside != NULL && (row || until.ms >= look_at.ms))
            patient_acts(play, bedside_look(play->bedside, &play->rig.twin));
        if (row) {
            sample_take(play, series, watch);
            if (watch->progress != NULL)
                watch->progress(watch->context, until, end);
            sample_at = instant_after(sample_at, scenario->series);
        }
        if (play->rig.stuck)
            fprintf(play->messages, "the rig stopped at %lld ms: %s\n", (long long)play->rig.now.ms, corefault_stuck(&play->rig));
        if (last)
            appointment_end(play);
        if (last || play->rig.stuck)
            return !play->rig.stuck;
    }
}
