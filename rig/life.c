// SPDX-License-Identifier: Apache-2.0
#include "rig/life.h"

#include <string.h>

#include "link/hash.h"
#include "rig/clinic.h"
#include "rig/hearing.h"
#include "rig/strike.h"

enum { CHECK_EVERY_MS = 6 * HOUR_MS, ALARM_NOTICED_DAYS = 3 };

static bool broken(const struct life *life)
{
    return life->oracle.breach.promise != PROMISE_NONE;
}

/* The twin counts drugs in order of coming; the oracle in order of being limited. */
static void places_find(struct life *life)
{
    for (unsigned i = 0; i < TIP_DRUGS; i++) {
        life->place[i] = TIP_DRUGS;
        for (unsigned j = 0; j < FLUID_DRUGS_MAX; j++)
            if (life->oracle.tip.drug[i] != 0 && life->rig.twin.totals.drug[j] == life->oracle.tip.drug[i])
                life->place[i] = j;
    }
}

static void log_follow(struct life *life)
{
    uint64_t last = pump_log_last(&life->rig.pump);
    struct event event;
    if (last < life->sequence)
        life->sequence = 0; /* a pump without storage begins its log anew */
    while (life->sequence < last) {
        if (pump_log_read(&life->rig.pump, ++life->sequence, &event)) {
            if (life->journal != NULL)
                journal_event(life->journal, &event, &life->rig.pump.now.calendar);
            hearing_event(&life->oracle, &event);
            if (event.code == EVENT_ACTIVATED)
                places_find(life);
            life->report.activations += event.code == EVENT_ACTIVATED;
            life->report.boluses += event.code == EVENT_COURSE_START;
        }
    }
}

static void fired(struct life *life)
{
    double kg[TIP_DRUGS];
    for (unsigned i = 0; i < TIP_DRUGS; i++)
        kg[i] = life->place[i] < TIP_DRUGS ? life->rig.twin.totals.delivered_kg[life->place[i]] : 0;
    life->fired_ms = life->rig.twin.driver.fired_ms;
    life->moving = true;
    oracle_fired(&life->oracle, life->fired_ms, kg);
}

/* In the order in which it happened within one wake: the motion ends, the pump logs, the next quantum is commanded. */
void life_observe(struct life *life)
{
    const struct driver *driver = &life->rig.twin.driver;
    bool again = driver->fired_ms != life->fired_ms;
    if (life->moving && (again || driver->due.ms == INT64_MAX)) {
        life->moving = false;
        if (driver->blocked)
            oracle_missed(&life->oracle, life->rig.now.ms);
    }
    if (pump_log_last(&life->rig.pump) != life->sequence)
        log_follow(life);
    if (again)
        fired(life);
}

void life_pass(struct life *life, int64_t until_ms)
{
    struct rig *rig = &life->rig;
    while (!rig->stuck && !broken(life)) {
        instant_ms next = instant_min(rig->wake, twin_next(&rig->twin));
        if (next.ms > until_ms)
            break;
        rig_run_until(rig, next);
        life_observe(life);
    }
    if (rig->stuck)
        oracle_break(&life->oracle, PROMISE_STUCK, rig->now.ms, "the pump asks for the same instant again and again");
    if (rig->now.ms < until_ms && !broken(life)) {
        rig_run_until(rig, (instant_ms){ until_ms });
        oracle_time(&life->oracle, until_ms);
    }
}

/* The same bytes once more, as a sender does that got no receipt. */
static void resend(struct life *life, enum role role, const struct command *command)
{
    struct board board = twin_board(&life->rig.twin);
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size = 0;
    struct receipt receipt;
    if (command_encode(command, bytes, sizeof bytes, &size) != RESULT_OK)
        return;
    pump_command(&life->rig.pump, &board, life->rig.now, role, bytes, size, &receipt);
    oracle_answered(&life->oracle, command, &receipt, true);
    life->rig.wake = pump_step(&life->rig.pump, &board, life->rig.now);
    life_observe(life);
    life->report.resent++;
}

bool life_tell(struct life *life, enum role role, struct command *command, struct receipt *receipt)
{
    rig_command(&life->rig, role, command, receipt);
    oracle_answered(&life->oracle, command, receipt, false);
    life_observe(life);
    bool applied = receipt->outcome == OUTCOME_APPLIED;
    life->report.refused += !applied;
    if (command->kind != COMMAND_STAGE && dice_once_in(&life->dice, 4)) {
        life_pass(life, life->rig.now.ms + dice_scale(&life->dice, 1, 600000));
        resend(life, role, command);
    }
    return applied;
}

