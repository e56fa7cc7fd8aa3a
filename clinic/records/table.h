/* table.h - what tables and columns there are (table.def), and the one string of bytes that a row is hashed as.
 *
 * Bytes of a row: table code 1, u64(id), then for each column up to the last that holds something: kind 1 and, of an integer,
 * its 8 bytes; of text and bytes, u32(size) and those. Integers little-endian. A hash of them is BLAKE2b-256 under the
 * audit's key. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_TABLE_H
#define CLINIC_RECORDS_TABLE_H

#include "clinic/records/value.h"
#include "link/hash.h"

/* A table's member is its own name, a column's that of table and column: they count on from each other. */
#define TABLE(name, ...) TABLE_##name,
#define COLUMN(table, name, ...) COLUMN_##table##_##name,
enum table {
#include "clinic/records/table.def"
    TABLE_END
};
#undef TABLE
#undef COLUMN

/* The place of a column among the values of a row, where 0 is the id. */
#define AT(table, name) ((unsigned)(COLUMN_##table##_##name) - (unsigned)(TABLE_##table))

enum table_kind { TABLE_AUDITED, TABLE_CHAINED, TABLE_PLAIN };
enum { ROW_VALUES_MAX = 17, TABLE_SQL_BYTES = 4096, TABLE_ROWS_MAX = 32 };

const char *table_name(enum table table);
uint8_t table_code(enum table table); /* frozen */
enum table_kind table_kind(enum table table);
/* How many values a row has, its id included. */
unsigned table_width(enum table table);
const char *table_column(enum table table, unsigned at);
enum value_kind table_column_kind(enum table table, unsigned at);
/* The first table, and the one after; TABLE_END after the last. */
enum table table_first(void);
enum table table_next(enum table table);
/* By its frozen code or its name; TABLE_END when there is none. */
enum table table_by_code(int64_t code);
enum table table_by_name(const char *name);

/* "SELECT id, a, b FROM t" and "INSERT INTO t (id, a, b) VALUES (?, ?, ?)" for so many rows at once, "UPDATE t SET a = ?, b =
 * ? WHERE id = ?". */
void table_select(enum table table, const char *tail, char sql[TABLE_SQL_BYTES]);
void table_insert(enum table table, unsigned rows, char sql[TABLE_SQL_BYTES]);
void table_update(enum table table, char sql[TABLE_SQL_BYTES]);

/* Adds the bytes of the first `count` values of a row, the id first, to a hash. */
void table_hash_add(struct hash_state *state, enum table table, const struct value *values, unsigned count);
/* Begin of a hash under the audit's key, parted from all others by a word, and its end. */
void table_hash_begin(struct hash_state *state, const uint8_t key[HASH_BYTES], const char *word);
/* The hash of a whole row. */
void table_hash(const uint8_t key[HASH_BYTES], enum table table, const struct value *values, uint8_t hash[HASH_BYTES]);

#endif
