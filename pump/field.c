// SPDX-License-Identifier: Apache-2.0
#include "pump/field.h"

#include "pump/alarm.h"
#include "pump/engine.h"
#include "pump/standing.h"

enum { PLANNED_MS = 4 * HOUR_MS }; /* the longest planned scan: guess */

bool field_empty_first(const struct pump *pump)
{
    return pump->model.mechanism == MECHANISM_VALVE || (pump->has_therapy && pump->therapy.mri_rule == MRI_EMPTY_FIRST);
}

/* Confirmed by a clinician, or less than a quantum by calculation, or never filled. */
static bool field_empty(const struct pump *pump, const struct kept *kept)
{
    struct ledger ledger;
    if (!pump->now.has_contents || pump->now.field.empty) {
        return true;
    }
    return ledger_load(&kept->ledger, &ledger) == RESULT_OK && engine_remaining(pump, &ledger).fl < pump->quantum.fl;
}

void field_felt(struct pump *pump, const struct kept *kept, bool felt, instant_ms now)
{
    struct field *field = &pump->now.field;
    if (felt && !field->on) {
        field->on = 1;
        field->since_ms = now.ms;
        field->missed = 0;
        pump->now_changed = true;
        note(pump, now, ACTOR_PUMP, EVENT_FIELD, 1, 0, 0, 0);
    }
    if (felt) { /* anew after a reset, and when an emptied pump is no longer so */
        alarm_raise(pump, ALARM_AT_FIELD, 0, now);
        if (field_empty_first(pump) && !field_empty(pump, kept)) {
            alarm_raise(pump, ALARM_AT_FIELD_FILLED, 0, now);
        }
    } else if (field->on) {
        field->on = 0;
        pump->now_changed = true;
        note(pump, now, ACTOR_PUMP, EVENT_FIELD, 0, now.ms - field->since_ms, field->missed, 0);
        alarm_end(pump, ALARM_AT_FIELD, now);
        alarm_end(pump, ALARM_AT_FIELD_FILLED, now);
    }
}

bool field_sense(struct pump *pump, const struct board *board, instant_ms now)
{
    struct sensors sensors;
    pump->tally.count[ENERGY_SENSE]++;
    board->doors->sense(board->hardware, &sensors);
    field_felt(pump, kept_of(board), sensors.field != 0, now);
    return pump->now.field.on;
}

static void field_missed(struct pump *pump)
{
    pump->now.field.missed += pump->now.field.missed < UINT32_MAX;
    pump->now_changed = true;
}

bool field_stalled(struct pump *pump, const struct board *board, instant_ms now)
{
    if (pump->now.field.on) { /* also the quantum that was under way when it ended */
        field_missed(pump);
        field_sense(pump, board, now);
        return true;
    }
    if (field_sense(pump, board, now)) {
        field_missed(pump);
        return true;
    }
    return false;
}

static void field_mode(struct pump *pump, bool on, enum actor actor, instant_ms now)
{
    pump->now.field.mri = on;
    note(pump, now, actor, EVENT_MRI, on, 0, 0, 0);
    head_move(pump, now);
}

verdict field_begin(struct pump *pump, const struct kept *kept, instant_ms now)
{
    if (pump->now.field.mri) {
        return VERDICT_MODE;
    }
    bool empty_first = field_empty_first(pump);
    if (empty_first && ((pump->now.mode != MODE_STOPPED && pump->now.mode != MODE_NEW) || !field_empty(pump, kept))) {
        return VERDICT_MRI_RULE;
    }
    pump->now.field.mri_until_ms = empty_first ? INT64_MAX : now.ms + PLANNED_MS;
    field_mode(pump, true, ACTOR_CLINICIAN, now);
    pump->look_ms = now.ms;
    return 0;
}

verdict field_end(struct pump *pump, instant_ms now)
{
    if (!pump->now.field.mri) {
        return VERDICT_MODE;
    }
    field_mode(pump, false, ACTOR_CLINICIAN, now);
    pump->look_ms = now.ms;
    return 0;
}

bool field_bars(const struct pump *pump)
{
    return pump->now.field.mri && field_empty_first(pump);
}

void field_refilled(struct pump *pump, vol_nl holds, instant_ms now)
{
    pump->now.field.empty = holds.nl == 0;
    pump->now_changed = true;
    if (holds.nl > 0 && field_bars(pump)) {
        field_mode(pump, false, ACTOR_CLINICIAN, now);
    }
}

instant_ms field_look(struct pump *pump, instant_ms now)
{
    if (!pump->now.field.mri || pump->now.field.mri_until_ms == INT64_MAX) {
        return INSTANT_NEVER;
    }
    if (now.ms >= pump->now.field.mri_until_ms) {
        field_mode(pump, false, ACTOR_PUMP, now);
        return INSTANT_NEVER;
    }
    return (instant_ms){ pump->now.field.mri_until_ms };
}
