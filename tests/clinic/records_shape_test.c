/* records_shape_test.c - somebody who owns the database puts triggers and tables of their own into it, so that what is written is
 * not what stands there: nothing that was lost is acknowledged, and verify names what is none of the records'. HZ-33,
 * REQ-SECU-12. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/shape.h"

#include <stdio.h>
#include <string.h>

#include "clinic/records/migration.h"
#include "clinic/records/patients.h"
#include "clinic/records/scores.h"
#include "tests/clinic/records_case.h"
#include "tests/clinic/records_stand.h"

/* The same attack in both languages. */
struct intrusion {
    const char *sqlite, *postgres;
    const char *named; /* by verify */
};

static const struct intrusion SWALLOWS = {
    "CREATE TRIGGER x BEFORE INSERT ON scores WHEN new.pain >= 7 BEGIN SELECT RAISE(IGNORE); END",
    "CREATE FUNCTION x() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF new.pain >= 7 THEN RETURN NULL; END IF; RETURN "
    "new; END$$;"
    "CREATE TRIGGER x BEFORE INSERT ON scores FOR EACH ROW EXECUTE FUNCTION x()",
    "trigger x on scores is none of the records'"
};
static const struct intrusion KEEPS_THE_KEY = {
    "CREATE TABLE aside (id INTEGER, box BLOB); CREATE TRIGGER x BEFORE UPDATE ON patients BEGIN INSERT INTO aside "
    "VALUES (old.id, "
    "old.key_box); END; CREATE TRIGGER y BEFORE DELETE ON sealed BEGIN INSERT INTO aside VALUES (old.id, old.box); END",
    "CREATE TABLE aside (id BIGINT, box BYTEA); CREATE FUNCTION x() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN INSERT "
    "INTO aside "
    "VALUES (old.id, old.key_box); RETURN new; END$$; CREATE TRIGGER x BEFORE UPDATE ON patients FOR EACH ROW EXECUTE "
    "FUNCTION x()",
    "table aside is none of the records'"
};

static void founded(struct records *records)
{
    stand_fresh(records);
    assert_done(records, case_fill(records, 1, 1, STAND_AT));
}

static void intrude(const struct intrusion *by)
{
    struct database database;
    assert_int_equal(database_open(&database, stand_url(), false), DATABASE_OK);
    assert_int_equal(database_run(&database, stand_is_postgres() ? by->postgres : by->sqlite), DATABASE_OK);
    database_close(&database);
}

static void named_by_verify(struct records *records, const char *name)
{
    struct stand_found found;
    bool named = false;
    assert_int_equal(stand_verify(records, NULL, &found), RECORDS_DAMAGED);
    for (unsigned i = 0; i < found.count && i < STAND_FAULTS_MAX; i++)
        named = named || strstr(found.text[i], name) != NULL;
    for (unsigned i = 0; !named && i < found.count && i < STAND_FAULTS_MAX; i++)
        print_error("found: %s\n", found.text[i]);
    assert_true(named);
}

/* It comes while a transaction is open, in SQLite before the first thing is written: the count of rows alone tells. */
static void a_swallowed_row_is_not_acknowledged(void **state)
{
    (void)state;
    struct records records;
    struct score_record score = { .patient = 1, .scale = WORD_SCALE_NRS, .pain = 9, .relief_percent = SCORE_NOT_SAID };
    int64_t id = 0, before = 0;
    founded(&records);
    before = stand_ask("SELECT count(*) FROM scores");
    assert_done(&records, records_begin(&records, STAND_AT));
    assert_int_equal(database_run(&records.database, stand_is_postgres() ? SWALLOWS.postgres : SWALLOWS.sqlite),
                     DATABASE_OK);
    assert_int_equal(scores_add(&records, &score, "the worst night of all", &id), RECORDS_DAMAGED);
    assert_non_null(strstr(records.error, "none of ours"));
    assert_int_not_equal(records_commit(&records), RECORDS_OK);
    records_close(&records);
    assert_int_equal(stand_ask("SELECT count(*) FROM scores"), before);
    stand_finds(0, "");
}

/* A change of a row, and the removal of a text, that the database only seems to do. */
static void a_swallowed_change_is_not_acknowledged(void **state)
{
    (void)state;
    static const struct intrusion HELD[] = {
        { "CREATE TRIGGER x BEFORE UPDATE ON patients BEGIN SELECT RAISE(IGNORE); END",
          "CREATE FUNCTION x() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$; CREATE TRIGGER x BEFORE "
          "UPDATE ON "
          "patients FOR EACH ROW EXECUTE FUNCTION x()",
          "" },
        { "CREATE TRIGGER x BEFORE DELETE ON sealed BEGIN SELECT RAISE(IGNORE); END",
          "CREATE FUNCTION x() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$; CREATE TRIGGER x BEFORE "
          "DELETE ON "
          "sealed FOR EACH ROW EXECUTE FUNCTION x()",
          "" },
    };
    for (unsigned i = 0; i < 2; i++) {
        struct records records;
        founded(&records);
        assert_done(&records, records_begin(&records, STAND_AT));
        assert_int_equal(database_run(&records.database, stand_is_postgres() ? HELD[i].postgres : HELD[i].sqlite),
                         DATABASE_OK);
        assert_int_equal(patients_purge(&records, 1), RECORDS_DAMAGED);
        records_close(&records);
        stand_finds(0, "");
    }
}

