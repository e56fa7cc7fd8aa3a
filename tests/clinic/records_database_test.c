/* records_database_test.c - the thin interface: what is bound comes back, faults are told apart and say where, guards hold,
 * and a transaction is kept as a whole or not at all. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "clinic/records/migration.h"
#include "tests/clinic/records_stand.h"

static struct database opened(void)
{
    struct database database;
    assert_int_equal(database_open(&database, stand_url(), true), DATABASE_OK);
    return database;
}

static struct database with_table(void)
{
    stand_wipe();
    struct database database = opened();
    assert_int_equal(database_run(&database, "CREATE TABLE t (id {int} PRIMARY KEY, a {int}, b TEXT, c {bytes}) {table_end}"),
                     DATABASE_OK);
    return database;
}

static enum database_fault add(struct database *database, int64_t id, struct value a, struct value b, struct value c)
{
    const struct value values[] = { value_integer(id), a, b, c };
    return database_do(database, "INSERT INTO t (id, a, b, c) VALUES (?, ?, ?, ?)", values, 4);
}

static int64_t rows_of(struct database *database)
{
    int64_t count = -1;
    bool found = false;
    assert_int_equal(database_ask(database, "SELECT count(*) FROM t", NULL, 0, &count, &found), DATABASE_OK);
    return count;
}

static void what_is_bound_comes_back(void **state)
{
    (void)state;
    static const int64_t integers[] = { 0, 1, -1, INT64_MAX, INT64_MIN, INT64_C(0x0102030405060708), -256 };
    static const uint8_t bytes[] = { 0, 255, 39, 0, 63 };
    static const char text[] = "caf\xC3\xA9 '?' $1";
    struct database database = with_table();
    for (unsigned i = 0; i < 7; i++)
        assert_int_equal(add(&database, i, value_integer(integers[i]), value_text(text), value_bytes(bytes, sizeof bytes)),
                         DATABASE_OK);
    assert_int_equal(add(&database, 7, value_nothing(), value_text(""), value_bytes(bytes, 0)), DATABASE_OK);
    assert_int_equal(add(&database, 8, value_nothing(), value_nothing(), value_nothing()), DATABASE_OK);
    struct statement *statement = statement_begin(&database, "SELECT id, a, b, c FROM t ORDER BY id");
    assert_non_null(statement);
    for (unsigned i = 0; i < 9; i++) {
        assert_int_equal(statement_step(statement), DATABASE_ROW);
        assert_int_equal(statement_integer(statement, 0), i);
        struct value a = statement_column(statement, 1), b = statement_column(statement, 2),
                     c = statement_column(statement, 3);
        assert_int_equal(a.kind, i < 7 ? VALUE_INTEGER : VALUE_NOTHING);
        assert_true(i >= 7 || a.integer == integers[i]);
        assert_int_equal(b.kind, i < 8 ? VALUE_TEXT : VALUE_NOTHING);
        assert_int_equal(b.size, i < 7 ? strlen(text) : 0);
        assert_true(i >= 7 || memcmp(b.bytes, text, b.size) == 0);
        assert_int_equal(c.kind, i < 8 ? VALUE_BYTES : VALUE_NOTHING);
        assert_int_equal(c.size, i < 7 ? sizeof bytes : 0);
        assert_true(i >= 7 || memcmp(c.bytes, bytes, c.size) == 0);
    }
    assert_int_equal(statement_step(statement), DATABASE_OK);
    statement_end(statement);
    database_close(&database);
}

static void a_transaction_is_whole_or_nothing(void **state)
{
    (void)state;
    struct database database = with_table();
    assert_int_equal(database_begin(&database, true), DATABASE_OK);
    assert_int_equal(database_begin(&database, true), DATABASE_FAILED);
    assert_int_equal(add(&database, 1, value_integer(1), value_nothing(), value_nothing()), DATABASE_OK);
    database_rollback(&database);
    assert_int_equal(rows_of(&database), 0);
    assert_int_equal(database_begin(&database, true), DATABASE_OK);
    assert_int_equal(add(&database, 1, value_integer(1), value_nothing(), value_nothing()), DATABASE_OK);
    assert_int_equal(database_commit(&database), DATABASE_OK);
    database_close(&database);
    database = opened();
    assert_int_equal(rows_of(&database), 1);
    assert_int_equal(database_begin(&database, true), DATABASE_OK);
    assert_int_equal(add(&database, 2, value_integer(1), value_nothing(), value_nothing()), DATABASE_OK);
    database_close(&database); /* without a commit */
    database = opened();
    assert_int_equal(rows_of(&database), 1);
    database_close(&database);
}

static void faults_are_told_apart(void **state)
{
    (void)state;
    struct database database = with_table();
    assert_int_equal(add(&database, 1, value_integer(1), value_nothing(), value_nothing()), DATABASE_OK);
    assert_int_equal(add(&database, 1, value_integer(2), value_text("Mrs Secret"), value_nothing()), DATABASE_EXISTS);
    assert_null(strstr(database.error, "Secret"));
    assert_non_null(strstr(database.error, database.place));
    assert_int_equal(add(&database, 2, value_text("Mrs Secret"), value_nothing(), value_nothing()),
                     stand_is_postgres() ? DATABASE_FAILED : DATABASE_REFUSED);
    assert_null(strstr(database.error, "Secret"));
    assert_null(statement_begin(&database, "SELECT nothing FROM nowhere"));
    assert_true(strlen(database.error) > 0);
    const struct value one = value_integer(1);
    assert_int_equal(database_do(&database, "SELECT id FROM t WHERE id = ? AND a = ?", &one, 1), DATABASE_FAILED);
    assert_int_equal(rows_of(&database), 1); /* and it goes on */
    database_close(&database);
}

