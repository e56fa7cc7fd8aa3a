// SPDX-License-Identifier: Apache-2.0
#include "pump/alarm.h"

#include "pump/standing.h"

_Static_assert(ALARM_COUNT <= 32, "alarms fit a bit set");

enum { STOPS_WITHIN_MS = 10 * MINUTE_MS }; /* three times in ten minutes: REQ-ALRM-12 */

static uint32_t bit_of(enum alarm_index alarm)
{
    return (uint32_t)1 << alarm;
}

uint32_t alarm_standing(const struct pump *pump)
{
    return pump->alarm.active | pump->now.latched;
}

bool alarm_stands(const struct pump *pump, enum alarm_index alarm)
{
    return (alarm_standing(pump) & bit_of(alarm)) != 0;
}

uint8_t alarm_priority(const struct pump *pump, enum alarm_index alarm)
{
    uint8_t priority = alarm_row(alarm)->priority;
    if (priority == ALARM_PRIORITY_DRUG) {
        return pump->has_therapy ? pump->therapy.under_delivery : ALARM_PRIORITY_HIGH;
    }
    return priority;
}

/* What follows from another condition while that one is present. */
static uint32_t alarm_covered(const struct pump *pump)
{
    static const struct {
        uint8_t alarm, by;
    } COVERED[] = {
        { ALARM_AT_RESERVOIR_SOON, ALARM_AT_RESERVOIR_LOW }, { ALARM_AT_RESERVOIR_SOON, ALARM_AT_RESERVOIR_EMPTY },
        { ALARM_AT_RESERVOIR_LOW, ALARM_AT_RESERVOIR_EMPTY }, { ALARM_AT_MOTOR_STALL, ALARM_AT_FIELD },
        { ALARM_AT_MOTOR_STALL, ALARM_AT_FIELD_FILLED },      { ALARM_AT_FIELD, ALARM_AT_FIELD_FILLED },
        { ALARM_AT_REPLACE_SOON, ALARM_AT_END_OF_SERVICE },
    };
    uint32_t covered = 0;
    for (unsigned i = 0; i < sizeof COVERED / sizeof COVERED[0]; i++) {
        if (pump->alarm.active & bit_of((enum alarm_index)COVERED[i].by)) {
            covered |= bit_of((enum alarm_index)COVERED[i].alarm);
        }
    }
    return covered;
}

/* The alarms of a standstill: only these come and go with delivery itself, so only their cycle is one of stopping and
 * starting. A limit that withholds, a field or a low reservoir is no reason to lower what flows. */
static int stop_slot(enum alarm_index alarm)
{
    return alarm == ALARM_AT_MOTOR_STALL ? 0 : alarm == ALARM_AT_DRIVER_REFUSED ? 1 : -1;
}

static void stop_count(struct pump *pump, enum alarm_index alarm, instant_ms now)
{
    int slot = stop_slot(alarm);
    if (slot < 0) {
        return;
    }
    uint8_t *stops = &pump->alarm.stops[slot];
    int64_t *at_ms = pump->alarm.stop_ms[slot];
    if (*stops >= STOPS_LATCH) {
        for (unsigned i = 1; i < STOPS_LATCH; i++) {
            at_ms[i - 1] = at_ms[i];
        }
        *stops = STOPS_LATCH - 1;
    }
    at_ms[(*stops)++] = now.ms;
    if (*stops == STOPS_LATCH && now.ms - at_ms[0] <= STOPS_WITHIN_MS) {
        *stops = 0; /* the next alarm counts anew */
        pump->alarm.cycling = alarm_row(alarm)->code;
    }
}

/* From now on it counts. */
static void alarm_count(struct pump *pump, enum alarm_index alarm, int64_t value, instant_ms now)
{
    const struct alarm_row *row = alarm_row(alarm);
    uint32_t bit = bit_of(alarm);
    if (!alarm_stands(pump, alarm)) {
        pump->now.alarm_ms[alarm] = now.ms;
    }
    pump->alarm.active |= bit;
    pump->alarm.pending &= ~bit;
    pump->alarm.value[alarm] = value;
    pump->now.latched |= row->latch ? bit : 0;
    pump->alarm.repeat_ms[alarm] = now.ms;
    pump->now.silent_until_ms = 0; /* a new occurrence ends every pause: REQ-ALRM-09 */
    pump->now_changed = true;
    pump->look_ms = now.ms;
    stop_count(pump, alarm, now);
    note(pump, now, ACTOR_PUMP, EVENT_ALARM_RAISED, row->code, alarm_priority(pump, alarm), value, 0);
}

void alarm_raise(struct pump *pump, enum alarm_index alarm, int64_t value, instant_ms now)
{
    uint32_t bit = bit_of(alarm);
    if (pump->alarm.active & bit) {
        return;
    }
    int64_t onset_ms = alarm_row(alarm)->onset_s * INT64_C(1000);
    if (onset_ms == 0) {
        alarm_count(pump, alarm, value, now);
        return;
    }
    pump->alarm.value[alarm] = value;
    if ((pump->alarm.pending & bit) == 0) {
        pump->alarm.pending |= bit;
        pump->alarm.pending_ms[alarm] = now.ms;
        pump->look_ms = pump->look_ms < now.ms + onset_ms ? pump->look_ms : now.ms + onset_ms;
    }
}