/* The row is counted as changed, and another trigger has put the key back. */
static void a_purge_that_leaves_the_key_is_not_kept(void **state)
{
    (void)state;
    static const char SQLITE[] =
        "CREATE TRIGGER x AFTER UPDATE ON patients WHEN new.key_box IS NULL BEGIN UPDATE patients SET key_box "
        "= old.key_box WHERE id = new.id; END";
    static const char POSTGRES[] = "CREATE FUNCTION x() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN new.key_box = "
                                   "old.key_box; RETURN new; END$$; CREATE "
                                   "TRIGGER x BEFORE UPDATE ON patients FOR EACH ROW EXECUTE FUNCTION x()";
    struct records records;
    founded(&records);
    assert_done(&records, records_begin(&records, STAND_AT));
    assert_int_equal(database_run(&records.database, stand_is_postgres() ? POSTGRES : SQLITE), DATABASE_OK);
    assert_int_equal(patients_purge(&records, 1), RECORDS_DAMAGED);
    assert_non_null(strstr(records.error, "after the purge"));
    assert_int_not_equal(records_commit(&records), RECORDS_OK);
    records_close(&records);
    stand_finds(0, "");
}

/* Nothing is written where something else acts, and verify names it; in a connection that was open before, too. */
static void what_acts_there_is_named_and_nothing_is_written(void **state)
{
    (void)state;
    const struct intrusion *const by[] = { &SWALLOWS, &KEEPS_THE_KEY };
    for (unsigned i = 0; i < 2; i++) {
        struct records records;
        founded(&records);
        assert_done(&records, records_begin(&records, STAND_AT));
        records_rollback(&records);
        intrude(by[i]);
        assert_int_equal(records_begin(&records, STAND_AT), RECORDS_DAMAGED);
        assert_non_null(strstr(records.error, "nothing more is written"));
        named_by_verify(&records, by[i]->named);
        records_close(&records);
    }
}

/* Of what the migrations make: something taken away, something exchanged for what bears its name, something added. */
static void every_other_shape_is_named(void **state)
{
    (void)state;
    static const struct intrusion OTHER[] = {
        { "DROP TRIGGER audit_no_update; CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT 1; END",
          "CREATE OR REPLACE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$",
          "audit_" },
        { "DROP TRIGGER refills_no_delete", "DROP TRIGGER refills_kept ON refills", "refills is missing" },
        { "CREATE TABLE mine (id INTEGER)", "CREATE TABLE mine (id BIGINT)", "table mine is none" },
        { "CREATE VIEW mine AS SELECT * FROM sealed", "CREATE VIEW mine AS SELECT * FROM sealed", "view mine is none" },
        { "ALTER TABLE patients ADD COLUMN mine TEXT", "ALTER TABLE patients ADD COLUMN mine TEXT", "patients is" },
        { "DROP INDEX scores_patient", "DROP INDEX scores_patient", "index scores_patient" },
        { "CREATE UNIQUE INDEX mine ON scores (pain)", "CREATE UNIQUE INDEX mine ON implants (serial)", "index mine" },
        { "CREATE TRIGGER mine AFTER INSERT ON audit BEGIN DELETE FROM scores WHERE id < 0; END",
          "CREATE RULE mine AS ON INSERT TO scores WHERE new.pain >= 7 DO INSTEAD NOTHING", "mine on" },
        { "", "ALTER TABLE scores ENABLE ROW LEVEL SECURITY", "table scores is not what" },
        { "", "ALTER TABLE audit DISABLE TRIGGER USER", "trigger audit_kept on audit is not what" },
    };
    for (unsigned i = 0; i < sizeof OTHER / sizeof OTHER[0]; i++) {
        struct records records;
        if (!stand_is_postgres() && i >= 8) /* SQLite has no such thing */
            break;
        founded(&records);
        intrude(&OTHER[i]);
        named_by_verify(&records, OTHER[i].named);
        records_close(&records);
    }
}

/* A view of somebody's changes nothing that is written: in PostgreSQL, where an extension may bring one, writes go on. In SQLite
 * nobody but us has anything to make there. */
static void a_view_is_named(void **state)
{
    (void)state;
    static const char SQL[] = "CREATE VIEW mine AS SELECT id FROM scores";
    const struct intrusion view = { SQL, SQL, "view mine is none" };
    struct records records;
    founded(&records);
    intrude(&view);
    assert_int_equal(records_begin(&records, STAND_AT), stand_is_postgres() ? RECORDS_OK : RECORDS_DAMAGED);
    records_rollback(&records);
    named_by_verify(&records, view.named);
    records_close(&records);
}

/* What SQLite itself keeps after ANALYZE is nothing foreign. */
static void an_analyzed_database_is_sound(void **state)
{
    (void)state;
    struct records records;
    founded(&records);
    records_close(&records);
    const struct intrusion analyze = { "ANALYZE", "ANALYZE", "" };
    intrude(&analyze);
    stand_finds(0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_swallowed_row_is_not_acknowledged),
        cmocka_unit_test(a_swallowed_change_is_not_acknowledged),
        cmocka_unit_test(a_purge_that_leaves_the_key_is_not_kept),
        cmocka_unit_test(what_acts_there_is_named_and_nothing_is_written),
        cmocka_unit_test(every_other_shape_is_named),
        cmocka_unit_test(a_view_is_named),
        cmocka_unit_test(an_analyzed_database_is_sound),
    };
    return cmocka_run_group_tests(tests, stand_begin, stand_end);
}
