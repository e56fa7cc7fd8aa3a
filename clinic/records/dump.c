/* dump.c - rows as lines of JSON. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/dump.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>

#include "clinic/records/migration.h"
#include "clinic/records/rows.h"
#include "clinic/records/sealed.h"
#include "link/cipher.h"

/* A line is far shorter: the longest holds a box of SEALED_BYTES_MAX. */
enum { PAGE = 1000, PIECE_BYTES = 256, LINE_BYTES = 65536 };

struct dump {
    struct records *records;
    FILE *out;
    struct hash_state hash;
    bool clear, failed;
    uint64_t rows;
    size_t size; /* of the line so far */
    char line[LINE_BYTES];
};

static void put(struct dump *dump, const void *bytes, size_t size)
{
    dump->failed = dump->failed || size > sizeof dump->line - dump->size;
    if (dump->failed)
        return;
    memcpy(dump->line + dump->size, bytes, size);
    dump->size += size;
}

static void line_end(struct dump *dump)
{
    put(dump, "}\n", 2);
    hash_add(&dump->hash, (const uint8_t *)dump->line, dump->size);
    dump->failed = dump->failed || fwrite(dump->line, 1, dump->size, dump->out) != dump->size;
    dump->size = 0;
}

__attribute__((format(printf, 2, 3))) static void put_text(struct dump *dump, const char *format, ...)
{
    char text[PIECE_BYTES];
    va_list list;
    va_start(list, format);
    int size = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    put(dump, text, (size_t)size);
}

/* A text as a JSON string; it is UTF-8, or the row was refused. */
static void put_string(struct dump *dump, const uint8_t *bytes, size_t size)
{
    put(dump, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '"' || bytes[i] == '\\')
            put(dump, "\\", 1);
        if (bytes[i] < 0x20)
            put_text(dump, "\\u%04x", bytes[i]);
        else
            put(dump, bytes + i, 1);
    }
    put(dump, "\"", 1);
}

static void put_hex(struct dump *dump, const uint8_t *bytes, size_t size)
{
    static const char DIGITS[] = "0123456789abcdef";
    put(dump, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        const char pair[2] = { DIGITS[bytes[i] >> 4], DIGITS[bytes[i] & 15] };
        put(dump, pair, 2);
    }
    put(dump, "\"", 1);
}

/* "text" in the place of the box of a sealed row. */
static enum records_fault put_clear(struct dump *dump, const struct value *values)
{
    char text[SEALED_BYTES_MAX + 1];
    struct rows_reading patient;
    const struct sealed_place place = { values[AT(SEALED, PATIENT)].integer, table_by_code(values[AT(SEALED, HOME)].integer),
                                        values[AT(SEALED, HOME_ID)].integer,
                                        (enum sealed_field)values[AT(SEALED, FIELD)].integer };
    enum records_fault fault = rows_by_id(dump->records, TABLE_PATIENTS, place.patient, &patient);
    if (fault == RECORDS_OK && place.home != TABLE_END)
        fault = sealed_open(dump->records, &place, &patient.values[AT(PATIENTS, KEY_BOX)], &values[AT(SEALED, BOX)], text,
                            sizeof text);
    rows_done(&patient);
    if (fault != RECORDS_OK)
        return fault;
    put_text(dump, ",\"text\":");
    put_string(dump, (const uint8_t *)text, strlen(text));
    cipher_forget(text, sizeof text);
    return RECORDS_OK;
}

static enum records_fault put_row(struct dump *dump, enum table table, const struct value *values)
{
    enum records_fault fault = RECORDS_OK;
    put_text(dump, "{\"table\":\"%s\",\"id\":%" PRId64, table_name(table), values[0].integer);
    for (unsigned i = 1; i < table_width(table) && fault == RECORDS_OK; i++) {
        if (dump->clear && table == TABLE_SEALED && i == AT(SEALED, BOX)) {
            fault = put_clear(dump, values);
            continue;
        }
        if (values[i].kind == VALUE_NOTHING)
            continue;
        put_text(dump, ",\"%s\":", table_column(table, i));
        if (values[i].kind == VALUE_INTEGER)
            put_text(dump, "%" PRId64, values[i].integer);
        else if (values[i].kind == VALUE_TEXT)
            put_string(dump, values[i].bytes, values[i].size);
        else
            put_hex(dump, values[i].bytes, values[i].size);
    }
    line_end(dump);
    dump->rows++;
    return fault;
}

static enum records_fault put_table(struct dump *dump, enum table table)
{
    struct rows_reading reading;
    int64_t last = INT64_MIN;
    uint64_t before = 0;
    do {
        const struct value bound[] = { value_integer(last), value_integer(PAGE) };
        before = dump->rows;
        enum records_fault fault = rows_read(dump->records, table, "WHERE id > ? ORDER BY id LIMIT ?", bound, 2, &reading);
        while (fault == RECORDS_OK) {
            last = reading.values[0].integer;
            fault = put_row(dump, table, reading.values);
            if (fault == RECORDS_OK)
                fault = rows_next(dump->records, table, &reading);
        }
        rows_done(&reading);
        if (fault != RECORDS_MISSING)
            return fault;
    } while (dump->rows - before == PAGE && !dump->failed);
    return RECORDS_OK;
}

static enum records_fault put_all(struct dump *dump)
{
    enum records_fault fault = RECORDS_OK;
    uint8_t digest[HASH_BYTES];
    put_text(dump, "{\"cisterna_records\":%d,\"version\":%d,\"name\":", DUMP_FORM, MIGRATION_VERSION);
    put_hex(dump, dump->records->vault.name, VAULT_NAME_BYTES);
    put_text(dump, "%s", dump->clear ? ",\"clear\":true" : "");
    line_end(dump);
    for (enum table table = table_first(); table != TABLE_END && fault == RECORDS_OK; table = table_next(table))
        fault = put_table(dump, table);
    hash_end(&dump->hash, digest);
    hash_begin(&dump->hash);
    put_text(dump, "{\"end\":%" PRIu64 ",\"digest\":", dump->rows);
    put_hex(dump, digest, sizeof digest);
    line_end(dump);
    return fault;
}

enum records_fault dump_write(struct records *records, FILE *out, bool clear, uint64_t *rows)
{
    struct dump dump = { .records = records, .out = out, .clear = clear };
    if (clear && !records->vault.opens)
        return records_fail(records, RECORDS_REFUSED, "the keys that are open do not open what is sealed");
    enum records_fault fault = records_database(records, database_begin(&records->database, false));
    if (fault != RECORDS_OK)
        return fault;
    hash_begin(&dump.hash);
    fault = put_all(&dump);
    database_rollback(&records->database);
    if (fault == RECORDS_OK && (dump.failed || fflush(out) != 0))
        fault = records_fail(records, RECORDS_FAILED, "the records cannot be written out: %s", strerror(errno));
    if (rows != NULL)
        *rows = dump.rows;
    return fault;
}
