// SPDX-License-Identifier: Apache-2.0
#include "rig/calls.h"

#include <string.h>

#include "pump/logread.h"
#include "rig/crash.h"
#include "rig/people.h"
#include "rig/recipe.h"
#include "rig/rounds.h"

enum { CATHETER_NL = RECIPE_CATHETER_MM * 260 }; /* 0.0026 mL/cm: the twin knows nothing of the pump's table */
/* How often what befalls people and pump, in sessions; how long to wait for contact in the end. Guesses. */
enum { BLOW_IN = 10, CUT_IN = 10, LOSE_IN = 15, DIE_IN = 4, BACKUP_IN = 10, RESTORE_IN = 25, NOT_NEAR_IN = 20 };
enum { SETTLE_TRIES = 12, SETTLE_EVERY_MS = 10 * MINUTE_MS, CALM_MS = 3 * HOUR_MS };

const char *fate_word(enum call_fate fate)
{
    static const char *const words[FATES] = { "applied", "not_applied", "not_sent", "later_applied", "later_not_applied",
                                              "later_never_seen", "forgotten", "unknown" };
    return fate < FATES ? words[fate] : "";
}

const char *fate_text(enum call_fate fate)
{
    static const char *const texts[FATES] = { "applied", "not applied", "not sent", "unknown, then applied",
                                              "unknown, then not applied", "unknown, then never seen",
                                              "unknown, then forgotten", "unknown in the end" };
    return fate < FATES ? texts[fate] : "";
}

static bool broken(const struct calls *calls)
{
    return calls->umpire.breach.wrong != WRONG_NONE;
}

/* The pump's own time: its clock, and what it added when that was lost. */
static int64_t pump_ms(const struct calls *calls)
{
    return rig_tick(&calls->rig).ms + calls->rig.pump.now.clock_base_ms;
}

void calls_tell(struct calls *calls, const char *who, const char *what, json_t *detail)
{
    if (calls->journal == NULL) {
        json_decref(detail);
        return;
    }
    json_t *line = detail != NULL ? detail : json_object();
    json_object_set_new(line, "true_ms", json_integer(calls->rig.now.ms));
    journal_outside(calls->journal, (instant_ms){ pump_ms(calls) }, &calls->rig.pump.now.calendar, who, what, line);
}

static void hear(struct calls *calls, const struct event *event)
{
    if (event->sequence != calls->sequence + 1)
        umpire_gap(&calls->umpire, calls->umpire.event_ms, event->at.ms);
    calls->sequence = event->sequence;
    calls->report.courses += event->code == EVENT_COURSE_START;
    calls->report.modes += event->code == EVENT_MODE;
    calls->report.lost += event->code == EVENT_BOOT && event->field[2] == 0;
    if (calls->journal != NULL)
        journal_event(calls->journal, event, &calls->rig.pump.now.calendar);
    umpire_event(&calls->umpire, event);
}

/* What the pump wrote before its core stopped stands in the flash alone. */
static void log_recover(struct calls *calls)
{
    struct board board = twin_board(&calls->rig.twin);
    struct logread read;
    struct logread_item item;
    board.doors = &twin_doors;
    logread_begin(&read, &board, LOG_EVENTS_RING, calls->sequence + 1, NULL);
    for (logread_next(&read, &board, &item); item.what != LOGREAD_END; logread_next(&read, &board, &item))
        if (item.what == LOGREAD_EVENT && item.event.sequence > calls->sequence)
            hear(calls, &item.event);
}

static void log_follow(struct calls *calls)
{
    struct event event;
    uint64_t last = pump_log_last(&calls->rig.pump);
    if (calls->resets != calls->rig.resets) {
        calls->report.resets += calls->rig.resets - calls->resets;
        calls->resets = calls->rig.resets;
        log_recover(calls);
    }
    for (uint64_t sequence = calls->sequence + 1; sequence <= last; sequence++)
        if (pump_log_read(&calls->rig.pump, sequence, &event))
            hear(calls, &event);
}

static void therapy_follow(struct calls *calls)
{
    struct pump_status status;
    rig_status(&calls->rig, &status);
    umpire_in_force(&calls->umpire, status.token);
}

