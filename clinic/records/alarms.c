/* alarms.c - alarms out of the events of a pump's log. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/alarms.h"

#include "clinic/records/rows.h"

/* Field 0 of the three events is the alarm, field 1 of a raised one its priority: core/event.def. */
enum { FIELD_ALARM = 0, FIELD_PRIORITY = 1 };

/* An alarm that no event told of has no number of its own: below zero, the last number of the log when it was seen, and its
 * code. By NUMBER they stand in the order of their coming. */
enum { UNTOLD = 256 };
#define NUMBER "(CASE WHEN raised_number < 0 THEN -raised_number / 256 ELSE raised_number END)"

static void alarm_of(const struct value *values, struct alarm_record *alarm)
{
    *alarm = (struct alarm_record){ .id = values[0].integer,
                                    .implant = values[AT(ALARMS, IMPLANT)].integer,
                                    .code = (uint8_t)values[AT(ALARMS, CODE)].integer,
                                    .priority = (uint8_t)values[AT(ALARMS, PRIORITY)].integer,
                                    .raised_number = values[AT(ALARMS, RAISED_NUMBER)].integer,
                                    .raised_ms = values[AT(ALARMS, RAISED)].integer,
                                    .ended_ms = values[AT(ALARMS, ENDED)].integer,
                                    .cleared_ms = values[AT(ALARMS, CLEARED)].integer,
                                    .seen_ms = values[AT(ALARMS, SEEN)].integer,
                                    .seen_by = values[AT(ALARMS, SEEN_BY)].integer };
}

static enum records_fault raise(struct records *records, int64_t implant, const struct event *event, int64_t number,
                                int64_t at_ms)
{
    const struct value bound[] = { value_integer(implant), value_integer(number) };
    struct value values[ROW_VALUES_MAX] = { value_nothing() };
    int64_t id = 0;
    bool there = false;
    enum records_fault fault = records_database(
        records, database_ask(&records->database, "SELECT id FROM alarms WHERE implant_id = ? AND raised_number = ?",
                              bound, 2, &id, &there));
    if (fault != RECORDS_OK || there)
        return fault;
    values[AT(ALARMS, IMPLANT)] = value_integer(implant);
    values[AT(ALARMS, CODE)] = value_integer(event->field[FIELD_ALARM]);
    values[AT(ALARMS, PRIORITY)] = value_integer(event->field[FIELD_PRIORITY]);
    values[AT(ALARMS, RAISED_NUMBER)] = value_integer(number);
    values[AT(ALARMS, RAISED)] = value_integer(at_ms);
    return rows_insert(records, TABLE_ALARMS, values, NULL);
}

/* Sets a moment of the newest alarm of this code that was raised before the event, if it has none yet. */
static enum records_fault moment_set(struct records *records, int64_t implant, const struct event *event, unsigned at,
                                     int64_t at_ms)
{
    const struct value bound[] = { value_integer(implant), value_integer(event->field[FIELD_ALARM]),
                                   value_integer((int64_t)event->sequence) };
    struct rows_reading reading = { .statement = NULL };
    int64_t id = 0;
    bool there = false;
    enum records_fault fault = records_database(
        records, database_ask(&records->database,
                              "SELECT id FROM alarms WHERE implant_id = ? AND code = ? AND " NUMBER " < ? "
                              "ORDER BY " NUMBER " DESC LIMIT 1",
                              bound, 3, &id, &there));
    if (fault == RECORDS_OK && there)
        fault = rows_to_change(records, TABLE_ALARMS, id, &reading);
    if (fault == RECORDS_OK && there && reading.values[at].kind == VALUE_NOTHING) {
        reading.values[at] = value_integer(at_ms);
        fault = rows_update(records, TABLE_ALARMS, reading.values, WORD_ACTION_UPDATE);
    }
    rows_done(&reading);
    return fault; /* one that was raised in a gap has no row to end */
}

enum records_fault alarms_take(struct records *records, int64_t implant, const struct event *event, int64_t at_ms)
{
    enum records_fault fault = records_writable(records);
    if (fault != RECORDS_OK)
        return fault;
    if (event->code == EVENT_ALARM_RAISED)
        return raise(records, implant, event, (int64_t)event->sequence, at_ms);
    if (event->code == EVENT_ALARM_ENDED)
        return moment_set(records, implant, event, AT(ALARMS, ENDED), at_ms);
    if (event->code == EVENT_ALARM_CLEARED)
        return moment_set(records, implant, event, AT(ALARMS, CLEARED), at_ms);
    return RECORDS_OK;
}

