/* verify.c - the audit's chain, the tables against it, and the anchor. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/verify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "clinic/records/migration.h"
#include "clinic/records/rows.h"
#include "clinic/records/shape.h"
#include "clinic/records/verifylog.h"
#include "link/cipher.h"

enum { PAGE = 1000, SENTENCE_BYTES = 240 };

void verify_fault(struct verify *verify, const char *format, ...)
{
    char text[SENTENCE_BYTES];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    verify->faults++;
    verify->say(verify->context, text);
}

/* Where the page behind a row begins. */
static int64_t next_id(int64_t id)
{
    return id < INT64_MAX ? id + 1 : id;
}

/* What is known of the audit while it is gone through. */
struct walk {
    int64_t last;
    uint8_t chain[HASH_BYTES];
    bool anchored; /* the row of the anchor was met, and is the same */
};

static void audit_row(struct verify *verify, struct walk *walk, const struct value *values, const struct audit_head *anchor)
{
    uint8_t chain[HASH_BYTES];
    const struct value *kept = &values[AT(AUDIT, CHAIN)];
    int64_t id = values[0].integer;
    verify->audit_rows++;
    if (id < 1) {
        verify_fault(verify, "audit: row %" PRId64 " was added from outside: its first is 1", id);
        return;
    }
    if (id != walk->last + 1)
        verify_fault(verify, "audit: rows %" PRId64 " to %" PRId64 " are missing", walk->last + 1, id - 1);
    audit_chain_next(verify->records->vault.audit_key, walk->chain, values, chain);
    bool whole = kept->size == HASH_BYTES;
    if (id == walk->last + 1 && (!whole || !cipher_same(kept->bytes, chain, HASH_BYTES)))
        verify_fault(verify, "audit: row %" PRId64 " was changed, or put in another's place", id);
    if (whole) /* goes on from what stands there: one change is one fault */
        memcpy(walk->chain, kept->bytes, HASH_BYTES);
    walk->last = id;
    walk->anchored =
        walk->anchored || (anchor != NULL && anchor->last == id && cipher_same(walk->chain, anchor->chain, HASH_BYTES));
}

/* Where it ends, against the head and the anchor. */
static void audit_end(struct verify *verify, const struct walk *walk, bool headed, const struct audit_head *anchor)
{
    if (headed && walk->last < verify->head.last)
        verify_fault(verify,
                     "audit: it ends with row %" PRId64 " and its head says %" PRId64 ": rows were removed at the end",
                     walk->last, verify->head.last);
    else if (headed && (walk->last > verify->head.last || !cipher_same(walk->chain, verify->head.chain, HASH_BYTES)))
        verify_fault(verify,
                     "audit: its last row %" PRId64 " is not the one of its head (%" PRId64 "): rows were added or changed",
                     walk->last, verify->head.last);
    if (anchor != NULL && anchor->last > 0 && !walk->anchored)
        verify_fault(verify,
                     "anchor: the audit does not hold the row %" PRId64
                     " that the anchor was made at: these records were put back to an "
                     "earlier state, or are others",
                     anchor->last);
}

static enum records_fault audit_walk(struct verify *verify, const struct audit_head *anchor)
{
    struct records *records = verify->records;
    struct walk walk = { .last = 0 };
    struct rows_reading reading;
    int64_t from = INT64_MIN;
    enum records_fault fault = audit_head_read(records, &verify->head);
    bool headed = fault == RECORDS_OK, more = true;
    if (fault == RECORDS_DAMAGED)
        verify_fault(verify, "head: the sealed head of the audit is missing or was changed");
    else if (fault != RECORDS_OK)
        return fault;
    while (more) {
        const struct value bound[] = { value_integer(from), value_integer(PAGE) };
        uint64_t before = verify->audit_rows;
        fault = rows_read(records, TABLE_AUDIT, "WHERE id >= ? ORDER BY id LIMIT ?", bound, 2, &reading);
        for (; fault == RECORDS_OK; fault = rows_next(records, TABLE_AUDIT, &reading))
        {
            from = next_id(reading.values[0].integer);
            audit_row(verify, &walk, reading.values, anchor);
        }
        rows_done(&reading);
        if (fault != RECORDS_MISSING)
            return fault;
        more = verify->audit_rows - before == PAGE;
    }
    audit_end(verify, &walk, headed, anchor);
    return RECORDS_OK;
}

/* One row of a table, its last hash in the audit behind it. */
static void table_row(struct verify *verify, enum table table, const struct statement *statement)
{
    struct value values[ROW_VALUES_MAX];
    uint8_t hash[HASH_BYTES];
    unsigned width = table_width(table);
    for (unsigned i = 0; i < width; i++)
        values[i] = statement_column(statement, i);
    struct value kept = statement_column(statement, width);
    table_hash(verify->records->vault.audit_key, table, values, hash);
    if (kept.kind == VALUE_NOTHING)
        verify_fault(verify, "%s: row %" PRId64 " was added from outside, or the audit lost it", table_name(table),
                     values[0].integer);
    else if (kept.size != HASH_BYTES || !cipher_same(kept.bytes, hash, HASH_BYTES))
        verify_fault(verify, "%s: row %" PRId64 " was changed", table_name(table), values[0].integer);
    verify->rows++;
}

