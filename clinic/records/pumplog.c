/* pumplog.c - pulled logs: compared, chained, added. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/pumplog.h"

#include <inttypes.h>

#include "clinic/records/audit.h"
#include "clinic/records/rows.h"

/* What is under way while a pull is added. Rows wait until some go into the database with one statement. */
struct adding {
    struct records *records;
    const struct pumplog_pull *pull;
    int64_t expected; /* the next number that is not there yet */
    int64_t last_row;
    uint8_t chain[HASH_BYTES];
    int64_t first; /* number of the first item added; 0: none yet */
    uint64_t rows;
    unsigned waiting;
    struct value value[TABLE_ROWS_MAX][ROW_VALUES_MAX];
    uint8_t row_chain[TABLE_ROWS_MAX][HASH_BYTES];
};

void pumplog_chain_next(const uint8_t key[HASH_BYTES], const uint8_t before[HASH_BYTES], const struct value *values,
                        uint8_t chain[HASH_BYTES])
{
    struct hash_state state;
    table_hash_begin(&state, key, "log");
    hash_add(&state, before, HASH_BYTES);
    table_hash_add(&state, TABLE_PUMP_LOG, values, AT(PUMP_LOG, CHAIN));
    hash_end_keyed(&state, chain, HASH_BYTES);
}

enum records_fault pumplog_next(struct records *records, int64_t implant, uint8_t ring, int64_t *number)
{
    const struct value bound[] = { value_integer(implant), value_integer(ring) };
    int64_t last = 0;
    bool found = false;
    enum records_fault fault = records_database(
        records, database_ask(&records->database,
                              "SELECT last_number FROM pulls WHERE implant_id = ? AND ring = ? ORDER BY last_number DESC "
                              "LIMIT 1",
                              bound, 2, &last, &found));
    *number = last + 1;
    return fault;
}

static void values_of(const struct adding *adding, const struct pumplog_item *item, int64_t from, int64_t upto,
                      struct value values[ROW_VALUES_MAX])
{
    const struct event none = { .sequence = 0 }, *event = item->what == PUMPLOG_EVENT ? &item->event : &none;
    values[0] = value_integer(adding->last_row + 1);
    values[AT(PUMP_LOG, IMPLANT)] = value_integer(adding->pull->implant);
    values[AT(PUMP_LOG, RING)] = value_integer(adding->pull->ring);
    values[AT(PUMP_LOG, NUMBER)] = value_integer(from);
    values[AT(PUMP_LOG, UPTO)] = value_integer(upto);
    values[AT(PUMP_LOG, WHAT)] = value_integer(item->what);
    values[AT(PUMP_LOG, WHY)] = value_integer(item->why);
    values[AT(PUMP_LOG, SEQUENCE)] = value_integer((int64_t)event->sequence);
    values[AT(PUMP_LOG, AT)] = value_integer(event->at.ms);
    values[AT(PUMP_LOG, EPOCH)] = value_integer(event->epoch);
    values[AT(PUMP_LOG, CODE)] = value_integer(event->code);
    values[AT(PUMP_LOG, ACTOR)] = value_integer(event->actor);
    for (unsigned i = 0; i < 4; i++)
        values[AT(PUMP_LOG, FIELD_0) + i] = value_integer(event->field[i]);
}

/* Those rows that wait, some at a time: few lengths, so that few statements are kept. */
static enum records_fault rows_flush(struct adding *adding)
{
    static const unsigned AT_ONCE[] = { TABLE_ROWS_MAX, 8, 1 };
    struct value bound[TABLE_ROWS_MAX * ROW_VALUES_MAX];
    char sql[TABLE_SQL_BYTES];
    unsigned width = table_width(TABLE_PUMP_LOG), done = 0;
    enum records_fault fault = RECORDS_OK;
    while (done < adding->waiting && fault == RECORDS_OK) {
        unsigned which = 0;
        while (AT_ONCE[which] > adding->waiting - done)
            which++;
        for (unsigned i = 0; i < AT_ONCE[which]; i++)
            memcpy(&bound[(size_t)i * width], adding->value[done + i], width * sizeof bound[0]);
        table_insert(TABLE_PUMP_LOG, AT_ONCE[which], sql);
        fault = records_database(adding->records,
                                 database_do(&adding->records->database, sql, bound, AT_ONCE[which] * width));
        done += AT_ONCE[which];
    }
    adding->waiting = 0;
    return fault;
}

