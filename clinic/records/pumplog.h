/* pumplog.h - the logs of pumps as they were pulled: every number of a ring once, a gap as a row of its own, nothing passed
 * over in silence. REQ-STOR-06, REQ-SECU-12, HZ-33.
 *
 * Rows are hashed in one chain over all pumps, in the order of their coming: chain = BLAKE2b-256, keyed, of "log", the chain
 * before and the row's bytes without its chain; each pull holds the last row and its chain, and the audit holds the hash of
 * the pull. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_PUMPLOG_H
#define CLINIC_RECORDS_PUMPLOG_H

#include "clinic/records/records.h"
#include "core/event.h"

/* Frozen; those of the link's LogItem. */
enum pumplog_ring { PUMPLOG_EVENTS = 1, PUMPLOG_FAULTS = 2 };
enum pumplog_what { PUMPLOG_EVENT = 1, PUMPLOG_GAP = 2, PUMPLOG_BREAK = 3, PUMPLOG_UNREADABLE = 4 };

/* One item as the pump tells it. */
struct pumplog_item {
    uint8_t what; /* enum pumplog_what */
    uint8_t why;  /* of a gap: 1 dropped as the oldest, 2 damaged, 3 absent */
    /* Of an event both are its number in the ring. Of a gap: the first and last number that are missing. Of a break: the
     * records between which the chain of the pump does not hold. UNREADABLE: from the first on, in records of version `to`. */
    uint64_t from, to;
    struct event event;
};

struct pumplog_pull {
    int64_t implant, visit; /* visit 0: outside of one */
    uint8_t ring;           /* enum pumplog_ring */
    const struct pumplog_item *items;
    size_t count;
    const uint8_t *pump_chain; /* HASH_BYTES, told with the pump's last page; or null */
};

/* The number to ask the pump from: one above the last there is. */
enum records_fault pumplog_next(struct records *records, int64_t implant, uint8_t ring, int64_t *number);

/* Adds what was pulled, inside a transaction. What is there already is compared and not added again; a gap over numbers that
 * are there is passed over, for the pump has dropped what we have kept. RECORDS_REFUSED: numbers between the last there and
 * the first told are neither told nor called a gap. RECORDS_DAMAGED: another event stands under the same number, in which
 * case nothing is added. `added` may be null. */
enum records_fault pumplog_add(struct records *records, const struct pumplog_pull *pull, uint64_t *added);

/* Items from the number `from` on, in order, breaks behind the record they follow. */
enum records_fault pumplog_list(struct records *records, int64_t implant, uint8_t ring, int64_t from,
                                struct pumplog_item *items, unsigned room, unsigned *count);

/* When something was last pulled of this ring; 0: nothing ever was. What the pump's log told since is not here. */
enum records_fault pumplog_pulled(struct records *records, int64_t implant, uint8_t ring, int64_t *at_ms);

/* The newest event with this code (core/event.def) among those pulled; RECORDS_MISSING when there is none. */
enum records_fault pumplog_newest(struct records *records, int64_t implant, uint16_t code, struct pumplog_item *item);

/* The next value of the chain over a row of TABLE_PUMP_LOG. */
void pumplog_chain_next(const uint8_t key[HASH_BYTES], const uint8_t before[HASH_BYTES], const struct value *values,
                        uint8_t chain[HASH_BYTES]);

#endif
