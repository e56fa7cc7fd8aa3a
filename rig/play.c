/* play.c - plays a scenario from the implant to its end. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/play.h"

#include <stdlib.h>
#include <string.h>

#include "rig/bedside.h"
#include "rig/harmtell.h"
#include "rig/mishap.h"

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
static instant_ms outside_at(const struct play *play)
{
    if (!play->rig.power.clock.odd)
        return play->rig.now;
    return (instant_ms){ rig_tick(&play->rig).ms + play->pump_ahead_ms };
}

static void outside(struct play *play, const char *who, const char *what, json_t *detail)
{
    journal_outside(&play->journal, outside_at(play), &play->calendar, who, what, detail);
}

/* The pump has started again by itself, or by a deed that has told of it. */
static void restart_notice(struct play *play)
{
    static const char *const words[] = { [BOOT_POWER] = "power_cut", [BOOT_WATCHDOG] = "watchdog",
                                         [BOOT_BROWN_OUT] = "power_cut", [BOOT_COMMAND] = "restart" };
    struct pump_status before;
    enum boot_cause cause;
    if (!rig_restarted(&play->rig, &before, &cause))
        return;
    if (!play->reset_told)
        outside(play, "hardware", words[cause], NULL);
    play->reset_told = false;
    forgotten_add(&play->forgotten, &before);
    reset_count(play, &before);
    if (pump_log_last(&play->rig.pump) <= play->seen)
        play->seen = 0; /* the log was lost with the core's memory and counts from 1 again */
}

/* Hands on what the pump has logged since it was last looked at. */
static void drain(struct play *play)
{
    struct event event;
    struct pump_status status;
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
        drain(play);
    drain(play);
}

