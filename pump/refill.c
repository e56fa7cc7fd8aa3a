// SPDX-License-Identifier: Apache-2.0
#include "pump/refill.h"

#include "pump/alarm.h"
#include "pump/engine.h"
#include "pump/field.h"
#include "pump/forecast.h"
#include "pump/motor.h"
#include "pump/standing.h"
#include "pump/supervisor.h"

/* More than 1 mL off in a 20 mL pump, 2 mL in a 40 mL pump (clinical 2.1): a twentieth of the reservoir. */
vol_nl refill_tolerance(const struct pump *pump)
{
    return (vol_nl){ pump->model.reservoir.nl / 20 };
}

/* What one reading is off by itself: a twentieth of that, dead space of needle and syringe. A guess. */
static vol_nl reading_noise(const struct pump *pump)
{
    return (vol_nl){ refill_tolerance(pump).nl / 20 };
}

/* The contents as they will be; false, with the reason, when they cannot be. */
static bool contents_after(const struct pump *pump, const struct ledger *ledger, const struct refill *refill,
                           struct contents *contents, verdict *reason)
{
    struct mixture blend;
    vol_fl metered = { ledger->metered * pump->quantum.fl };
    if (!pump->now.has_contents) {
        struct mixture dead = { .count = 0, .unknown = refill->dead_drug_free == 0 };
        vol_nl volume = pump->staging.whole ? pump->staging.therapy.dead_volume : pump->model.tubing;
        contents_begin(contents, &dead, &refill->fill, volume, pump->model.boundary_tolerance);
        return true;
    }
    *contents = pump->now.contents;
    if (contents_clear(contents, metered) > 0 && pump->has_therapy) {
        contents_resize(contents, pump->therapy.dead_volume, pump->model.boundary_tolerance);
    }
    if (refill->filled.nl + refill->left.nl == 0) {
        return true;
    }
    if (mixture_blend(contents_reservoir(contents), refill->left, &refill->fill, refill->filled, &blend) != RESULT_OK) {
        *reason = VERDICT_CONTENTS;
        return false;
    }
    if (!mixture_same(contents_reservoir(contents), &blend) && !contents_room(contents)) {
        *reason = VERDICT_BOUNDARIES;
        return false;
    }
    contents_change(contents, &blend, metered);
    return true;
}

static bool not_infusing(const struct pump *pump, const struct ledger *ledger, const struct refill *refill)
{
    if (!pump->now.has_contents) {
        return false;
    }
    int64_t calculated = nl_of_fl(engine_remaining(pump, ledger)).nl;
    return refill->withdrawn.nl + refill->left.nl > calculated + refill_tolerance(pump).nl;
}

/* A refill lets an empty pump go on, at another hour than the one for which its flow was judged. */
static struct forecast forecast_after(const struct pump *pump, const struct kept *kept, const struct ledger *ledger,
                                      const struct contents *contents, instant_ms now)
{
    struct forecast_ask ask = { .base = forecast_base(pump),
                                .exclusive = course_exclusive(pump->now.course),
                                .course = { ledger->course_left_grain },
                                .course_rate = pump->now.course_rate,
                                .contents = contents };
    return forecast_judge(pump, &kept->governor, ledger, now, &ask);
}

/* What nobody knows must be pushed out of the tip at the model's least flow before anything faster begins. */
static bool pushed_slowly(const struct pump *pump)
{
    const struct therapy *therapy = &pump->staging.therapy;
    const struct opening *opening = &therapy->program.opening;
    bool exclusive = opening->kind == OPENING_PRIME || opening->kind == OPENING_BRIDGE;
    return pump->staging.whole && exclusive && opening->volume.nl >= therapy->dead_volume.nl &&
           opening->rate.nl_day <= pump->model.rate_min.nl_day;
}

