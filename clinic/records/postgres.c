/* postgres.c - a database of PostgreSQL behind clinic/records/database.h. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/postgres.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME_BYTES = 24, SQL_BYTES = 16384, BIG_ENDIAN_BYTES = 8, OID_BYTES = 17, OID_TEXT = 25 };

/* Only one writes at a time: the audit's chain has one end. The number of the lock is "cisterna" and only has to be the same
 * in every program. */
static const char SETTINGS[] = "SET synchronous_commit = on; SET client_min_messages = warning;"
                               "SET client_encoding = 'UTF8'; SET standard_conforming_strings = on";
static const char BEGIN_WRITE[] = "BEGIN; SELECT pg_advisory_xact_lock(7163384644223839841)";

/* The first line of what the server says: the lines behind it can repeat values. */
static enum database_fault told(struct database *database, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE),
               *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (PQstatus(database->handle) == CONNECTION_BAD || state == NULL)
        return database_fail(database, DATABASE_FAILED, "%s: the connection is lost; see whether the server runs",
                             database->place);
    if (strcmp(state, "23505") == 0)
        return database_fail(database, DATABASE_EXISTS, "%s: such a row is there already", database->place);
    if (strncmp(state, "23", 2) == 0 || strcmp(state, "P0001") == 0)
        return database_fail(database, DATABASE_REFUSED, "%s: the database refused it: %s", database->place, text);
    if (strcmp(state, "55P03") == 0 || strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0)
        return database_fail(database, DATABASE_BUSY, "%s: another process is writing; try again when it has ended",
                             database->place);
    if (strcmp(state, "XX001") == 0 || strcmp(state, "XX002") == 0)
        return database_fail(database, DATABASE_DAMAGED, "%s: %s; restore it from a backup", database->place, text);
    return database_fail(database, DATABASE_FAILED, "%s: %s", database->place, text != NULL ? text : "it failed");
}

static enum database_fault postgres_run(struct database *database, const char *sql)
{
    PGresult *result = PQexec(database->handle, sql);
    ExecStatusType status = PQresultStatus(result);
    enum database_fault fault = DATABASE_OK;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fault = told(database, result);
    /* A transaction that had failed inside is rolled back by COMMIT, and the server calls that done. */
    else if (strcmp(sql, "COMMIT") == 0 && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        fault =
            database_fail(database, DATABASE_FAILED, "%s: nothing was kept: a statement before had failed", database->place);
    if (fault == DATABASE_FAILED && strcmp(sql, "COMMIT") == 0 && PQstatus(database->handle) == CONNECTION_BAD)
        fault = database_fail(database, DATABASE_UNKNOWN,
                              "%s: the connection broke at the commit; whether it was kept is not known: "
                              "connect again and look",
                              database->place);
    PQclear(result);
    return fault;
}

/* "database cisterna at localhost", without user and password. */
static void place_tell(struct database *database, PGconn *connection)
{
    const char *host = PQhost(connection), *name = PQdb(connection);
    snprintf(database->place, sizeof database->place, "PostgreSQL database %s at %s", name != NULL ? name : "?",
             host != NULL && *host != '\0' ? host : "its socket");
}

/* What libpq says of a connection that failed, up to its first newline; it names host and database, no password. */
static enum database_fault connect_failed(struct database *database, PGconn *connection)
{
    const char *text = PQerrorMessage(connection);
    bool missing = strstr(text, "does not exist") != NULL;
    (void)database_fail(database, DATABASE_FAILED, "%s", text);
    database->error[strcspn(database->error, "\n")] = '\0';
    PQfinish(connection);
    return missing ? DATABASE_MISSING : DATABASE_FAILED;
}

static void postgres_close(struct database *database)
{
    PQfinish(database->handle);
    database->handle = NULL;
}

static enum database_fault postgres_open(struct database *database, const char *url, bool create)
{
    (void)create;
    snprintf(database->place, sizeof database->place, "PostgreSQL");
    PGconn *connection = PQconnectdb(url);
    if (PQstatus(connection) != CONNECTION_OK)
        return connect_failed(database, connection);
    database->handle = connection;
    place_tell(database, connection);
    PGresult *result = PQexec(connection, "SHOW fsync");
    bool syncs = PQresultStatus(result) == PGRES_TUPLES_OK && strcmp(PQgetvalue(result, 0, 0), "on") == 0;
    PQclear(result);
    enum database_fault fault = syncs
                                    ? postgres_run(database, SETTINGS)
                                    : database_fail(database, DATABASE_REFUSED,
                                                    "%s: the server does not sync to disk; set fsync = on", database->place);
    if (fault == DATABASE_OK)
        fault = database_patience(database, DATABASE_PATIENCE_MS);
    if (fault != DATABASE_OK)
        postgres_close(database);
    return fault;
}

/* ? becomes $1, $2 and so on; no statement of ours has a ? in a text. */
static bool marks_number(const char *sql, char text[SQL_BYTES])
{
    size_t size = 0;
    unsigned mark = 0;
    for (; *sql != '\0' && size + 6 < SQL_BYTES; sql++) {
        if (*sql == '?')
            size += (size_t)snprintf(text + size, SQL_BYTES - size, "$%u", ++mark);
        else
            text[size++] = *sql;
    }
    text[size] = '\0';
    return *sql == '\0';
}

static void name_tell(const struct statement *statement, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, "s%lld", (long long)statement->number);
}

