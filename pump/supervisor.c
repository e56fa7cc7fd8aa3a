// SPDX-License-Identifier: Apache-2.0
#include "pump/supervisor.h"

#include "pump/abuse.h"
#include "pump/activation.h"
#include "pump/alarm.h"
#include "pump/engine.h"
#include "pump/cell.h"
#include "pump/field.h"
#include "pump/keep.h"
#include "pump/loss.h"
#include "pump/motor.h"
#include "pump/radio.h"
#include "pump/selftest.h"
#include "pump/sense.h"
#include "pump/standing.h"
#include "pump/trial.h"

enum { STOPPED_LONG_HOURS = 48 }; /* clinical 1.1 */

enum mode supervisor_next(uint8_t mode, enum happening happening)
{
#define ON(mode, activate, stop, minimum, resume, empty, refilled, fault)                                              \
    [MODE_##mode] = { [HAPPENING_ACTIVATE] = MODE_##activate, [HAPPENING_STOP] = MODE_##stop,                          \
                      [HAPPENING_MINIMUM] = MODE_##minimum,   [HAPPENING_RESUME] = MODE_##resume,                      \
                      [HAPPENING_EMPTY] = MODE_##empty,       [HAPPENING_REFILLED] = MODE_##refilled,                  \
                      [HAPPENING_FAULT] = MODE_##fault },
    static const uint8_t next[][HAPPENINGS] = {
#include "pump/supervisor.def"
    };
#undef ON
    if (mode >= sizeof next / sizeof next[0] || next[mode][happening] == 0) {
        return MODE_SAFE;
    }
    return (enum mode)next[mode][happening];
}

void supervisor_no_flow(struct pump *pump, instant_ms now)
{
    if (pump->now.flow_since_ms == INT64_MAX) {
        pump->now.flow_since_ms = now.ms;
        pump->look_ms = now.ms; /* the restart limit runs from here */
    }
    pump->now.missed_ms = now.ms;
    pump->now_changed = true;
}

/* While quanta fall due an interruption lasts from the first missed to the last: what was not due was not missed. */
span_ms supervisor_interrupted(const struct pump *pump, instant_ms now)
{
    int64_t longest = pump->now.interrupted_ms;
    if (pump->now.flow_since_ms != INT64_MAX) {
        bool due = pump->now.mode == MODE_RUNNING || pump->now.mode == MODE_MINIMUM ||
                   (pump->now.mode == MODE_SAFE && pump->base.nl_day > 0);
        int64_t until_ms = due ? pump->now.missed_ms : now.ms;
        longest = until_ms - pump->now.flow_since_ms > longest ? until_ms - pump->now.flow_since_ms : longest;
    }
    if (pump->now.stopped_since_ms != INT64_MAX && now.ms - pump->now.stopped_since_ms > longest) {
        longest = now.ms - pump->now.stopped_since_ms;
    }
    return (span_ms){ longest };
}

int64_t supervisor_interrupted_told(const struct pump *pump, instant_ms now)
{
    int64_t longest = supervisor_interrupted(pump, now).ms;
    return longest < INTERRUPTED_UNKNOWN_MS ? longest : -1;
}

bool supervisor_restart_barred(const struct pump *pump, uint16_t restart_limit_hours, instant_ms now)
{
    return supervisor_interrupted(pump, now).ms > (int64_t)restart_limit_hours * HOUR_MS;
}

void supervisor_flow(struct pump *pump, instant_ms now)
{
    if (pump->now.flow_since_ms == INT64_MAX) {
        return;
    }
    pump->now.interrupted_ms = supervisor_interrupted(pump, now).ms;
    /* One that was under way when a fault ended delivery is the last: the interruption begins with it. */
    bool last = pump->now.mode == MODE_SAFE && pump->base.nl_day == 0 && pump->now.course == COURSE_NONE;
    pump->now.flow_since_ms = last ? now.ms : INT64_MAX;
    pump->now.missed_ms = now.ms; /* from here on what was missed is made good */
    pump->now_changed = true;
    pump->look_ms = now.ms;
}

/* What of the interruption before has not been made good by as long a flow since. */
static int64_t interrupted_rest(const struct pump *pump, int64_t until_ms)
{
    int64_t rest_ms = pump->now.interrupted_ms - (until_ms - pump->now.missed_ms);
    return rest_ms > 0 ? rest_ms : 0;
}

void supervisor_powerless(struct pump *pump, int64_t known_ms, instant_ms now)
{
    bool flowed = pump->now.mode == MODE_RUNNING || pump->now.mode == MODE_MINIMUM || pump->now.mode == MODE_SAFE;
    if (!flowed || !pump->has_therapy || now.ms - known_ms < HOUR_MS) {
        return;
    }
    if (pump->now.flow_since_ms == INT64_MAX) {
        pump->now.flow_since_ms = known_ms - interrupted_rest(pump, known_ms);
    }
    pump->now.missed_ms = now.ms;
    pump->now_changed = true;
}

void supervisor_unknown_stop(struct pump *pump)
{
    pump->now.interrupted_ms = INTERRUPTED_UNKNOWN_MS;
    pump->now_changed = true;
}

void supervisor_acknowledge(struct pump *pump, instant_ms now)
{
    note(pump, now, ACTOR_CLINICIAN, EVENT_RETITRATION, supervisor_interrupted_told(pump, now), 0, 0, 0);
    pump->now.interrupted_ms = 0;
    pump->now.history.not_infusing = 0;
    if (pump->now.flow_since_ms != INT64_MAX) {
        pump->now.flow_since_ms = now.ms;
        pump->now.missed_ms = now.ms;
    }
    pump->now_changed = true;
}

/* Modes in which nothing flows end the course and drop the fraction in hand; SAFE and MINIMUM end the course. */
static void mode_settle(struct pump *pump, struct kept *kept, enum mode from, enum mode to, enum happening happening,
                        instant_ms now)
{
    bool still = to == MODE_STOPPED || to == MODE_EMPTY || to == MODE_NEW;
    if (to == MODE_SAFE && from != MODE_EMPTY) {
        bool older = pump->now.contents.count > 1; /* an older drug stands in the catheter, made for another flow */
        rate_nl_day flow = course_exclusive(pump->now.course) ? pump->now.course_rate : pump->base;
        pump->now.safe_cap.nl_day = older ? flow.nl_day : RATE_NO_CAP;
    } else if (to != MODE_SAFE && to != MODE_EMPTY) {
        pump->now.safe_cap.nl_day = RATE_NO_CAP;
    }
    bool waits =
        to == MODE_EMPTY && course_exclusive(pump->now.course); /* a prime or bridge ends by volume, after a refill */
    if (to != MODE_RUNNING && !waits) {
        course_end(pump, kept, happening == HAPPENING_EMPTY ? COURSE_EMPTY : COURSE_STOPPED, now);
    }
    if (still) {
        engine_drop(pump, kept, now);
    }
    if (to != MODE_RUNNING) {
        pump->now.interrupted_ms =
            supervisor_interrupted(pump, now).ms; /* a stop stays one on its way through other modes */
    }
    pump->now.stopped_since_ms = to == MODE_STOPPED ? now.ms : INT64_MAX;
}

void supervisor_happen(struct pump *pump, struct kept *kept, enum happening happening, instant_ms now)
{
    enum mode from = (enum mode)pump->now.mode;
    enum mode to = supervisor_next(pump->now.mode, happening);
    if (from == MODE_EMPTY && happening == HAPPENING_REFILLED) {
        to = (enum mode)pump->now.before_empty;
    } else if (from == MODE_EMPTY && happening == HAPPENING_ACTIVATE) {
        pump->now.before_empty = MODE_RUNNING;
    } else if (from == MODE_EMPTY && happening == HAPPENING_FAULT) {
        pump->now.before_empty = MODE_SAFE;
        pump->now_changed = true;
    } else if (to == MODE_EMPTY && from != MODE_EMPTY) {
        pump->now.before_empty = (uint8_t)from;
    }
    engine_reckon(pump, kept, now);
    if (to != from) {
        pump->now.mode = (uint8_t)to;
        note(pump, now, ACTOR_PUMP, EVENT_MODE, from, to, happening, 0);
        if (to == MODE_RUNNING && from != MODE_NEW) {
            pump->now.interrupted_ms = 0; /* whoever let it run again was asked about it */
            alarm_end(pump, ALARM_AT_INTERRUPTED_LONG, now);
        }
        mode_settle(pump, kept, from, to, happening, now);
        head_move(pump, now);
        pump->look_ms = now.ms;
    }
    engine_flows(pump, kept, now);
    if (to == MODE_EMPTY || (to == MODE_SAFE && pump->base.nl_day == 0)) {
        supervisor_no_flow(pump, now);
    }
}

static bool latched_safe(const struct pump *pump)
{
    uint32_t held = (uint32_t)1 << ALARM_AT_RESETS | (uint32_t)1 << ALARM_AT_EMERGENCY;
    return (pump->now.latched & held) != 0 || selftest_holds(pump);
}

verdict supervisor_bars(const struct pump *pump, const struct command *command)
{
    bool refill = command->kind == COMMAND_REFILL;
    bool starts = command->kind == COMMAND_RESUME || command->kind == COMMAND_ACTIVATE ||
                  (refill && command->refill.activate);
    bool boluses = command->kind == COMMAND_PATIENT_BOLUS || command->kind == COMMAND_CLINICIAN_BOLUS;
    bool rises = command->kind == COMMAND_MINIMUM && pump->base.nl_day < pump->model.rate_min.nl_day;
    verdict reasons = 0;
    if ((starts || rises) && latched_safe(pump)) {
        reasons |= VERDICT_LATCHED_SAFE;
    }
    bool fills = refill && command->refill.filled.nl + command->refill.left.nl > 0; /* that ends the mode */
    if (((starts && !fills) || boluses || rises) && field_bars(pump)) {
        reasons |= VERDICT_MRI_RULE;
    }
    if ((starts || refill) && pump->now.history.not_infusing && !command->retitrated) {
        reasons |= VERDICT_RETITRATION;
    }
    return reasons;
}

void supervisor_booted(struct pump *pump, struct kept *kept, uint8_t cause, instant_ms now)
{
    struct resets *resets = &pump->now.resets;
    if (cause == BOOT_COMMAND || pump->now.mode == MODE_NEW) {
        return;
    }
    if (resets->count >= RESETS_LATCH) {
        for (unsigned i = 1; i < RESETS_LATCH; i++) {
            resets->at_ms[i - 1] = resets->at_ms[i];
        }
        resets->count = RESETS_LATCH - 1;
    }
    resets->at_ms[resets->count++] = now.ms;
    pump->now_changed = true;
    if (resets->count == RESETS_LATCH && now.ms - resets->at_ms[0] <= DAY_MS) {
        resets->count = 0; /* once it is cleared three more are needed */
        note(pump, now, ACTOR_PUMP, EVENT_RESETS, RESETS_LATCH, cause, 0, 0);
        alarm_happen(pump, ALARM_AT_RESETS, cause, now);
        supervisor_happen(pump, kept, HAPPENING_FAULT, now);
    }
}

void supervisor_milestone(struct pump *pump, const struct board *board, instant_ms now)
{
    struct kept *kept = kept_of(board);
    struct ledger ledger;
    engine_charge(pump, kept, now);
    if (pump->now.contents.count == 1 && pump->now.safe_cap.nl_day != RATE_NO_CAP) {
        pump->now.safe_cap.nl_day = RATE_NO_CAP;
        pump->now_changed = true;
        engine_reckon(pump, kept, now);
        engine_flows(pump, kept, now);
    }
    motor_set_budget(pump, board, now);
    ledger_working(pump, kept, &ledger, now);
    vol_fl remaining = engine_remaining(pump, &ledger);
    bool emptied = pump->now.mode == MODE_STOPPED && pump->now.field.empty; /* on purpose, for a scan: no news */
    if (!emptied && pump->has_therapy && remaining.fl <= pump->therapy.reservoir_low.nl * FL_PER_NL) {
        alarm_raise(pump, ALARM_AT_RESERVOIR_LOW, nl_of_fl(remaining).nl, now);
    }
    if (!emptied && remaining.fl < pump->quantum.fl && pump->now.has_contents) {
        alarm_raise(pump, ALARM_AT_RESERVOIR_EMPTY, nl_of_fl(remaining).nl, now);
        if (pump->now.mode != MODE_EMPTY) {
            supervisor_happen(pump, kept, HAPPENING_EMPTY, now);
        }
    }
    engine_milestone(pump, &ledger);
}

/* Since when nothing flows, by a clinician's wish or in a safe state that is a stop; INT64_MAX when something does. */
static int64_t standing_since(const struct pump *pump)
{
    if (pump->now.mode == MODE_SAFE && pump->base.nl_day == 0) {
        return pump->now.flow_since_ms;
    }
    return pump->now.stopped_since_ms;
}

static void look_long(struct pump *pump, struct kept *kept, instant_ms now, instant_ms *next)
{
    int64_t since_ms = standing_since(pump);
    if (since_ms != INT64_MAX) {
        int64_t at = since_ms + (int64_t)STOPPED_LONG_HOURS * HOUR_MS;
        if (now.ms >= at) {
            alarm_raise(pump, ALARM_AT_STOPPED_LONG, now.ms - since_ms, now);
        } else {
            *next = instant_min(*next, (instant_ms){ at });
        }
    } else {
        alarm_end(pump, ALARM_AT_STOPPED_LONG, now);
    }
    if (!pump->has_therapy || pump->now.mode != MODE_RUNNING) {
        return; /* the least flow was chosen by a clinician: a fault must not turn it into a stop */
    }
    if (supervisor_restart_barred(pump, pump->therapy.restart_limit_hours, now)) {
        alarm_raise(pump, ALARM_AT_INTERRUPTED_LONG, supervisor_interrupted_told(pump, now), now);
        supervisor_happen(pump, kept, HAPPENING_FAULT, now);
    } else if (pump->now.flow_since_ms != INT64_MAX) {
        int64_t at = pump->now.flow_since_ms + (int64_t)pump->therapy.restart_limit_hours * HOUR_MS + 1;
        *next = instant_min(*next, (instant_ms){ at > now.ms ? at : now.ms + MINUTE_MS });
    } else if (pump->now.interrupted_ms != 0 && interrupted_rest(pump, now.ms) == 0) {
        pump->now.interrupted_ms = 0;
        pump->now_changed = true;
    }
}

/* What was emptied on purpose and let go on without a refill must not push air for the first quantum either. */
static void look_empty(struct pump *pump, const struct board *board, instant_ms now)
{
    struct ledger ledger;
    bool flows = pump->now.mode == MODE_RUNNING || pump->now.mode == MODE_MINIMUM || pump->now.mode == MODE_SAFE;
    if (flows && pump->now.has_contents && ledger_load(&kept_of(board)->ledger, &ledger) == RESULT_OK &&
        engine_remaining(pump, &ledger).fl < pump->quantum.fl) {
        supervisor_milestone(pump, board, now);
    }
}

/* The same standstill came and went three times in ten minutes: starting blindly again hides a fault (REQ-ALRM-12). */
static void look_cycles(struct pump *pump, struct kept *kept, instant_ms now)
{
    if (pump->alarm.cycling != 0) {
        alarm_happen(pump, ALARM_AT_CYCLES, pump->alarm.cycling, now);
        pump->alarm.cycling = 0;
        supervisor_happen(pump, kept, HAPPENING_FAULT, now);
    }
}

void supervisor_look(struct pump *pump, const struct board *board, instant_ms now)
{
    struct kept *kept = kept_of(board);
    instant_ms next = { now.ms + LOOK_EVERY_MS };
    look_cycles(pump, kept, now);
    look_empty(pump, board, now);
    look_long(pump, kept, now, &next);
    loss_note_ledger(pump, kept, now);
    if (!governor_turn(&kept->governor, now)) {
        loss_of_governor(pump, kept, now);
    }
    keep_look(pump, board, now);
    next = instant_min(next, selftest_look(pump, board, now));
    next = instant_min(next, sense_look(pump, board, now));
    cell_look(pump, kept, now);
    board->doors->watchdog(board->hardware);
    motor_set_budget(pump, board, now);
    next = instant_min(next, field_look(pump, now));
    next = instant_min(next, abuse_look(pump, now));
    next = instant_min(next, radio_look(pump, board, now));
    next = instant_min(next, staging_expire(pump, now));
    next = instant_min(next, trial_look(pump, now));
    next = instant_min(next, alarm_sound(pump, board, now));
    pump->look_ms = next.ms;
}
