/* sqlite.c - a file of SQLite behind clinic/records/database.h. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* O_NOFOLLOW */
#include "clinic/records/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

static const char SETTINGS[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
    "PRAGMA secure_delete=ON; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;";

/* The fault that a code of SQLite amounts to, with its text. */
static enum database_fault told(struct database *database, int code)
{
    sqlite3 *handle = database->handle;
    const char *text = handle != NULL ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return database_fail(database, DATABASE_BUSY, "%s: another process is writing; try again when it has ended",
                             database->place);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return database_fail(database, DATABASE_DAMAGED, "%s: %s; restore it from a backup", database->place, text);
    case SQLITE_CONSTRAINT:
        if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY)
            return database_fail(database, DATABASE_EXISTS, "%s: such a row is there already", database->place);
        return database_fail(database, DATABASE_REFUSED, "%s: the database refused it: %s", database->place, text);
    default:
        return database_fail(database, DATABASE_FAILED, "%s: %s", database->place, text);
    }
}

/* A new file is for its owner alone from its first byte; the files beside it take its mode. SQLite's ":memory:" is none. */
static enum database_fault file_make(struct database *database, const char *path, bool create)
{
    if (*path == '\0')
        return database_fail(database, DATABASE_MISSING, "the path of the database is empty");
    if (access(path, F_OK) == 0 || strcmp(path, ":memory:") == 0)
        return DATABASE_OK;
    if (!create)
        return database_fail(database, DATABASE_MISSING, "%s: there is no such file", database->place);
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return database_fail(database, DATABASE_FAILED, "%s: it cannot be made: %s", database->place, strerror(errno));
    (void)close(file);
    return DATABASE_OK;
}

