// SPDX-License-Identifier: Apache-2.0
#include "pump/motor.h"

#include "pump/alarm.h"
#include "pump/engine.h"
#include "pump/field.h"
#include "pump/standing.h"
#include "pump/supervisor.h"

/* Under-infusion: this many of the last 64 quanta unconfirmed, 14.5 % (the label's bound for over-infusion, taken for
 * both directions; clinical 1.1) rounded up. */
enum { MISSES_TOLERATED = 9 };

void motor_fire(struct pump *pump, const struct board *board, int64_t sequence, uint32_t answer, instant_ms now)
{
    uint32_t key = (uint32_t)sequence * 0x9E3779B1u ^ 0x5A5A1234u;
    board->doors->motor_key_engine(board->hardware, key);
    board->doors->motor_key_governor(board->hardware, ~(key ^ (answer ^ (uint32_t)GOVERNOR_PASS)));
    pump->moving = true;
    pump->motor_deadline_ms = now.ms + pump->model.motor_timeout.ms;
}

/* Asks at once whether a scanner's field is the cause: then that is the alarm, and the stall alone is one only when the
 * rotor still stands after the field. Every quantum that falls due is tried, whatever the cause. True when there was no
 * field. */
static bool motor_stalled(struct pump *pump, const struct board *board, instant_ms now)
{
    bool field = field_stalled(pump, board, now);
    pump->stall_missed++;
    if (!pump->stalled) {
        pump->stalled = true;
        pump->stalled_since_ms = now.ms;
        pump->stall_missed = 1;
        note(pump, now, ACTOR_PUMP, EVENT_STALL, 1, 0, 0, 0);
        head_move(pump, now);
    }
    if (!field) {
        alarm_raise(pump, ALARM_AT_MOTOR_STALL, 0, now);
    }
    return !field;
}

/* `counts`: it is the pump's own shortfall, not a scanner's. */
static void motor_missed(struct pump *pump, struct kept *kept, bool counts, instant_ms now)
{
    pump->misses = pump->misses << 1 | counts;
    supervisor_no_flow(pump, now);
    if (pump->now.course != COURSE_NONE && !course_exclusive(pump->now.course)) {
        engine_reckon(pump, kept, now);
        course_end(pump, kept, COURSE_STALLED, now);
    }
    course_missed(pump, kept, now);
    bool lone = (pump->misses & 2) ==
                0; /* a stall is one cause and has its own alarm; this one is for misses that come and go */
    if (lone && __builtin_popcountll(pump->misses) > MISSES_TOLERATED) {
        alarm_happen(pump, ALARM_AT_UNDER_INFUSION, __builtin_popcountll(pump->misses), now);
        pump->misses = 0; /* the next alarm counts anew */
    }
}

static void motor_moves_again(struct pump *pump, const struct board *board, instant_ms now)
{
    if (pump->now.field.on) {
        field_sense(pump, board, now);
    }
    if (pump->stalled) {
        pump->stalled = false;
        note(pump, now, ACTOR_PUMP, EVENT_STALL_END, pump->stall_missed, now.ms - pump->stalled_since_ms, 0, 0);
        head_move(pump, now);
        alarm_end(pump, ALARM_AT_MOTOR_STALL, now);
    }
    if (pump->withholding) {
        pump->withholding = false;
        alarm_end(pump, ALARM_AT_WITHHELD, now);
    }
    alarm_end(pump, ALARM_AT_DRIVER_REFUSED, now);
    supervisor_flow(pump, now);
}

