// SPDX-License-Identifier: Apache-2.0
#include "pump/alarm.h"

#include "pump/standing.h"

_Static_assert(ALARM_COUNT <= 32, "alarms fit a bit set");

uint32_t alarm_standing(const struct pump *pump)
{
    return pump->alarm.active | pump->now.latched;
}

uint8_t alarm_priority(const struct pump *pump, enum alarm_index alarm)
{
    uint8_t priority = alarm_row(alarm)->priority;
    if (priority == ALARM_PRIORITY_DRUG) {
        return pump->has_therapy ? pump->therapy.under_delivery : ALARM_PRIORITY_HIGH;
    }
    return priority;
}

void alarm_raise(struct pump *pump, enum alarm_index alarm, int64_t value, instant_ms now)
{
    const struct alarm_row *row = alarm_row(alarm);
    uint32_t bit = (uint32_t)1 << alarm;
    if (pump->alarm.active & bit) {
        return;
    }
    pump->alarm.active |= bit;
    pump->now.latched |= row->latch ? bit : 0;
    pump->alarm.repeat_ms[alarm] = now.ms + row->onset_s * INT64_C(1000);
    pump->now.silent_until_ms = 0; /* a new occurrence ends every pause: REQ-ALRM-09 */
    pump->now_changed = true;
    pump->look_ms = now.ms;
    note(pump, now, ACTOR_PUMP, EVENT_ALARM_RAISED, row->code, alarm_priority(pump, alarm), value, 0);
}

void alarm_happen(struct pump *pump, enum alarm_index alarm, int64_t value, instant_ms now)
{
    alarm_raise(pump, alarm, value, now);
    pump->alarm.active &= ~((uint32_t)1 << alarm);
}

static void alarm_over(struct pump *pump, enum alarm_index alarm, instant_ms now)
{
    if ((alarm_standing(pump) & ((uint32_t)1 << alarm)) == 0) {
        note(pump, now, ACTOR_PUMP, EVENT_ALARM_ENDED, alarm_row(alarm)->code, 0, 0, 0);
    }
}

void alarm_end(struct pump *pump, enum alarm_index alarm, instant_ms now)
{
    uint32_t bit = (uint32_t)1 << alarm;
    if (pump->alarm.active & bit) {
        pump->alarm.active &= ~bit;
        alarm_over(pump, alarm, now);
    }
}

bool alarm_clear(struct pump *pump, uint8_t code, instant_ms now)
{
    for (unsigned i = 0; i < ALARM_COUNT; i++) {
        uint32_t bit = (uint32_t)1 << i;
        if (alarm_row(i)->code == code && (pump->now.latched & bit)) {
            pump->now.latched &= ~bit;
            pump->now_changed = true;
            note(pump, now, ACTOR_CLINICIAN, EVENT_ALARM_CLEARED, code, 0, 0, 0);
            alarm_over(pump, (enum alarm_index)i, now);
            return true;
        }
    }
    return false;
}

instant_ms alarm_sound(struct pump *pump, const struct board *board, instant_ms now)
{
    instant_ms next = INSTANT_NEVER;
    uint8_t loudest = 0;
    bool silent = now.ms < pump->now.silent_until_ms;
    uint32_t standing = alarm_standing(pump);
    for (unsigned i = 0; i < ALARM_COUNT && standing != 0; i++) {
        if ((standing & ((uint32_t)1 << i)) == 0) {
            continue;
        }
        if (now.ms >= pump->alarm.repeat_ms[i]) {
            uint8_t priority = alarm_priority(pump, (enum alarm_index)i);
            loudest = priority > loudest ? priority : loudest;
            pump->alarm.repeat_ms[i] = now.ms + alarm_row(i)->repeat_s * INT64_C(1000);
        }
        next = instant_min(next, (instant_ms){ pump->alarm.repeat_ms[i] });
    }
    if (loudest != 0 && !silent) {
        board->doors->sound(board->hardware, loudest == ALARM_PRIORITY_LOW ? TONE_SINGLE : TONE_DUAL);
    }
    return next;
}