struct activation_answer refill_judge(struct pump *pump, struct kept *kept, const struct command *command,
                                      instant_ms now)
{
    const struct refill *refill = &command->refill;
    struct activation_answer answer = { 0, INSTANT_NEVER };
    struct contents contents;
    struct ledger ledger;
    ledger_working(pump, kept, &ledger, now);
    /* Nobody draws out more than fits: a measuring error may be a tolerance large, not a second reservoir. */
    bool more_than_fits =
        refill->withdrawn.nl + refill->left.nl > pump->model.reservoir.nl + refill_tolerance(pump).nl;
    if (!more_than_fits && not_infusing(pump, &ledger, refill) && !pump->now.history.not_infusing) {
        pump->now.history.not_infusing = 1;
        pump->now_changed = true;
    }
    if (refill->drawn_up.nl != refill->filled.nl || (refill->dead_drug_free && pump->now.has_contents) || more_than_fits) {
        answer.reasons |= VERDICT_VOLUME_TOLD;
    }
    if (refill->left.nl + refill->filled.nl > pump->model.reservoir.nl) {
        answer.reasons |= VERDICT_CAPACITY;
    }
    verdict reason = 0;
    if (!contents_after(pump, &ledger, refill, &contents, &reason)) {
        answer.reasons |= reason;
    }
    if (answer.reasons != 0) {
        return answer;
    }
    if (!pump->now.has_contents && !refill->dead_drug_free && refill->activate && !pushed_slowly(pump)) {
        answer.reasons |= VERDICT_CONTENTS;
        return answer;
    }
    if (refill->activate) {
        answer = activation_judge(pump, kept, &contents, command->token, command->retitrated, now);
    } else if (pump->has_therapy && !mixture_same(contents_reservoir(&contents), &pump->therapy.mixture)) {
        answer.reasons |= VERDICT_CONTENTS;
    } else if (pump->has_therapy && pump->now.mode == MODE_EMPTY && !command->retitrated &&
               supervisor_restart_barred(pump, pump->therapy.restart_limit_hours, now)) {
        answer.reasons |= VERDICT_RETITRATION;
    }
    if (!refill->activate && pump->now.mode == MODE_EMPTY) {
        struct forecast forecast = forecast_after(pump, kept, &ledger, &contents, now);
        answer.reasons |= forecast.reasons;
        answer.earliest = forecast.reasons != 0 ? forecast.earliest : answer.earliest;
    }
    if (pump->now.history.not_infusing && !command->retitrated) {
        answer.reasons |= VERDICT_RETITRATION;
    }
    if (answer.reasons == 0) {
        answer.earliest = now;
    }
    return answer;
}

static void discrepancy(struct pump *pump, int64_t found_nl, int64_t calculated_nl, int64_t metered_nl, instant_ms now)
{
    struct history *history = &pump->now.history;
    history_add(history, (vol_nl){ found_nl - calculated_nl }, (vol_nl){ metered_nl });
    note(pump, now, ACTOR_CLINICIAN, EVENT_DISCREPANCY, found_nl, calculated_nl, history_sum(history).nl, metered_nl);
    if (history_trend(history, reading_noise(pump), refill_tolerance(pump))) {
        alarm_happen(pump, ALARM_AT_REFILL_TREND, history_sum(history).nl, now);
    }
    if (found_nl > calculated_nl + refill_tolerance(pump).nl) {
        alarm_happen(pump, ALARM_AT_REFILL_EXCESS, found_nl - calculated_nl, now);
    } else if (found_nl < calculated_nl - refill_tolerance(pump).nl) {
        alarm_happen(pump, ALARM_AT_REFILL_SHORTFALL, found_nl - calculated_nl, now);
    }
}

/* Which drug from which vial is known is one thing less to guess after harm: eight characters to a number. */
static void lot_note(struct pump *pump, const char lot[LOT_BYTES], instant_ms now)
{
    uint64_t half[2] = { 0 };
    for (unsigned i = 0; i < LOT_BYTES; i++) {
        half[i / 8] |= (uint64_t)(uint8_t)lot[i] << (8 * (i % 8));
    }
    if (half[0] != 0) {
        note(pump, now, ACTOR_CLINICIAN, EVENT_LOT, (int64_t)half[0], (int64_t)half[1], 0, 0);
    }
}

void refill_enact(struct pump *pump, const struct board *board, const struct command *command, instant_ms now)
{
    struct kept *kept = kept_of(board);
    const struct refill *refill = &command->refill;
    struct ledger ledger;
    struct contents contents;
    verdict reason;
    engine_reckon(pump, kept, now);
    ledger_working(pump, kept, &ledger, now);
    if (!contents_after(pump, &ledger, refill, &contents, &reason)) {
        return;
    }
    int64_t calculated_nl = pump->now.has_contents ? nl_of_fl(engine_remaining(pump, &ledger)).nl : 0;
    if (pump->now.has_contents) {
        discrepancy(pump, refill->withdrawn.nl + refill->left.nl, calculated_nl,
                    pump->now.reservoir_nl - calculated_nl, now);
    }
    pump->now.has_contents = 1;
    pump->now.contents = contents;
    pump->now.reservoir_nl = refill->left.nl + refill->filled.nl;
    pump->now.reservoir_metered = ledger.metered;
    field_refilled(pump, (vol_nl){ pump->now.reservoir_nl }, now);
    pump->now_changed = true;
    note(pump, now, ACTOR_CLINICIAN, EVENT_REFILL, refill->withdrawn.nl, refill->filled.nl, calculated_nl,
         pump->now.reservoir_nl);
    lot_note(pump, refill->lot, now);
    alarm_end(pump, ALARM_AT_RESERVOIR_LOW, now);
    alarm_end(pump, ALARM_AT_RESERVOIR_SOON, now);
    if (pump->now.reservoir_nl * FL_PER_NL >= pump->quantum.fl) {
        alarm_end(pump, ALARM_AT_RESERVOIR_EMPTY, now);
        supervisor_happen(pump, kept, HAPPENING_REFILLED, now);
    }
    if (refill->activate) {
        activation_enact(pump, board, now);
    }
    head_move(pump, now);
    supervisor_milestone(pump, board, now);
}
