/* records_stand.c - founding, opening and attacking records for tests. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* mkdtemp() */
#include "tests/clinic/records_stand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clinic/records/migration.h"

const uint8_t STAND_KEY[USER_KEY_FILE_BYTES] = { 7, 1, 2, 3, 250 };
const char STAND_PASSWORD[] = "a pump in every port";

static char folder[] = P_tmpdir "/cisterna-records-XXXXXX";
static char path[128], other[128];

bool stand_is_postgres(void)
{
    return getenv("CISTERNA_TEST_DB") != NULL;
}

const char *stand_url(void)
{
    return stand_is_postgres() ? getenv("CISTERNA_TEST_DB") : path;
}

int stand_begin(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/records.db", folder);
    snprintf(other, sizeof other, "%s/other.db", folder);
    print_message("database: %s\n", stand_is_postgres() ? "postgresql" : "sqlite");
    return 0;
}

static void files_remove(const char *database)
{
    static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
    char name[160];
    for (unsigned i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "%s%s", database, endings[i]);
        (void)unlink(name);
    }
}

const char *stand_other(void)
{
    files_remove(other);
    return other;
}

static void file_copy(const char *from, const char *to)
{
    uint8_t bytes[4096];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    assert_true(in != NULL && out != NULL);
    for (size_t size = 1; size > 0;) {
        size = fread(bytes, 1, sizeof bytes, in);
        assert_int_equal(fwrite(bytes, 1, size, out), size);
    }
    assert_int_equal(fclose(in) | fclose(out), 0);
}

/* A copy of one database of PostgreSQL in place of another, made from a third. */
static void database_copy(const char *from, const char *to)
{
    struct database database;
    char url[256], sql[128];
    snprintf(url, sizeof url, "postgresql:///postgres%s", strchr(stand_url(), '?'));
    assert_int_equal(database_open(&database, url, false), DATABASE_OK);
    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s", to);
    assert_int_equal(database_run(&database, sql), DATABASE_OK);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE %s", to, from);
    assert_int_equal(database_run(&database, sql), DATABASE_OK);
    database_close(&database);
}

static void kept_name(char name[160])
{
    snprintf(name, 160, "%s.kept", path);
}

void stand_keep(void)
{
    char name[160];
    kept_name(name);
    if (stand_is_postgres())
        database_copy("records", "kept");
    else
        file_copy(path, name);
}

void stand_put_back(void)
{
    char name[160];
    kept_name(name);
    if (stand_is_postgres()) {
        database_copy("kept", "records");
        return;
    }
    files_remove(path);
    file_copy(name, path);
}

int stand_end(void **state)
{
    (void)state;
    char name[160];
    kept_name(name);
    (void)unlink(name);
    files_remove(other);
    files_remove(path);
    return rmdir(folder);
}

void stand_wipe(void)
{
    struct database database;
    if (!stand_is_postgres()) {
        files_remove(path);
        return;
    }
    assert_int_equal(database_open(&database, stand_url(), false), DATABASE_OK);
    assert_int_equal(database_run(&database, "DROP SCHEMA public CASCADE; CREATE SCHEMA public"), DATABASE_OK);
    database_close(&database);
}

void stand_done(const struct records *records, int fault, const char *file, int line)
{
    if (fault != RECORDS_OK)
        print_error("%s\n", records->error);
    _assert_int_equal((LargestIntegralType)fault, RECORDS_OK, file, line);
}

void stand_fresh(struct records *records)
{
    static const struct {
        const char *name;
        int64_t role;
    } people[] = { { "ada", WORD_ROLE_ADMIN },
                   { "nina", WORD_ROLE_NURSE },
                   { "phil", WORD_ROLE_PHYSICIAN },
                   { "otto", WORD_ROLE_AUDITOR } };
    stand_wipe();
    assert_done(records, records_open(records, stand_url(), true));
    assert_done(records, records_found(records, STAND_AT));
    assert_done(records, users_key_set(records, STAND_KEY));
    for (unsigned i = 0; i < 4; i++)
        assert_done(records, users_add(records, people[i].name, people[i].role, STAND_PASSWORD, strlen(STAND_PASSWORD),
                                       &VAULT_COST_LEAST, NULL));
    assert_done(records, records_commit(records));
}

