/* records_verify_test.c - somebody with the whole database and none of the keys edits, deletes, adds, exchanges and cuts off
 * rows of every table: verify finds each. HZ-33, REQ-SECU-12. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "clinic/records/rows.h"
#include "tests/clinic/records_case.h"
#include "tests/clinic/records_stand.h"

enum { PATIENTS = 4, EVENTS = 25 };

/* A clinic of some patients, closed: the same each time. */
static void clinic(void)
{
    static bool kept;
    struct records records;
    if (kept) {
        stand_put_back();
        return;
    }
    stand_fresh(&records);
    assert_done(&records, case_fill(&records, PATIENTS, EVENTS, STAND_AT));
    records_close(&records);
    stand_keep();
    kept = true;
}

static void what_was_written_is_sound(void **state)
{
    (void)state;
    clinic();
    stand_finds(0, "");
    for (enum table table = table_first(); table != TABLE_END; table = table_next(table)) {
        char sql[64];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table_name(table));
        assert_true(stand_ask(sql) > 0); /* so that the attacks below have something to attack */
    }
}

/* The statement that changes a column of one row to something else of the same kind. */
static void edit_of(enum table table, unsigned at, int64_t id, char sql[256])
{
    const char *name = table_column(table, at), *what = "?";
    switch (table_column_kind(table, at)) {
    case VALUE_INTEGER:
        what = "COALESCE(%s, 0) + 1000003";
        break;
    case VALUE_TEXT:
        what = "%s || 'x'";
        break;
    case VALUE_BYTES: /* in its middle, or where there was nothing */
        what = stand_is_postgres() ? "COALESCE(set_byte(%s, 0, 255 - get_byte(%s, 0)), 'x')"
                                   : "COALESCE(CAST(substr(%s, 2) || substr(%s, 1, 1) AS BLOB), x'00')";
        break;
    case VALUE_NOTHING:
        break;
    }
    char changed[128];
    snprintf(changed, sizeof changed, what, name, name);
    snprintf(sql, 256, "UPDATE %s SET %s = %s WHERE id = %lld", table_name(table), name, changed, (long long)id);
}

/* One attacker and one who verifies, with the table as it was beside it. */
struct siege {
    struct database attacker;
    struct records records;
    enum table table;
};

static void siege_begin(struct siege *siege)
{
    clinic();
    stand_attacker(&siege->attacker);
    stand_open(&siege->records);
}

static void siege_end(struct siege *siege)
{
    database_close(&siege->attacker);
    records_close(&siege->records);
    stand_finds(0, ""); /* all is as it was */
}

/* Attacks a table, sees that verify names it, and puts every row back. */
static void attack(struct siege *siege, const char *sql)
{
    struct stand_found found;
    char text[256];
    const char *name = table_name(siege->table);
    /* temporary: a table in the database is found by itself */
    snprintf(text, sizeof text, "CREATE TEMPORARY TABLE kept AS SELECT * FROM %s", name);
    stand_attack_with(&siege->attacker, text);
    stand_attack_with(&siege->attacker, sql);
    enum records_fault fault = stand_verify(&siege->records, NULL, &found);
    bool named = false;
    for (unsigned i = 0; i < found.count && i < STAND_FAULTS_MAX; i++)
        named = named || strstr(found.text[i], name) != NULL;
    if (fault != RECORDS_DAMAGED || !named)
        print_error("not found: %s\n", sql);
    assert_int_equal(fault, RECORDS_DAMAGED);
    assert_true(named);
    snprintf(text, sizeof text, "DELETE FROM %s; INSERT INTO %s SELECT * FROM kept; DROP TABLE kept", name, name);
    stand_attack_with(&siege->attacker, text);
}

