// SPDX-License-Identifier: Apache-2.0
#include "rig/life.h"

#include <string.h>

#include "pump/logread.h"
#include "rig/chip/corefault.h"
#include "rig/clinic.h"
#include "rig/crash.h"
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

static void hear(struct life *life, const struct event *event)
{
    if (life->journal != NULL)
        journal_event(life->journal, event, &life->rig.pump.now.calendar);
    hearing_event(&life->oracle, event);
    if (event->code == EVENT_ACTIVATED)
        places_find(life);
    life->report.activations += event->code == EVENT_ACTIVATED;
    life->report.boluses += event->code == EVENT_COURSE_START;
}

/* What the pump wrote last before its core stopped stands in the flash alone. */
static void log_recover(struct life *life)
{
    struct board board = twin_board(&life->rig.twin);
    struct logread read;
    struct logread_item item;
    struct event event;
    board.doors = &twin_doors;
    logread_begin(&read, &board, LOG_EVENTS_RING, life->sequence + 1, NULL);
    for (logread_next(&read, &board, &item); item.what != LOGREAD_END; logread_next(&read, &board, &item)) {
        if (item.what != LOGREAD_EVENT || item.event.sequence <= life->sequence)
            continue; /* of a gap the pump must have told by itself, in the entry after it */
        if (pump_log_read(&life->rig.pump, item.event.sequence, &event))
            break;
        life->sequence = item.event.sequence;
        hear(life, &item.event);
    }
}

static void log_follow(struct life *life)
{
    uint64_t last = pump_log_last(&life->rig.pump);
    struct event event;
    while (life->sequence < last) {
        if (pump_log_read(&life->rig.pump, ++life->sequence, &event))
            hear(life, &event);
    }
}

int64_t life_tick(const struct life *life)
{
    return rig_tick(&life->rig).ms + life->tick_shift_ms;
}

static void fired(struct life *life)
{
    double kg[TIP_DRUGS];
    for (unsigned i = 0; i < TIP_DRUGS; i++)
        if (life->oracle.tip.drug[i] != 0 && life->place[i] == TIP_DRUGS)
            places_find(life); /* a drug can be filled in after its therapy was booked */
    for (unsigned i = 0; i < TIP_DRUGS; i++)
        kg[i] = life->place[i] < TIP_DRUGS ? life->rig.twin.totals.delivered_kg[life->place[i]] : 0;
    life->fired_ms = life->rig.twin.driver.fired_ms;
    life->moving = true;
    oracle_fired(&life->oracle, life_tick(life), life->fired_ms, kg);
}

/* The core was started again. Where a pump goes on from when it lost its clock, its own first entry tells. */
static void booted(struct life *life)
{
    struct event event;
    life->resets = life->rig.resets;
    life->report.resets++;
    life->moving = false;
    if (pump_log_read(&life->rig.pump, 1, &event) && event.code == EVENT_BOOT && pump_log_last(&life->rig.pump) < LOG_EVENTS)
        life->sequence = 0; /* a pump without storage begins its log anew */
    uint64_t first = life->sequence + 1, last = pump_log_last(&life->rig.pump);
    while (first <= last && !pump_log_read(&life->rig.pump, first, &event))
        first++; /* numbers that a loss of memory made the pump skip */
    if (first <= last)
        life->tick_shift_ms += event.at.ms - life_tick(life);
    if (rig_flash_operations(&life->rig) != 0)
        log_recover(life);
    life->oracle.storage = rig_flash_operations(&life->rig) != 0;
    oracle_booted(&life->oracle, life_tick(life), !life->memory_lost);
    life->memory_lost = false;
}

/* In the order in which it happened within one wake: the motion ends, the pump logs, the next quantum is commanded. */
void life_observe(struct life *life)
{
    const struct driver *driver = &life->rig.twin.driver;
    bool again = driver->fired_ms != life->fired_ms;
    bool boot = life->rig.resets != life->resets;
    if (boot)
        booted(life);
    if (life->moving && (again || driver->due.ms == INT64_MAX)) {
        life->moving = false;
        if (driver->blocked)
            oracle_missed(&life->oracle, life_tick(life));
    }
    if (pump_log_last(&life->rig.pump) != life->sequence)
        log_follow(life);
    if (again)
        fired(life);
    if (!rig_runs(&life->rig))
        oracle_off(&life->oracle, life_tick(life));
    if (boot)
        life_look(life);
}

void life_pass(struct life *life, int64_t until_ms)
{
    struct rig *rig = &life->rig;
    while (!rig->stuck && !broken(life)) {
        instant_ms next = rig_next(rig);
        if (next.ms > until_ms)
            break;
        rig_run_until(rig, next);
        life_observe(life);
    }
    if (rig->stuck)
        oracle_break(&life->oracle, PROMISE_STUCK, rig->now.ms, "%s", corefault_stuck(rig));
    if (rig->now.ms < until_ms && !broken(life)) {
        rig_run_until(rig, (instant_ms){ until_ms });
        oracle_time(&life->oracle, life_tick(life));
    }
}

