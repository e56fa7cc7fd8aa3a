/* patients.c - patients, and their purge. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/patients.h"

#include "clinic/records/rows.h"
#include "clinic/records/sealed.h"

/* "1950-12-31": a day that some year could have. */
static bool date_good(const char *date)
{
    static const uint8_t DAYS[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    unsigned number[3] = { 0 }, part = 0;
    if (strlen(date) != PATIENT_DATE_BYTES - 1)
        return false;
    for (unsigned i = 0; i < PATIENT_DATE_BYTES - 1; i++) {
        bool dash = i == 4 || i == 7;
        if (dash ? date[i] != '-' : date[i] < '0' || date[i] > '9')
            return false;
        part += dash;
        number[part] = dash ? 0 : number[part] * 10 + (unsigned)(date[i] - '0');
    }
    bool leap = (number[0] % 4 == 0 && number[0] % 100 != 0) || number[0] % 400 == 0;
    return number[0] >= 1800 && number[1] >= 1 && number[1] <= 12 && number[2] >= 1 && number[2] <= DAYS[number[1] - 1] &&
           (leap || number[1] != 2 || number[2] <= 28);
}

static enum records_fault form_judge(struct records *records, const struct patient *patient)
{
    if (rows_text_good(patient->name, 1, PATIENT_NAME_BYTES - 1) && date_good(patient->birth_date) &&
        rows_text_good(patient->identifier, 1, PATIENT_IDENTIFIER_BYTES - 1) && strlen(patient->note) < PATIENT_NOTE_BYTES)
        return RECORDS_OK;
    return records_fail(records, RECORDS_MALFORMED,
                        "a patient needs a name, a date of birth such as 1950-12-31 and an identifier of 1 to "
                        "%d bytes, without control characters",
                        PATIENT_IDENTIFIER_BYTES - 1);
}

static enum records_fault texts_put(struct records *records, const struct patient *patient, int64_t id)
{
    const struct {
        enum sealed_field field;
        const char *text;
    } texts[] = { { SEALED_NAME, patient->name },
                  { SEALED_BIRTH_DATE, patient->birth_date },
                  { SEALED_IDENTIFIER, patient->identifier },
                  { SEALED_NOTE, patient->note } };
    enum records_fault fault = RECORDS_OK;
    for (unsigned i = 0; i < 4 && fault == RECORDS_OK; i++) {
        const struct sealed_place place = { id, TABLE_PATIENTS, id, texts[i].field };
        fault = sealed_put(records, &place, texts[i].text);
    }
    return fault;
}

/* Is the identifier somebody else's? */
static enum records_fault identifier_judge(struct records *records, const char *identifier, int64_t id)
{
    int64_t other = 0;
    enum records_fault fault = patients_find(records, identifier, &other);
    if (fault == RECORDS_OK && other != id)
        return records_fail(records, RECORDS_EXISTS, "%s: patient %lld has this identifier already", records->database.place,
                            (long long)other);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

enum records_fault patients_add(struct records *records, const struct patient *patient, int64_t *id)
{
    uint8_t mark[VAULT_MARK_BYTES], box[SEALED_KEY_BOX_BYTES];
    struct value values[ROW_VALUES_MAX] = { value_nothing() };
    int64_t last = 0, made = 0;
    bool found = false;
    enum records_fault fault = records_writable(records);
    if (fault == RECORDS_OK)
        fault = form_judge(records, patient);
    if (fault == RECORDS_OK)
        fault = identifier_judge(records, patient->identifier, 0);
    /* The key is bound to the number that the row will have. */
    if (fault == RECORDS_OK)
        fault = records_database(
            records, database_ask(&records->database, "SELECT COALESCE(MAX(id), 0) FROM patients", NULL, 0, &last, &found));
    if (fault != RECORDS_OK)
        return fault;
    sealed_key_make(&records->vault, last + 1, box);
    vault_mark(&records->vault, patient->identifier, strlen(patient->identifier), mark);
    values[AT(PATIENTS, CREATED)] = value_integer(records->at_ms);
    values[AT(PATIENTS, MARK)] = value_bytes(mark, sizeof mark);
    values[AT(PATIENTS, KEY_BOX)] = value_bytes(box, sizeof box);
    fault = rows_insert(records, TABLE_PATIENTS, values, &made);
    if (fault == RECORDS_OK)
        fault = texts_put(records, patient, made);
    if (fault == RECORDS_OK)
        *id = made;
    return fault;
}

/* Writes the row anew with this mark and key box; nothing where they are nothing. */
static enum records_fault row_change(struct records *records, int64_t id, const struct value *mark, int64_t purged_ms)
{
    struct rows_reading reading;
    enum records_fault fault = rows_to_change(records, TABLE_PATIENTS, id, &reading);
    if (fault == RECORDS_OK && reading.values[AT(PATIENTS, PURGED)].kind != VALUE_NOTHING)
        fault = records_fail(records, RECORDS_REFUSED, "patient %lld is purged already", (long long)id);
    if (fault == RECORDS_OK) {
        reading.values[AT(PATIENTS, MARK)] = *mark;
        reading.values[AT(PATIENTS, PURGED)] = value_moment(purged_ms);
        if (purged_ms != 0)
            reading.values[AT(PATIENTS, KEY_BOX)] = value_nothing();
        fault = rows_update(records, TABLE_PATIENTS, reading.values, purged_ms != 0 ? ACTION_PURGE : ACTION_UPDATE);
    }
    rows_done(&reading);
    return fault;
}

enum records_fault patients_change(struct records *records, const struct patient *patient)
{
    uint8_t bytes[VAULT_MARK_BYTES];
    const struct value mark = value_bytes(bytes, sizeof bytes);
    enum records_fault fault = records_writable(records);
    if (fault == RECORDS_OK)
        fault = form_judge(records, patient);
    if (fault == RECORDS_OK)
        fault = identifier_judge(records, patient->identifier, patient->id);
    if (fault != RECORDS_OK)
        return fault;
    vault_mark(&records->vault, patient->identifier, strlen(patient->identifier), bytes);
    fault = row_change(records, patient->id, &mark, 0);
    return fault == RECORDS_OK ? texts_put(records, patient, patient->id) : fault;
}

enum records_fault patients_read(struct records *records, int64_t id, struct patient *patient)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(records, TABLE_PATIENTS, id, &reading);
    if (fault == RECORDS_OK)
        *patient = (struct patient){ .id = id,
                                     .created_ms = reading.values[AT(PATIENTS, CREATED)].integer,
                                     .purged_ms = reading.values[AT(PATIENTS, PURGED)].integer };
    rows_done(&reading);
    if (fault != RECORDS_OK)
        return fault;
    const struct {
        enum sealed_field field;
        char *text;
        size_t room;
    } texts[] = { { SEALED_NAME, patient->name, sizeof patient->name },
                  { SEALED_BIRTH_DATE, patient->birth_date, sizeof patient->birth_date },
                  { SEALED_IDENTIFIER, patient->identifier, sizeof patient->identifier },
                  { SEALED_NOTE, patient->note, sizeof patient->note } };
    for (unsigned i = 0; i < 4 && fault == RECORDS_OK; i++) {
        const struct sealed_place place = { id, TABLE_PATIENTS, id, texts[i].field };
        fault = sealed_get(records, &place, texts[i].text, texts[i].room);
    }
    return fault;
}

enum records_fault patients_find(struct records *records, const char *identifier, int64_t *id)
{
    uint8_t mark[VAULT_MARK_BYTES];
    bool found = false;
    const struct value bound = value_bytes(mark, sizeof mark);
    if (!records->vault.opens)
        return records_fail(records, RECORDS_REFUSED, "only a role that opens what is sealed finds a patient by identifier");
    vault_mark(&records->vault, identifier, strlen(identifier), mark);
    enum records_fault fault = records_database(
        records, database_ask(&records->database, "SELECT id FROM patients WHERE mark = ?", &bound, 1, id, &found));
    if (fault == RECORDS_OK && !found)
        return records_fail(records, RECORDS_MISSING, "%s: no patient has this identifier", records->database.place);
    return fault;
}

enum records_fault patients_list(struct records *records, int64_t from, struct patient *patients, unsigned room,
                                 unsigned *count)
{
    *count = 0;
    while (*count < room) {
        const struct value bound = value_integer(*count == 0 ? from : patients[*count - 1].id + 1);
        int64_t id = 0;
        bool found = false;
        enum records_fault fault = records_database(
            records, database_ask(&records->database, "SELECT id FROM patients WHERE id >= ? ORDER BY id LIMIT 1", &bound, 1,
                                  &id, &found));
        if (fault == RECORDS_OK && found)
            fault = patients_read(records, id, &patients[*count]);
        if (fault != RECORDS_OK || !found)
            return fault;
        (*count)++;
    }
    return RECORDS_OK;
}

enum records_fault patients_purge(struct records *records, int64_t id)
{
    const struct value none = value_nothing();
    enum records_fault fault = records_writable(records);
    if (fault == RECORDS_OK && !list_role_administers(records->role))
        fault = records_fail(records, RECORDS_REFUSED, "only an admin may purge; the role is %s",
                             list_word(LIST_ROLE, records->role));
    if (fault == RECORDS_OK)
        fault = row_change(records, id, &none, records->at_ms);
    return fault == RECORDS_OK ? sealed_erase(records, id) : fault;
}

enum records_fault patients_scour(struct records *records)
{
    return records_database(records, records->database.kind->scour(&records->database, "patients, sealed"));
}
