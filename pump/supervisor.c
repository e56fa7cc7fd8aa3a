// SPDX-License-Identifier: Apache-2.0
#include "pump/supervisor.h"

#include "pump/activation.h"
#include "pump/alarm.h"
#include "pump/engine.h"
#include "pump/keep.h"
#include "pump/loss.h"
#include "pump/motor.h"
#include "pump/standing.h"

enum { STOPPED_LONG_HOURS = 48, LOOK_EVERY_MS = HOUR_MS }; /* 48 h: clinical 1.1 */

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
    pump->now.flow_since_ms = INT64_MAX;
    pump->now_changed = true;
    if (pump->has_therapy && !supervisor_restart_barred(pump, pump->therapy.restart_limit_hours, now)) {
        pump->now.interrupted_ms = 0;
    }
    pump->look_ms = now.ms;
}

void supervisor_acknowledge(struct pump *pump, instant_ms now)
{
    note(pump, now, ACTOR_CLINICIAN, EVENT_RETITRATION, supervisor_interrupted(pump, now).ms, 0, 0, 0);
    pump->now.interrupted_ms = 0;
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
    if (to == MODE_EMPTY) {
        supervisor_no_flow(pump, now);
    }
    engine_flows(pump, kept, now);
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
    if (pump->has_therapy && remaining.fl <= pump->therapy.reservoir_low.nl * FL_PER_NL) {
        alarm_raise(pump, ALARM_AT_RESERVOIR_LOW, nl_of_fl(remaining).nl, now);
    }
    if (remaining.fl < pump->quantum.fl && pump->now.has_contents) {
        alarm_raise(pump, ALARM_AT_RESERVOIR_EMPTY, nl_of_fl(remaining).nl, now);
        if (pump->now.mode != MODE_EMPTY) {
            supervisor_happen(pump, kept, HAPPENING_EMPTY, now);
        }
    }
    engine_milestone(pump, &ledger);
}

static void look_long(struct pump *pump, struct kept *kept, instant_ms now, instant_ms *next)
{
    if (pump->now.stopped_since_ms != INT64_MAX) {
        int64_t at = pump->now.stopped_since_ms + (int64_t)STOPPED_LONG_HOURS * HOUR_MS;
        if (now.ms >= at) {
            alarm_raise(pump, ALARM_AT_STOPPED_LONG, now.ms - pump->now.stopped_since_ms, now);
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
        alarm_raise(pump, ALARM_AT_INTERRUPTED_LONG, supervisor_interrupted(pump, now).ms, now);
        supervisor_happen(pump, kept, HAPPENING_FAULT, now);
    } else if (pump->now.flow_since_ms != INT64_MAX) {
        int64_t at = pump->now.flow_since_ms + (int64_t)pump->therapy.restart_limit_hours * HOUR_MS + 1;
        *next = instant_min(*next, (instant_ms){ at > now.ms ? at : now.ms + MINUTE_MS });
    }
}

/* Once an hour a checkpoint, and the records in flash read again; at every look what could not be written before. */
static void look_keep(struct pump *pump, const struct board *board, instant_ms now)
{
    struct keeping *keeping = &pump->keeping;
    keeping->checkpoint_due |= now.ms - keeping->last.at_ms >= LOOK_EVERY_MS;
    if (now.ms >= keeping->scrub_ms) {
        keeping->scrub_ms = now.ms + LOOK_EVERY_MS;
        keep_scrub(pump, board, now);
    }
    keeping->due |= keeping->checkpoint_due || keeping->settings_due || keeping->tend_due || log_waits(&pump->log);
}

/* What the program in force can ask for in a day, all its patient boluses counted, in quanta. */
static int64_t quanta_per_day(const struct pump *pump)
{
    if (!pump->has_therapy) {
        return 0;
    }
    const struct patient_bolus *patient = &pump->therapy.program.patient;
    vol_grain boluses = grain_of_nl(patient->volume);
    int64_t each = patient->allowed != 0 ? boluses.grain / pump->quantum_grain.grain + 1 : 0;
    return pump->worst[WINDOW_DAY].grain / pump->quantum_grain.grain + 1 + each * patient->max_per_day;
}

/* The cell: what was used, and whether it will last. Its end stops nothing by itself: therapy goes on as long as the
 * cell truly carries it, and the alarm says that nobody should count on that (docs/decisions/0013-energy.md). */
static void look_energy(struct pump *pump, const struct board *board, const struct ledger *ledger, instant_ms now)
{
    struct energy *energy = &pump->now.energy;
    struct energy_facts facts = { .commanded = ledger->commanded,
                                  .quanta_per_day = quanta_per_day(pump),
                                  .battery_mv = ENERGY_NO_READING,
                                  .mechanism = pump->model.mechanism };
    if (energy_reading_due(energy, now)) {
        struct sensors sensors;
        board->doors->sense(board->hardware, &sensors);
        pump->tally.count[ENERGY_SENSE]++;
        facts.battery_mv = sensors.battery_mv;
    }
    enum energy_state before = energy_state(energy);
    enum energy_state state = energy_look(energy, &facts, &pump->tally, now);
    pump->tally = (struct energy_tally){ .count = { 0 } };
    pump->keeping.due = true; /* kept with the next checkpoint */
    struct energy_report report = energy_report(energy, &facts, now);
    if (state != before) {
        note(pump, now, ACTOR_PUMP, EVENT_ENERGY, report.used_mc, report.loaded_mv, report.end.ms / DAY_MS, 0);
    }
    if (state == ENERGY_ENDED) {
        alarm_end(pump, ALARM_AT_REPLACE_SOON, now);
        alarm_raise(pump, ALARM_AT_END_OF_SERVICE, report.loaded_mv, now);
    } else if (state == ENERGY_REPLACE) {
        alarm_raise(pump, ALARM_AT_REPLACE_SOON, report.days_least, now);
    }
}

void supervisor_look(struct pump *pump, const struct board *board, instant_ms now)
{
    struct ledger ledger;
    struct kept *kept = kept_of(board);
    instant_ms next = { now.ms + LOOK_EVERY_MS };
    look_long(pump, kept, now, &next);
    loss_note_ledger(pump, kept, now);
    if (!governor_turn(&kept->governor, now)) {
        loss_of_governor(pump, kept, now);
    }
    therapy_slot_mend(kept, pump->now.therapy_sequence);
    ledger_working(pump, kept, &ledger, now);
    look_energy(pump, board, &ledger, now);
    look_keep(pump, board, now);
    board->doors->watchdog(board->hardware);
    motor_set_budget(pump, board, now);
    next = instant_min(next, staging_expire(pump, now));
    next = instant_min(next, alarm_sound(pump, board, now));
    pump->look_ms = next.ms;
}