static enum database_fault sqlite_run(struct database *database, const char *sql)
{
    int code = sqlite3_exec(database->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? DATABASE_OK : told(database, code);
}

static void sqlite_close(struct database *database)
{
    (void)sqlite3_close_v2(database->handle);
    database->handle = NULL;
}

static enum database_fault sqlite_open(struct database *database, const char *path, bool create)
{
    sqlite3 *handle = NULL;
    snprintf(database->place, sizeof database->place, "%s", path);
    enum database_fault fault = file_make(database, path, create);
    if (fault != DATABASE_OK)
        return fault;
    int code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    database->handle = handle;
    if (code == SQLITE_OK) {
        (void)sqlite3_extended_result_codes(handle, 1);
        (void)sqlite3_busy_timeout(handle, DATABASE_PATIENCE_MS);
        (void)sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        fault = sqlite_run(database, SETTINGS);
    } else {
        fault = told(database, code);
    }
    if (fault != DATABASE_OK)
        sqlite_close(database);
    return fault;
}

static enum database_fault sqlite_prepare(struct statement *statement)
{
    sqlite3_stmt *made = NULL;
    int code = sqlite3_prepare_v3(statement->database->handle, statement->sql, -1, SQLITE_PREPARE_PERSISTENT, &made, NULL);
    statement->handle = made;
    return code == SQLITE_OK ? DATABASE_OK : told(statement->database, code);
}

static int bind_one(sqlite3_stmt *made, int at, const struct value *value)
{
    switch (value->kind) {
    case VALUE_NOTHING:
        return sqlite3_bind_null(made, at);
    case VALUE_INTEGER:
        return sqlite3_bind_int64(made, at, value->integer);
    case VALUE_TEXT:
        return sqlite3_bind_text64(made, at, value->bytes, value->size, SQLITE_STATIC, SQLITE_UTF8);
    case VALUE_BYTES: /* no bytes at all are bytes still, not nothing */
        return value->size == 0 ? sqlite3_bind_zeroblob(made, at, 0)
                                : sqlite3_bind_blob64(made, at, value->bytes, value->size, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static enum database_fault sqlite_step(struct statement *statement)
{
    sqlite3_stmt *made = statement->handle;
    int code = SQLITE_OK;
    if (statement->row++ == 0 && sqlite3_bind_parameter_count(made) != (int)statement->binds)
        return database_fail(statement->database, DATABASE_FAILED, "a statement was given %u values and needs %d",
                             statement->binds, sqlite3_bind_parameter_count(made));
    for (unsigned i = 0; i < statement->binds && statement->row == 1 && code == SQLITE_OK; i++)
        code = bind_one(made, (int)i + 1, &statement->bind[i]);
    if (code == SQLITE_OK)
        code = sqlite3_step(made);
    if (code == SQLITE_ROW)
        return DATABASE_ROW;
    return code == SQLITE_DONE ? DATABASE_OK : told(statement->database, code);
}

static int64_t sqlite_changed(const struct statement *statement)
{
    return sqlite3_changes(statement->database->handle);
}

static void sqlite_column(const struct statement *statement, unsigned at, struct value *value)
{
    sqlite3_stmt *made = statement->handle;
    switch (sqlite3_column_type(made, (int)at)) {
    case SQLITE_INTEGER:
        *value = value_integer(sqlite3_column_int64(made, (int)at));
        break;
    case SQLITE_TEXT:
        *value = (struct value){ .kind = VALUE_TEXT, .bytes = sqlite3_column_text(made, (int)at) };
        value->size = (size_t)sqlite3_column_bytes(made, (int)at);
        break;
    case SQLITE_BLOB:
        *value = (struct value){ .kind = VALUE_BYTES, .bytes = sqlite3_column_blob(made, (int)at) };
        value->size = (size_t)sqlite3_column_bytes(made, (int)at);
        break;
    default:
        *value = value_nothing();
        break;
    }
}

static void sqlite_reset(struct statement *statement)
{
    (void)sqlite3_reset(statement->handle); /* tells again what the step has told */
    (void)sqlite3_clear_bindings(statement->handle);
    statement->row = 0;
}

static void sqlite_finish(struct statement *statement)
{
    (void)sqlite3_finalize(statement->handle);
}

static enum database_fault sqlite_guard(struct database *database, const char *table, enum database_guard guard)
{
    char sql[512];
    snprintf(
        sql, sizeof sql,
        "CREATE TRIGGER %s_no_delete BEFORE DELETE ON %s BEGIN SELECT RAISE(ABORT, 'no row of %s is ever deleted'); END;",
        table, table, table);
    enum database_fault fault = sqlite_run(database, sql);
    snprintf(
        sql, sizeof sql,
        "CREATE TRIGGER %s_no_update BEFORE UPDATE ON %s BEGIN SELECT RAISE(ABORT, 'no row of %s is ever changed'); END;",
        table, table, table);
    return fault == DATABASE_OK && guard == GUARD_APPEND_ONLY ? sqlite_run(database, sql) : fault;
}

/* Into the file, where secure_delete has overwritten it, and the log emptied: it holds pages as they were before. */
static enum database_fault sqlite_scour(struct database *database, const char *tables)
{
    (void)tables;
    return sqlite_run(database, "PRAGMA wal_checkpoint(TRUNCATE)");
}

const struct database_kind DATABASE_SQLITE = {
    .name = "sqlite",
    .begin_write = "BEGIN IMMEDIATE",
    .begin_read = "BEGIN",
    .word_int = "INTEGER",
    .word_bytes = "BLOB",
    .table_end = "STRICT",
    .table_there = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?",
    /* What ANALYZE leaves is SQLite's own; known by its text, for a name can be given to anything. */
    .shape = "SELECT type || ' ' || name || CASE WHEN name <> tbl_name THEN ' on ' || tbl_name ELSE '' END, COALESCE(sql, '') "
             "FROM sqlite_master WHERE COALESCE(sql, '') NOT IN ('CREATE TABLE sqlite_stat1(tbl,idx,stat)', "
             "'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)') ORDER BY 1",
    .shape_mark = "PRAGMA schema_version",
    .patience = "PRAGMA busy_timeout = ",
    .open = sqlite_open,
    .close = sqlite_close,
    .run = sqlite_run,
    .prepare = sqlite_prepare,
    .step = sqlite_step,
    .changed = sqlite_changed,
    .column = sqlite_column,
    .reset = sqlite_reset,
    .finish = sqlite_finish,
    .guard = sqlite_guard,
    .scour = sqlite_scour,
};