void life_look(struct life *life)
{
    struct pump_status status;
    uint8_t bytes[THERAPY_BYTES_MAX];
    struct board board = twin_board(&life->rig.twin);
    if (broken(life))
        return;
    rig_status(&life->rig, &status);
    struct hearing_look look = { .now_ms = life->rig.now.ms, .mode = status.mode, .course = status.course,
                                 .metered = status.metered_quanta, .remaining_fl = status.remaining.fl,
                                 .course_left_nl = status.course_left.nl, .offset_ms = status.calendar.offset.ms,
                                 .alarms = status.alarms,
                                 .truth_fl = (int64_t)(life->rig.twin.reservoir_m3 * 1e18),
                                 .mechanism_sound = life->mechanism_sound, .bytes = bytes };
    look.size = pump_therapy(&board, bytes);
    hearing_look(&life->oracle, &look);
    strike_count(life);
    /* A fault of the hydraulics while two drugs stand in the catheter: no pump can know which is at the tip. */
    if (life->rig.twin.troubled || !life->mechanism_sound) {
        if (life->rig.twin.catheter.slugs > 1)
            life->blind_until_ms = life->rig.now.ms + 25 * (int64_t)HOUR_MS;
    }
    if (life->rig.twin.catheter.slugs > 1 && life->oracle.blind)
        life->blind_until_ms = life->rig.now.ms + 25 * (int64_t)HOUR_MS;
    life->oracle.blind = life->rig.now.ms < life->blind_until_ms;
}

void life_booted(struct life *life, bool memory_kept)
{
    oracle_booted(&life->oracle, life->rig.now.ms, memory_kept);
    life->moving = false;
    life->sequence = 0;
    life_observe(life);
    life_look(life);
}

static int64_t next_deed(const struct life *life)
{
    const int64_t times[] = { life->visit_ms, life->refill_ms, life->press_ms, life->resume_ms, life->check_ms };
    int64_t next = strike_next(life);
    for (unsigned i = 0; i < sizeof times / sizeof times[0]; i++)
        next = times[i] < next ? times[i] : next;
    return next;
}

/* Somebody hears the alarm, sooner or later. */
static void check(struct life *life)
{
    struct pump_status status;
    life->check_ms = life->rig.now.ms + CHECK_EVERY_MS;
    life_look(life);
    rig_status(&life->rig, &status);
    if (status.alarms != 0 && !life->unwell) {
        int64_t visit = life->rig.now.ms + dice_between(&life->dice, HOUR_MS, ALARM_NOTICED_DAYS * (int64_t)DAY_MS);
        life->unwell = true;
        life->visit_ms = visit < life->visit_ms ? visit : life->visit_ms;
    }
}

static void deeds(struct life *life)
{
    int64_t now_ms = life->rig.now.ms;
    strike_due(life);
    if (now_ms >= life->check_ms)
        check(life);
    if (now_ms >= life->press_ms)
        clinic_press(life);
    if (now_ms >= life->resume_ms)
        clinic_resume(life);
    if (now_ms >= life->refill_ms || now_ms >= life->visit_ms)
        clinic_visit(life);
}

void life_live(struct life *life, uint64_t seed, uint64_t index, const struct mix *mix, int64_t until_ms)
{
    struct journal *journal = life->journal;
    memset(life, 0, offsetof(struct life, oracle));
    memset(&life->report, 0, sizeof *life - offsetof(struct life, report));
    life->journal = journal;
    life->report.index = index;
    life->mix = *mix;
    life->dice = dice_for(seed, index * 2);
    life->fault_dice = dice_for(seed, index * 2 + 1);
    if (!clinic_implant(life, seed ^ index)) {
        oracle_break(&life->oracle, PROMISE_STUCK, 0, "no first therapy was taken");
    }
    strike_plan(life);
    while (life->rig.now.ms < until_ms && !broken(life)) {
        int64_t next = next_deed(life);
        life_pass(life, next < until_ms ? next : until_ms);
        if (!broken(life) && life->rig.now.ms < until_ms)
            deeds(life);
    }
    life_look(life);
    life->report.lived_ms = life->rig.now.ms;
    life->report.quanta = life->oracle.fired;
    life->report.missed = life->oracle.missed;
    life->report.breach = life->oracle.breach;
}