void stand_open(struct records *records)
{
    assert_done(records, records_open(records, stand_url(), false));
    assert_done(records, users_key_open(records, STAND_KEY));
}

void stand_sign_in(struct records *records, const char *name)
{
    assert_done(records, records_open(records, stand_url(), false));
    assert_done(records, users_sign_in(records, name, STAND_PASSWORD, strlen(STAND_PASSWORD)));
}

void stand_attacker(struct database *database)
{
    assert_int_equal(database_open(database, stand_url(), false), DATABASE_OK);
    assert_int_equal(database_run(database, stand_is_postgres() ? "SET session_replication_role = replica"
                                                                : "PRAGMA foreign_keys = OFF"),
                     DATABASE_OK);
}

/* Records of an earlier version lack the tables of later ones. */
static bool table_there(struct database *database, enum table table)
{
    const struct value name = value_text(table_name(table));
    int64_t there = 0;
    bool found = false;
    assert_int_equal(database_ask(database, database->kind->table_there, &name, 1, &there, &found), DATABASE_OK);
    return there != 0;
}

/* In SQLite the guards are taken away, and put back so that nobody misses them; in PostgreSQL they do not act for a replica. */
static void guards_turn(struct database *database, bool back)
{
    char sql[256];
    for (enum table table = table_first(); table != TABLE_END && !stand_is_postgres(); table = table_next(table)) {
        int guard = migration_guard(table_name(table));
        if (!table_there(database, table))
            continue;
        snprintf(sql, sizeof sql, "DROP TRIGGER IF EXISTS %s_no_delete; DROP TRIGGER IF EXISTS %s_no_update",
                 table_name(table), table_name(table));
        assert_int_equal(back && guard != 0 ? database_guard(database, table_name(table), (enum database_guard)guard)
                                            : database_run(database, sql),
                         DATABASE_OK);
    }
}

void stand_attack_with(struct database *database, const char *sql)
{
    assert_int_equal(database_begin(database, true), DATABASE_OK);
    guards_turn(database, false);
    enum database_fault fault = database_run(database, sql);
    if (fault != DATABASE_OK)
        print_error("%s: %s\n", sql, database->error);
    assert_int_equal(fault, DATABASE_OK);
    guards_turn(database, true);
    assert_int_equal(database_commit(database), DATABASE_OK);
}

void stand_attack(const char *sql)
{
    struct database database;
    stand_attacker(&database);
    stand_attack_with(&database, sql);
    database_close(&database);
}

int64_t stand_ask(const char *sql)
{
    struct database database;
    int64_t answer = 0;
    bool found = false;
    assert_int_equal(database_open(&database, stand_url(), false), DATABASE_OK);
    assert_int_equal(database_ask(&database, sql, NULL, 0, &answer, &found), DATABASE_OK);
    assert_true(found);
    database_close(&database);
    return answer;
}

static void note(void *context, const char *text)
{
    struct stand_found *found = context;
    if (found->count < STAND_FAULTS_MAX)
        snprintf(found->text[found->count], STAND_FAULT_BYTES, "%s", text);
    found->count++;
}

enum records_fault stand_verify(struct records *records, const struct audit_head *anchor, struct stand_found *found)
{
    struct verify verify;
    memset(found, 0, sizeof *found);
    return verify_run(&verify, records, anchor, note, found);
}

void stand_finds(unsigned count, const char *words)
{
    struct records records;
    struct stand_found found;
    bool said = count == 0;
    stand_open(&records);
    enum records_fault fault = stand_verify(&records, NULL, &found);
    records_close(&records);
    for (unsigned i = 0; i < found.count && i < STAND_FAULTS_MAX; i++)
        said = said || strstr(found.text[i], words) != NULL;
    for (unsigned i = 0; (!said || found.count != count) && i < found.count && i < STAND_FAULTS_MAX; i++)
        print_error("found: %s\n", found.text[i]);
    assert_int_equal(found.count, count);
    assert_true(said);
    assert_int_equal(fault, count == 0 ? RECORDS_OK : RECORDS_DAMAGED);
}
