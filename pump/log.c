// SPDX-License-Identifier: Apache-2.0
#include "pump/log.h"

#include "core/catalog.h"

_Static_assert(sizeof(struct log) < 5000, "the log is small");
/* The sector being written and the one ahead are not counted. */
enum {
    EVENTS_AT = 0,
    FAULTS_AT = 1,
    FULL_FAULT_SECTORS = REGION_LAST_FAULTS - REGION_FIRST_FAULTS + 1 - 2,
    SECTOR_FAULTS = (FLASH_SECTOR_BYTES - LOG_HEADER_BYTES) / LOG_FAULT_BYTES_MAX
};
_Static_assert(FULL_FAULT_SECTORS * SECTOR_FAULTS >= 1000, "a thousand faults are held at any time");

static bool is_fault(const struct event *event)
{
    const struct event_row *row = event_row(event->code);
    return row != 0 && row->fault != 0;
}

void log_boot(struct log *log, const struct board *board, uint64_t known, struct log_found *found)
{
    struct logring_found events, faults;
    for (unsigned i = 0; i < LOG_EVENTS; i++) {
        log->ring[i] = (struct event){ .sequence = 0 };
    }
    logring_boot(&log->flash[EVENTS_AT], board, LOG_EVENTS_RING, &events);
    logring_boot(&log->flash[FAULTS_AT], board, LOG_FAULTS_RING, &faults);
    log->last = log->flash[EVENTS_AT].last;
    log->last = faults.event > log->last ? faults.event : log->last;
    if (known > 0) {
        log->last = known > log->last ? known : log->last;
    } else if (events.whole > 0 && logring_full(&log->flash[EVENTS_AT])) {
        /* So many may have been numbered and have waited for the next sector when power went. A boot that wrote its own event
         * into the ring of faults has told its number there, so that this holds after several in a row. */
        log->last += LOG_EVENTS;
    }
    log->carried[EVENTS_AT] = log->carried[FAULTS_AT] = log->last;
    *found = (struct log_found){ .torn = events.torn || faults.torn, .unknown = events.unknown || faults.unknown };
    if (log->last > events.whole) {
        found->lost_from = events.whole + 1;
        found->lost_to = log->last;
    }
}

/* Passes over what leaves the memory before the flash could take it. A fault so lost has had a number of its own. */
static void pass_over(struct log *log, const struct event *leaving)
{
    for (unsigned i = 0; i < LOG_RINGS; i++) {
        if (leaving->sequence > log->carried[i]) {
            log->carried[i] = leaving->sequence;
            log->flash[i].worn = true;
            log->flash[i].last += i == FAULTS_AT && is_fault(leaving);
        }
    }
}

void log_write(struct log *log, const struct event *event)
{
    struct event *slot = &log->ring[(log->last + 1) % LOG_EVENTS];
    pass_over(log, slot);
    *slot = *event;
    slot->sequence = ++log->last;
}

bool log_read(const struct log *log, uint64_t sequence, struct event *event)
{
    const struct event *slot = &log->ring[sequence % LOG_EVENTS];
    if (sequence == 0 || slot->sequence != sequence) {
        return false;
    }
    *event = *slot;
    return true;
}

/* Carries one event into one ring. */
static enum log_answer carry(struct log *log, const struct board *board, unsigned at)
{
    const struct event *event = &log->ring[(log->carried[at] + 1) % LOG_EVENTS];
    enum log_answer answer = LOG_KEPT;
    if (at == EVENTS_AT || is_fault(event)) {
        struct logring *ring = &log->flash[at];
        uint64_t number = at == EVENTS_AT ? event->sequence : ring->last + 1;
        answer = logring_append(ring, board, event, number, at == EVENTS_AT ? log->last : number);
    }
    log->carried[at] += answer != LOG_WAITS;
    return answer;
}

enum log_answer log_flush(struct log *log, const struct board *board)
{
    enum log_answer all = LOG_KEPT;
    for (unsigned at = 0; at < LOG_RINGS; at++) {
        enum log_answer answer = LOG_KEPT;
        logring_poll(&log->flash[at], board);
        for (unsigned i = 0; i < LOG_EVENTS && log->carried[at] < log->last && answer != LOG_WAITS; i++) {
            answer = carry(log, board, at);
            all = answer > all ? answer : all;
        }
        all = log->flash[at].worn ? LOG_FAILED : all;
        log->flash[at].worn = false;
    }
    return all;
}

bool log_waits(const struct log *log)
{
    return log->carried[EVENTS_AT] < log->last || log->carried[FAULTS_AT] < log->last;
}

void log_head(const struct log *log, enum log_kind kind, struct log_head *head)
{
    const struct logring *ring = &log->flash[kind == LOG_FAULTS_RING ? FAULTS_AT : EVENTS_AT];
    *head = (struct log_head){ .first = ring->first, .last = ring->last };
    for (unsigned i = 0; i < HASH_BYTES; i++) {
        head->chain[i] = ring->chain[i];
    }
}