/* "SELECT t.id, t.a, ..., a.row_hash FROM table t ..." */
static void table_query(enum table table, char sql[2 * TABLE_SQL_BYTES])
{
    size_t size = (size_t)snprintf(sql, 2 * TABLE_SQL_BYTES, "SELECT ");
    for (unsigned i = 0; i < table_width(table); i++)
        size += (size_t)snprintf(sql + size, 2 * TABLE_SQL_BYTES - size, "t.%s, ", table_column(table, i));
    snprintf(sql + size, 2 * TABLE_SQL_BYTES - size,
             "a.row_hash FROM %s t LEFT JOIN audit a ON a.id = (SELECT MAX(b.id) FROM audit b WHERE b.home = ? AND b.home_id "
             "= t.id AND "
             "b.action BETWEEN 2 AND 5) WHERE t.id >= ? ORDER BY t.id LIMIT ?",
             table_name(table));
}

static enum records_fault table_walk(struct verify *verify, enum table table)
{
    char sql[2 * TABLE_SQL_BYTES];
    int64_t from = INT64_MIN;
    bool more = true;
    table_query(table, sql);
    while (more) {
        struct statement *statement = statement_begin(&verify->records->database, sql);
        if (statement == NULL)
            return records_database(verify->records, DATABASE_FAILED);
        statement_bind(statement, value_integer(table_code(table)));
        statement_bind(statement, value_integer(from));
        statement_bind(statement, value_integer(PAGE));
        uint64_t before = verify->rows;
        enum database_fault found = statement_step(statement);
        for (; found == DATABASE_ROW; found = statement_step(statement)) {
            table_row(verify, table, statement);
            from = next_id(statement_integer(statement, 0));
        }
        statement_end(statement);
        if (found != DATABASE_OK)
            return records_database(verify->records, found);
        more = verify->rows - before == PAGE;
    }
    return RECORDS_OK;
}

/* Rows that the audit knows and the table has not. */
static enum records_fault missing_walk(struct verify *verify, enum table table)
{
    char sql[TABLE_SQL_BYTES];
    int64_t last = INT64_MIN;
    bool found = true;
    snprintf(sql, sizeof sql,
             "SELECT a.home_id FROM audit a WHERE a.home = ? AND a.home_id > ? AND a.row_hash IS NOT NULL AND a.action "
             "BETWEEN 2 AND 5 "
             "AND NOT EXISTS (SELECT 1 FROM %s t WHERE t.id = a.home_id) AND NOT EXISTS (SELECT 1 FROM audit b WHERE b.home "
             "= a.home AND "
             "b.home_id = a.home_id AND b.id > a.id AND b.action BETWEEN 2 AND 5) ORDER BY a.home_id LIMIT 1",
             table_name(table));
    while (found) {
        const struct value bound[] = { value_integer(table_code(table)), value_integer(last) };
        enum records_fault fault =
            records_database(verify->records, database_ask(&verify->records->database, sql, bound, 2, &last, &found));
        if (fault != RECORDS_OK)
            return fault;
        if (found)
            verify_fault(verify, "%s: row %" PRId64 " was deleted", table_name(table), last);
    }
    return RECORDS_OK;
}

/* Of a table that has one row only: how many there are. */
static enum records_fault single_walk(struct verify *verify, const char *table)
{
    char sql[TABLE_SQL_BYTES];
    int64_t others = 0;
    bool found = false;
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE id <> 1", table);
    enum records_fault fault =
        records_database(verify->records, database_ask(&verify->records->database, sql, NULL, 0, &others, &found));
    if (fault == RECORDS_OK && others > 0)
        verify_fault(verify, "%s: it holds one row, and there are %" PRId64 " besides: they were added from outside", table,
                     others);
    return fault;
}

static void shape_say(void *context, const char *text)
{
    verify_fault(context, "%s", text);
}

static enum records_fault everything(struct verify *verify, const struct audit_head *anchor)
{
    enum records_fault fault = audit_walk(verify, anchor);
    for (enum table table = table_first(); table != TABLE_END && fault == RECORDS_OK; table = table_next(table)) {
        if (table_kind(table) != TABLE_AUDITED)
            continue;
        if (fault == RECORDS_OK)
            fault = table_walk(verify, table);
        if (fault == RECORDS_OK)
            fault = missing_walk(verify, table);
    }
    if (fault == RECORDS_OK)
        fault = single_walk(verify, "head");
    if (fault == RECORDS_OK)
        fault = single_walk(verify, "edition");
    return fault == RECORDS_OK ? verifylog_walk(verify) : fault;
}

enum records_fault verify_run(struct verify *verify, struct records *records, const struct audit_head *anchor,
                              void (*say)(void *context, const char *text), void *context)
{
    *verify = (struct verify){ .records = records, .say = say, .context = context };
    if (!records->vault.audits)
        return records_fail(records, RECORDS_REFUSED, "nobody is signed in: the audit is hashed with a key");
    bool same = true;
    enum records_fault fault = records_database(records, shape_compare(&records->database, shape_say, verify, &same));
    if (fault == RECORDS_OK)
        fault = records_database(records, database_begin(&records->database, false));
    if (fault != RECORDS_OK)
        return fault;
    fault = everything(verify, anchor);
    database_rollback(&records->database);
    if (fault == RECORDS_OK && verify->faults > 0)
        fault = records_fail(records, RECORDS_DAMAGED, "%s: %" PRIu64 " faults", records->database.place, verify->faults);
    return fault;
}