void alarm_happen(struct pump *pump, enum alarm_index alarm, int64_t value, instant_ms now)
{
    if ((pump->alarm.active & bit_of(alarm)) == 0) {
        alarm_count(pump, alarm, value, now);
    }
    pump->alarm.active &= ~bit_of(alarm);
}

static void alarm_over(struct pump *pump, enum alarm_index alarm, instant_ms now)
{
    if (!alarm_stands(pump, alarm)) {
        note(pump, now, ACTOR_PUMP, EVENT_ALARM_ENDED, alarm_row(alarm)->code, 0, 0, 0);
    }
}

void alarm_end(struct pump *pump, enum alarm_index alarm, instant_ms now)
{
    uint32_t bit = bit_of(alarm);
    pump->alarm.pending &= ~bit;
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

static bool before(const struct alarm_entry *a, const struct alarm_entry *b)
{
    return a->priority != b->priority ? a->priority > b->priority : a->since.ms < b->since.ms;
}

unsigned alarm_list(const struct pump *pump, struct alarm_entry list[ALARM_COUNT])
{
    uint32_t told = alarm_standing(pump) & ~alarm_covered(pump);
    unsigned count = 0;
    for (unsigned i = 0; i < ALARM_COUNT; i++) {
        uint32_t bit = (uint32_t)1 << i;
        if ((told & bit) == 0) {
            continue;
        }
        struct alarm_entry entry = { .alarm = (uint8_t)i,
                                     .priority = alarm_priority(pump, (enum alarm_index)i),
                                     .active = (pump->alarm.active & bit) != 0,
                                     .latched = (pump->now.latched & bit) != 0,
                                     .since = { pump->now.alarm_ms[i] },
                                     .value = pump->alarm.value[i] };
        unsigned at = count++;
        while (at > 0 && before(&entry, &list[at - 1])) {
            list[at] = list[at - 1];
            at--;
        }
        list[at] = entry;
    }
    return count;
}

static instant_ms alarm_onsets(struct pump *pump, instant_ms now)
{
    instant_ms next = INSTANT_NEVER;
    for (unsigned i = 0; i < ALARM_COUNT && pump->alarm.pending != 0; i++) {
        if ((pump->alarm.pending & (uint32_t)1 << i) == 0) {
            continue;
        }
        instant_ms at = { pump->alarm.pending_ms[i] + alarm_row(i)->onset_s * INT64_C(1000) };
        if (now.ms >= at.ms) {
            alarm_count(pump, (enum alarm_index)i, pump->alarm.value[i], now);
        } else {
            next = instant_min(next, at);
        }
    }
    return next;
}

/* Those that may be heard. A field is expected while a scan is planned. */
static uint32_t alarm_heard(const struct pump *pump, instant_ms now)
{
    bool planned = pump->now.field.mri && now.ms < pump->now.field.mri_until_ms;
    return alarm_standing(pump) & ~alarm_covered(pump) & ~(planned ? bit_of(ALARM_AT_FIELD) : 0);
}

bool alarm_pause(struct pump *pump, uint16_t minutes, instant_ms now, instant_ms *earliest)
{
    bool anew = pump->alarm.pause_from_ms == 0 || alarm_heard(pump, now) == 0;
    int64_t from_ms = anew ? now.ms : pump->alarm.pause_from_ms;
    int64_t until_ms = now.ms + (int64_t)minutes * MINUTE_MS;
    if (until_ms > from_ms + SILENCE_MINUTES_MAX * (int64_t)MINUTE_MS) {
        earliest->ms = pump->now.silent_until_ms > now.ms ? pump->now.silent_until_ms : now.ms;
        return false;
    }
    pump->alarm.pause_from_ms = from_ms;
    pump->now.silent_until_ms = until_ms;
    pump->now_changed = true;
    return true;
}

instant_ms alarm_sound(struct pump *pump, const struct board *board, instant_ms now)
{
    instant_ms next = alarm_onsets(pump, now);
    uint8_t loudest = 0;
    bool silent = now.ms < pump->now.silent_until_ms;
    pump->alarm.pause_from_ms = silent ? pump->alarm.pause_from_ms : 0;
    uint32_t heard = alarm_heard(pump, now);
    for (unsigned i = 0; i < ALARM_COUNT && heard != 0; i++) {
        if ((heard & ((uint32_t)1 << i)) == 0) {
            continue;
        }
        instant_ms at = { pump->alarm.repeat_ms[i] };
        if (silent) {
            at.ms = at.ms < pump->now.silent_until_ms ? pump->now.silent_until_ms : at.ms;
        } else if (now.ms >= at.ms) {
            uint8_t priority = alarm_priority(pump, (enum alarm_index)i);
            loudest = priority > loudest ? priority : loudest;
            at.ms = now.ms + alarm_row(i)->repeat_s * INT64_C(1000);
            pump->alarm.repeat_ms[i] = at.ms;
        }
        next = instant_min(next, at);
    }
    if (loudest != 0) {
        pump->tally.count[ENERGY_TONE]++;
        board->doors->sound(board->hardware, loudest == ALARM_PRIORITY_LOW ? TONE_SINGLE : TONE_DUAL);
    }
    return next;
}
