/* records.c - opening, founding, transactions, and the faults of the database as faults of the records. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/records.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>

#include "clinic/records/audit.h"
#include "clinic/records/migration.h"
#include "clinic/records/shape.h"

enum records_fault records_fail(struct records *records, enum records_fault fault, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(records->error, sizeof records->error, format, list);
    va_end(list);
    return fault;
}

enum records_fault records_database(struct records *records, enum database_fault fault)
{
    static const enum records_fault FAULT[] = {
        [DATABASE_OK] = RECORDS_OK,           [DATABASE_ROW] = RECORDS_OK,          [DATABASE_BUSY] = RECORDS_BUSY,
        [DATABASE_EXISTS] = RECORDS_EXISTS,   [DATABASE_REFUSED] = RECORDS_REFUSED, [DATABASE_MISSING] = RECORDS_MISSING,
        [DATABASE_DAMAGED] = RECORDS_DAMAGED, [DATABASE_UNKNOWN] = RECORDS_UNKNOWN, [DATABASE_FAILED] = RECORDS_FAILED,
    };
    if (FAULT[fault] == RECORDS_OK)
        return RECORDS_OK;
    records->spoilt = true;
    return records_fail(records, FAULT[fault], "%s", records->database.error);
}

/* The name of the records, if there are any. */
static enum records_fault name_read(struct records *records, bool *founded)
{
    *founded = false;
    struct statement *statement = statement_begin(&records->database, "SELECT records_name FROM head WHERE id = 1");
    if (statement == NULL)
        return records_database(records, DATABASE_FAILED);
    enum database_fault found = statement_step(statement);
    if (found == DATABASE_ROW) {
        struct value name = statement_column(statement, 0);
        *founded = name.size == VAULT_NAME_BYTES;
        if (*founded)
            memcpy(records->vault.name, name.bytes, VAULT_NAME_BYTES);
    }
    statement_end(statement);
    return records_database(records, found);
}

enum records_fault records_founded(struct records *records, bool *founded)
{
    return name_read(records, founded);
}

/* Tables of the version this software knows. */
static enum records_fault tables_reach(struct records *records, bool create)
{
    int64_t version = 0;
    bool founded = false;
    enum records_fault fault = records_database(records, migration_version(&records->database, &version));
    if (fault != RECORDS_OK)
        return fault;
    if (version > MIGRATION_VERSION)
        return records_fail(records, RECORDS_VERSION,
                            "%s: its tables are version %lld and this software knows %d: use the newer one",
                            records->database.place, (long long)version, MIGRATION_VERSION);
    if (version > 0 || create)
        fault = records_database(records, migration_run(&records->database, MIGRATION_VERSION));
    if (fault == RECORDS_OK && (version > 0 || create))
        fault = name_read(records, &founded);
    if (fault == RECORDS_OK && !founded && !create)
        fault = records_fail(records, RECORDS_MISSING, "%s: there are no records in it; cisterna records init makes some",
                             records->database.place);
    return fault;
}

enum records_fault records_open(struct records *records, const char *url, bool create)
{
    memset(records, 0, sizeof *records);
    if (!vault_ready())
        return records_fail(records, RECORDS_FAILED, "this machine gives no random numbers");
    enum records_fault fault = records_database(records, database_open(&records->database, url, create));
    if (fault != RECORDS_OK)
        return fault;
    fault = tables_reach(records, create);
    if (fault != RECORDS_OK) {
        database_close(&records->database);
        return fault;
    }
    records->spoilt = false;
    /* Keeps keys out of swap and core files where the system allows it. */
    (void)sodium_mlock(&records->vault, sizeof records->vault);
    return RECORDS_OK;
}

void records_close(struct records *records)
{
    records_rollback(records);
    database_close(&records->database);
    vault_close(&records->vault);
    records->signed_in = false;
    (void)sodium_munlock(&records->vault, sizeof records->vault); /* zeroes it once more */
}

static enum records_fault begin(struct records *records, int64_t at_ms)
{
    if (records->writing)
        return records_fail(records, RECORDS_FAILED, "a transaction is open already");
    enum records_fault fault = records_database(records, database_begin(&records->database, true));
    if (fault != RECORDS_OK)
        return fault;
    records->writing = true;
    records->spoilt = false;
    records->at_ms = at_ms;
    return RECORDS_OK;
}

enum records_fault records_found(struct records *records, int64_t at_ms)
{
    bool founded = false;
    enum records_fault fault = begin(records, at_ms);
    if (fault != RECORDS_OK)
        return fault;
    fault = name_read(records, &founded);
    if (fault == RECORDS_OK && founded)
        fault = records_fail(records, RECORDS_EXISTS, "%s: there are records in it already; nothing was changed",
                             records->database.place);
    if (fault == RECORDS_OK) {
        vault_make(&records->vault);
        records->signed_in = true;
        records->user = 0;
        records->role = WORD_ROLE_ADMIN;
        records->audit_last = 0;
        memset(records->audit_chain, 0, sizeof records->audit_chain);
        fault = audit_head_write(records, true);
    }
    if (fault == RECORDS_OK)
        fault = audit_append(records, WORD_ACTION_FOUND, TABLE_HEAD, 1, NULL);
    if (fault != RECORDS_OK)
        records_rollback(records);
    return fault;
}

/* The first thing that is not as it should be, for a fault. */
static void first_say(void *context, const char *text)
{
    struct records *records = context;
    if (records->error[0] == '\0')
        (void)records_fail(records, RECORDS_DAMAGED, "%s: %s: nothing more is written; cisterna records verify tells more",
                           records->database.place, text);
}

/* What is written into a database where something else acts need not be what stands there afterwards. */
static enum records_fault shape_judge(struct records *records)
{
    bool same = true;
    records->error[0] = '\0';
    enum records_fault fault = records_database(records, shape_glance(&records->database, first_say, records, &same));
    return fault == RECORDS_OK && !same ? RECORDS_DAMAGED : fault;
}

enum records_fault records_begin_note(struct records *records, int64_t at_ms)
{
    if (!records->signed_in)
        return records_fail(records, RECORDS_REFUSED, "nobody is signed in");
    enum records_fault fault = begin(records, at_ms);
    if (fault != RECORDS_OK)
        return fault;
    fault = shape_judge(records);
    if (fault == RECORDS_OK)
        fault = audit_resume(records);
    if (fault != RECORDS_OK)
        records_rollback(records);
    return fault;
}

enum records_fault records_begin(struct records *records, int64_t at_ms)
{
    if (records->signed_in && !list_role_writes(records->role))
        return records_fail(records, RECORDS_REFUSED, "the role %s may read and not write",
                            list_word(LIST_ROLE, records->role));
    return records_begin_note(records, at_ms);
}

enum records_fault records_writable(struct records *records)
{
    if (!records->writing)
        return records_fail(records, RECORDS_FAILED, "nothing is written outside a transaction");
    return records->spoilt ? RECORDS_FAILED : RECORDS_OK;
}

enum records_fault records_commit(struct records *records)
{
    enum records_fault fault = records_writable(records);
    if (fault == RECORDS_OK)
        fault = audit_head_write(records, false);
    if (fault == RECORDS_OK) {
        fault = records_database(records, database_commit(&records->database));
        records->writing = false;
    }
    records_rollback(records);
    return fault;
}

void records_rollback(struct records *records)
{
    if (records->writing)
        database_rollback(&records->database);
    records->writing = false;
}
