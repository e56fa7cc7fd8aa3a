/* logrecord.h - the bytes of a ring of events: the header of a sector, and a record. pump/SPEC.md. REQ-STOR-10. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_LOGRECORD_H
#define PUMP_LOGRECORD_H

#include <stddef.h>

#include "core/event.h"
#include "core/result.h"
#include "link/hash.h"

enum log_kind { LOG_EVENTS_RING = 1, LOG_FAULTS_RING = 2 };

enum {
    LOG_VERSION = 1,
    LOG_HEADER_BYTES = 64,
    LOG_RECORD_BYTES_MIN = 16,
    LOG_RECORD_BYTES_MAX = 64, /* 4 full fields, a two-byte code, an epoch: 61, in whole words */
    LOG_FAULT_BYTES_MAX = 40   /* a longer fault is kept bare in the ring of faults, so that a thousand always fit */
};

/* The head of a sector. Its layout is the same in every version, so that an older software can at least number on. */
struct log_header {
    uint16_t version;
    uint8_t kind;              /* enum log_kind */
    uint64_t first;            /* number of the first record that may stand in the sector */
    uint32_t erases;           /* of this sector so far */
    uint32_t epoch;            /* of the records that name none */
    uint32_t waiting;          /* numbers above first that had been given when the sector was begun */
    uint8_t chain[HASH_BYTES]; /* value of the chain before the first record */
};

/* What a record holds. Events are numbered by event.sequence; faults have a number of their own, so that gaps show. */
struct log_record {
    uint64_t number;
    struct event event;
    bool bare; /* the fields did not fit and are not here: the ring of events has them */
};

void logrecord_header_write(const struct log_header *header, uint8_t bytes[LOG_HEADER_BYTES]);
/* NOT_FOUND: no header. DAMAGED: the check does not match. UNKNOWN_VERSION: sound, *header is filled, but records of that
 * version cannot be read. */
MUST_USE enum result logrecord_header_read(const uint8_t bytes[LOG_HEADER_BYTES], struct log_header *header);

/* The size of the record in bytes, whole words; 0 when the event cannot be written (a moment below 0 or from 2^48 on, an
 * actor from 8 on, a code from 2^14 on). */
size_t logrecord_write(const struct log_header *header, const struct log_record *record, uint8_t bytes[LOG_RECORD_BYTES_MAX]);
/* The record at the front of these bytes, whose number is `least` or up to 2^23 above it. Its size; 0 when there is no whole
 * record in its one canonical form, or header->version is not known; then *record is untouched. */
size_t logrecord_read(const struct log_header *header, const uint8_t *bytes, size_t room, uint64_t least,
                      struct log_record *record);

#endif