/* Counters only rise, whatever is lost: else a recorded knock would be a new one. */
static void counters_follow(struct calls *calls)
{
    for (unsigned slot = 1; slot <= PEER_SLOTS; slot++) {
        uint64_t counter = calls->rig.pump.gate.counter[slot];
        if (counter < calls->counter[slot])
            umpire_break(&calls->umpire, WRONG_REUSED, "the pump has forgotten counters of slot %u", slot);
        calls->counter[slot] = counter;
    }
}

static void quanta_follow(struct calls *calls)
{
    uint64_t quanta = calls->rig.twin.battery.count[BATTERY_QUANTUM];
    if (quanta == calls->quanta)
        return;
    umpire_moved(&calls->umpire, quanta - calls->quanta);
    calls->quanta = quanta;
}

void calls_observe(struct calls *calls)
{
    struct rig *rig = &calls->rig;
    calls->umpire.now_ms = rig->now.ms;
    if (rig->stuck)
        umpire_break(&calls->umpire, WRONG_STUCK, "the pump asks for the same instant again and again");
    if (rig_runs(rig)) {
        log_follow(calls);
        if (calls->umpire.chosen.unsure)
            therapy_follow(calls);
        umpire_look(&calls->umpire, rig->pump.now.mode, pump_ms(calls));
        counters_follow(calls);
    } else if (calls->lose_at_cut && rig_was_cut(rig)) {
        rig->power.reset.memory = RIG_MEMORY_LOST;
        calls->lose_at_cut = false;
    }
    quanta_follow(calls);
    tap_listen(&calls->tap, &calls->umpire, &rig->twin.ether, rig->now);
}

void calls_blow(struct calls *calls)
{
    struct rig *rig = &calls->rig;
    if (rig->now.ms < calls->blow.at_ms)
        return;
    calls->blow.at_ms = INT64_MAX;
    if (!rig_runs(rig))
        return;
    calls_tell(calls, "hardware", calls->blow.hang ? "hang" : "reset", NULL);
    if (calls->blow.hang)
        rig_hang(rig);
    else
        rig_reset_as(rig, &calls->blow.reset);
    calls->report.hangs += calls->blow.hang;
    calls_observe(calls);
}

void calls_pass(struct calls *calls, int64_t until_ms)
{
    struct rig *rig = &calls->rig;
    while (rig->now.ms < until_ms && !rig->stuck && !broken(calls)) {
        int64_t next_ms = rig_next(rig).ms < until_ms ? rig_next(rig).ms : until_ms;
        next_ms = calls->blow.at_ms < next_ms ? calls->blow.at_ms : next_ms;
        rig_run_until(rig, (instant_ms){ next_ms > rig->now.ms ? next_ms : rig->now.ms });
        calls_observe(calls);
        calls_blow(calls);
    }
}

/* What is wrong with one direction in a session: mostly loss, often more. */
static struct ether_trouble trouble_draw(struct calls *calls)
{
    struct dice *dice = &calls->dice;
    enum { PPM_PERCENT = 10000 };
    struct ether_trouble trouble = { .delay_least_ms = (uint32_t)dice_between(dice, 0, 100) };
    trouble.lost_ppm = (uint32_t)dice_between(dice, 0, (int64_t)calls->ask.loss_percent * PPM_PERCENT);
    trouble.repeated_ppm = dice_once_in(dice, 2) ? (uint32_t)dice_between(dice, 0, 20 * PPM_PERCENT) : 0;
    trouble.overtaken_ppm = dice_once_in(dice, 2) ? (uint32_t)dice_between(dice, 0, 20 * PPM_PERCENT) : 0;
    trouble.damaged_ppm = dice_once_in(dice, 3) ? (uint32_t)dice_between(dice, 0, 10 * PPM_PERCENT) : 0;
    int64_t more_ms = dice_once_in(dice, 3) ? dice_scale(dice, 1, 5000) : dice_between(dice, 0, 200);
    trouble.delay_most_ms = trouble.delay_least_ms + (uint32_t)more_ms;
    return trouble;
}

static enum rig_memory memory_draw(struct calls *calls)
{
    if (!dice_once_in(&calls->dice, LOSE_IN))
        return RIG_MEMORY_KEPT;
    return dice_once_in(&calls->dice, 2) ? RIG_MEMORY_LOST : RIG_MEMORY_RANDOM;
}

