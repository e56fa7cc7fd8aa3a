/* implants.c - pumps in patients. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/implants.h"

#include "clinic/records/rows.h"

static void implant_of(const struct value *values, struct implant *implant)
{
    *implant = (struct implant){ .id = values[0].integer,
                                 .patient = values[AT(IMPLANTS, PATIENT)].integer,
                                 .model = (uint8_t)values[AT(IMPLANTS, MODEL)].integer,
                                 .revision = (uint8_t)values[AT(IMPLANTS, REVISION)].integer,
                                 .calibration = { (int32_t)values[AT(IMPLANTS, CALIBRATION)].integer },
                                 .implanted_ms = values[AT(IMPLANTS, IMPLANTED)].integer,
                                 .explanted_ms = values[AT(IMPLANTS, EXPLANTED)].integer };
    rows_text(&values[AT(IMPLANTS, SERIAL)], implant->serial, sizeof implant->serial);
}

enum records_fault implants_add(struct records *records, const struct implant *implant, int64_t *id)
{
    struct implant there;
    struct value values[ROW_VALUES_MAX] = { value_nothing() };
    enum records_fault fault = records_writable(records);
    if (fault != RECORDS_OK)
        return fault;
    if (!rows_text_good(implant->serial, 1, SERIAL_BYTES - 1) || model_find(implant->model, implant->revision) == NULL)
        return records_fail(records, RECORDS_MALFORMED,
                            "an implant needs a serial of 1 to %d bytes and a model that is known", SERIAL_BYTES - 1);
    if (implant->implanted_ms > records->at_ms + DAY_MS)
        return records_fail(records, RECORDS_MALFORMED,
                            "the moment of the implantation lies more than a day in the future");
    if (implants_find(records, implant->serial, &there) == RECORDS_OK)
        return records_fail(records, RECORDS_EXISTS, "%s: the pump %s is there already, as implant %lld",
                            records->database.place, implant->serial, (long long)there.id);
    values[AT(IMPLANTS, PATIENT)] = value_integer(implant->patient);
    values[AT(IMPLANTS, SERIAL)] = value_text(implant->serial);
    values[AT(IMPLANTS, MODEL)] = value_integer(implant->model);
    values[AT(IMPLANTS, REVISION)] = value_integer(implant->revision);
    values[AT(IMPLANTS, CALIBRATION)] = value_integer(implant->calibration.ppm);
    values[AT(IMPLANTS, IMPLANTED)] = value_integer(implant->implanted_ms);
    return rows_insert(records, TABLE_IMPLANTS, values, id);
}

enum records_fault implants_explant(struct records *records, int64_t id, int64_t at_ms)
{
    struct rows_reading reading;
    enum records_fault fault = rows_to_change(records, TABLE_IMPLANTS, id, &reading);
    if (fault == RECORDS_OK && reading.values[AT(IMPLANTS, EXPLANTED)].kind != VALUE_NOTHING)
        fault = records_fail(records, RECORDS_REFUSED, "implant %lld was taken out already", (long long)id);
    if (fault == RECORDS_OK) {
        reading.values[AT(IMPLANTS, EXPLANTED)] = value_integer(at_ms);
        fault = rows_update(records, TABLE_IMPLANTS, reading.values, WORD_ACTION_UPDATE);
    }
    rows_done(&reading);
    return fault;
}

enum records_fault implants_read(struct records *records, int64_t id, struct implant *implant)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(records, TABLE_IMPLANTS, id, &reading);
    if (fault == RECORDS_OK)
        implant_of(reading.values, implant);
    rows_done(&reading);
    return fault;
}

enum records_fault implants_find(struct records *records, const char *serial, struct implant *implant)
{
    const struct value bound = value_text(serial);
    struct rows_reading reading;
    enum records_fault fault = rows_read(records, TABLE_IMPLANTS, "WHERE serial = ?", &bound, 1, &reading);
    if (fault == RECORDS_OK)
        implant_of(reading.values, implant);
    rows_done(&reading);
    return fault == RECORDS_MISSING
               ? records_fail(records, fault, "%s: there is no pump with the serial %s", records->database.place, serial)
               : fault;
}

enum records_fault implants_in_place(struct records *records, int64_t patient, struct implant *implant)
{
    const struct value bound = value_integer(patient);
    struct rows_reading reading;
    enum records_fault fault = rows_read(records, TABLE_IMPLANTS,
                                         "WHERE patient_id = ? AND explanted_ms IS NULL ORDER BY id DESC LIMIT 1", &bound, 1,
                                         &reading);
    if (fault == RECORDS_OK)
        implant_of(reading.values, implant);
    rows_done(&reading);
    return fault;
}

enum records_fault implants_list(struct records *records, int64_t patient, struct implant *implants, unsigned room,
                                 unsigned *count)
{
    const struct value bound[] = { value_integer(patient), value_integer(room) };
    struct rows_reading reading;
    enum records_fault fault =
        rows_read(records, TABLE_IMPLANTS, "WHERE patient_id = ? ORDER BY id LIMIT ?", bound, 2, &reading);
    for (*count = 0; fault == RECORDS_OK && *count < room; fault = rows_next(records, TABLE_IMPLANTS, &reading))
        implant_of(reading.values, &implants[(*count)++]);
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}
