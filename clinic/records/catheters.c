/* catheters.c - the catheters on pumps. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/catheters.h"

#include "clinic/records/rows.h"
#include "core/model.h"

static void catheter_of(const struct value *values, struct catheter *catheter)
{
    *catheter = (struct catheter){ .id = values[0].integer,
                                   .implant = values[AT(CATHETERS, IMPLANT)].integer,
                                   .length_mm = values[AT(CATHETERS, LENGTH)].integer,
                                   .dead_volume = { values[AT(CATHETERS, DEAD_VOLUME)].integer },
                                   .placed_ms = values[AT(CATHETERS, PLACED)].integer,
                                   .removed_ms = values[AT(CATHETERS, REMOVED)].integer };
    rows_text(&values[AT(CATHETERS, KIND)], catheter->kind, sizeof catheter->kind);
}

enum records_fault catheters_add(struct records *records, const struct catheter *catheter, int64_t *id)
{
    struct catheter there;
    struct value values[ROW_VALUES_MAX] = { value_nothing() };
    enum records_fault fault = records_writable(records);
    if (fault != RECORDS_OK)
        return fault;
    if (!rows_text_good(catheter->kind, 0, CATHETER_KIND_BYTES - 1) || catheter->length_mm < 1 ||
        catheter->length_mm > CATHETER_MM_MAX || catheter->dead_volume.nl < 1 || catheter->dead_volume.nl > VOL_NL_MAX)
        return records_fail(records, RECORDS_MALFORMED, "a catheter has a length of 1 to %d mm and a dead volume above 0",
                            CATHETER_MM_MAX);
    if (catheters_in_place(records, catheter->implant, &there) == RECORDS_OK)
        return records_fail(records, RECORDS_REFUSED, "catheter %lld is in place on implant %lld: remove it first",
                            (long long)there.id, (long long)catheter->implant);
    values[AT(CATHETERS, IMPLANT)] = value_integer(catheter->implant);
    values[AT(CATHETERS, KIND)] = value_text(catheter->kind);
    values[AT(CATHETERS, LENGTH)] = value_integer(catheter->length_mm);
    values[AT(CATHETERS, DEAD_VOLUME)] = value_integer(catheter->dead_volume.nl);
    values[AT(CATHETERS, PLACED)] = value_integer(catheter->placed_ms);
    return rows_insert(records, TABLE_CATHETERS, values, id);
}

enum records_fault catheters_remove(struct records *records, int64_t id, int64_t at_ms)
{
    struct rows_reading reading;
    enum records_fault fault = rows_to_change(records, TABLE_CATHETERS, id, &reading);
    if (fault == RECORDS_OK && reading.values[AT(CATHETERS, REMOVED)].kind != VALUE_NOTHING)
        fault = records_fail(records, RECORDS_REFUSED, "catheter %lld was removed already", (long long)id);
    if (fault == RECORDS_OK) {
        reading.values[AT(CATHETERS, REMOVED)] = value_integer(at_ms);
        fault = rows_update(records, TABLE_CATHETERS, reading.values, WORD_ACTION_UPDATE);
    }
    rows_done(&reading);
    return fault;
}

enum records_fault catheters_read(struct records *records, int64_t id, struct catheter *catheter)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(records, TABLE_CATHETERS, id, &reading);
    if (fault == RECORDS_OK)
        catheter_of(reading.values, catheter);
    rows_done(&reading);
    return fault;
}

enum records_fault catheters_in_place(struct records *records, int64_t implant, struct catheter *catheter)
{
    const struct value bound = value_integer(implant);
    struct rows_reading reading;
    enum records_fault fault =
        rows_read(records, TABLE_CATHETERS, "WHERE implant_id = ? AND removed_ms IS NULL ORDER BY id DESC LIMIT 1", &bound, 1,
                  &reading);
    if (fault == RECORDS_OK)
        catheter_of(reading.values, catheter);
    rows_done(&reading);
    return fault == RECORDS_MISSING ? records_fail(records, fault, "%s: no catheter is in place on implant %lld",
                                                   records->database.place, (long long)implant)
                                    : fault;
}
