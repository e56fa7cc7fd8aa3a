/* typings.c - keys that were pressed. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/typings.h"

#include "clinic/records/rows.h"
#include "clinic/records/sealed.h"

static void typing_of(const struct value *values, struct typing_record *typing)
{
    *typing = (struct typing_record){ .id = values[0].integer,
                                      .patient = values[AT(TYPINGS, PATIENT)].integer,
                                      .implant = values[AT(TYPINGS, IMPLANT)].integer,
                                      .user = values[AT(TYPINGS, USER)].integer,
                                      .at_ms = values[AT(TYPINGS, AT)].integer,
                                      .opened_ms = values[AT(TYPINGS, OPENED)].integer,
                                      .sent_ms = values[AT(TYPINGS, SENT)].integer,
                                      .presses = values[AT(TYPINGS, PRESSES)].integer };
    rows_text(&values[AT(TYPINGS, STEP)], typing->step, sizeof typing->step);
    rows_text(&values[AT(TYPINGS, FIELD)], typing->field, sizeof typing->field);
}

enum records_fault typings_add(struct records *records, const struct typing_record *typing, const char *keys)
{
    struct value values[ROW_VALUES_MAX] = { value_nothing() };
    int64_t made = 0;
    enum records_fault fault = records_writable(records);
    if (fault == RECORDS_OK && (!rows_text_good(typing->step, 1, TYPING_STEP_BYTES - 1) ||
                                !rows_text_good(typing->field, 1, TYPING_FIELD_BYTES - 1) || typing->presses < 0))
        fault = records_fail(records, RECORDS_MALFORMED, "what was typed needs its step, its field and its keys");
    if (fault != RECORDS_OK)
        return fault;
    values[AT(TYPINGS, PATIENT)] = value_integer(typing->patient);
    values[AT(TYPINGS, IMPLANT)] = value_link(typing->implant);
    values[AT(TYPINGS, USER)] = value_link(records->user);
    values[AT(TYPINGS, AT)] = value_integer(records->at_ms);
    values[AT(TYPINGS, OPENED)] = value_integer(typing->opened_ms);
    values[AT(TYPINGS, SENT)] = value_integer(typing->sent_ms);
    values[AT(TYPINGS, STEP)] = value_text(typing->step);
    values[AT(TYPINGS, FIELD)] = value_text(typing->field);
    values[AT(TYPINGS, PRESSES)] = value_integer(typing->presses);
    fault = rows_insert(records, TABLE_TYPINGS, values, &made);
    const struct sealed_place place = { typing->patient, TABLE_TYPINGS, made, SEALED_KEYS };
    return fault == RECORDS_OK ? sealed_put(records, &place, keys) : fault;
}

enum records_fault typings_list(struct records *records, int64_t patient, struct typing_record *typings, unsigned room,
                                unsigned *count)
{
    const struct value bound[] = { value_integer(patient), value_integer(room) };
    struct rows_reading reading;
    enum records_fault fault = rows_read(
        records, TABLE_TYPINGS, "WHERE patient_id = ? ORDER BY at_ms DESC, id DESC LIMIT ?", bound, 2, &reading);
    for (*count = 0; fault == RECORDS_OK && *count < room; fault = rows_next(records, TABLE_TYPINGS, &reading))
        typing_of(reading.values, &typings[(*count)++]);
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

enum records_fault typings_keys(struct records *records, const struct typing_record *typing, char *keys, size_t room)
{
    const struct sealed_place place = { typing->patient, TABLE_TYPINGS, typing->id, SEALED_KEYS };
    return sealed_get(records, &place, keys, room);
}
