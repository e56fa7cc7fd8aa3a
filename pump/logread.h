/* logread.h - reading a ring of events back from the flash: events in order, every gap, and every break of the chain.
 *
 * Needs nothing but the flash, so that the log of an explanted pump can be read too. It may run beside the writer. What is
 * returned is never a guess: a record that is not whole is part of a gap. REQ-STOR-06, REQ-SECU-12, HZ-33. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_LOGREAD_H
#define PUMP_LOGREAD_H

#include "pump/log.h"

enum logread_what {
    LOGREAD_END = 0,
    LOGREAD_EVENT = 1,
    LOGREAD_GAP = 2,    /* the numbers from..to are not there; `why` says why */
    LOGREAD_BREAK = 3,  /* the chain does not hold from record `from` to record `to`: something there was deleted, changed or
                           put elsewhere since it was written */
    LOGREAD_UNKNOWN = 4 /* the numbers from `from` on are in a sector of version `to`, which this software cannot read */
};

enum logread_why {
    LOGREAD_DROPPED = 1, /* older than the oldest held */
    LOGREAD_DAMAGED = 2, /* there are bytes in their place that are no record: torn, or damaged */
    LOGREAD_ABSENT = 3   /* there is no trace of them: they were never written, or a whole sector is gone */
};

struct logread_item {
    uint8_t what, why;
    bool bare;         /* of a fault: its fields are in the ring of events alone */
    uint64_t from, to; /* numbers in this ring; of an event both are its number */
    struct event event;
};

/* Fields are private, but for chain: after the end, the value after the last record. */
struct logread {
    struct log_head head; /* what must stand at the end; last 0 when not known */
    uint64_t next;        /* number of the next to be told */
    uint64_t sector_first;
    struct logsector_walk walk;
    struct logread_item queue[2]; /* found, not yet told */
    uint8_t chain[HASH_BYTES];
    uint8_t kind, state, queued;
    uint16_t sector; /* from the start of the region */
    bool damaged;    /* something that is no record was seen since the last record */
};

/* Begins before the number `from` (1 the very first; the records before it in its sector are used for the chain only). `head`,
 * if not null, is compared at the end: a missing tail is a gap, a different chain a break. */
void logread_begin(struct logread *read, const struct board *board, enum log_kind kind, uint64_t from,
                   const struct log_head *head);
/* The next item. Bounded by the size of the ring, as a rule one record. After LOGREAD_END always LOGREAD_END. */
void logread_next(struct logread *read, const struct board *board, struct logread_item *item);

#endif
