/* load.c - lines of JSON as rows. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/load.h"

#include <inttypes.h>
#include <jansson.h>

#include "clinic/records/dump.h"
#include "clinic/records/migration.h"
#include "core/text.h"

struct load {
    struct records *records;
    FILE *in;
    struct hash_state hash;
    uint64_t line, rows;
    char text[LOAD_LINE_BYTES];
    uint8_t bytes[LOAD_LINE_BYTES]; /* what its hexadecimal numbers say */
};

static enum records_fault damaged(struct load *load, const char *what)
{
    return records_fail(load->records, RECORDS_DAMAGED, "line %" PRIu64 ": %s; nothing was restored", load->line, what);
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Hexadecimal text as bytes; false when it is none, or there is no room. */
static bool hex_read(const char *text, size_t length, uint8_t *bytes, size_t room, size_t *size)
{
    if (length % 2 != 0 || length / 2 > room)
        return false;
    for (size_t i = 0; i < length; i += 2) {
        int high = digit(text[i]), low = digit(text[i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i / 2] = (uint8_t)(high * 16 + low);
    }
    *size = length / 2;
    return true;
}

/* One member of a row as a value of this kind; `used` counts the bytes taken of load->bytes. */
static bool value_read(struct load *load, const json_t *member, enum value_kind kind, size_t *used, struct value *value)
{
    size_t size = 0;
    *value = value_nothing();
    if (member == NULL)
        return true;
    if (kind == VALUE_INTEGER) {
        *value = value_integer(json_integer_value(member));
        return json_is_integer(member);
    }
    if (!json_is_string(member))
        return false;
    if (kind == VALUE_TEXT) {
        *value = (struct value){ .kind = VALUE_TEXT, .bytes = json_string_value(member), .size = json_string_length(member) };
        return text_valid(value->bytes, value->size + 1);
    }
    if (!hex_read(json_string_value(member), json_string_length(member), load->bytes + *used, sizeof load->bytes - *used,
                  &size))
        return false;
    *value = value_bytes(load->bytes + *used, size);
    *used += size;
    return true;
}

static enum records_fault row_read(struct load *load, const json_t *line, enum table table)
{
    struct value values[ROW_VALUES_MAX];
    char sql[TABLE_SQL_BYTES];
    size_t used = 0, members = 1; /* with "table" */
    for (unsigned i = 0; i < table_width(table); i++) {
        if (!value_read(load, json_object_get(line, table_column(table, i)), table_column_kind(table, i), &used, &values[i]))
            return damaged(load, "a member has not the form of its column");
        members += values[i].kind != VALUE_NOTHING;
    }
    if (values[0].kind == VALUE_NOTHING || members != json_object_size(line))
        return damaged(load, "a row has a member that its table does not know, or no id");
    table_insert(table, 1, sql);
    enum database_fault done = database_do(&load->records->database, sql, values, table_width(table));
    if (done == DATABASE_EXISTS || done == DATABASE_REFUSED)
        return damaged(load, "the row contradicts another");
    load->rows++;
    return records_database(load->records, done);
}

static enum records_fault first_read(struct load *load, const json_t *line)
{
    const json_t *form = json_object_get(line, "cisterna_records"), *version = json_object_get(line, "version");
    if (!json_is_integer(form) || !json_is_integer(version))
        return damaged(load, "this is no backup of records: it begins with {\"cisterna_records\": ...");
    if (json_integer_value(form) > DUMP_FORM || json_integer_value(version) > MIGRATION_VERSION)
        return records_fail(load->records, RECORDS_VERSION,
                            "the backup has tables of version %lld and this software knows %d: use the newer one",
                            (long long)json_integer_value(version), MIGRATION_VERSION);
    if (json_object_get(line, "clear") != NULL)
        return records_fail(load->records, RECORDS_REFUSED,
                            "this export was opened: what was sealed stands in it in the clear, and it cannot be "
                            "restored; use a backup");
    return RECORDS_OK;
}

/* The last line: have all of the others come? */
static enum records_fault last_read(struct load *load, const json_t *line)
{
    uint8_t digest[HASH_BYTES], told[HASH_BYTES];
    size_t size = 0;
    const json_t *text = json_object_get(line, "digest");
    hash_end(&load->hash, digest);
    bool good = json_is_string(text) &&
                hex_read(json_string_value(text), json_string_length(text), told, sizeof told, &size) &&
                size == sizeof told && memcmp(digest, told, sizeof told) == 0 &&
                json_integer_value(json_object_get(line, "end")) == (json_int_t)load->rows;
    if (!good)
        return damaged(load, "the digest of the lines before does not agree: the file was changed, or a part is missing");
    return fgetc(load->in) == EOF ? RECORDS_OK : damaged(load, "something stands behind the last line");
}

static enum records_fault line_read(struct load *load, const json_t *line, bool *more)
{
    const char *name = json_string_value(json_object_get(line, "table"));
    if (load->line == 1)
        return first_read(load, line);
    *more = json_object_get(line, "end") == NULL;
    if (!*more)
        return last_read(load, line);
    enum table table = name == NULL ? TABLE_END : table_by_name(name);
    return table == TABLE_END ? damaged(load, "a row names no table that there is") : row_read(load, line, table);
}

static enum records_fault lines_read(struct load *load)
{
    enum records_fault fault = RECORDS_OK;
    bool more = true;
    while (more && fault == RECORDS_OK) {
        load->line++;
        if (fgets(load->text, sizeof load->text, load->in) == NULL)
            return damaged(load, "the file ends before its last line: a part is missing");
        size_t size = strlen(load->text);
        if (size == 0 || load->text[size - 1] != '\n')
            return damaged(load, "the line is cut off, or too long");
        json_t *line = json_loadb(load->text, size, JSON_REJECT_DUPLICATES, NULL);
        fault = json_is_object(line) ? line_read(load, line, &more) : damaged(load, "this is no JSON object");
        if (more)
            hash_add(&load->hash, (const uint8_t *)load->text, size);
        json_decref(line);
    }
    return fault;
}

enum records_fault load_read(struct records *records, FILE *in, uint64_t *rows)
{
    struct load load = { .records = records, .in = in };
    bool founded = false;
    hash_begin(&load.hash);
    enum records_fault fault = records_database(records, database_begin(&records->database, true));
    if (fault != RECORDS_OK)
        return fault;
    fault = records_founded(records, &founded);
    if (fault == RECORDS_OK && founded)
        fault = records_fail(records, RECORDS_EXISTS, "%s: there are records in it already; restore into a new database",
                             records->database.place);
    if (fault == RECORDS_OK)
        fault = lines_read(&load);
    if (fault == RECORDS_OK)
        fault = records_database(records, database_commit(&records->database));
    database_rollback(&records->database);
    if (fault == RECORDS_OK && rows != NULL)
        *rows = load.rows;
    return fault == RECORDS_OK ? records_founded(records, &founded) : fault;
}
