// SPDX-License-Identifier: Apache-2.0
#include "pump/engine.h"

#include "pump/alarm.h"
#include "pump/loss.h"
#include "pump/motor.h"
#include "pump/selftest.h"
#include "pump/standing.h"
#include "pump/supervisor.h"

enum { PERIODIC_LATE_MS = 1000 }; /* a wake may be late by this much and still be the bolus's time */

static int64_t engine_due(const struct pump *pump, const struct ledger *ledger)
{
    rate_nl_day flow = { pump->base.nl_day + (ledger->course_left_grain > 0 ? pump->course.nl_day : 0) };
    int64_t needed = pump->quantum_grain.grain - ledger_in_hand(ledger).grain;
    if (needed <= 0) {
        return ledger->accrued_ms; /* a bolus may end on a whole quantum while nothing else flows */
    }
    return flow.nl_day == 0 ? INT64_MAX : ledger->accrued_ms + span_until_due((vol_grain){ needed }, flow).ms;
}

vol_fl engine_remaining(const struct pump *pump, const struct ledger *ledger)
{
    int64_t used = (ledger->metered - pump->now.reservoir_metered) * pump->quantum.fl;
    return (vol_fl){ pump->now.reservoir_nl * FL_PER_NL - used };
}

static int64_t quanta_until(const struct pump *pump, int64_t volume_fl)
{
    return volume_fl <= 0 ? 0 : (volume_fl + pump->quantum.fl - 1) / pump->quantum.fl;
}

void engine_milestone(struct pump *pump, const struct ledger *ledger)
{
    int64_t next = INT64_MAX;
    int64_t remaining_fl = engine_remaining(pump, ledger).fl;
    if (pump->now.mode != MODE_EMPTY && pump->now.has_contents) {
        next = ledger->metered + (remaining_fl < 0 ? 0 : remaining_fl / pump->quantum.fl);
        int64_t low_fl = pump->has_therapy ? pump->therapy.reservoir_low.nl * FL_PER_NL : 0;
        if (remaining_fl > low_fl) {
            int64_t low = ledger->metered + quanta_until(pump, remaining_fl - low_fl);
            next = low < next ? low : next;
        }
    }
    int64_t position_fl = ledger->metered * pump->quantum.fl;
    int64_t edge_fl = contents_next(&pump->now.contents, (vol_fl){ position_fl }).fl;
    if (edge_fl != INT64_MAX) {
        int64_t edge = ledger->metered + quanta_until(pump, edge_fl - position_fl);
        next = edge < next ? edge : next;
    }
    pump->milestone = next;
}

void engine_charge(struct pump *pump, struct kept *kept, instant_ms now)
{
    struct ledger ledger;
    ledger_working(pump, kept, &ledger, now);
    vol_fl position = { ledger.metered * pump->quantum.fl };
    conc_ng_ml before = mixture_conc(&pump->now.contents.stretch[0].mixture, kept->governor.drug[0]);
    if (contents_clear(&pump->now.contents, position) > 0) {
        conc_ng_ml after = mixture_conc(&pump->now.contents.stretch[0].mixture, kept->governor.drug[0]);
        note(pump, now, ACTOR_PUMP, EVENT_BOUNDARY, before.ng_ml, after.ng_ml, 0, 0);
        if (pump->has_therapy && pump->now.contents.count == 1) {
            contents_resize(&pump->now.contents, pump->therapy.dead_volume, pump->model.boundary_tolerance);
        }
        pump->now_changed = true;
    }
    for (unsigned slot = 0; slot < kept->governor.drugs && slot < GOVERNOR_DRUGS; slot++) {
        conc_ng_ml conc = contents_conc(&pump->now.contents, kept->governor.drug[slot], position);
        governor_charge(&kept->governor, slot, mass_of_quantum(pump->quantum, conc));
    }
    engine_milestone(pump, &ledger);
}

