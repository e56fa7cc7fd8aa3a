/* pull.c - page after page of a pump's log, into the records. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/pull.h"

#include <string.h>

#include "clinic/records/alarms.h"
#include "clinic/records/pumplog.h"

/* Items of one transaction: guess, some hundred rows are written in one go and lost together. */
enum { ITEMS_AT_ONCE = 256, RING_FIELDS = 4, TRIES_OLD_SESSION = 3 /* guess */ };

struct pulling {
    struct records *records;
    const struct casebook *book;
    int64_t visit, at_ms;
    struct programmer *programmer;
    const struct air *air;
    struct pull *pull;
    unsigned pages;        /* that may still be asked for */
    cisterna_Status clock; /* of the pump, as it stood at at_ms */
    /* What was told and is not kept yet. */
    uint8_t ring;
    bool ended;           /* the pump told that this was all */
    uint64_t next;        /* to be asked for */
    uint64_t known, last; /* the last number there is here, and at the pump */
    bool has_chain;
    uint8_t chain[HASH_BYTES];
    size_t count;
    struct pumplog_item item[ITEMS_AT_ONCE];
};

/* A moment of the pump in UTC. Before an epoch that is over its clock stood for a while that nobody knows: as if it had not. */
static int64_t utc_of(const struct pulling *at, int64_t pump_ms)
{
    int64_t ago = at->clock.now_ms - pump_ms;
    return pump_ms >= 0 && ago > 0 && ago < at->at_ms ? at->at_ms - ago : at->at_ms;
}

static void item_take(struct pulling *at, const cisterna_LogItem *told)
{
    struct pumplog_item *item = &at->item[at->count++];
    *item = (struct pumplog_item){ .what = (uint8_t)(told->what <= UINT8_MAX ? told->what : 0),
                                   .why = (uint8_t)(told->why <= UINT8_MAX ? told->why : 0),
                                   .from = told->from_sequence,
                                   .to = told->to_sequence };
    at->pull->breaks += item->what == PUMPLOG_BREAK;
    at->pull->gaps += item->what == PUMPLOG_GAP || item->what == PUMPLOG_UNREADABLE;
    if (item->what != PUMPLOG_EVENT)
        return;
    item->to = item->from;
    item->event = (struct event){ .sequence = told->from_sequence,
                                  .at = { told->at_ms },
                                  .epoch = told->epoch,
                                  .code = (uint16_t)told->code,
                                  .actor = (uint8_t)told->actor };
    for (unsigned i = 0; i < told->field_count && i < RING_FIELDS; i++)
        item->event.field[i] = told->field[i];
}

/* One page. */
static enum contact page_ask(struct pulling *at)
{
    cisterna_Request request = { .which_ask = cisterna_Request_read_log_tag,
                                 .ask.read_log = { .ring = at->ring, .from_sequence = at->next } };
    cisterna_Reply reply;
    enum contact contact = programmer_ask(at->programmer, at->air, &request, &reply);
    const cisterna_LogPage *page = &reply.tell.log;
    at->pages--;
    if (contact != CONTACT_OK)
        return contact;
    if (reply.which_tell != cisterna_Reply_log_tag || (page->next_sequence != 0 && page->next_sequence <= at->next))
        return CONTACT_VERSION; /* it would never end */
    for (unsigned i = 0; i < page->item_count; i++)
        item_take(at, &page->item[i]);
    at->last = page->last_sequence;
    at->ended = page->next_sequence == 0;
    at->next = page->next_sequence;
    at->has_chain = page->chain.size == HASH_BYTES;
    if (at->has_chain)
        memcpy(at->chain, page->chain.bytes, HASH_BYTES);
    return CONTACT_OK;
}

/* Keeps what was told, and what it says of alarms. */
static enum records_fault keep(struct pulling *at)
{
    const struct pumplog_pull added = { .implant = at->book->implant,
                                        .visit = at->visit,
                                        .ring = at->ring,
                                        .items = at->item,
                                        .count = at->count,
                                        .pump_chain = at->has_chain ? at->chain : NULL };
    uint64_t rows = 0;
    if (at->count == 0)
        return RECORDS_OK;
    enum records_fault fault = records_begin(at->records, at->at_ms);
    if (fault != RECORDS_OK)
        return fault;
    fault = pumplog_add(at->records, &added, &rows);
    for (size_t i = 0; i < at->count && fault == RECORDS_OK && at->ring == PUMPLOG_EVENTS; i++)
        if (at->item[i].what == PUMPLOG_EVENT)
            fault =
                alarms_take(at->records, at->book->implant, &at->item[i].event, utc_of(at, at->item[i].event.at.ms));
    if (fault == RECORDS_OK)
        fault = records_commit(at->records);
    else
        records_rollback(at->records);
    if (fault == RECORDS_OK)
        at->pull->rows += rows;
    at->count = 0;
    return fault;
}