/* Every column of every table, one at a time, in one row. */
static void every_edit_is_found(void **state)
{
    (void)state;
    struct siege siege;
    siege_begin(&siege);
    for (siege.table = table_first(); siege.table != TABLE_HEAD; siege.table = table_next(siege.table))
        for (unsigned at = 1; at < table_width(siege.table); at++) {
            char sql[256];
            edit_of(siege.table, at, 2, sql);
            attack(&siege, sql);
        }
    siege_end(&siege);
}

/* Rows of every table: the first, one in the middle, the last. */
static void every_deletion_is_found(void **state)
{
    (void)state;
    static const char *const which[] = { "MIN(id)", "MIN(id) + 1", "MAX(id)" };
    struct siege siege;
    siege_begin(&siege);
    for (siege.table = table_first(); siege.table != TABLE_HEAD; siege.table = table_next(siege.table))
        for (unsigned i = 0; i < 3; i++) {
            char sql[192];
            snprintf(sql, sizeof sql, "DELETE FROM %s WHERE id = (SELECT %s FROM %s)", table_name(siege.table), which[i],
                     table_name(siege.table));
            attack(&siege, sql);
        }
    siege_end(&siege);
}

/* Two rows change places: each is whole, and in the wrong one. */
static void every_exchange_is_found(void **state)
{
    (void)state;
    struct siege siege;
    siege_begin(&siege);
    for (siege.table = table_first(); siege.table != TABLE_HEAD; siege.table = table_next(siege.table)) {
        char sql[384];
        const char *name = table_name(siege.table);
        snprintf(sql, sizeof sql,
                 "UPDATE %s SET id = -1 WHERE id = 1; UPDATE %s SET id = 1 WHERE id = 2; UPDATE %s SET id = 2 WHERE id = -1",
                 name, name, name);
        attack(&siege, sql);
    }
    siege_end(&siege);
}

/* The last row is replaced by one like it with the next number; and all numbers move up by one. */
static void every_added_or_renumbered_row_is_found(void **state)
{
    (void)state;
    struct siege siege;
    siege_begin(&siege);
    for (siege.table = table_first(); siege.table != TABLE_HEAD; siege.table = table_next(siege.table)) {
        char sql[384];
        const char *name = table_name(siege.table);
        snprintf(sql, sizeof sql, "UPDATE %s SET id = id + 1 WHERE id = (SELECT MAX(id) FROM %s)", name, name);
        attack(&siege, sql);
        snprintf(sql, sizeof sql, "UPDATE %s SET id = -id; UPDATE %s SET id = 1 - id", name, name);
        attack(&siege, sql);
    }
    siege_end(&siege);
}

/* The rows of users who do not exist, with a wrap copied from one who does. */
static void an_added_user_is_found_and_opens_nothing(void **state)
{
    (void)state;
    struct records records;
    clinic();
    stand_attack("INSERT INTO users (id, name, role, password_hash, created_ms) SELECT 9, 'eve', 5, password_hash, "
                 "created_ms FROM users "
                 "WHERE id = 1; INSERT INTO wraps (id, user_id, salt, passes, memory_kib, box) SELECT 9, 9, salt, passes, "
                 "memory_kib, box "
                 "FROM wraps WHERE user_id = 1");
    assert_done(&records, records_open(&records, stand_url(), false));
    assert_int_equal(users_sign_in(&records, "eve", STAND_PASSWORD, strlen(STAND_PASSWORD)), RECORDS_DAMAGED);
    assert_non_null(strstr(records.error, "the keys of user eve")); /* a wrap is one user's */
    records_close(&records);
    stand_finds(2, "users: row 9 was added");
}

static void guards_that_are_gone_are_missed(void **state)
{
    (void)state;
    static const char *const tables[] = { "users", "audit", "pump_log", "head" };
    char sql[192];
    for (unsigned i = 0; i < 4; i++) {
        struct database database;
        clinic();
        stand_attacker(&database);
        snprintf(sql, sizeof sql, stand_is_postgres() ? "ALTER TABLE %s DISABLE TRIGGER USER" : "DROP TRIGGER %s_no_delete",
                 tables[i]);
        assert_int_equal(database_run(&database, sql), DATABASE_OK);
        database_close(&database);
        snprintf(sql, sizeof sql, stand_is_postgres() ? "trigger %s_kept on %s" : "trigger %s_no_delete on %s is missing",
                 tables[i], tables[i]);
        stand_finds(stand_is_postgres() ? 2 : 1, sql);
    }
}

