/* patients.c - patients, and their purge. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "clinic/records/patients.h"

#include <string.h>
#include <time.h>

#include "clinic/records/rows.h"
#include "clinic/records/sealed.h"
#include "core/quantity.h"

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

/* No birth lies after today, wherever on the earth that is. */
static bool born(const struct records *records, const char *date)
{
    enum { EAST_MOST_HOURS = 14 };
    char today[PATIENT_DATE_BYTES];
    const time_t now = (time_t)((records->at_ms + EAST_MOST_HOURS * HOUR_MS) / 1000);
    struct tm day;
    return gmtime_r(&now, &day) == NULL || strftime(today, sizeof today, "%Y-%m-%d", &day) == 0 ||
           strcmp(date, today) <= 0;
}

/* Of the characters of a keyboard, with single blanks: a hyphen or a digit of another script would look the same, and make of
 * one person two. */
static bool identifier_good(const char *identifier)
{
    size_t size = strlen(identifier);
    for (size_t i = 0; i < size; i++)
        if (identifier[i] < ' ' || identifier[i] > '~' ||
            (identifier[i] == ' ' && (i == 0 || i + 1 == size || identifier[i + 1] == ' ')))
            return false;
    return size >= 1 && size < PATIENT_IDENTIFIER_BYTES;
}

static enum records_fault form_judge(struct records *records, const struct patient *patient)
{
    if (!identifier_good(patient->identifier))
        return records_fail(
            records, RECORDS_MALFORMED,
            "an identifier is of 1 to %d letters (A to Z), digits and signs of ASCII with single blanks between "
            "them: what looks like one of these may be another character",
            PATIENT_IDENTIFIER_BYTES - 1);
    if (date_good(patient->birth_date) && !born(records, patient->birth_date))
        return records_fail(records, RECORDS_MALFORMED, "the date of birth %s lies in the future", patient->birth_date);
    if (rows_text_good(patient->name, 1, PATIENT_NAME_BYTES - 1) && date_good(patient->birth_date) &&
        strlen(patient->note) < PATIENT_NOTE_BYTES)
        return RECORDS_OK;
    return records_fail(
        records, RECORDS_MALFORMED,
        "a patient needs a name of 1 to %d bytes without control characters, and a date of birth such as "
        "1950-12-31",
        PATIENT_NAME_BYTES - 1);
}

/* The identifier with the letters from `first` ('a' or 'A') on in the other case. */
static void letters_fold(const char *identifier, char first, char folded[PATIENT_IDENTIFIER_BYTES])
{
    size_t i = 0;
    for (; identifier[i] != '\0' && i < PATIENT_IDENTIFIER_BYTES - 1; i++)
        folded[i] = (char)(identifier[i] >= first && identifier[i] < first + 26 ? identifier[i] ^ 0x20 : identifier[i]);
    folded[i] = '\0';
}

/* By which an identifier is found: in capitals, so that "mrn-2" is nobody beside "MRN-2". */
static void identifier_mark(const struct records *records, const char *identifier, uint8_t mark[VAULT_MARK_BYTES])
{
    char folded[PATIENT_IDENTIFIER_BYTES];
    letters_fold(identifier, 'a', folded);
    vault_mark(&records->vault, folded, strlen(folded), mark);
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
    identifier_mark(records, patient->identifier, mark);
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
        fault = rows_update(records, TABLE_PATIENTS, reading.values, purged_ms != 0 ? WORD_ACTION_PURGE : WORD_ACTION_UPDATE);
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
    identifier_mark(records, patient->identifier, bytes);
    fault = row_change(records, patient->id, &mark, 0);
    return fault == RECORDS_OK ? texts_put(records, patient, patient->id) : fault;
}

/* The member of a patient that holds a field. */
static char *text_of(struct patient *patient, int64_t field, size_t *room)
{
    switch (field) {
    case SEALED_NAME:
        *room = sizeof patient->name;
        return patient->name;
    case SEALED_BIRTH_DATE:
        *room = sizeof patient->birth_date;
        return patient->birth_date;
    case SEALED_IDENTIFIER:
        *room = sizeof patient->identifier;
        return patient->identifier;
    case SEALED_NOTE:
        *room = sizeof patient->note;
        return patient->note;
    default:
        *room = 0;
        return NULL;
    }
}

/* One row of the query below into its patient. */
static enum records_fault field_take(struct records *records, const struct statement *statement, struct patient *patient)
{
    const struct value key_box = statement_column(statement, 3), box = statement_column(statement, 5);
    int64_t field = statement_integer(statement, 4);
    size_t room = 0;
    char *text = text_of(patient, field, &room);
    if (text == NULL) /* nothing is sealed of a purged one */
        return RECORDS_OK;
    const struct sealed_place place = { patient->id, TABLE_PATIENTS, patient->id, (enum sealed_field)field };
    return sealed_open(records, &place, &key_box, &box, text, room);
}