void engine_reckon(struct pump *pump, struct kept *kept, instant_ms now)
{
    struct ledger ledger;
    ledger_working(pump, kept, &ledger, now);
    ledger_accrue(&ledger, pump->base, pump->course, now);
    ledger_store(&kept->ledger, &ledger);
}

static rate_nl_day base_now(const struct pump *pump, instant_ms now, span_ms *unchanged)
{
    unchanged->ms = INT64_MAX;
    switch ((enum mode)pump->now.mode) {
    case MODE_RUNNING:
        return program_rate(&pump->therapy.program, calendar_civil(&pump->now.calendar, now), unchanged);
    case MODE_MINIMUM:
        return pump->now.minimum_rate;
    case MODE_SAFE:
        return pump->now.safe_rate.nl_day < pump->now.safe_cap.nl_day ? pump->now.safe_rate : pump->now.safe_cap;
    case MODE_NEW:
    case MODE_STOPPED:
    case MODE_EMPTY:
        break;
    }
    return (rate_nl_day){ 0 };
}

void engine_flows(struct pump *pump, struct kept *kept, instant_ms now)
{
    struct ledger ledger;
    ledger_working(pump, kept, &ledger, now);
    rate_nl_day before = pump->base;
    span_ms unchanged;
    pump->base = base_now(pump, now, &unchanged);
    pump->course = (rate_nl_day){ 0 };
    pump->change_ms = unchanged.ms == INT64_MAX ? INT64_MAX : now.ms + unchanged.ms;
    if (pump->now.course != COURSE_NONE && pump->now.mode != MODE_EMPTY) {
        pump->course = pump->now.course_rate;
        if (course_exclusive(pump->now.course)) {
            pump->base = (rate_nl_day){ 0 };
        }
        int64_t end_ms = now.ms + span_until_due((vol_grain){ ledger.course_left_grain }, pump->course).ms;
        pump->change_ms = end_ms < pump->change_ms ? end_ms : pump->change_ms;
    } else if (pump->now.mode == MODE_RUNNING && pump->now.periodic_next_ms < pump->change_ms) {
        pump->change_ms = pump->now.periodic_next_ms;
    }
    pump->due_ms = engine_due(pump, &ledger);
    if (before.nl_day != pump->base.nl_day) {
        note(pump, now, ACTOR_PUMP, EVENT_RATE, before.nl_day, pump->base.nl_day, 0, 0);
    }
}

/* A periodic bolus begins at its time or not at all: one slept through, or held up by a prime, is not made up. */
static void engine_periodic(struct pump *pump, struct kept *kept, instant_ms now)
{
    const struct periodic_bolus *periodic = &pump->therapy.program.periodic;
    int64_t interval_ms = (int64_t)periodic->interval_minutes * MINUTE_MS;
    int64_t due_ms = pump->now.periodic_next_ms;
    pump->now.periodic_next_ms += ((now.ms - due_ms) / interval_ms + 1) * interval_ms;
    pump->now_changed = true;
    if (now.ms - due_ms < PERIODIC_LATE_MS) {
        course_begin(pump, kept, COURSE_PERIODIC, periodic->volume, periodic->rate, now);
    } else {
        note(pump, now, ACTOR_PUMP, EVENT_COURSE_SKIPPED, COURSE_PERIODIC, due_ms, 0, 0);
    }
}

void engine_change(struct pump *pump, struct kept *kept, instant_ms now)
{
    struct ledger ledger;
    ledger_working(pump, kept, &ledger, now);
    /* A wake may come late: until the change the old flow was prescribed, and the new one from it on. */
    bool late = pump->change_ms < now.ms && pump->change_ms >= ledger.accrued_ms;
    engine_reckon(pump, kept, late ? (instant_ms){ pump->change_ms } : now);
    ledger_working(pump, kept, &ledger, now);
    if (pump->now.course != COURSE_NONE && ledger.course_left_grain == 0) {
        course_end(pump, kept, COURSE_COMPLETE, now);
    }
    bool periodic = pump->now.course == COURSE_NONE && now.ms >= pump->now.periodic_next_ms;
    if (periodic && pump->now.mode == MODE_RUNNING) {
        selftest_program(pump, kept, now); /* before each bolus: REQ-STOR-08; without its program none begins */
    }
    if (periodic && pump->now.mode == MODE_RUNNING) {
        engine_periodic(pump, kept, now);
    }
    engine_flows(pump, kept, now);
}

