/* records_patients_test.c - who somebody is stands nowhere in the clear, opens for those who may, in its own place alone, and
 * is gone after a purge; what the pump did stays. REQ-SECU-11. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clinic/records/rows.h"
#include "clinic/records/sealed.h"
#include "tests/clinic/records_case.h"
#include "tests/clinic/records_stand.h"

static void same(const struct patient *a, const struct patient *b)
{
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->birth_date, b->birth_date);
    assert_string_equal(a->identifier, b->identifier);
    assert_string_equal(a->note, b->note);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    struct records records;
    struct patient read[5], expected;
    unsigned count = 0;
    int64_t id = 0;
    stand_fresh(&records);
    assert_done(&records, case_fill(&records, 3, 0, STAND_AT));
    records_close(&records);
    stand_sign_in(&records, "phil");
    assert_done(&records, patients_list(&records, 0, read, 5, &count));
    assert_int_equal(count, 3);
    for (unsigned i = 0; i < 3; i++) {
        expected = case_patient(i);
        same(&read[i], &expected);
        assert_int_equal(read[i].created_ms, STAND_AT + i);
        assert_done(&records, patients_find(&records, expected.identifier, &id));
        assert_int_equal(id, read[i].id);
    }
    assert_int_equal(patients_find(&records, "MRN-000009", &id), RECORDS_MISSING);
    assert_int_equal(patients_read(&records, 9, &expected), RECORDS_MISSING);
    records_close(&records);
}

static void a_change_leaves_nobody_double(void **state)
{
    (void)state;
    struct records records;
    struct patient patient, expected = case_patient(7);
    int64_t id = 0;
    stand_fresh(&records);
    assert_done(&records, case_fill(&records, 2, 0, STAND_AT));
    assert_done(&records, records_begin(&records, STAND_AT));
    patient = case_patient(1);
    assert_int_equal(patients_add(&records, &patient, &id), RECORDS_EXISTS);
    expected.id = 1;
    assert_done(&records, patients_change(&records, &expected));
    patient.id = 1;
    assert_int_equal(patients_change(&records, &patient), RECORDS_EXISTS);
    assert_done(&records, records_commit(&records));
    assert_done(&records, patients_read(&records, 1, &patient));
    same(&patient, &expected);
    assert_int_equal(patients_find(&records, "MRN-000000", &id), RECORDS_MISSING);
    records_close(&records);
    stand_finds(0, "");
}

static void a_patient_needs_a_form(void **state)
{
    (void)state;
    static const char *const dates[] = { "",           "1950-1-31",  "1950-13-01", "1950-00-01", "1950-04-31",
                                         "1951-02-29", "1900-02-29", "1950-01-32", "1950/01/31", "1750-01-01" };
    struct records records;
    int64_t id = 0;
    stand_fresh(&records);
    assert_done(&records, records_begin(&records, STAND_AT));
    struct patient patient = case_patient(1);
    for (unsigned i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        memset(patient.birth_date, 0, sizeof patient.birth_date);
        memcpy(patient.birth_date, dates[i], strlen(dates[i]));
        assert_int_equal(patients_add(&records, &patient, &id), RECORDS_MALFORMED);
    }
    patient = case_patient(1);
    memcpy(patient.birth_date, "2000-02-29", 11);
    strcpy(patient.name, "two\nlines");
    assert_int_equal(patients_add(&records, &patient, &id), RECORDS_MALFORMED);
    strcpy(patient.name, "\xC3(");
    assert_int_equal(patients_add(&records, &patient, &id), RECORDS_MALFORMED);
    strcpy(patient.name, "");
    assert_int_equal(patients_add(&records, &patient, &id), RECORDS_MALFORMED);
    strcpy(patient.name, "Leap");
    assert_done(&records, patients_add(&records, &patient, &id));
    records_close(&records);
}

/* What looks the same to people is one patient, and characters that only look like others are none. */
static void identifiers_are_what_they_look_like(void **state)
{
    (void)state;
    static const char *const refused[] = { "\xEF\xBC\xAD\xEF\xBC\xB2\xEF\xBC\xAE-2", /* of full width */
                                           "MRN\xE2\x80\x91"
                                           "2", /* U+2011 */
                                           "MRN\xE2\x88\x92"
                                           "2",            /* a minus */
                                           "\xD0\x9CRN-2", /* a Cyrillic M */
                                           "MRN-2\xCC\x81",
                                           " MRN-2",
                                           "MRN-2 ",
                                           "MRN  2",
                                           "" };
    struct records records;
    struct patient patient = case_patient(1);
    int64_t id = 0, first = 0;
    stand_fresh(&records);
    assert_done(&records, records_begin(&records, STAND_AT));
    strcpy(patient.identifier, "MRN-2");
    assert_done(&records, patients_add(&records, &patient, &first));
    for (unsigned i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        strcpy(patient.identifier, refused[i]);
        assert_int_equal(patients_add(&records, &patient, &id), RECORDS_MALFORMED);
    }
    for (unsigned i = 0; i < 3; i++) {
        static const char *const same[] = { "mrn-2", "Mrn-2", "MRN-2" };
        strcpy(patient.identifier, same[i]);
        assert_int_equal(patients_add(&records, &patient, &id), RECORDS_EXISTS);
        assert_done(&records, patients_find(&records, same[i], &id));
        assert_int_equal(id, first);
    }
    strcpy(patient.identifier, "ward 7/b_2");
    assert_done(&records, patients_add(&records, &patient, &id));
    strcpy(patient.identifier, "WARD 7/B_2");
    assert_int_equal(patients_add(&records, &patient, &id), RECORDS_EXISTS);
    patient.id = id; /* and of one's own the case may change */
    assert_done(&records, patients_change(&records, &patient));
    strcpy(patient.identifier, "mrn-2");
    assert_int_equal(patients_change(&records, &patient), RECORDS_EXISTS);
    records_close(&records);
}