/* The last rows of the audit go, and with them the rows they speak of: only the head knows. */
static void a_cut_end_is_found_and_nothing_is_written_on(void **state)
{
    (void)state;
    struct records records;
    clinic();
    stand_attack("DELETE FROM audit WHERE id > (SELECT MAX(id) - 3 FROM audit)");
    stand_finds(4, "rows were removed at the end"); /* and three rows that are not as the audit last knew them */
    stand_open(&records);
    assert_int_equal(records_begin(&records, STAND_AT), RECORDS_DAMAGED);
    assert_non_null(strstr(records.error, "verify"));
    records_close(&records);
}

static void the_head_cannot_be_taken_away_or_put_back(void **state)
{
    (void)state;
    struct records records;
    struct database attacker;
    clinic();
    stand_attacker(&attacker);
    stand_attack_with(&attacker, "CREATE TEMPORARY TABLE kept AS SELECT * FROM head");
    stand_open(&records);
    assert_done(&records, records_begin(&records, STAND_AT));
    assert_done(&records, users_disable(&records, 2));
    assert_done(&records, records_commit(&records));
    records_close(&records);
    stand_finds(0, "");
    stand_attack_with(&attacker, "UPDATE head SET box = (SELECT box FROM kept)");
    database_close(&attacker);
    stand_finds(1, "rows were added");
}

/* Numbers that no row of ours has, and a second row where there is one. */
static void rows_at_the_edges_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *named;
    } ADDED[] = {
        { "INSERT INTO audit SELECT -5, at_ms, user_id, action, home, home_id, row_hash, chain FROM audit WHERE id = 2",
          "audit: row -5 was added" },
        { "INSERT INTO audit SELECT 0, at_ms, user_id, action, home, home_id, row_hash, chain FROM audit WHERE id = 1",
          "audit: row 0 was added" },
        { "INSERT INTO pump_log SELECT -1, implant_id, 1000, number, upto, what, why, sequence, pump_ms, epoch, code, actor, "
          "field_0, field_1, field_2, field_3, chain FROM pump_log WHERE id = 1",
          "pump_log: row -1 was added" },
        { "INSERT INTO refill_drugs SELECT -9223372036854775807 - 1, refill_id, 100, drug, conc_ng_ml, lot FROM refill_drugs "
          "WHERE id = 1",
          "refill_drugs: row -9223372036854775808 was added" },
        { "INSERT INTO head SELECT 2, records_name, box FROM head", "head: it holds one row" },
        { "INSERT INTO edition SELECT -1, version FROM edition", "edition: it holds one row" },
    };
    for (unsigned i = 0; i < sizeof ADDED / sizeof ADDED[0]; i++) {
        clinic();
        stand_attack(ADDED[i].sql);
        stand_finds(1, ADDED[i].named);
    }
}

static void another_name_opens_nothing(void **state)
{
    (void)state;
    struct records records;
    clinic();
    stand_attack(stand_is_postgres()
                     ? "UPDATE head SET records_name = set_byte(records_name, 0, 255 - get_byte(records_name, 0))"
                     : "UPDATE head SET records_name = CAST(zeroblob(16) AS BLOB)");
    assert_done(&records, records_open(&records, stand_url(), false));
    assert_int_equal(users_key_open(&records, STAND_KEY), RECORDS_PASSWORD);
    records_close(&records);
}