enum records_fault alarms_see(struct records *records, int64_t id)
{
    struct rows_reading reading;
    enum records_fault fault = rows_to_change(records, TABLE_ALARMS, id, &reading);
    if (fault == RECORDS_OK && reading.values[AT(ALARMS, SEEN)].kind == VALUE_NOTHING) {
        reading.values[AT(ALARMS, SEEN)] = value_integer(records->at_ms);
        reading.values[AT(ALARMS, SEEN_BY)] = value_link(records->user);
        fault = rows_update(records, TABLE_ALARMS, reading.values, WORD_ACTION_UPDATE);
    }
    rows_done(&reading);
    return fault;
}

enum records_fault alarms_read(struct records *records, int64_t id, struct alarm_record *alarm)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(records, TABLE_ALARMS, id, &reading);
    if (fault == RECORDS_OK)
        alarm_of(reading.values, alarm);
    rows_done(&reading);
    return fault;
}

static bool stands(const struct alarm_record *alarm)
{
    unsigned position = alarm_position(alarm->code);
    bool latches = position < ALARM_COUNT && alarm_row(position)->latch != 0;
    return latches ? alarm->cleared_ms == 0 : alarm->ended_ms == 0;
}

enum records_fault alarms_standing(struct records *records, int64_t implant, struct alarm_record *alarms, unsigned room,
                                   unsigned *count)
{
    const struct value bound = value_integer(implant);
    struct rows_reading reading;
    enum records_fault fault = rows_read(records, TABLE_ALARMS,
                                         "WHERE implant_id = ? AND (ended_ms IS NULL OR cleared_ms IS NULL) "
                                         "ORDER BY priority DESC, raised_number",
                                         &bound, 1, &reading);
    for (*count = 0; fault == RECORDS_OK && *count < room; fault = rows_next(records, TABLE_ALARMS, &reading)) {
        alarm_of(reading.values, &alarms[*count]);
        *count += stands(&alarms[*count]);
    }
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

/* The newest of this code; id 0 when there was none. */
static enum records_fault newest(struct records *records, int64_t implant, uint8_t code, struct alarm_record *alarm)
{
    const struct value bound[] = { value_integer(implant), value_integer(code) };
    struct rows_reading reading;
    *alarm = (struct alarm_record){ .id = 0 };
    enum records_fault fault =
        rows_read(records, TABLE_ALARMS, "WHERE implant_id = ? AND code = ? ORDER BY " NUMBER " DESC LIMIT 1", bound, 2,
                  &reading);
    if (fault == RECORDS_OK)
        alarm_of(reading.values, alarm);
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

enum records_fault alarms_agree(struct records *records, int64_t implant, uint32_t standing, int64_t last,
                                int64_t at_ms)
{
    enum records_fault fault = records_writable(records);
    for (unsigned i = 0; i < ALARM_COUNT && fault == RECORDS_OK; i++) {
        const struct alarm_row *row = alarm_row(i);
        bool is = (standing >> i & 1) != 0;
        struct alarm_record there;
        /* Behind all that is there: what no event told of happened since the last that is kept. */
        struct event event = { .sequence = INT64_MAX, .field = { row->code, row->priority } };
        if (row->priority == ALARM_PRIORITY_DRUG) /* by the therapy, which may be another one by now: the worst */
            event.field[FIELD_PRIORITY] = ALARM_PRIORITY_HIGH;
        fault = newest(records, implant, row->code, &there);
        bool stood = there.id != 0 && stands(&there);
        if (fault != RECORDS_OK || is == stood)
            continue;
        if (is)
            fault = raise(records, implant, &event, -(last * UNTOLD + row->code), at_ms);
        if (!is && there.ended_ms == 0)
            fault = moment_set(records, implant, &event, AT(ALARMS, ENDED), at_ms);
        if (!is && fault == RECORDS_OK && row->latch != 0)
            fault = moment_set(records, implant, &event, AT(ALARMS, CLEARED), at_ms);
    }
    return fault;
}