static void reasons_print(const struct play *play, const struct receipt *receipt, const char *what)
{
    for (unsigned bit = 0; bit < VERDICT_COUNT; bit++)
        if ((receipt->reasons >> bit & 1) != 0)
            fprintf(play->messages, "%s is refused (%s): %s\n", what, verdict_word(bit), verdict_text(bit));
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

/* Every refill: what was told, and what the pump's calculation made of it. */
static void refill_count(struct play *play, const struct rig_refill *refill, const struct receipt *receipt,
                         const struct pump_status *before, vol_nl withdrawn)
{
    struct pump_status after;
    if (receipt->outcome != OUTCOME_APPLIED)
        return;
    rig_status(&play->rig, &after);
    play->asked.refills++;
    play->asked.filled.nl += refill->told.filled.nl;
    play->asked.withdrawn.nl += withdrawn.nl;
    play->asked.corrected_fl +=
        after.remaining.fl - before->remaining.fl - (refill->told.filled.nl - withdrawn.nl) * FL_PER_NL;
}

static bool harm_report(struct play *play, struct harm_event event)
{
    if (event.kind == HARM_NOTHING)
        return false;
    outside(play, "hardware", "complication", harm_tell(&play->harm, &event));
    return true;
}

/* False when the reservoir could not truly take it. */
static bool refill_do(struct play *play, const struct rig_refill *refill, struct receipt *receipt)
{
    struct pump_status before;
    double withdrawn_before = play->rig.twin.totals.withdrawn;
    rig_status(&play->rig, &before);
    harm_refill(&play->harm, &play->rig.twin);
    if (!people_refill(&play->people, refill, receipt))
        return false;
    if (receipt->outcome == OUTCOME_APPLIED)
        harm_report(play, harm_refilled(&play->harm));
    refill_count(play, refill, receipt, &before, rig_nl(play->rig.twin.totals.withdrawn - withdrawn_before));
    return true;
}

bool play_implant(struct play *play, const struct scenario *scenario, FILE *messages)
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
    if (!rig_start(&play->rig, &unit, &setup)) {
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
    reasons_print(play, &receipt, "the clock");
    if (receipt.outcome != OUTCOME_APPLIED)
        return false;
    play->calendar = scenario->calendar;
    struct rig_refill refill = { .told = scenario->implant, .activate = &scenario->therapy[0] };
    if (!refill_do(play, &refill, &receipt)) {
        fprintf(messages, "the first fill is more than the reservoir truly holds\n");
        return false;
    }
    reasons_print(play, &receipt, "the first therapy");
    harm_start(&play->harm, &scenario->harm, scenario->seed, &play->rig.twin, play->rig.now);
    return receipt.outcome == OUTCOME_APPLIED;
}

/* The command of an action that is nothing but a command. */
static struct command command_of(const struct action *action)
{
    static const uint8_t kinds[] = {
        [ACTION_CLINICIAN_BOLUS] = COMMAND_CLINICIAN_BOLUS, [ACTION_CANCEL] = COMMAND_CANCEL_COURSE,
        [ACTION_STOP] = COMMAND_STOP,                       [ACTION_MINIMUM] = COMMAND_MINIMUM,
        [ACTION_RESUME] = COMMAND_RESUME,                   [ACTION_SET_CLOCK] = COMMAND_SET_CLOCK,
        [ACTION_CLEAR_ALARM] = COMMAND_CLEAR_ALARM,         [ACTION_SILENCE] = COMMAND_SILENCE,
        [ACTION_BOLUS] = COMMAND_PATIENT_BOLUS,             [ACTION_MRI_BEGIN] = COMMAND_MRI_BEGIN,
        [ACTION_MRI_END] = COMMAND_MRI_END,
    };
    return (struct command){ .kind = kinds[action->kind],
                             .retitrated = action->retitrated,
                             .volume = action->volume,
                             .rate = action->rate,
                             .calendar = action->calendar,
                             .minutes = action->minutes,
                             .alarm = action->alarm };
}

static void outcome_count(struct play *play, const struct action *action, const struct receipt *receipt)
{
    struct asked *asked = &play->asked;
    bool applied = receipt->outcome == OUTCOME_APPLIED;
    asked->applied += applied;
    asked->refused += !applied;
    if (action->kind == ACTION_BOLUS) {
        asked->bolus_requested++;
        asked->bolus_granted += applied;
        for (unsigned bit = 0; bit < VERDICT_COUNT; bit++)
            asked->bolus_refused_because[bit] += receipt->reasons >> bit & 1;
    }
    if (applied || !action->must_apply)
        return;
    asked->must_failed++;
    fprintf(play->messages, "line %d: this \"%s\" must apply and did not\n", action->line,
            scenario_action_word(action->kind));
    reasons_print(play, receipt, scenario_action_word(action->kind));
}

static void not_done(struct play *play, const struct action *action, const char *reason)
{
    json_t *detail = json_object();
    json_object_set_new(detail, "what", json_string(scenario_action_word(action->kind)));
    json_object_set_new(detail, "reason", json_string(reason));
    outside(play, action->who == WHO_PATIENT ? "patient" : "clinician", "not_done", detail);
    play->asked.not_done++;
    if (!action->must_apply)
        return;
    play->asked.must_failed++;
    fprintf(play->messages, "line %d: this \"%s\" must apply, and %s\n", action->line,
            scenario_action_word(action->kind), reason);
}

/* Who hears nothing asks what became of it, as long as there is somebody to answer. True when the pump has never seen it, or had
 * moved on when it came: it was not done, and is wanted anew. */
static bool wanted_anew(struct play *play, struct receipt *receipt)
{
    bool silence = play->people.unheard;
    for (unsigned tries = 0; play->people.unheard && rig_runs(&play->rig) && tries < PEOPLE_TRIES; tries++)
        people_settle(&play->people, receipt);
    bool stale = silence && receipt->outcome != OUTCOME_APPLIED && receipt->reasons == VERDICT_STALE_HEAD;
    play->asked.refused += stale; /* a refusal like any other */
    return !play->people.unheard && (stale || people_never_seen(receipt));
}

static void outcome_take(struct play *play, const struct action *action, const struct receipt *receipt)
{
    if (play->people.unheard)
        not_done(play, action, "the pump does not answer");
    else
        outcome_count(play, action, receipt);
}

static void command_action(struct play *play, const struct action *action)
{
    struct receipt receipt;
    struct command command = command_of(action);
    enum party party = action->who == WHO_PATIENT ? PARTY_PATIENT : PARTY_CLINICIAN;
    unsigned tries = 0;
    do
        people_command(&play->people, party, &command, &receipt);
    while (wanted_anew(play, &receipt) && ++tries < PEOPLE_TRIES);
    outcome_take(play, action, &receipt);
}

static void refill_action(struct play *play, const struct action *action)
{
    struct receipt receipt = { .outcome = OUTCOME_NOT_APPLIED };
    struct rig_refill refill = { .told = action->refill, .retitrated = action->retitrated };
    bool fits = true;
    unsigned tries = 0;
    if (action->therapy >= 0)
        refill.activate = &play->scenario->therapy[action->therapy];
    do
        fits = refill_do(play, &refill, &receipt);
    while (fits && wanted_anew(play, &receipt) && ++tries < PEOPLE_TRIES);
    if (!fits)
        not_done(play, action, "the reservoir cannot hold so much");
    else
        outcome_take(play, action, &receipt);
}

static void program_action(struct play *play, const struct action *action)
{
    struct receipt receipt;
    unsigned tries = 0;
    do
        people_activate(&play->people, &play->scenario->therapy[action->therapy], action->retitrated, &receipt);
    while (wanted_anew(play, &receipt) && ++tries < PEOPLE_TRIES);
    outcome_take(play, action, &receipt);
}

static void mishap_action(struct play *play, const struct action *action)
{
    json_t *detail = json_object();
    play->reset_told = action->kind == ACTION_RESET;
    instant_ms at = outside_at(play);
    const char *word = mishap_do(&play->rig, action, detail);
    journal_outside(&play->journal, at, &play->calendar, "hardware", word, detail);
}

/* Complications that have happened by now, and the granuloma a step on. */
static void harm_pass(struct play *play)
{
    double bathes_kg_m3 = play->bedside != NULL ? bedside_bathes(play->bedside) : 0.0;
    if (play->rig.now.ms < harm_next(&play->harm).ms)
        return;
    while (harm_report(play, harm_look(&play->harm, &play->rig.twin, play->rig.now, bathes_kg_m3)))
        ;
}

static void harm_action(struct play *play, const struct action *action)
{
    if (action->kind == ACTION_GRANULOMA)
        harm_granuloma(&play->harm, &play->rig.twin, play->rig.now, action->amount);
    else
        harm_migrate(&play->harm, &play->rig.twin, action->level);
    outside(play, "hardware", scenario_action_word(action->kind), harm_tell(&play->harm, NULL));
}

static void action_do(struct play *play, const struct action *action)
{
    switch (action->kind) {
    case ACTION_FAULT:
    case ACTION_RESET:
    case ACTION_POWER_CUT:
    case ACTION_FLASH_FLIP:
    case ACTION_FLASH_WORN:
    case ACTION_HANG:
    case ACTION_CLOCK_DRIFT:
    case ACTION_RADIO:
        mishap_action(play, action);
        break;
    case ACTION_GRANULOMA:
    case ACTION_MIGRATION:
        harm_action(play, action);
        break;
    case ACTION_REFILL:
        refill_action(play, action);
        break;
    case ACTION_PROGRAM:
        program_action(play, action);
        break;
    case ACTION_CLINICIAN_BOLUS:
    case ACTION_CANCEL:
    case ACTION_STOP:
    case ACTION_MINIMUM:
    case ACTION_RESUME:
    case ACTION_SET_CLOCK:
    case ACTION_CLEAR_ALARM:
    case ACTION_SILENCE:
    case ACTION_BOLUS:
    case ACTION_MRI_BEGIN:
    case ACTION_MRI_END:
        command_action(play, action);
        break;
    }
    drain(play);
}

void play_free(struct play *play)
{
    free(play->bedside);
    play->bedside = NULL;
}

/* The patient presses the button: over the air, with the patient's key, and the pump says what it makes of it. */
static void press(struct play *play)
{
    const struct action action = { .at = play->rig.now, .who = WHO_PATIENT, .kind = ACTION_BOLUS, .therapy = -1 };
    command_action(play, &action);
    drain(play);
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
        play->bedside = bedside_make(scenario->patient, scenario->seed);
        if (play->bedside == NULL) {
            fprintf(play->messages, "with the seed %llu nobody can be made of what is said of the patient\n",
                    (unsigned long long)scenario->seed);
            return false;
        }
    }
    if (series != NULL)
        series_head_write(series, &play->drugs);
    drain(play);
    for (;;) {
        instant_ms look_at = play->bedside != NULL ? play->bedside->look_at : INSTANT_NEVER;
        instant_ms until = instant_min(instant_min(sample_at, look_at), end);
        if (next < scenario->actions)
            until = instant_min(until, scenario->action[next].at);
        until = instant_min(until, harm_next(&play->harm));
        run_to(play, until);
        harm_pass(play);
        while (next < scenario->actions && scenario->action[next].at.ms <= until.ms)
            action_do(play, &scenario->action[next++]);
        if (play->bedside != NULL)
            bedside_harm(play->bedside, &play->harm, &play->rig.twin);
        bool last = until.ms >= end.ms, row = until.ms >= sample_at.ms || last;
        if (play->bedside != NULL && (row || until.ms >= look_at.ms) && bedside_look(play->bedside, &play->rig.twin))
            press(play);
        if (row) {
            sample_take(play, series, watch);
            if (watch->progress != NULL)
                watch->progress(watch->context, until, end);
            sample_at = instant_after(sample_at, scenario->series);
        }
        if (play->rig.stuck)
            fprintf(play->messages, "the rig stopped at %lld ms: the pump asked for the same instant over and over\n",
                    (long long)play->rig.now.ms);
        if (last || play->rig.stuck)
            return !play->rig.stuck;
    }
}
