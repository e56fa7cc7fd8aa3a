/* records_migration_test.c - records of version 1, as they were committed, become those of today: nothing is lost, everything
 * verifies, and they go on; a newer version is left alone; a step that fails leaves what was before. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clinic/records/load.h"
#include "clinic/records/migration.h"
#include "tests/clinic/records_case.h"
#include "tests/clinic/records_stand.h"

/* Patients in those records, and events of each. */
enum { PATIENTS = 2, EVENTS = 11 };

/* The database as it was: the files are read from the root of the project. */
static void version_1(void)
{
    struct database database;
    char *sql = malloc(65536);
    assert_non_null(sql);
    FILE *file =
        fopen(stand_is_postgres() ? "tests/clinic/records_v1/postgres.sql" : "tests/clinic/records_v1/sqlite.sql", "r");
    assert_non_null(file);
    size_t size = fread(sql, 1, 65535, file);
    sql[size] = '\0';
    assert_true(feof(file) != 0 && fclose(file) == 0);
    stand_wipe();
    assert_int_equal(database_open(&database, stand_url(), true), DATABASE_OK);
    enum database_fault fault = database.kind->run(&database, sql); /* it has none of the {words}, and is long */
    if (fault != DATABASE_OK)
        print_error("%s\n", database.error);
    assert_int_equal(fault, DATABASE_OK);
    int64_t version = 0;
    assert_int_equal(migration_version(&database, &version), DATABASE_OK);
    assert_int_equal(version, 1);
    database_close(&database);
    free(sql);
}

/* All that was written is there, and more can be. */
static void as_written(struct records *records)
{
    struct stand_found found;
    struct patient patient, expected;
    struct override_record shown;
    unsigned count = 0;
    static struct pumplog_item items[20];
    assert_done(records, stand_verify(records, NULL, &found));
    for (unsigned n = 0; n < PATIENTS; n++) {
        expected = case_patient(n);
        assert_done(records, patients_read(records, n + 1, &patient));
        assert_string_equal(patient.name, expected.name);
        assert_done(records, pumplog_list(records, n + 1, PUMPLOG_EVENTS, 1, items, 20, &count));
        assert_int_equal(count, EVENTS);
        assert_done(records, overrides_read(records, n + 1, &shown));
        assert_true(shown.value == case_override(n, 1).value && shown.second == 0);
    }
    assert_done(records, records_begin(records, STAND_AT));
    shown = case_override(3, 1);
    shown.second = 2;
    assert_done(records, overrides_add(records, &shown, NULL));
    const struct score_record score = case_score(3, 1, 1);
    assert_done(records, scores_add(records, &score, "better", NULL));
    const struct typing_record typing = case_typing(3, 1, 1);
    assert_done(records, typings_add(records, &typing, "{}"));
    const struct twin_act act = case_twin_act(3, 1);
    int64_t done = 0;
    assert_done(records, twinacts_add(records, &act, &done));
    assert_done(records, case_pull(records, 1, 1, 5));
    assert_done(records, records_commit(records));
    assert_done(records, stand_verify(records, NULL, &found));
}

static void version_1_comes_along(void **state)
{
    (void)state;
    struct records records;
    version_1();
    assert_done(&records, records_open(&records, stand_url(), false));
    int64_t version = 0;
    assert_int_equal(migration_version(&records.database, &version), DATABASE_OK);
    assert_int_equal(version, MIGRATION_VERSION);
    assert_done(&records, users_sign_in(&records, "ada", STAND_PASSWORD, strlen(STAND_PASSWORD)));
    as_written(&records);
    records_close(&records);
    stand_finds(0, "");
}

static void a_backup_of_version_1_comes_along(void **state)
{
    (void)state;
    struct records records;
    stand_wipe();
    FILE *file = fopen("tests/clinic/records_v1/backup.jsonl", "r");
    assert_non_null(file);
    assert_done(&records, records_open(&records, stand_url(), true));
    assert_done(&records, load_read(&records, file, NULL));
    assert_int_equal(fclose(file), 0);
    assert_done(&records, users_key_open(&records, STAND_KEY));
    as_written(&records);
    records_close(&records);
}

static void a_newer_version_is_left_alone(void **state)
{
    (void)state;
    struct records records;
    char sql[96];
    version_1();
    snprintf(sql, sizeof sql, "UPDATE edition SET version = %d", MIGRATION_VERSION + 1);
    stand_attack(sql);
    assert_int_equal(records_open(&records, stand_url(), false), RECORDS_VERSION);
    assert_non_null(strstr(records.error, "newer"));
    assert_int_equal(records_open(&records, stand_url(), true), RECORDS_VERSION);
    assert_int_equal(stand_ask("SELECT version FROM edition"), MIGRATION_VERSION + 1);
    assert_int_equal(stand_ask("SELECT count(*) FROM patients"), PATIENTS);
}

/* The column that version 2 adds is there already: its step fails, and version 1 stays whole. */
static void a_step_that_fails_changes_nothing(void **state)
{
    (void)state;
    struct records records;
    version_1();
    stand_attack("ALTER TABLE overrides ADD COLUMN second_user_id {int}");
    assert_int_equal(records_open(&records, stand_url(), false), RECORDS_FAILED);
    assert_int_equal(stand_ask("SELECT version FROM edition"), 1);
    assert_int_equal(stand_ask("SELECT count(*) FROM overrides"), PATIENTS);
}

/* So it is with version 3, whose table is there already: versions that are whole stay reached. */
static void a_later_step_that_fails_keeps_the_version_before(void **state)
{
    (void)state;
    struct records records;
    version_1();
    stand_attack("CREATE TABLE scores (id {int} PRIMARY KEY) {table_end}");
    assert_int_equal(records_open(&records, stand_url(), false), RECORDS_FAILED);
    assert_int_equal(stand_ask("SELECT version FROM edition"), 2);
    assert_int_equal(stand_ask("SELECT count(*) FROM overrides WHERE second_user_id IS NULL"), PATIENTS);
}

/* Half-way through version 1 there is a table of somebody else's with a name of ours. */
static void a_version_is_reached_whole_or_not_at_all(void **state)
{
    (void)state;
    struct records records;
    struct database database;
    int64_t version = -1, there = -1;
    bool found = false;
    const struct value users = value_text("users");
    stand_wipe();
    assert_int_equal(database_open(&database, stand_url(), true), DATABASE_OK);
    assert_int_equal(database_run(&database, "CREATE TABLE pump_log (id {int} PRIMARY KEY) {table_end}"), DATABASE_OK);
    assert_int_equal(records_open(&records, stand_url(), true), RECORDS_FAILED);
    assert_int_equal(migration_version(&database, &version), DATABASE_OK);
    assert_int_equal(database_ask(&database, database.kind->table_there, &users, 1, &there, &found), DATABASE_OK);
    assert_true(version == 0 && there == 0);
    database_close(&database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_1_comes_along),
        cmocka_unit_test(a_backup_of_version_1_comes_along),
        cmocka_unit_test(a_newer_version_is_left_alone),
        cmocka_unit_test(a_step_that_fails_changes_nothing),
        cmocka_unit_test(a_later_step_that_fails_keeps_the_version_before),
        cmocka_unit_test(a_version_is_reached_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, stand_begin, stand_end);
}
