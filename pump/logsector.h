/* logsector.h - looking into one sector of a ring of events: its header, and the whole records among whatever else is there. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_LOGSECTOR_H
#define PUMP_LOGSECTOR_H

#include "board/board.h"
#include "pump/logrecord.h"
#include "pump/region.h"

/* The sectors of a ring. */
struct region_span logsector_span(enum log_kind kind);

/* The header of a sector (counted from the start of the flash) of a ring of this kind: as logrecord_header_read, and
 * DAMAGED when it is another ring's. */
MUST_USE enum result logsector_header(const struct board *board, uint32_t sector, enum log_kind kind, struct log_header *header);

/* A walk through a sector, word by word where there is no whole record. */
struct logsector_walk {
    struct log_header header;
    uint32_t sector;
    uint16_t at;      /* offset of the next look */
    uint16_t end;     /* behind the last byte seen that is not erased */
    uint16_t junk;    /* words since the last record (or the header) that are not erased and no part of a record */
    uint16_t before;  /* as many of them stood before the last record */
    uint64_t number;  /* of the last record; header.first - 1 before the first */
};

void logsector_begin(struct logsector_walk *walk, const struct log_header *header, uint32_t sector);
/* The next record, and its bytes as stored; 0 when there is none up to the end of the sector, else its size. */
size_t logsector_next(const struct board *board, struct logsector_walk *walk, struct log_record *record,
                      uint8_t bytes[LOG_RECORD_BYTES_MAX]);

/* The next value of the chain: the hash of this value and the bytes of a record as stored. */
void logsector_chain(uint8_t chain[HASH_BYTES], const uint8_t *bytes, size_t size);

#endif