void motor_poll(struct pump *pump, const struct board *board, instant_ms now)
{
    struct motor_report report = board->doors->motor_result(board->hardware);
    if (report.state == MOTOR_MOVING && now.ms < pump->motor_deadline_ms) {
        return;
    }
    pump->moving = false;
    if (report.extra != 0) {
        alarm_happen(pump, ALARM_AT_OVER_INFUSION, report.extra, now);
    }
    if (report.state == MOTOR_DONE) {
        int64_t metered = ledger_confirm(&kept_of(board)->ledger);
        pump->misses <<= 1;
        if (pump->now.flow_since_ms != INT64_MAX) {
            motor_moves_again(pump, board, now);
        }
        if (metered >= pump->milestone) {
            supervisor_milestone(pump, board, now);
        }
        return;
    }
    struct kept *kept = kept_of(board);
    struct ledger ledger;
    ledger_working(pump, kept, &ledger, now);
    ledger_settle(&ledger, false);
    ledger_store(&kept->ledger, &ledger);
    if (report.state == MOTOR_REFUSED) {
        if ((pump->alarm.active & ((uint32_t)1 << ALARM_AT_DRIVER_REFUSED)) == 0) {
            note(pump, now, ACTOR_PUMP, EVENT_DRIVER_REFUSED, report.refusal, 0, 0, 0);
        }
        alarm_raise(pump, ALARM_AT_DRIVER_REFUSED, report.refusal, now);
        pump->selftest.refused++;
        motor_missed(pump, kept, true, now);
    } else {
        bool own = motor_stalled(pump, board, now);
        motor_missed(pump, kept, own, now);
    }
}

/* Quanta that a mass limit allows at the lowest concentration that may be counted; the cap where a drug is not
 * everywhere. */
static int64_t budget_quanta(const struct pump *pump, const struct governor *governor, unsigned kind)
{
    span_ms span = { window_span((enum window_kind)kind).ms + window_bucket_span((enum window_kind)kind).ms };
    int64_t quanta = grain_of_rate(pump->model.rate_max, span).grain / pump->quantum_grain.grain + 1;
    for (unsigned slot = 0; slot < governor->drugs && slot < GOVERNOR_DRUGS; slot++) {
        conc_ng_ml lowest = { CONC_NG_ML_MAX };
        for (unsigned i = 0; i < pump->now.contents.count; i++) {
            conc_ng_ml conc = mixture_conc(&pump->now.contents.stretch[i].mixture, governor->drug[slot]);
            lowest = conc.ng_ml < lowest.ng_ml ? conc : lowest;
        }
        if (lowest.ng_ml > 0) {
            int64_t fit = governor->watch[kind].ceiling_fg[slot] / mass_of_quantum(pump->quantum, lowest).fg;
            quanta = fit < quanta ? fit : quanta;
        }
    }
    return quanta;
}

/* The driver counts quanta, not mass: those of a weaker drug, or of none, that still stand in its window were right
 * when they passed. So a higher budget holds at once and a lower one only when a whole window has gone by. */
static void budget_follow(struct pump *pump, unsigned kind, uint32_t wanted, instant_ms now)
{
    struct standing *s = &pump->now;
    if (wanted >= s->budget[kind]) {
        pump->now_changed |= wanted != s->budget[kind] || s->budget_lower_ms[kind] != 0;
        s->budget[kind] = wanted;
        s->budget_lower_ms[kind] = 0;
    } else if (s->budget_lower_ms[kind] == 0) {
        s->budget_lower_ms[kind] =
            now.ms + window_span((enum window_kind)kind).ms + window_bucket_span((enum window_kind)kind).ms;
        pump->now_changed = true;
    } else if (now.ms >= s->budget_lower_ms[kind]) {
        s->budget[kind] = wanted;
        s->budget_lower_ms[kind] = 0;
        pump->now_changed = true;
    }
}

void motor_set_budget(struct pump *pump, const struct board *board, instant_ms now)
{
    const struct kept *kept = kept_of(board);
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        budget_follow(pump, kind, (uint32_t)budget_quanta(pump, &kept->governor, kind), now);
    }
    pump->keeping.budget_due = true;
    pump->keeping.due = true;
}

void motor_hand_budget(const struct pump *pump, const struct board *board)
{
    struct motor_budget budget = { .interval_ms = (uint32_t)pump->model.motor_interval.ms,
                                   .hour = pump->now.budget[WINDOW_HOUR],
                                   .day = pump->now.budget[WINDOW_DAY] };
    budget.interval_inv = ~budget.interval_ms;
    budget.hour_inv = ~budget.hour;
    budget.day_inv = ~budget.day;
    board->doors->motor_budget(board->hardware, &budget);
}
