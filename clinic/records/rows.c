/* rows.c - rows and their hashes in the audit. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/rows.h"

#include <stdio.h>

#include "clinic/records/audit.h"
#include "core/text.h"
#include "link/cipher.h"

static enum records_fault hashed(struct records *records, enum table table, const struct value *values, enum list_word action)
{
    uint8_t hash[HASH_BYTES];
    table_hash(records->vault.audit_key, table, values, hash);
    return audit_append(records, action, table, values[0].integer, hash);
}

enum records_fault rows_insert(struct records *records, enum table table, struct value values[ROW_VALUES_MAX], int64_t *id)
{
    char sql[TABLE_SQL_BYTES];
    int64_t last = 0;
    bool found = false;
    enum records_fault fault = records_writable(records);
    if (fault != RECORDS_OK)
        return fault;
    snprintf(sql, sizeof sql, "SELECT COALESCE(MAX(id), 0) FROM %s", table_name(table));
    fault = records_database(records, database_ask(&records->database, sql, NULL, 0, &last, &found));
    if (fault != RECORDS_OK)
        return fault;
    values[0] = value_integer(last + 1);
    table_insert(table, 1, sql);
    fault = records_database(records, database_change_one(&records->database, sql, values, table_width(table)));
    if (fault == RECORDS_OK)
        fault = hashed(records, table, values, WORD_ACTION_INSERT);
    if (fault == RECORDS_OK && id != NULL)
        *id = last + 1;
    return fault;
}

enum records_fault rows_update(struct records *records, enum table table, const struct value values[ROW_VALUES_MAX],
                               enum list_word action)
{
    char sql[TABLE_SQL_BYTES];
    struct value bound[ROW_VALUES_MAX];
    unsigned width = table_width(table);
    enum records_fault fault = records_writable(records);
    if (fault != RECORDS_OK)
        return fault;
    for (unsigned i = 1; i < width; i++)
        bound[i - 1] = values[i];
    bound[width - 1] = values[0];
    table_update(table, sql);
    fault = records_database(records, database_change_one(&records->database, sql, bound, width));
    return fault == RECORDS_OK ? hashed(records, table, values, action) : fault;
}

enum records_fault rows_erase(struct records *records, int64_t id)
{
    const struct value bound = value_integer(id);
    enum records_fault fault = records_writable(records);
    if (fault == RECORDS_OK)
        fault = records_database(records, database_change_one(&records->database, "DELETE FROM sealed WHERE id = ?", &bound, 1));
    return fault == RECORDS_OK ? audit_append(records, WORD_ACTION_ERASE, TABLE_SEALED, id, NULL) : fault;
}

enum records_fault rows_next(struct records *records, enum table table, struct rows_reading *reading)
{
    enum database_fault found = statement_step(reading->statement);
    if (found == DATABASE_OK)
        return RECORDS_MISSING;
    if (found != DATABASE_ROW)
        return records_database(records, found);
    for (unsigned i = 0; i < table_width(table); i++)
        reading->values[i] = statement_column(reading->statement, i);
    return RECORDS_OK;
}

enum records_fault rows_read(struct records *records, enum table table, const char *tail, const struct value *bound,
                             unsigned count, struct rows_reading *reading)
{
    char sql[TABLE_SQL_BYTES];
    table_select(table, tail, sql);
    reading->statement = statement_begin(&records->database, sql);
    if (reading->statement == NULL)
        return records_database(records, DATABASE_FAILED);
    for (unsigned i = 0; i < count; i++)
        statement_bind(reading->statement, bound[i]);
    return rows_next(records, table, reading);
}

void rows_done(struct rows_reading *reading)
{
    if (reading->statement != NULL)
        statement_end(reading->statement);
    reading->statement = NULL;
}

enum records_fault rows_by_id(struct records *records, enum table table, int64_t id, struct rows_reading *reading)
{
    const struct value bound = value_integer(id);
    enum records_fault fault = rows_read(records, table, "WHERE id = ?", &bound, 1, reading);
    if (fault == RECORDS_MISSING)
        return records_fail(records, fault, "%s: table %s has no row %lld", records->database.place, table_name(table),
                            (long long)id);
    return fault;
}

enum records_fault rows_check(struct records *records, enum table table, const struct value values[ROW_VALUES_MAX])
{
    uint8_t hash[HASH_BYTES];
    const struct value bound[] = { value_integer(table_code(table)), values[0] };
    struct rows_reading reading;
    table_hash(records->vault.audit_key, table, values, hash);
    enum records_fault fault =
        rows_read(records, TABLE_AUDIT, "WHERE home = ? AND home_id = ? AND action BETWEEN 2 AND 5 ORDER BY id DESC LIMIT 1",
                  bound, 2, &reading);
    const struct value *kept = &reading.values[AT(AUDIT, ROW_HASH)];
    bool same = fault == RECORDS_OK && kept->size == HASH_BYTES && cipher_same(kept->bytes, hash, HASH_BYTES);
    rows_done(&reading);
    if (fault != RECORDS_OK && fault != RECORDS_MISSING)
        return fault;
    return same ? RECORDS_OK
                : records_fail(records, RECORDS_DAMAGED,
                               "%s: row %lld of table %s was changed from outside; cisterna records verify tells more",
                               records->database.place, (long long)values[0].integer, table_name(table));
}

enum records_fault rows_to_change(struct records *records, enum table table, int64_t id, struct rows_reading *reading)
{
    reading->statement = NULL;
    enum records_fault fault = records_writable(records);
    if (fault == RECORDS_OK)
        fault = rows_by_id(records, table, id, reading);
    return fault == RECORDS_OK ? rows_check(records, table, reading->values) : fault;
}

void rows_text(const struct value *value, char *text, size_t room)
{
    size_t size = value->size < room ? value->size : room - 1;
    if (value->kind != VALUE_TEXT && value->kind != VALUE_BYTES)
        size = 0;
    if (size > 0)
        memcpy(text, value->bytes, size);
    text[size] = '\0';
}

bool rows_text_good(const char *text, size_t least, size_t most)
{
    size_t size = strlen(text);
    return size >= least && size <= most && text_valid(text, size + 1);
}
