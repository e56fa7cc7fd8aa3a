/* acting.c - what clinic, patient and hardware do to the rig of a play. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/acting.h"

#include "rig/harmtell.h"
#include "rig/mishap.h"

void acting_reasons(const struct play *play, const struct receipt *receipt, const char *what)
{
    for (unsigned bit = 0; bit < VERDICT_COUNT; bit++)
        if ((receipt->reasons >> bit & 1) != 0)
            fprintf(play->messages, "%s is refused (%s): %s\n", what, verdict_word(bit), verdict_text(bit));
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

bool acting_harm(struct play *play, struct harm_event event)
{
    if (event.kind == HARM_NOTHING)
        return false;
    play_outside(play, "hardware", "complication", harm_tell(&play->harm, &event));
    return true;
}

bool acting_refill(struct play *play, const struct rig_refill *refill, struct receipt *receipt)
{
    struct pump_status before;
    double withdrawn_before = play->rig.twin.totals.withdrawn;
    rig_status(&play->rig, &before);
    harm_refill(&play->harm, &play->rig.twin);
    if (!people_refill(&play->people, refill, receipt))
        return false;
    if (receipt->outcome == OUTCOME_APPLIED)
        acting_harm(play, harm_refilled(&play->harm));
    refill_count(play, refill, receipt, &before, rig_nl(play->rig.twin.totals.withdrawn - withdrawn_before));
    return true;
}

/* The command of an action that is nothing but a command. */
static struct command command_of(const struct action *action)
{
    static const uint8_t kinds[] = {
        [ACTION_CLINICIAN_BOLUS] = COMMAND_CLINICIAN_BOLUS,
        [ACTION_CANCEL] = COMMAND_CANCEL_COURSE,
        [ACTION_STOP] = COMMAND_STOP,
        [ACTION_MINIMUM] = COMMAND_MINIMUM,
        [ACTION_RESUME] = COMMAND_RESUME,
        [ACTION_SET_CLOCK] = COMMAND_SET_CLOCK,
        [ACTION_CLEAR_ALARM] = COMMAND_CLEAR_ALARM,
        [ACTION_SILENCE] = COMMAND_SILENCE,
        [ACTION_BOLUS] = COMMAND_PATIENT_BOLUS,
        [ACTION_MRI_BEGIN] = COMMAND_MRI_BEGIN,
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
    acting_reasons(play, receipt, scenario_action_word(action->kind));
}

void acting_not_done(struct play *play, const struct action *action, const char *reason)
{
    json_t *detail = json_object();
    json_object_set_new(detail, "what", json_string(scenario_action_word(action->kind)));
    json_object_set_new(detail, "reason", json_string(reason));
    play_outside(play, action->who == WHO_PATIENT ? "patient" : "clinician", "not_done", detail);
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
        acting_not_done(play, action, "the pump does not answer");
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
        fits = acting_refill(play, &refill, &receipt);
    while (fits && wanted_anew(play, &receipt) && ++tries < PEOPLE_TRIES);
    if (!fits)
        acting_not_done(play, action, "the reservoir cannot hold so much");
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
    instant_ms at = play_outside_at(play);
    const char *word = mishap_do(&play->rig, action, detail);
    journal_outside(&play->journal, at, &play->calendar, "hardware", word, detail);
}

static void harm_action(struct play *play, const struct action *action)
{
    if (action->kind == ACTION_INFECTION) {
        harm_infect(&play->harm, &play->rig.twin, action->amount > 0);
        play_outside(play, "hardware", "infection", json_pack("{s:b}", "infected", play->harm.infected));
        return;
    }
    if (action->kind == ACTION_GRANULOMA)
        harm_granuloma(&play->harm, &play->rig.twin, play->rig.now, action->amount);
    else
        harm_migrate(&play->harm, &play->rig.twin, action->level);
    play_outside(play, "hardware", scenario_action_word(action->kind), harm_tell(&play->harm, NULL));
}

void acting_do(struct play *play, const struct action *action)
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
    case ACTION_INFECTION:
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
    play_drain(play);
}

void acting_press(struct play *play)
{
    const struct action action = { .at = play->rig.now, .who = WHO_PATIENT, .kind = ACTION_BOLUS, .therapy = -1 };
    command_action(play, &action);
    play_drain(play);
}
