/* audit.c - the chain of the audit and its sealed head. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/audit.h"

#include "clinic/records/rows.h"
#include "core/bytes.h"
#include "link/cipher.h"

enum { HEAD_BYTES = 8 + HASH_BYTES, HEAD_BOX_BYTES = HEAD_BYTES + VAULT_EXTRA_BYTES };
static const struct vault_place HEAD_PLACE = { "head", { 0, 0, 0, 0 } };

void audit_chain_next(const uint8_t key[HASH_BYTES], const uint8_t before[HASH_BYTES], const struct value *values,
                      uint8_t chain[HASH_BYTES])
{
    struct hash_state state;
    table_hash_begin(&state, key, "audit");
    hash_add(&state, before, HASH_BYTES);
    table_hash_add(&state, TABLE_AUDIT, values, AT(AUDIT, CHAIN));
    hash_end_keyed(&state, chain, HASH_BYTES);
}

enum records_fault audit_append(struct records *records, enum list_word action, enum table home, int64_t home_id,
                                const uint8_t row_hash[HASH_BYTES])
{
    char sql[TABLE_SQL_BYTES];
    uint8_t chain[HASH_BYTES];
    struct value values[ROW_VALUES_MAX] = { value_integer(records->audit_last + 1) };
    values[AT(AUDIT, AT)] = value_integer(records->at_ms);
    values[AT(AUDIT, USER)] = value_integer(records->user);
    values[AT(AUDIT, ACTION)] = value_integer(action);
    values[AT(AUDIT, HOME)] = value_integer(table_code(home));
    values[AT(AUDIT, HOME_ID)] = value_integer(home_id);
    values[AT(AUDIT, ROW_HASH)] = value_bytes(row_hash, HASH_BYTES);
    audit_chain_next(records->vault.audit_key, records->audit_chain, values, chain);
    values[AT(AUDIT, CHAIN)] = value_bytes(chain, sizeof chain);
    table_insert(TABLE_AUDIT, 1, sql);
    enum records_fault fault =
        records_database(records, database_change_one(&records->database, sql, values, table_width(TABLE_AUDIT)));
    if (fault != RECORDS_OK)
        return fault;
    records->audit_last++;
    memcpy(records->audit_chain, chain, sizeof chain);
    return RECORDS_OK;
}

enum records_fault audit_list(struct records *records, int64_t from, struct audit_row *rows, unsigned room, unsigned *count)
{
    const struct value bound[] = { value_integer(from), value_integer(room) };
    struct rows_reading reading;
    enum records_fault fault = rows_read(records, TABLE_AUDIT, "WHERE id >= ? ORDER BY id LIMIT ?", bound, 2, &reading);
    const struct value *values = reading.values;
    for (*count = 0; fault == RECORDS_OK && *count < room; fault = rows_next(records, TABLE_AUDIT, &reading))
        rows[(*count)++] = (struct audit_row){ .id = values[0].integer,
                                               .at_ms = values[AT(AUDIT, AT)].integer,
                                               .user = values[AT(AUDIT, USER)].integer,
                                               .action = values[AT(AUDIT, ACTION)].integer,
                                               .home = values[AT(AUDIT, HOME)].integer,
                                               .home_id = values[AT(AUDIT, HOME_ID)].integer };
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

enum records_fault audit_head_read(struct records *records, struct audit_head *head)
{
    uint8_t bytes[HEAD_BYTES];
    bool good = false;
    struct statement *statement = statement_begin(&records->database, "SELECT box FROM head WHERE id = 1");
    if (statement == NULL)
        return records_database(records, DATABASE_FAILED);
    enum database_fault found = statement_step(statement);
    if (found == DATABASE_ROW) {
        struct value box = statement_column(statement, 0);
        good = box.size == HEAD_BOX_BYTES &&
               vault_open(&records->vault, records->vault.audit_key, &HEAD_PLACE, box.bytes, box.size, bytes);
    }
    statement_end(statement);
    if (found != DATABASE_ROW && found != DATABASE_OK)
        return records_database(records, found);
    if (!good)
        return records_fail(records, RECORDS_DAMAGED,
                            "%s: the sealed head of the audit is missing or was changed; "
                            "cisterna records verify tells more",
                            records->database.place);
    struct byte_reader reader = { .at = bytes, .left = sizeof bytes };
    head->last = (int64_t)byte_read(&reader, 8);
    byte_read_block(&reader, head->chain, sizeof head->chain);
    return RECORDS_OK;
}

enum records_fault audit_head_write(struct records *records, bool first)
{
    uint8_t bytes[HEAD_BYTES], box[HEAD_BOX_BYTES];
    struct byte_writer writer = { .at = bytes, .left = sizeof bytes };
    byte_write(&writer, (uint64_t)records->audit_last, 8);
    byte_write_block(&writer, records->audit_chain, sizeof records->audit_chain);
    vault_seal(&records->vault, records->vault.audit_key, &HEAD_PLACE, bytes, sizeof bytes, box);
    const struct value values[] = { value_bytes(box, sizeof box), value_bytes(records->vault.name, VAULT_NAME_BYTES) };
    return records_database(records, database_change_one(&records->database,
                                                 first ? "INSERT INTO head (id, box, records_name) VALUES (1, ?, ?)"
                                                       : "UPDATE head SET box = ? WHERE id = 1 AND records_name = ?",
                                                 values, 2));
}

/* Does the last row of the audit bear the number and the chain of the head? */
static enum records_fault last_row_same(struct records *records, const struct audit_head *head, bool *same)
{
    struct statement *statement = statement_begin(&records->database, "SELECT id, chain FROM audit ORDER BY id DESC LIMIT 1");
    if (statement == NULL)
        return records_database(records, DATABASE_FAILED);
    enum database_fault found = statement_step(statement);
    *same = found == DATABASE_OK && head->last == 0;
    if (found == DATABASE_ROW) {
        struct value chain = statement_column(statement, 1);
        *same = statement_integer(statement, 0) == head->last && chain.size == HASH_BYTES &&
                cipher_same(chain.bytes, head->chain, HASH_BYTES);
    }
    statement_end(statement);
    return found == DATABASE_ROW ? RECORDS_OK : records_database(records, found);
}

enum records_fault audit_resume(struct records *records)
{
    struct audit_head head;
    bool same = false;
    enum records_fault fault = audit_head_read(records, &head);
    if (fault == RECORDS_OK)
        fault = last_row_same(records, &head, &same);
    if (fault == RECORDS_OK && !same)
        fault = records_fail(records, RECORDS_DAMAGED,
                             "%s: the audit does not end where its head says: rows were removed or added from "
                             "outside; nothing more is written; cisterna records verify tells more",
                             records->database.place);
    if (fault != RECORDS_OK)
        return fault;
    records->audit_last = head.last;
    memcpy(records->audit_chain, head.chain, sizeof head.chain);
    return RECORDS_OK;
}
