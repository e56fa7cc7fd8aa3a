/* verifylog.c - the chain of pulled logs against the hashes that the pulls hold. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/verifylog.h"

#include <inttypes.h>

#include "clinic/records/pumplog.h"
#include "clinic/records/rows.h"
#include "link/cipher.h"

enum { PAGE = 10000 };

struct chain_walk {
    int64_t last;
    uint8_t chain[HASH_BYTES];
};

static void log_row(struct verify *verify, struct chain_walk *walk, const struct value *values)
{
    uint8_t chain[HASH_BYTES];
    const struct value *kept = &values[AT(PUMP_LOG, CHAIN)];
    int64_t id = values[0].integer;
    verify->log_rows++;
    if (id < 1) {
        verify_fault(verify, "pump_log: row %" PRId64 " was added from outside: its first is 1", id);
        return;
    }
    if (id != walk->last + 1)
        verify_fault(verify, "pump_log: rows %" PRId64 " to %" PRId64 " are missing", walk->last + 1, id - 1);
    pumplog_chain_next(verify->records->vault.audit_key, walk->chain, values, chain);
    bool whole = kept->size == HASH_BYTES;
    if (id == walk->last + 1 && (!whole || !cipher_same(kept->bytes, chain, HASH_BYTES)))
        verify_fault(verify, "pump_log: row %" PRId64 " was changed, or put in another's place", id);
    if (whole)
        memcpy(walk->chain, kept->bytes, HASH_BYTES);
    walk->last = id;
}

/* Each pull's last row is there and has the chain it had. */
static enum records_fault pulls_agree(struct verify *verify)
{
    static const char SQL[] = "SELECT p.id FROM pulls p LEFT JOIN pump_log l ON l.id = p.last_row WHERE p.id > ? AND "
                              "(l.id IS NULL OR l.chain <> p.chain) ORDER BY p.id LIMIT 1";
    struct records *records = verify->records;
    int64_t pull = 0;
    bool found = true;
    while (found) {
        const struct value bound = value_integer(pull);
        enum records_fault fault = records_database(records, database_ask(&records->database, SQL, &bound, 1, &pull, &found));
        if (fault != RECORDS_OK)
            return fault;
        if (found)
            verify_fault(verify, "pump_log: the last row of pull %" PRId64 " is missing or is another", pull);
    }
    return RECORDS_OK;
}

enum records_fault verifylog_walk(struct verify *verify)
{
    struct chain_walk walk = { .last = 0 };
    struct rows_reading reading;
    int64_t from = INT64_MIN;
    bool more = true;
    while (more) {
        const struct value bound[] = { value_integer(from), value_integer(PAGE) };
        uint64_t before = verify->log_rows;
        enum records_fault fault =
            rows_read(verify->records, TABLE_PUMP_LOG, "WHERE id >= ? ORDER BY id LIMIT ?", bound, 2, &reading);
        for (; fault == RECORDS_OK; fault = rows_next(verify->records, TABLE_PUMP_LOG, &reading))
        {
            from = reading.values[0].integer < INT64_MAX ? reading.values[0].integer + 1 : INT64_MAX;
            log_row(verify, &walk, reading.values);
        }
        rows_done(&reading);
        if (fault != RECORDS_MISSING)
            return fault;
        more = verify->log_rows - before == PAGE;
    }
    return pulls_agree(verify);
}