static enum database_fault postgres_prepare(struct statement *statement)
{
    char text[SQL_BYTES], name[NAME_BYTES];
    name_tell(statement, name);
    if (!marks_number(statement->sql, text))
        return database_fail(statement->database, DATABASE_FAILED, "a statement is longer than %d bytes", SQL_BYTES);
    PGresult *result = PQprepare(statement->database->handle, name, text, 0, NULL);
    enum database_fault fault = PQresultStatus(result) == PGRES_COMMAND_OK ? DATABASE_OK : told(statement->database, result);
    PQclear(result);
    return fault;
}

static enum database_fault execute(struct statement *statement)
{
    char name[NAME_BYTES], integer[DATABASE_BINDS_MAX][BIG_ENDIAN_BYTES];
    const char *value[DATABASE_BINDS_MAX];
    int length[DATABASE_BINDS_MAX], format[DATABASE_BINDS_MAX];
    for (unsigned i = 0; i < statement->binds; i++) {
        const struct value *bind = &statement->bind[i];
        format[i] = 1;
        length[i] = bind->kind == VALUE_INTEGER ? BIG_ENDIAN_BYTES : (int)bind->size;
        value[i] = bind->kind == VALUE_INTEGER   ? integer[i]
                   : bind->kind == VALUE_NOTHING ? NULL
                   : bind->size == 0             ? ""
                                                 : bind->bytes;
        for (unsigned byte = 0; byte < BIG_ENDIAN_BYTES; byte++)
            integer[i][byte] = (char)((uint64_t)bind->integer >> (56 - 8 * byte));
    }
    name_tell(statement, name);
    PGresult *result = PQexecPrepared(statement->database->handle, name, (int)statement->binds, value, length, format, 1);
    statement->handle = result;
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? DATABASE_OK : told(statement->database, result);
}

/* The row to read is statement->row - 1. */
static enum database_fault postgres_step(struct statement *statement)
{
    if (statement->handle == NULL) {
        enum database_fault fault = execute(statement);
        if (fault != DATABASE_OK)
            return fault;
    }
    if (statement->row >= PQntuples(statement->handle))
        return DATABASE_OK;
    statement->row++;
    return DATABASE_ROW;
}

static int64_t postgres_changed(const struct statement *statement)
{
    return statement->handle == NULL ? 0 : strtoll(PQcmdTuples(statement->handle), NULL, 10);
}

static void postgres_column(const struct statement *statement, unsigned at, struct value *value)
{
    const PGresult *result = statement->handle;
    int row = (int)statement->row - 1;
    if (PQgetisnull(result, row, (int)at)) {
        *value = value_nothing();
        return;
    }
    const uint8_t *bytes = (const uint8_t *)PQgetvalue(result, row, (int)at);
    size_t size = (size_t)PQgetlength(result, row, (int)at);
    Oid type = PQftype(result, (int)at);
    if (type == OID_BYTES || type == OID_TEXT) {
        *value = (struct value){ .kind = type == OID_TEXT ? VALUE_TEXT : VALUE_BYTES, .bytes = bytes, .size = size };
        return;
    }
    uint64_t integer = size > 0 && bytes[0] >= 0x80 ? UINT64_MAX : 0; /* of 4 or 8 bytes, the sign carried on */
    for (size_t i = 0; i < size; i++)
        integer = integer << 8 | bytes[i];
    *value = value_integer((int64_t)integer);
}

static void postgres_reset(struct statement *statement)
{
    PQclear(statement->handle);
    statement->handle = NULL;
    statement->row = 0;
}

static void postgres_finish(struct statement *statement)
{
    char sql[NAME_BYTES + 16], name[NAME_BYTES];
    name_tell(statement, name);
    postgres_reset(statement);
    snprintf(sql, sizeof sql, "DEALLOCATE %s", name);
    PQclear(PQexec(statement->database->handle, sql));
}

static enum database_fault postgres_guard(struct database *database, const char *table, enum database_guard guard)
{
    char sql[1024];
    snprintf(sql, sizeof sql,
             "CREATE FUNCTION %s_kept() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'no row of %s is ever "
             "%s'; END$$;"
             "CREATE TRIGGER %s_kept BEFORE DELETE%s ON %s FOR EACH ROW EXECUTE FUNCTION %s_kept();"
             "CREATE TRIGGER %s_whole BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION %s_kept()",
             table, table, guard == GUARD_APPEND_ONLY ? "changed or deleted" : "deleted", table,
             guard == GUARD_APPEND_ONLY ? " OR UPDATE" : "", table, table, table, table, table);
    return postgres_run(database, sql);
}