/* The same bytes once more, as a sender does that got no receipt. */
static void resend(struct life *life, const struct command *command, bool heard)
{
    struct receipt receipt;
    rig_repeat(&life->rig, &receipt);
    if (!rig_unheard(&life->rig) && life->rig.resets == life->resets)
        oracle_answered(&life->oracle, command, &receipt, heard);
    life_observe(life);
    life->report.resent++;
}

bool life_tell(struct life *life, enum role role, struct command *command, struct receipt *receipt)
{
    rig_command(&life->rig, role, command, receipt);
    bool heard = !rig_unheard(&life->rig) && life->rig.resets == life->resets;
    if (heard)
        oracle_answered(&life->oracle, command, receipt, false);
    else
        oracle_unanswered(&life->oracle, command, life_tick(life));
    life_observe(life);
    bool applied = receipt->outcome == OUTCOME_APPLIED;
    life->report.refused += !applied;
    if (command->kind != COMMAND_STAGE && dice_once_in(&life->dice, 4)) {
        life_pass(life, life->rig.now.ms + dice_scale(&life->dice, 1, 600000));
        resend(life, command, heard);
    }
    return applied;
}

void life_look(struct life *life)
{
    struct pump_status status;
    uint8_t bytes[THERAPY_BYTES_MAX];
    struct board board = twin_board(&life->rig.twin);
    if (broken(life) || !rig_runs(&life->rig))
        return;
    board.doors = &twin_doors;
    rig_status(&life->rig, &status);
    struct hearing_look look = { .now_ms = life_tick(life), .mode = status.mode, .course = status.course,
                                 .course_rate = life->rig.pump.now.course_rate.nl_day,
                                 .metered = status.metered_quanta, .remaining_fl = status.remaining.fl,
                                 .course_left_nl = status.course_left.nl, .offset_ms = status.calendar.offset.ms,
                                 .alarms = status.alarms,
                                 .truth_fl = (int64_t)(life->rig.twin.reservoir_m3 * 1e18),
                                 .mechanism_sound = life->mechanism_sound, .bytes = bytes };
    look.size = pump_therapy(&board, bytes);
    hearing_look(&life->oracle, &look);
    strike_count(life);
    if (life->oracle.now.is)
        life->therapy = life->oracle.now.therapy; /* the clinic reads it back */
    /* A fault of the hydraulics while two drugs stand in the catheter: no pump can know which is at the tip. */
    bool unsure = life->rig.twin.troubled || !life->mechanism_sound || life->oracle.blind;
    int64_t until_ms = life->rig.now.ms + 25 * (int64_t)HOUR_MS;
    if (unsure && life->rig.twin.catheter.slugs > 1 && until_ms > life->blind_until_ms)
        life->blind_until_ms = until_ms;
    life->oracle.blind = life->rig.now.ms < life->blind_until_ms;
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

static void live_on(void *context)
{
    struct life *life = context;
    while (life->rig.now.ms < life->until_ms && !broken(life)) {
        int64_t next = next_deed(life);
        life_pass(life, next < life->until_ms ? next : life->until_ms);
        if (!broken(life) && life->rig.now.ms < life->until_ms)
            deeds(life);
    }
}

/* No fault of a life reaches into a chip: its core has none of its own. */
static void core_judge(struct life *life, const struct chip_counts *before)
{
    struct chip_counts now = chip_counts(life->chip);
    if (now.malformed != before->malformed || now.self_starts != before->self_starts || now.hangs != before->hangs)
        oracle_break(&life->oracle, PROMISE_STUCK, life_tick(life), "the core faulted or hung by itself: %s",
                     chip_why(life->chip));
}

void life_live(struct life *life, uint64_t seed, uint64_t index, const struct mix *mix, int64_t until_ms)
{
    struct journal *journal = life->journal;
    struct chip *chip = life->chip;
    struct chip_counts before = chip != NULL ? chip_counts(chip) : (struct chip_counts){ 0 };
    memset(life, 0, offsetof(struct life, oracle));
    memset(&life->report, 0, sizeof *life - offsetof(struct life, report));
    life->journal = journal;
    life->chip = chip;
    life->report.index = index;
    life->mix = *mix;
    life->dice = dice_for(seed, index * 2);
    life->fault_dice = dice_for(seed, index * 2 + 1);
    if (!clinic_implant(life, seed ^ index)) {
        oracle_break(&life->oracle, PROMISE_STUCK, 0, "no first therapy was taken");
    }
    strike_plan(life);
    life->until_ms = until_ms;
    int number = crash_caught(live_on, life);
    if (number != 0)
        oracle_break(&life->oracle, PROMISE_STUCK, life_tick(life), "the pump's software crashed: signal %d", number);
    life_look(life);
    if (chip != NULL)
        core_judge(life, &before);
    life->report.lived_ms = life->rig.now.ms;
    life->report.quanta = life->oracle.fired;
    life->report.missed = life->oracle.missed;
    life->report.breach = life->oracle.breach;
}