/* A reset or a hang at some moment of the session; power that goes at a door or flash operation still to come, which may be
 * another day's. */
static void blow_draw(struct calls *calls)
{
    struct dice *dice = &calls->dice;
    if (dice_once_in(dice, BLOW_IN)) {
        calls->blow = (struct blow){ .at_ms = calls->rig.now.ms + dice_between(dice, 0, 15000), .hang = dice_once_in(dice, 3) };
        calls->blow.reset = (struct rig_reset){ .cause = dice_once_in(dice, 2) ? BOOT_BROWN_OUT : BOOT_WATCHDOG,
                                                .off = { dice_once_in(dice, 2) ? 0 : dice_scale(dice, 1, HOUR_MS) },
                                                .memory = memory_draw(calls) };
        calls->blow.reset.clock_lost = calls->blow.reset.memory == RIG_MEMORY_LOST && dice_once_in(dice, 3);
    }
    if (calls->rig.power.waiting == 0 && dice_once_in(dice, CUT_IN)) {
        struct rig_cut cut = { .phase = (enum flash_cut)dice_between(dice, FLASH_CUT_BEFORE, FLASH_CUT_DURING),
                               .off = { dice_once_in(dice, 3) ? 0 : dice_scale(dice, 1, 10 * MINUTE_MS) } };
        if (dice_once_in(dice, 2))
            cut.door = (uint64_t)dice_scale(dice, 1, 3000);
        else
            cut.flash_operation = (uint64_t)dice_scale(dice, 1, 300);
        calls->lose_at_cut = dice_once_in(dice, LOSE_IN);
        calls->rig.stuck |= !rig_cut(&calls->rig, &cut); /* cannot be: none waits */
    }
}

/* Now and then a key is backed up, and much later somebody goes on from the copy. Whoever does so knows nothing of what was sent
 * since; the syringe in his hand he does remember. */
static void backup_draw(struct calls *calls, struct caller *caller)
{
    if (dice_once_in(&calls->dice, BACKUP_IN)) {
        caller->backup = caller->kept;
        caller->has_backup = true;
    } else if (caller->has_backup && !calls->transfer_waits && dice_once_in(&calls->dice, RESTORE_IN)) {
        calls->report.fate[FATE_FORGOTTEN] += caller->awaits;
        caller->awaits = false;
        umpire_forgets(&calls->umpire, caller->slot);
        tap_restored(&calls->tap, caller->slot, calls->rig.pump.gate.counter[caller->slot]);
        caller->kept = caller->backup;
        programmer_start(&caller->programmer, &caller->kept);
        caller->restored = true;
        calls->report.restored++;
    }
}

static enum call_who who_draw(struct calls *calls)
{
    int64_t chance = dice_between(&calls->dice, 0, 9);
    return chance < 5 ? CALL_CLINICIAN : chance < 9 ? CALL_PATIENT : CALL_READER;
}

static void session(struct calls *calls)
{
    struct dice *dice = &calls->dice;
    calls_pass(calls, calls->rig.now.ms + dice_scale(dice, 1000, DAY_MS));
    if (broken(calls))
        return;
    enum call_who who = who_draw(calls);
    struct caller *caller = &calls->caller[who];
    calls->rig.twin.ether.to_pump.trouble = trouble_draw(calls);
    calls->rig.twin.ether.from_pump.trouble = trouble_draw(calls);
    blow_draw(calls);
    backup_draw(calls, caller);
    caller->air.reach = who == CALL_CLINICIAN && !dice_once_in(dice, NOT_NEAR_IN) ? REACH_NEAR : REACH_FAR;
    caller->dies_in = dice_once_in(dice, DIE_IN) ? (uint32_t)dice_scale(dice, 1, 400) : 0;
    calls->report.sessions++;
    calls_tell(calls, caller_word(who), "session", NULL);
    if (!caller_talks(calls, who, rounds_session)) {
        calls->report.died++;
        calls_tell(calls, caller_word(who), "programmer died", NULL);
        rounds_restarted(calls, who);
    }
}