static enum records_fault row_add(struct adding *adding, const struct pumplog_item *item, int64_t from, int64_t upto)
{
    enum records_fault fault = adding->waiting == TABLE_ROWS_MAX ? rows_flush(adding) : RECORDS_OK;
    struct value *values = adding->value[adding->waiting];
    uint8_t *chain = adding->row_chain[adding->waiting];
    if (fault != RECORDS_OK)
        return fault;
    values_of(adding, item, from, upto, values);
    pumplog_chain_next(adding->records->vault.audit_key, adding->chain, values, chain);
    values[AT(PUMP_LOG, CHAIN)] = value_bytes(chain, HASH_BYTES);
    memcpy(adding->chain, chain, HASH_BYTES);
    adding->waiting++;
    adding->last_row++;
    adding->rows++;
    adding->first = adding->first == 0 ? from : adding->first;
    return RECORDS_OK;
}

static void item_of(const struct value *values, struct pumplog_item *item)
{
    *item = (struct pumplog_item){ .what = (uint8_t)values[AT(PUMP_LOG, WHAT)].integer,
                                   .why = (uint8_t)values[AT(PUMP_LOG, WHY)].integer,
                                   .from = (uint64_t)values[AT(PUMP_LOG, NUMBER)].integer,
                                   .to = (uint64_t)values[AT(PUMP_LOG, UPTO)].integer };
    item->event = (struct event){ .sequence = (uint64_t)values[AT(PUMP_LOG, SEQUENCE)].integer,
                                  .at = { values[AT(PUMP_LOG, AT)].integer },
                                  .epoch = (uint32_t)values[AT(PUMP_LOG, EPOCH)].integer,
                                  .code = (uint16_t)values[AT(PUMP_LOG, CODE)].integer,
                                  .actor = (uint8_t)values[AT(PUMP_LOG, ACTOR)].integer };
    for (unsigned i = 0; i < 4; i++)
        item->event.field[i] = values[AT(PUMP_LOG, FIELD_0) + i].integer;
}

static bool same(const struct pumplog_item *a, const struct pumplog_item *b)
{
    bool fields = true;
    for (unsigned i = 0; i < 4; i++)
        fields = fields && a->event.field[i] == b->event.field[i];
    return fields && a->to == b->to && a->event.sequence == b->event.sequence && a->event.at.ms == b->event.at.ms &&
           a->event.epoch == b->event.epoch && a->event.code == b->event.code && a->event.actor == b->event.actor;
}

/* The item of this kind and number that is there; RECORDS_MISSING when there is none. */
static enum records_fault there(struct adding *adding, const struct pumplog_item *item, struct pumplog_item *kept)
{
    const struct value bound[] = { value_integer(adding->pull->implant), value_integer(adding->pull->ring),
                                   value_integer((int64_t)item->from), value_integer(item->what) };
    struct rows_reading reading = { .statement = NULL };
    enum records_fault fault = rows_flush(adding); /* it may be one of those */
    if (fault != RECORDS_OK)
        return fault;
    fault = rows_read(adding->records, TABLE_PUMP_LOG,
                                         "WHERE implant_id = ? AND ring = ? AND number = ? AND what = ?", bound, 4, &reading);
    if (fault == RECORDS_OK)
        item_of(reading.values, kept);
    rows_done(&reading);
    return fault;
}