/* Writes the tables anew without what was deleted; the server's own log keeps it until it is recycled. */
static enum database_fault postgres_scour(struct database *database, const char *tables)
{
    char sql[256];
    snprintf(sql, sizeof sql, "VACUUM FULL %s", tables);
    return postgres_run(database, sql);
}

/* Everything in the schema: relations, columns, constraints, indexes, triggers, rules, policies and functions. Definitions name
 * the schema here and there: without it. */
#define OF_SCHEMA "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema()"
static const char SHAPE[] =
    "SELECT name COLLATE \"C\", replace(means, quote_ident(current_schema()) || '.', '') FROM ("
    "SELECT CASE c.relkind WHEN 'r' THEN 'table ' WHEN 'i' THEN 'index ' WHEN 'v' THEN 'view ' ELSE 'relation ' END || c.relname "
    "AS name, c.relkind::text || c.relpersistence::text || c.relrowsecurity::text || c.relforcerowsecurity::text || (SELECT "
    "count(*) FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid OR h.inhrelid = c.oid)::text || CASE WHEN c.relkind = 'i' "
    "THEN pg_catalog.pg_get_indexdef(c.oid) ELSE '' END AS means FROM pg_catalog.pg_class c " OF_SCHEMA
    " UNION ALL SELECT 'column ' || a.attname || ' of ' || c.relname, pg_catalog.format_type(a.atttypid, a.atttypmod) || "
    "a.attnotnull::text || a.attidentity::text || a.attgenerated::text || COALESCE(pg_catalog.pg_get_expr(d.adbin, d.adrelid), "
    "'') FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid LEFT JOIN pg_catalog.pg_attrdef d ON "
    "d.adrelid = c.oid AND d.adnum = a.attnum " OF_SCHEMA " AND c.relkind <> 'i' AND a.attnum > 0 AND NOT a.attisdropped"
    " UNION ALL SELECT 'constraint ' || k.conname || ' on ' || c.relname, pg_catalog.pg_get_constraintdef(k.oid) || "
    "k.convalidated::text FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid " OF_SCHEMA
    " UNION ALL SELECT 'trigger ' || t.tgname || ' on ' || c.relname, pg_catalog.pg_get_triggerdef(t.oid) || t.tgenabled::text "
    "FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid " OF_SCHEMA " AND NOT t.tgisinternal"
    " UNION ALL SELECT 'rule ' || r.rulename || ' on ' || c.relname, pg_catalog.pg_get_ruledef(r.oid) FROM "
    "pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class " OF_SCHEMA
    " UNION ALL SELECT 'policy ' || p.polname || ' on ' || c.relname, '' FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c "
    "ON c.oid = p.polrelid " OF_SCHEMA
    " UNION ALL SELECT 'function ' || f.proname, f.prosrc || f.prosecdef::text FROM pg_catalog.pg_proc f JOIN "
    "pg_catalog.pg_namespace n ON n.oid = f.pronamespace WHERE n.nspname = current_schema()) AS shape ORDER BY 1, 2";

/* Before a transaction writes: triggers that are none of the guards or do not act, guards that refuse nothing, rules, row
 * security. */
static const char SHAPE_STRANGE[] =
    "SELECT (SELECT count(*) FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid JOIN "
    "pg_catalog.pg_class c ON c.oid = t.tgrelid " OF_SCHEMA " AND NOT t.tgisinternal AND (t.tgname NOT IN (c.relname || "
    "'_kept', c.relname || '_whole') OR t.tgenabled <> 'O' OR f.prosrc NOT LIKE 'BEGIN RAISE EXCEPTION ''no "
    "row of ' || c.relname || ' is ever %''; END'))"
    " + (SELECT count(*) FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class " OF_SCHEMA
    " AND c.relkind <> 'v') + (SELECT count(*) FROM pg_catalog.pg_class c " OF_SCHEMA " AND c.relrowsecurity)";

const struct database_kind DATABASE_POSTGRES = {
    .name = "postgresql",
    .begin_write = BEGIN_WRITE,
    .begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    .word_int = "BIGINT",
    .word_bytes = "BYTEA",
    .table_end = "",
    .table_there = "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = ?",
    .shape = SHAPE,
    .shape_aside = "CREATE SCHEMA cisterna_aside; SET LOCAL search_path = cisterna_aside",
    .shape_strange = SHAPE_STRANGE,
    .patience = "SET lock_timeout = ",
    .open = postgres_open,
    .close = postgres_close,
    .run = postgres_run,
    .prepare = postgres_prepare,
    .step = postgres_step,
    .changed = postgres_changed,
    .column = postgres_column,
    .reset = postgres_reset,
    .finish = postgres_finish,
    .guard = postgres_guard,
    .scour = postgres_scour,
};