/* The number to ask from: that of the last event that is there, so that it is compared; else the one behind the last. */
static enum records_fault begin_find(struct pulling *at)
{
    struct pumplog_item last;
    unsigned count = 0;
    int64_t next = 0;
    enum records_fault fault = pumplog_next(at->records, at->book->implant, at->ring, &next);
    if (fault == RECORDS_OK && next > 1)
        fault = pumplog_list(at->records, at->book->implant, at->ring, next - 1, &last, 1, &count);
    at->known = (uint64_t)next - 1;
    at->next = (uint64_t)next - (count == 1 && last.what == PUMPLOG_EVENT ? 1 : 0);
    return fault;
}

/* A ring, as far as the pages reach. */
static enum records_fault ring_pull(struct pulling *at, uint8_t ring)
{
    const size_t room = ITEMS_AT_ONCE - sizeof(((cisterna_LogPage *)0)->item) / sizeof(cisterna_LogItem);
    at->ring = ring;
    enum records_fault fault = begin_find(at);
    at->ended = at->has_chain = false;
    while (fault == RECORDS_OK && !at->ended && at->pages > 0 && at->pull->contact == CONTACT_OK) {
        at->pull->contact = page_ask(at);
        if (at->pull->contact == CONTACT_OK && at->last < at->known)
            return records_fail(
                at->records, RECORDS_DAMAGED,
                "pump %s told of %llu records before and holds %llu now: it is another one, or was put back",
                at->book->serial, (unsigned long long)at->known, (unsigned long long)at->last);
        if (at->count > room || at->ended || at->pages == 0 || at->pull->contact != CONTACT_OK)
            fault = keep(at);
    }
    return fault;
}

/* What the pump says stands, once the records hold every event up to that moment. */
static enum records_fault alarms_compare(struct pulling *at)
{
    cisterna_Status status;
    int64_t next = 0;
    uint64_t head = at->programmer->head;
    at->pull->contact = programmer_status(at->programmer, at->air, &status);
    at->programmer->head = head; /* what a workflow decided on is not renewed by a look at the log */
    if (at->pull->contact != CONTACT_OK)
        return RECORDS_OK;
    enum records_fault fault = pumplog_next(at->records, at->book->implant, PUMPLOG_EVENTS, &next);
    at->pull->whole = fault == RECORDS_OK && status.log_last < (uint64_t)next;
    if (!at->pull->whole)
        return fault;
    fault = records_begin(at->records, at->at_ms);
    if (fault != RECORDS_OK)
        return fault;
    fault = alarms_agree(at->records, at->book->implant, status.alarms, next - 1, at->at_ms);
    if (fault == RECORDS_OK)
        return records_commit(at->records);
    records_rollback(at->records);
    return fault;
}

/* The pump's clock now, in a session. */
static enum contact clock_read(struct pulling *at)
{
    enum contact contact = CONTACT_SILENCE;
    uint64_t head = at->programmer->head;
    uint16_t tries = at->programmer->patience.tries;
    if (tries > TRIES_OLD_SESSION) /* what is sent into a session that has ended counts as a stranger's */
        at->programmer->patience.tries = TRIES_OLD_SESSION;
    if (at->programmer->session.id != 0 && at->programmer->key.pending.id == 0)
        contact = programmer_status(at->programmer, at->air, &at->clock);
    at->programmer->patience.tries = tries;
    at->programmer->head = head;
    if (contact == CONTACT_OK)
        return contact;
    contact = programmer_open(at->programmer, at->air);
    return contact == CONTACT_OK ? programmer_status(at->programmer, at->air, &at->clock) : contact;
}

enum records_fault casebook_pull(struct records *records, const struct casebook *casebook, int64_t visit,
                                 struct programmer *programmer, const struct air *air, unsigned pages, int64_t at_ms,
                                 struct pull *pull)
{
    struct pulling at = { .records = records,
                          .book = casebook,
                          .visit = visit,
                          .at_ms = at_ms,
                          .programmer = programmer,
                          .air = air,
                          .pull = pull,
                          .pages = pages };
    *pull = (struct pull){ .contact = CONTACT_OK };
    _Static_assert((int)PUMP_ID_BYTES == (int)SERIAL_BYTES, "a pump's id is its serial");
    if (casebook->implant == 0)
        return records_fail(records, RECORDS_REFUSED, "pump %s is not recorded: its log has nowhere to go",
                            casebook->serial);
    if (strncmp((const char *)programmer->key.pump_id, casebook->serial, PUMP_ID_BYTES) != 0)
        return records_fail(records, RECORDS_REFUSED, "the key is of another pump than %s", casebook->serial);
    pull->contact = clock_read(&at);
    if (pull->contact != CONTACT_OK)
        return RECORDS_OK;
    enum records_fault fault = ring_pull(&at, PUMPLOG_EVENTS);
    bool events = at.ended;
    if (fault == RECORDS_OK && events && pull->contact == CONTACT_OK)
        fault = ring_pull(&at, PUMPLOG_FAULTS);
    if (fault == RECORDS_OK && events && at.ended && pull->contact == CONTACT_OK)
        fault = alarms_compare(&at);
    return fault;
}