static enum records_fault refused(struct adding *adding, enum records_fault fault, const char *text, int64_t from, int64_t to)
{
    adding->records->spoilt = true;
    return records_fail(adding->records, fault,
                        "%s: log of implant %" PRId64 ", ring %u, records %" PRId64 " to %" PRId64 ": %s",
                        adding->records->database.place, adding->pull->implant, adding->pull->ring, from, to, text);
}

/* An event whose number is not above the last there: it has to be the same. */
static enum records_fault event_compare(struct adding *adding, const struct pumplog_item *item)
{
    struct pumplog_item kept;
    enum records_fault fault = there(adding, item, &kept);
    if (fault == RECORDS_MISSING || (fault == RECORDS_OK && !same(&kept, item)))
        return refused(adding, RECORDS_DAMAGED,
                       "the pump tells another event under this number than it told before; nothing was added",
                       (int64_t)item->from, (int64_t)item->from);
    return fault;
}

static enum records_fault break_add(struct adding *adding, const struct pumplog_item *item)
{
    struct pumplog_item kept;
    enum records_fault fault = there(adding, item, &kept);
    return fault == RECORDS_MISSING ? row_add(adding, item, (int64_t)item->from, (int64_t)item->to) : fault;
}

/* `next` is the item behind it, or null. */
static enum records_fault item_add(struct adding *adding, const struct pumplog_item *item, const struct pumplog_item *next)
{
    int64_t from = (int64_t)item->from, upto = (int64_t)item->to, expected = adding->expected;
    if (item->what == PUMPLOG_BREAK)
        return break_add(adding, item);
    if (item->what == PUMPLOG_UNREADABLE) /* up to whatever can be read again */
        upto = next != NULL && next->from > item->from ? (int64_t)next->from - 1 : from;
    if (from > expected)
        return refused(adding, RECORDS_REFUSED, "these are neither told nor called a gap; ask the pump for them", expected,
                       from - 1);
    if (upto < expected)
        return item->what == PUMPLOG_EVENT ? event_compare(adding, item) : RECORDS_OK;
    enum records_fault fault = row_add(adding, item, expected, upto);
    if (fault == RECORDS_OK)
        adding->expected = upto + 1;
    return fault;
}

/* Is it an item at all? */
static bool item_good(const struct pumplog_item *item)
{
    bool numbers = item->from <= INT64_MAX - 1 && item->to <= INT64_MAX - 1 && item->event.sequence <= INT64_MAX;
    switch ((enum pumplog_what)item->what) {
    case PUMPLOG_EVENT:
        return numbers && item->from >= 1 && item->from == item->to;
    case PUMPLOG_GAP:
        return numbers && item->from >= 1 && item->from <= item->to;
    case PUMPLOG_BREAK:
        return numbers;
    case PUMPLOG_UNREADABLE:
        return numbers && item->from >= 1;
    }
    return false;
}