/* Records of before held a mark of what was typed. */
static void an_older_mark_is_found(void **state)
{
    (void)state;
    struct records records;
    struct patient patient = case_patient(1);
    uint8_t mark[VAULT_MARK_BYTES];
    char text[256];
    int64_t id = 0;
    stand_fresh(&records);
    assert_done(&records, records_begin(&records, STAND_AT));
    strcpy(patient.identifier, "mrn-2");
    assert_done(&records, patients_add(&records, &patient, &id));
    vault_mark(&records.vault, "mrn-2", 5, mark);
    assert_done(&records, records_commit(&records));
    size_t size =
        (size_t)snprintf(text, sizeof text, "UPDATE patients SET mark = %s", stand_is_postgres() ? "'\\x" : "x'");
    for (unsigned i = 0; i < sizeof mark; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%02x", mark[i]);
    snprintf(text + size, sizeof text - size, "'%s", stand_is_postgres() ? "::bytea" : "");
    records_close(&records);
    stand_attack(text);
    stand_open(&records);
    assert_done(&records, patients_find(&records, "mrn-2", &id));
    assert_done(&records, patients_find(&records, "MRN-2", &id));
    records_close(&records);
}

static void nobody_is_born_tomorrow(void **state)
{
    (void)state;
    struct records records;
    int64_t id = 0;
    struct patient patient = case_patient(1);
    stand_fresh(&records);
    assert_done(&records, records_begin(&records, STAND_AT)); /* 2026-03-01 12:00 UTC: the 2nd in the far east */
    strcpy(patient.birth_date, "2026-03-03");
    assert_int_equal(patients_add(&records, &patient, &id), RECORDS_MALFORMED);
    assert_non_null(strstr(records.error, "2026-03-03 lies in the future"));
    strcpy(patient.birth_date, "2062-03-01");
    assert_int_equal(patients_add(&records, &patient, &id), RECORDS_MALFORMED);
    strcpy(patient.birth_date, "2026-03-02");
    assert_done(&records, patients_add(&records, &patient, &id));
    patient.id = id;
    strcpy(patient.birth_date, "2026-03-03");
    assert_int_equal(patients_change(&records, &patient), RECORDS_MALFORMED);
    records_close(&records);
}

/* Does a file hold these bytes? */
static bool file_holds(const char *name, const char *words, size_t length)
{
    FILE *file = fopen(name, "rb");
    if (file == NULL)
        return false;
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size_t size = (size_t)ftell(file);
    char *bytes = malloc(size + 1);
    assert_non_null(bytes);
    rewind(file);
    assert_int_equal(fread(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    bool found = false;
    for (size_t i = 0; !found && i + length <= size; i++)
        found = memcmp(bytes + i, words, length) == 0;
    free(bytes);
    return found;
}

/* Does a file of SQLite hold these bytes, or a box in PostgreSQL? */
static bool stands_somewhere(const char *words, size_t length)
{
    char text[256];
    if (!stand_is_postgres()) {
        snprintf(text, sizeof text, "%s-wal", stand_url());
        return file_holds(stand_url(), words, length) || file_holds(text, words, length);
    }
    size_t size = (size_t)snprintf(text, sizeof text, "SELECT count(*) FROM sealed WHERE position('\\x");
    for (size_t i = 0; i < length; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%02x", (uint8_t)words[i]);
    snprintf(text + size, sizeof text - size, "'::bytea IN box) > 0");
    return stand_ask(text) > 0;
}

static bool stands_in_the_clear(const char *words)
{
    return stands_somewhere(words, strlen(words));
}

static void nothing_stands_in_the_clear(void **state)
{
    (void)state;
    struct records records;
    stand_fresh(&records);
    assert_done(&records, case_fill(&records, 3, 0, STAND_AT));
    records_close(&records);
    assert_false(stands_in_the_clear("Patient"));
    assert_false(stands_in_the_clear("MRN-0"));
    assert_false(stands_in_the_clear("deadline"));
    assert_false(stands_in_the_clear("by bus"));
    assert_false(stands_in_the_clear("had moved"));
    assert_true(stand_is_postgres() || stands_in_the_clear("SIM-000001")); /* a pump's serial does: the search can find */
}

static void an_auditor_opens_nobody(void **state)
{
    (void)state;
    struct records records;
    struct patient patient;
    char text[64];
    int64_t id = 0;
    stand_fresh(&records);
    assert_done(&records, case_fill(&records, 1, 0, STAND_AT));
    records_close(&records);
    stand_sign_in(&records, "otto");
    assert_int_equal(patients_read(&records, 1, &patient), RECORDS_REFUSED);
    assert_int_equal(patients_find(&records, "MRN-000000", &id), RECORDS_REFUSED);
    assert_int_equal(visits_note_read(&records, 1, text, sizeof text), RECORDS_REFUSED);
    struct stand_found found;
    assert_done(&records, stand_verify(&records, NULL, &found)); /* and verifies all the same */
    records_close(&records);
}

/* A box, or a key, in another's place. */
static void what_is_sealed_opens_in_its_place_alone(void **state)
{
    (void)state;
    static const char *const attacks[] = {
        "UPDATE sealed SET box = (SELECT b.box FROM sealed b WHERE b.home = 3 AND b.home_id = 2 AND b.field = 1) "
        "WHERE home = 3 AND home_id = 1 AND field = 1",
        "UPDATE sealed SET box = (SELECT b.box FROM sealed b WHERE b.home = 3 AND b.home_id = 1 AND b.field = 3) "
        "WHERE home = 3 AND home_id = 1 AND field = 1",
        "UPDATE patients SET key_box = (SELECT b.key_box FROM patients b WHERE b.id = 2) WHERE id = 1",
    };
    struct records records;
    struct patient patient;
    stand_fresh(&records);
    assert_done(&records, case_fill(&records, 2, 0, STAND_AT));
    records_close(&records);
    stand_keep();
    for (unsigned i = 0; i < 3; i++) {
        stand_put_back();
        stand_attack(attacks[i]);
        stand_open(&records);
        assert_int_equal(patients_read(&records, 1, &patient), RECORDS_DAMAGED);
        assert_non_null(strstr(records.error, i == 2 ? "the key of patient 1" : "field 1 of row 1"));
        assert_done(&records, patients_read(&records, 2, &patient));
        records_close(&records);
    }
}

static void a_purge_leaves_the_pump_and_nobody(void **state)
{
    (void)state;
    struct records records;
    struct patient patient;
    struct refill_record refill;
    char text[64] = "x";
    int64_t id = 0;
    stand_fresh(&records);
    assert_done(&records, case_fill(&records, 2, 12, STAND_AT));
    int64_t boxes = stand_ask("SELECT count(*) FROM sealed");
    assert_done(&records, records_begin(&records, STAND_AT + 99));
    assert_done(&records, patients_purge(&records, 1));
    assert_done(&records, records_commit(&records));
    assert_done(&records, patients_scour(&records));
    assert_done(&records, patients_read(&records, 1, &patient));
    assert_int_equal(patient.purged_ms, STAND_AT + 99);
    assert_true(*patient.name == '\0' && *patient.birth_date == '\0' && *patient.identifier == '\0' && *patient.note == '\0');
    assert_int_equal(patients_find(&records, "MRN-000000", &id), RECORDS_MISSING);
    assert_done(&records, visits_note_read(&records, 1, text, sizeof text));
    assert_string_equal(text, "");
    assert_done(&records, refills_read(&records, 1, &refill)); /* what the pump did is there */
    assert_string_equal(refill.drug[0].lot, "M-0");
    assert_int_equal(stand_ask("SELECT count(*) FROM pump_log WHERE implant_id = 1"), 12);
    assert_int_equal(stand_ask("SELECT count(*) FROM sealed WHERE patient_id = 1"), 0);
    assert_int_equal(stand_ask("SELECT count(*) FROM sealed"), boxes / 2);
    assert_int_equal(stand_ask("SELECT count(*) FROM audit WHERE action = 5 AND home = 3 AND home_id = 1"), 1);
    assert_done(&records, records_begin(&records, STAND_AT));
    assert_int_equal(patients_purge(&records, 1), RECORDS_REFUSED);
    assert_int_equal(visits_note(&records, 1, "again"), RECORDS_REFUSED);
    records_rollback(&records);
    assert_done(&records, patients_read(&records, 2, &patient)); /* the other is as before */
    assert_string_equal(patient.identifier, "MRN-000001");
    records_close(&records);
    stand_finds(0, "");
}

/* The key's box of before opens nothing that is left, and is nowhere in the files. */
static void a_purged_key_is_gone_from_the_files(void **state)
{
    (void)state;
    struct records records;
    struct rows_reading reading;
    char box[24];
    stand_fresh(&records);
    assert_done(&records, case_fill(&records, 1, 0, STAND_AT));
    assert_done(&records, rows_by_id(&records, TABLE_PATIENTS, 1, &reading));
    memcpy(box, reading.values[AT(PATIENTS, KEY_BOX)].bytes, sizeof box); /* its nonce: chance, found nowhere else */
    rows_done(&reading);
    assert_true(stand_is_postgres() || stands_somewhere(box, sizeof box));
    assert_done(&records, records_begin(&records, STAND_AT));
    assert_done(&records, patients_purge(&records, 1));
    assert_done(&records, records_commit(&records));
    assert_done(&records, patients_scour(&records));
    assert_false(stands_somewhere(box, sizeof box));
    records_close(&records);
}

static void only_an_admin_purges(void **state)
{
    (void)state;
    struct records records;
    stand_fresh(&records);
    assert_done(&records, case_fill(&records, 1, 0, STAND_AT));
    records_close(&records);
    stand_sign_in(&records, "phil");
    assert_done(&records, records_begin(&records, STAND_AT));
    assert_int_equal(patients_purge(&records, 1), RECORDS_REFUSED);
    records_close(&records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_change_leaves_nobody_double),
        cmocka_unit_test(a_patient_needs_a_form),
        cmocka_unit_test(identifiers_are_what_they_look_like),
        cmocka_unit_test(an_older_mark_is_found),
        cmocka_unit_test(nobody_is_born_tomorrow),
        cmocka_unit_test(nothing_stands_in_the_clear),
        cmocka_unit_test(an_auditor_opens_nobody),
        cmocka_unit_test(what_is_sealed_opens_in_its_place_alone),
        cmocka_unit_test(a_purge_leaves_the_pump_and_nobody),
        cmocka_unit_test(a_purged_key_is_gone_from_the_files),
        cmocka_unit_test(only_an_admin_purges),
    };
    return cmocka_run_group_tests(tests, stand_begin, stand_end);
}