/* A server that ends a connection just before the commit: whether it was kept has to be looked up. A file has no connection. */
static void a_connection_broken_at_the_commit_is_told(void **state)
{
    (void)state;
    char sql[96];
    int64_t process = 0;
    bool found = false;
    struct database database = with_table();
    assert_int_equal(database_begin(&database, true), DATABASE_OK);
    assert_int_equal(add(&database, 1, value_integer(1), value_nothing(), value_nothing()), DATABASE_OK);
    if (stand_is_postgres()) {
        assert_int_equal(database_ask(&database, "SELECT pg_backend_pid()", NULL, 0, &process, &found), DATABASE_OK);
        snprintf(sql, sizeof sql, "SELECT CASE WHEN pg_terminate_backend(%lld, 60000) THEN 1 ELSE 0 END", (long long)process);
        assert_int_equal(stand_ask(sql), 1);
    }
    assert_int_equal(database_commit(&database), stand_is_postgres() ? DATABASE_UNKNOWN : DATABASE_OK);
    assert_true(!stand_is_postgres() || strstr(database.error, "not known") != NULL);
    database_close(&database);
    assert_int_equal(stand_ask("SELECT count(*) FROM t"), stand_is_postgres() ? 0 : 1);
}

static void guards_hold(void **state)
{
    (void)state;
    static const char *const changes[] = { "UPDATE t SET a = 2", "DELETE FROM t" };
    for (unsigned guard = GUARD_KEEP; guard <= GUARD_APPEND_ONLY; guard++) {
        struct database database = with_table();
        assert_int_equal(database_guard(&database, "t", (enum database_guard)guard), DATABASE_OK);
        assert_int_equal(add(&database, 1, value_integer(1), value_nothing(), value_nothing()), DATABASE_OK);
        assert_int_equal(database_run(&database, changes[0]), guard == GUARD_KEEP ? DATABASE_OK : DATABASE_REFUSED);
        assert_int_equal(database_run(&database, changes[1]), DATABASE_REFUSED);
        assert_non_null(strstr(database.error, "no row of t is ever"));
        assert_true(!stand_is_postgres() || database_run(&database, "TRUNCATE t") == DATABASE_REFUSED);
        assert_int_equal(rows_of(&database), 1);
        database_close(&database);
    }
}

/* More statements than are kept: each still does what it says. */
static void statements_come_and_go(void **state)
{
    (void)state;
    struct database database = with_table();
    for (unsigned round = 0; round < 2; round++)
        for (int64_t i = 0; i < DATABASE_CACHED + 20; i++) {
            char sql[64];
            int64_t answer = -1;
            bool found = false;
            snprintf(sql, sizeof sql, "SELECT %lld + count(*) FROM t", (long long)i);
            assert_int_equal(database_ask(&database, sql, NULL, 0, &answer, &found), DATABASE_OK);
            assert_int_equal(answer, i);
        }
    struct statement *first = statement_begin(&database, "SELECT id FROM t");
    assert_non_null(first);
    assert_null(statement_begin(&database, "SELECT id FROM t")); /* in use */
    statement_end(first);
    database_close(&database);
}

static void what_is_no_database_is_told(void **state)
{
    (void)state;
    struct database database;
    char name[320];
    const char *question = strchr(stand_url(), '?');
    snprintf(name, sizeof name, "%s.not%s", stand_is_postgres() ? "postgresql:///nothing" : stand_url(),
             question != NULL ? question : "");
    assert_int_equal(database_open(&database, name, false), DATABASE_MISSING);
    assert_non_null(strstr(database.error, ".not"));
    if (stand_is_postgres())
        return;
    stand_wipe();
    FILE *file = fopen(stand_url(), "wb");
    assert_non_null(file);
    for (unsigned i = 0; i < 4096; i++)
        fputc('x', file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(database_open(&database, stand_url(), false), DATABASE_DAMAGED);
    assert_non_null(strstr(database.error, stand_url()));
}

/* Every table has the columns that table.def lists, in the newest version, and its statements are whole. */
static void tables_are_as_listed(void **state)
{
    (void)state;
    char sql[TABLE_SQL_BYTES];
    stand_wipe();
    struct database database = opened();
    int64_t version = -1;
    assert_int_equal(migration_version(&database, &version), DATABASE_OK);
    assert_int_equal(version, 0);
    assert_int_equal(migration_run(&database, MIGRATION_VERSION), DATABASE_OK);
    assert_int_equal(migration_version(&database, &version), DATABASE_OK);
    assert_int_equal(version, MIGRATION_VERSION);
    for (enum table table = table_first(); table != TABLE_END; table = table_next(table)) {
        table_select(table, "WHERE id = 0", sql);
        struct statement *statement = statement_begin(&database, sql);
        assert_non_null(statement);
        assert_int_equal(statement_step(statement), DATABASE_OK);
        statement_end(statement);
        table_insert(table, TABLE_ROWS_MAX, sql);
        assert_int_equal(sql[strlen(sql) - 1], ')');
        table_update(table, sql);
        assert_string_equal(sql + strlen(sql) - 6, "id = ?");
        assert_true(table_by_code(table_code(table)) == table && table_by_name(table_name(table)) == table);
        assert_true(table_width(table) <= ROW_VALUES_MAX);
    }
    database_close(&database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_bound_comes_back), cmocka_unit_test(a_transaction_is_whole_or_nothing),
        cmocka_unit_test(faults_are_told_apart),    cmocka_unit_test(a_connection_broken_at_the_commit_is_told),
        cmocka_unit_test(guards_hold),
        cmocka_unit_test(statements_come_and_go),   cmocka_unit_test(what_is_no_database_is_told),
        cmocka_unit_test(tables_are_as_listed),
    };
    return cmocka_run_group_tests(tests, stand_begin, stand_end);
}