static enum records_fault chain_resume(struct adding *adding)
{
    struct rows_reading reading;
    enum records_fault fault = rows_read(adding->records, TABLE_PUMP_LOG, "ORDER BY id DESC LIMIT 1", NULL, 0, &reading);
    if (fault == RECORDS_OK) {
        const struct value *chain = &reading.values[AT(PUMP_LOG, CHAIN)];
        adding->last_row = reading.values[0].integer;
        if (chain->size == HASH_BYTES)
            memcpy(adding->chain, chain->bytes, HASH_BYTES);
    }
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

static enum records_fault pull_add(struct adding *adding)
{
    const struct pumplog_pull *pull = adding->pull;
    struct value values[ROW_VALUES_MAX] = { value_nothing() };
    values[AT(PULLS, IMPLANT)] = value_integer(pull->implant);
    values[AT(PULLS, VISIT)] = value_link(pull->visit);
    values[AT(PULLS, RING)] = value_integer(pull->ring);
    values[AT(PULLS, AT)] = value_integer(adding->records->at_ms);
    values[AT(PULLS, FIRST)] = value_integer(adding->first);
    values[AT(PULLS, LAST)] = value_integer(adding->expected - 1);
    values[AT(PULLS, ROWS)] = value_integer((int64_t)adding->rows);
    values[AT(PULLS, PUMP_CHAIN)] = value_bytes(pull->pump_chain, HASH_BYTES);
    values[AT(PULLS, LAST_ROW)] = value_integer(adding->last_row);
    values[AT(PULLS, CHAIN)] = value_bytes(adding->chain, HASH_BYTES);
    return rows_insert(adding->records, TABLE_PULLS, values, NULL);
}

enum records_fault pumplog_add(struct records *records, const struct pumplog_pull *pull, uint64_t *added)
{
    struct adding adding = { .records = records, .pull = pull };
    enum records_fault fault = records_writable(records);
    if (fault != RECORDS_OK)
        return fault;
    if (pull->ring != PUMPLOG_EVENTS && pull->ring != PUMPLOG_FAULTS)
        return records_fail(records, RECORDS_MALFORMED, "the ring of a log is 1 (events) or 2 (faults), not %u", pull->ring);
    for (size_t i = 0; i < pull->count; i++)
        if (!item_good(&pull->items[i]))
            return records_fail(records, RECORDS_MALFORMED, "item %zu of a log has a kind or numbers that no log has", i);
    fault = pumplog_next(records, pull->implant, pull->ring, &adding.expected);
    if (fault == RECORDS_OK)
        fault = chain_resume(&adding);
    for (size_t i = 0; i < pull->count && fault == RECORDS_OK; i++)
        fault = item_add(&adding, &pull->items[i], i + 1 < pull->count ? &pull->items[i + 1] : NULL);
    if (fault == RECORDS_OK)
        fault = rows_flush(&adding);
    if (fault == RECORDS_OK && adding.rows > 0)
        fault = pull_add(&adding);
    if (fault == RECORDS_OK && added != NULL)
        *added = adding.rows;
    return fault;
}

enum records_fault pumplog_list(struct records *records, int64_t implant, uint8_t ring, int64_t from,
                                struct pumplog_item *items, unsigned room, unsigned *count)
{
    const struct value bound[] = { value_integer(implant), value_integer(ring), value_integer(from), value_integer(room) };
    struct rows_reading reading;
    enum records_fault fault =
        rows_read(records, TABLE_PUMP_LOG, "WHERE implant_id = ? AND ring = ? AND number >= ? ORDER BY number, what LIMIT ?",
                  bound, 4, &reading);
    for (*count = 0; fault == RECORDS_OK && *count < room; fault = rows_next(records, TABLE_PUMP_LOG, &reading))
        item_of(reading.values, &items[(*count)++]);
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

enum records_fault pumplog_newest(struct records *records, int64_t implant, uint16_t code, struct pumplog_item *item)
{
    const struct value bound[] = { value_integer(implant), value_integer(PUMPLOG_EVENTS), value_integer(PUMPLOG_EVENT),
                                   value_integer(code) };
    struct rows_reading reading;
    enum records_fault fault = rows_read(
        records, TABLE_PUMP_LOG, "WHERE implant_id = ? AND ring = ? AND what = ? AND code = ? ORDER BY number DESC LIMIT 1",
        bound, 4, &reading);
    if (fault == RECORDS_OK)
        item_of(reading.values, item);
    rows_done(&reading);
    return fault;
}

enum records_fault pumplog_pulled(struct records *records, int64_t implant, uint8_t ring, int64_t *at_ms)
{
    static const char SQL[] = "SELECT COALESCE(MAX(at_ms), 0) FROM pulls WHERE implant_id = ? AND ring = ?";
    const struct value bound[] = { value_integer(implant), value_integer(ring) };
    bool found = false;
    *at_ms = 0;
    return records_database(records, database_ask(&records->database, SQL, bound, 2, at_ms, &found));
}
