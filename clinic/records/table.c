/* table.c - tables by name, their SQL, and the bytes of a row. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/table.h"

#include <stdbool.h>
#include <stdio.h>

enum flat_kind { KIND_INTEGER = VALUE_INTEGER, KIND_TEXT = VALUE_TEXT, KIND_BYTES = VALUE_BYTES };

/* Tables and columns in one row after another, as in the enum. Of a table the code is not 0. */
struct flat {
    const char *name;
    uint8_t code, kind;
};
#define TABLE(name_, code_, word, kind_) { .name = word, .code = code_, .kind = TABLE_##kind_ },
#define COLUMN(table, name_, word, kind_) { .name = word, .kind = KIND_##kind_ },
static const struct flat FLAT[TABLE_END] = {
#include "clinic/records/table.def"
};
#undef TABLE
#undef COLUMN

const char *table_name(enum table table)
{
    return FLAT[table].name;
}

uint8_t table_code(enum table table)
{
    return FLAT[table].code;
}

enum table_kind table_kind(enum table table)
{
    return (enum table_kind)FLAT[table].kind;
}

enum table table_first(void)
{
    return (enum table)0;
}

enum table table_next(enum table table)
{
    unsigned at = (unsigned)table + 1;
    while (at < TABLE_END && FLAT[at].code == 0)
        at++;
    return (enum table)at;
}

unsigned table_width(enum table table)
{
    return (unsigned)table_next(table) - (unsigned)table;
}

const char *table_column(enum table table, unsigned at)
{
    return at == 0 ? "id" : FLAT[(unsigned)table + at].name;
}

enum value_kind table_column_kind(enum table table, unsigned at)
{
    return at == 0 ? VALUE_INTEGER : (enum value_kind)FLAT[(unsigned)table + at].kind;
}

enum table table_by_code(int64_t code)
{
    enum table table = table_first();
    while (table != TABLE_END && table_code(table) != code)
        table = table_next(table);
    return table;
}

enum table table_by_name(const char *name)
{
    enum table table = table_first();
    while (table != TABLE_END && strcmp(table_name(table), name) != 0)
        table = table_next(table);
    return table;
}

/* Adds text to a statement; our tables fit, which a test of every table shows. */
static void add(char sql[TABLE_SQL_BYTES], const char *text)
{
    size_t size = strlen(sql);
    snprintf(sql + size, TABLE_SQL_BYTES - size, "%s", text);
}

/* "id, a, b", or "?, ?, ?" without names. */
static void columns_add(enum table table, bool names, char sql[TABLE_SQL_BYTES])
{
    for (unsigned at = 0; at < table_width(table); at++) {
        add(sql, at == 0 ? "" : ", ");
        add(sql, names ? table_column(table, at) : "?");
    }
}

void table_select(enum table table, const char *tail, char sql[TABLE_SQL_BYTES])
{
    snprintf(sql, TABLE_SQL_BYTES, "SELECT ");
    columns_add(table, true, sql);
    add(sql, " FROM ");
    add(sql, table_name(table));
    add(sql, " ");
    add(sql, tail);
}

void table_insert(enum table table, unsigned rows, char sql[TABLE_SQL_BYTES])
{
    snprintf(sql, TABLE_SQL_BYTES, "INSERT INTO %s (", table_name(table));
    columns_add(table, true, sql);
    add(sql, ") VALUES (");
    for (unsigned i = 0; i < rows; i++) {
        add(sql, i == 0 ? "" : "), (");
        columns_add(table, false, sql);
    }
    add(sql, ")");
}

void table_update(enum table table, char sql[TABLE_SQL_BYTES])
{
    snprintf(sql, TABLE_SQL_BYTES, "UPDATE %s SET ", table_name(table));
    for (unsigned at = 1; at < table_width(table); at++) {
        add(sql, at == 1 ? "" : ", ");
        add(sql, table_column(table, at));
        add(sql, " = ?");
    }
    add(sql, " WHERE id = ?");
}

static void number_add(struct hash_state *state, uint64_t number, unsigned size)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < size; i++)
        bytes[i] = (uint8_t)(number >> 8 * i);
    hash_add(state, bytes, size);
}

void table_hash_add(struct hash_state *state, enum table table, const struct value *values, unsigned count)
{
    while (count > 1 && values[count - 1].kind == VALUE_NOTHING)
        count--;
    number_add(state, table_code(table), 1);
    number_add(state, (uint64_t)values[0].integer, 8);
    for (unsigned i = 1; i < count; i++) {
        number_add(state, values[i].kind, 1);
        if (values[i].kind == VALUE_INTEGER)
            number_add(state, (uint64_t)values[i].integer, 8);
        if (values[i].kind == VALUE_TEXT || values[i].kind == VALUE_BYTES) {
            number_add(state, values[i].size, 4);
            hash_add(state, values[i].bytes, values[i].size);
        }
    }
}

void table_hash_begin(struct hash_state *state, const uint8_t key[HASH_BYTES], const char *word)
{
    hash_begin_keyed(state, key, HASH_BYTES);
    number_add(state, strlen(word), 1);
    hash_add(state, (const uint8_t *)word, strlen(word));
}

void table_hash(const uint8_t key[HASH_BYTES], enum table table, const struct value *values, uint8_t hash[HASH_BYTES])
{
    struct hash_state state;
    table_hash_begin(&state, key, "row");
    table_hash_add(&state, table, values, table_width(table));
    hash_end_keyed(&state, hash, HASH_BYTES);
}