/* Contact returns: from now on nothing goes wrong, and everybody learns what is still unknown to him. */
static void contact_returns(struct calls *calls)
{
    calls->calm = true;
    calls->blow.at_ms = INT64_MAX;
    rig_cut_none(&calls->rig);
    calls->rig.twin.ether.to_pump.trouble = calls->rig.twin.ether.from_pump.trouble = (struct ether_trouble){ .lost_ppm = 0 };
    calls_pass(calls, calls->rig.now.ms + CALM_MS);
    for (unsigned who = 0; who < CALLERS; who++) {
        struct caller *caller = &calls->caller[who];
        caller->air.reach = who == CALL_CLINICIAN ? REACH_NEAR : REACH_FAR;
        caller->let_in = false;
        for (unsigned tries = 0; tries < SETTLE_TRIES && !caller->let_in && !broken(calls); tries++) {
            (void)caller_talks(calls, (enum call_who)who, rounds_settle);
            calls_pass(calls, calls->rig.now.ms + SETTLE_EVERY_MS);
        }
        if (!caller->let_in)
            umpire_break(&calls->umpire, WRONG_UNSETTLED, "contact has returned, and the %s is not let in",
                         caller_word((enum call_who)who));
        calls->report.fate[FATE_OPEN] += caller->awaits;
    }
    therapy_follow(calls);
    umpire_end(&calls->umpire);
}

/* Everything that comes before the campaign, over a clear air. */
static bool implant(struct calls *calls)
{
    static const enum role roles[CALLERS] = { ROLE_CLINICIAN, ROLE_PATIENT, ROLE_READER };
    const struct model *model = model_named(dice_once_in(&calls->dice, 2) ? "C20" : "C40");
    struct pump_unit unit = { .model = *model, .calibration = { (int32_t)dice_between(&calls->dice, -50000, 50000) },
                              .serial = "CALLS-1" };
    struct twin_setup setup = { .model = model_name(model->code), .calibration = 1.0 + unit.calibration.ppm / 1e6,
                                .catheter_m3 = rig_m3((vol_nl){ CATHETER_NL }), .seed = dice_bits(&calls->dice) };
    people_provision(&unit, setup.seed);
    if (!rig_start(&calls->rig, &unit, &setup))
        return false;
    umpire_start(&calls->umpire, calls->rig.twin.mechanism.calibrated_m3 * 1e12, model->rate_min.nl_day, 0);
    tap_start(&calls->tap, &calls->rig.twin.ether, calls->rig.now);
    calls->mixture = (struct mixture){ .count = 1, .component = { { DRUG_MORPHINE, { 10000000 } } } };
    calls->calm = true;
    calls_observe(calls);
    for (unsigned who = 0; who < CALLERS; who++) {
        caller_start(calls, (enum call_who)who, roles[who], caller_word((enum call_who)who));
        (void)caller_talks(calls, (enum call_who)who, rounds_pair);
    }
    (void)caller_talks(calls, CALL_CLINICIAN, rounds_implant);
    calls->calm = false;
    return calls->rig.pump.now.mode == MODE_RUNNING;
}

static void live(void *context)
{
    struct calls *calls = context;
    if (!implant(calls))
        umpire_break(&calls->umpire, WRONG_STUCK, "the first therapy was not taken");
    for (uint32_t done = 0; done < calls->ask.sessions && !broken(calls); done++)
        session(calls);
    if (!broken(calls))
        contact_returns(calls);
}

void calls_live(struct calls *calls, const struct calls_ask *ask, uint64_t index)
{
    struct journal *journal = calls->journal;
    memset(calls, 0, sizeof *calls);
    calls->journal = journal;
    calls->ask = *ask;
    calls->report.index = index;
    calls->blow.at_ms = INT64_MAX;
    calls->dice = dice_for(ask->seed, index);
    int number = crash_caught(live, calls);
    if (number != 0)
        umpire_break(&calls->umpire, WRONG_STUCK, "the software crashed: signal %d", number);
    calls->report.lived_ms = calls->rig.now.ms;
    calls->report.cuts = calls->rig.power.cuts;
    calls->report.quanta = calls->quanta;
    calls->report.to_pump = calls->rig.twin.ether.to_pump.count;
    calls->report.from_pump = calls->rig.twin.ether.from_pump.count;
    calls->report.breach = calls->umpire.breach;
}