void engine_drop(struct pump *pump, struct kept *kept, instant_ms now)
{
    struct ledger ledger;
    ledger_working(pump, kept, &ledger, now);
    int64_t grain = ledger_in_hand(&ledger).grain;
    if (grain != 0) {
        ledger.base_grain = 0;
        ledger.course_grain = 0;
        ledger_store(&kept->ledger, &ledger);
        pump->now.dropped_grain += grain;
        pump->now_changed = true;
        note(pump, now, ACTOR_PUMP, EVENT_FRACTION_DROPPED, grain, 0, 0, 0);
    }
}

/* The governor said no, or more than one quantum had piled up: those quanta are not made up. */
static void engine_withheld(struct pump *pump, struct kept *kept, int64_t quanta, unsigned window, unsigned slot,
                            instant_ms now)
{
    pump->now.withheld += quanta;
    supervisor_no_flow(pump, now);
    if (!pump->withholding) {
        pump->withholding = true;
        note(pump, now, ACTOR_PUMP, EVENT_WITHHELD, quanta, window, kept->governor.drug[slot], 0);
        alarm_raise(pump, ALARM_AT_WITHHELD, window, now);
    }
    course_missed(pump, kept, now);
}

static void engine_refused(struct pump *pump, struct kept *kept, struct ledger *ledger, struct governor_ruling ruling,
                           instant_ms now)
{
    if (ruling.answer == GOVERNOR_WITHHOLD && ruling.window < WINDOW_KINDS) {
        ledger_store(&kept->ledger, ledger);
        pump->due_ms = engine_due(pump, ledger);
        engine_withheld(pump, kept, 1, ruling.window, ruling.slot, now);
    } else if (ruling.answer == GOVERNOR_WITHHOLD) {
        pump->due_ms = ruling.retry_ms; /* recovery only delays: the quantum stays in hand */
    } else {
        bool again = kept->governor.last_ms < 0; /* none has passed since the last loss: do not spin */
        loss_of_governor(pump, kept, now);
        pump->due_ms = now.ms + (again ? kept->governor.pace_ms / 2 : 1);
    }
}

void engine_fire(struct pump *pump, const struct board *board, instant_ms now)
{
    struct kept *kept = kept_of(board);
    struct ledger ledger;
    ledger_working(pump, kept, &ledger, now);
    ledger_accrue(&ledger, pump->base, pump->course, now);
    if (ledger_in_hand(&ledger).grain < pump->quantum_grain.grain) {
        pump->due_ms = engine_due(pump, &ledger);
        return;
    }
    enum ledger_intent whose = ledger_take(&ledger, pump->quantum_grain);
    struct governor_ruling ruling = governor_pass(&kept->governor, now);
    if (ruling.answer != GOVERNOR_PASS) {
        engine_refused(pump, kept, &ledger, ruling, now);
        return;
    }
    ledger_command(&ledger, whose);
    int64_t in_hand = ledger_in_hand(&ledger).grain, piled = 0;
    if (in_hand >= pump->quantum_grain.grain) { /* seldom: no division on the usual way */
        piled = in_hand / pump->quantum_grain.grain;
        ledger.base_grain -= piled * pump->quantum_grain.grain;
    }
    ledger_store(&kept->ledger, &ledger);
    motor_fire(pump, board, ledger.commanded, ruling.answer, now);
    pump->due_ms = engine_due(pump, &ledger);
    if (piled > 0) {
        engine_withheld(pump, kept, piled, WINDOW_KINDS, 0, now);
    }
}