/* A whole database put back to what it was is sound in itself: the anchor tells. */
static void an_anchor_finds_what_was_put_back(void **state)
{
    (void)state;
    struct records records;
    struct verify verify;
    struct stand_found found;
    clinic();
    stand_open(&records);
    assert_done(&records, stand_verify(&records, NULL, &found));
    struct audit_head early, late;
    assert_done(&records, audit_head_read(&records, &early));
    assert_done(&records, records_begin(&records, STAND_AT));
    assert_done(&records, users_disable(&records, 2));
    assert_done(&records, records_commit(&records));
    assert_done(&records, verify_run(&verify, &records, &early, NULL, NULL)); /* an older anchor still holds */
    late = verify.head;
    assert_true(late.last > early.last);
    records_close(&records);
    clinic();
    stand_open(&records);
    assert_done(&records, stand_verify(&records, NULL, &found));
    assert_done(&records, stand_verify(&records, &early, &found));
    assert_int_equal(stand_verify(&records, &late, &found), RECORDS_DAMAGED);
    assert_int_equal(found.count, 1);
    assert_non_null(strstr(found.text[0], "anchor"));
    early.chain[0] ^= 1;
    assert_int_equal(stand_verify(&records, &early, &found), RECORDS_DAMAGED);
    records_close(&records);
}

/* Who rewrites a row and its hash needs the key for the hash. */
static void a_hash_made_without_the_key_does_not_hold(void **state)
{
    (void)state;
    struct records records;
    char sql[256] = "UPDATE audit SET row_hash = ";
    uint8_t hash[HASH_BYTES];
    clinic();
    stand_attack("UPDATE refills SET found_nl = found_nl + 1 WHERE id = 1");
    stand_open(&records);
    struct rows_reading reading;
    assert_done(&records, rows_by_id(&records, TABLE_REFILLS, 1, &reading));
    table_hash(STAND_KEY, TABLE_REFILLS, reading.values, hash); /* with a key of the attacker's own */
    rows_done(&reading);
    records_close(&records);
    strcat(sql, stand_is_postgres() ? "'\\x" : "x'");
    for (unsigned i = 0; i < HASH_BYTES; i++)
        snprintf(sql + strlen(sql), sizeof sql - strlen(sql), "%02x", hash[i]);
    strcat(sql, "' WHERE home = 9 AND home_id = 1");
    stand_attack(sql);
    stand_finds(2, "refills: row 1 was changed");
    stand_finds(2, "audit: row");
}

/* A changed row is not laundered by a change of our own. */
static void what_was_changed_outside_is_not_changed_further(void **state)
{
    (void)state;
    struct records records;
    clinic();
    stand_attack("UPDATE implants SET implanted_ms = 1 WHERE id = 1");
    stand_open(&records);
    assert_done(&records, records_begin(&records, STAND_AT));
    assert_int_equal(implants_explant(&records, 1, STAND_AT), RECORDS_DAMAGED);
    records_close(&records);
    stand_finds(1, "implants: row 1 was changed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_sound),
        cmocka_unit_test(every_edit_is_found),
        cmocka_unit_test(every_deletion_is_found),
        cmocka_unit_test(every_exchange_is_found),
        cmocka_unit_test(every_added_or_renumbered_row_is_found),
        cmocka_unit_test(an_added_user_is_found_and_opens_nothing),
        cmocka_unit_test(rows_at_the_edges_are_found),
        cmocka_unit_test(another_name_opens_nothing),
        cmocka_unit_test(guards_that_are_gone_are_missed),
        cmocka_unit_test(a_cut_end_is_found_and_nothing_is_written_on),
        cmocka_unit_test(the_head_cannot_be_taken_away_or_put_back),
        cmocka_unit_test(an_anchor_finds_what_was_put_back),
        cmocka_unit_test(a_hash_made_without_the_key_does_not_hold),
        cmocka_unit_test(what_was_changed_outside_is_not_changed_further),
    };
    return cmocka_run_group_tests(tests, stand_begin, stand_end);
}