enum records_fault patients_list(struct records *records, int64_t from, struct patient *patients, unsigned room,
                                 unsigned *count)
{
    static const char SQL[] =
        "SELECT p.id, p.created_ms, p.purged_ms, p.key_box, s.field, s.box FROM patients p LEFT JOIN sealed s ON "
        "s.home = ? AND s.home_id = p.id WHERE p.id >= ? ORDER BY p.id, s.field LIMIT ?";
    enum records_fault fault = RECORDS_OK;
    enum { FIELDS = 4 };
    *count = 0;
    if (!records->vault.opens)
        return records_fail(records, RECORDS_REFUSED, "this role does not open what is sealed");
    struct statement *statement = statement_begin(&records->database, SQL);
    if (statement == NULL)
        return records_database(records, DATABASE_FAILED);
    statement_bind(statement, value_integer(table_code(TABLE_PATIENTS)));
    statement_bind(statement, value_integer(from));
    statement_bind(statement, value_integer((int64_t)room * FIELDS));
    enum database_fault found = statement_step(statement);
    for (; found == DATABASE_ROW && fault == RECORDS_OK; found = statement_step(statement)) {
        int64_t id = statement_integer(statement, 0);
        if (*count == 0 || patients[*count - 1].id != id) {
            if (*count == room)
                break;
            patients[(*count)++] = (struct patient){ .id = id,
                                                     .created_ms = statement_integer(statement, 1),
                                                     .purged_ms = statement_integer(statement, 2) };
        }
        fault = field_take(records, statement, &patients[*count - 1]);
    }
    statement_end(statement);
    return fault == RECORDS_OK ? records_database(records, found) : fault;
}

enum records_fault patients_read(struct records *records, int64_t id, struct patient *patient)
{
    unsigned count = 0;
    enum records_fault fault = patients_list(records, id, patient, 1, &count);
    if (fault == RECORDS_OK && (count == 0 || patient->id != id))
        return records_fail(records, RECORDS_MISSING, "%s: there is no patient %lld", records->database.place, (long long)id);
    return fault;
}

static enum records_fault mark_find(struct records *records, const char *text, int64_t *id, bool *found)
{
    uint8_t mark[VAULT_MARK_BYTES];
    const struct value bound = value_bytes(mark, sizeof mark);
    vault_mark(&records->vault, text, strlen(text), mark);
    return records_database(
        records, database_ask(&records->database, "SELECT id FROM patients WHERE mark = ?", &bound, 1, id, found));
}

enum records_fault patients_find(struct records *records, const char *identifier, int64_t *id)
{
    char folded[2][PATIENT_IDENTIFIER_BYTES];
    /* As it stands first, and in small letters: records that are older than the capitals hold marks of what was typed. */
    const char *const texts[] = { identifier, folded[0], folded[1] };
    bool found = false;
    if (!records->vault.opens)
        return records_fail(records, RECORDS_REFUSED, "only a role that opens what is sealed finds a patient by identifier");
    letters_fold(identifier, 'a', folded[0]);
    letters_fold(identifier, 'A', folded[1]);
    enum records_fault fault = RECORDS_OK;
    for (unsigned i = 0; i < 3 && fault == RECORDS_OK && !found; i++)
        fault = mark_find(records, texts[i], id, &found);
    if (fault == RECORDS_OK && !found)
        return records_fail(records, RECORDS_MISSING, "%s: no patient has this identifier", records->database.place);
    return fault;
}

/* The key and the texts are gone, as the database tells it: what was sealed cannot be read again. */
static enum records_fault purge_judge(struct records *records, int64_t id)
{
    static const char SQL[] = "SELECT (SELECT count(*) FROM sealed WHERE patient_id = ?) + (SELECT count(*) FROM patients WHERE "
                              "id = ? AND (key_box IS NOT NULL OR mark IS NOT NULL OR purged_ms IS NULL))";
    const struct value bound[] = { value_integer(id), value_integer(id) };
    int64_t left = 0;
    bool found = false;
    enum records_fault fault = records_database(records, database_ask(&records->database, SQL, bound, 2, &left, &found));
    if (fault != RECORDS_OK || left == 0)
        return fault;
    records->spoilt = true; /* nothing of this is kept */
    return records_fail(records, RECORDS_DAMAGED,
                        "%s: the key or a text of patient %lld is still there after the purge: something acts in this "
                        "database that is none of ours; nothing was kept; cisterna records verify tells more",
                        records->database.place, (long long)id);
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
    if (fault == RECORDS_OK)
        fault = sealed_erase(records, id);
    return fault == RECORDS_OK ? purge_judge(records, id) : fault;
}

enum records_fault patients_scour(struct records *records)
{
    return records_database(records, records->database.kind->scour(&records->database, "patients, sealed"));
}
