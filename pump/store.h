/* store.h - records in flash: the therapy in force, the standing facts, the checkpoints, the peers, the state of the image
 * slots. Each kind has a ring of sectors (pump/region.def) into which records are appended; the newest whole one counts. Byte
 * by byte: pump/SPEC.md. REQ-STOR-01, -02, -07, -10, HZ-04, HZ-08; docs/decisions/0015-store.md.
 *
 * A record is written, read back, and only then committed by one more word. Until that word stands whole the record before
 * it is the newest. Nothing older is erased before store_tend(), which the pump calls when all else has been kept. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_STORE_H
#define PUMP_STORE_H

#include "board/board.h"
#include "core/result.h"
#include "pump/region.h"

enum { STORE_PAYLOAD_MAX = 2048, STORE_OVERHEAD = 24 };

/* The kinds of records, one region each. Their numbers stand in events, where STORES is the log itself. */
enum store_kind { STORE_THERAPY, STORE_SETTINGS, STORE_CHECKPOINT, STORE_PEERS, STORE_IMAGES, STORES };

/* Where the newest whole record of a kind lies, and where the next one goes. Found anew at every start. */
struct store_place {
    uint32_t sequence; /* rises by one with each record; 0: there is none */
    uint32_t address;
    uint16_t size;   /* of its payload */
    uint8_t version; /* of its payload's form */
    uint8_t tend;    /* 1: the sector after the one being written is to be erased */
    uint16_t sector; /* the one being written */
    uint16_t used;   /* bytes of it; what follows is blank */
};

struct store {
    struct store_place place[STORES];
    uint32_t words, erases; /* programmed and begun, since somebody last counted them */
};

/* Looks through the flash for the newest records: of all kinds, or of one alone. */
void store_mount(struct store *store, const struct board *board);
void store_mount_kind(struct store *store, const struct board *board, enum store_kind kind);

/* Appends a record and commits it. RESULT_BUSY: the sector it needs is still being erased, or only now begins to be: nothing
 * was written, the same can be tried at a later wake. RESULT_DAMAGED: the flash did not take it, at several places. The
 * record before it stays the newest then. Payload 1 to STORE_PAYLOAD_MAX bytes. */
MUST_USE enum result store_append(struct store *store, const struct board *board, enum store_kind kind, uint8_t version,
                                  const uint8_t *payload, uint32_t size);

/* The payload of the newest record, checked again as it is read. RESULT_DAMAGED when it does not match its check value any
 * more, or there is none; RESULT_NO_ROOM when it is longer than `room`. */
MUST_USE enum result store_read(const struct store *store, const struct board *board, enum store_kind kind,
                                uint8_t *payload, uint32_t room);
/* Does the newest record still match its check value? */
bool store_sound(const struct store *store, const struct board *board, enum store_kind kind);
/* The payload of the record with this sequence number, which may be an older one that still stands; *size is its
 * length. RESULT_NOT_FOUND when none does. */
MUST_USE enum result store_find(const struct board *board, enum store_kind kind, uint32_t sequence, uint8_t *payload,
                                uint32_t room, uint32_t *size);

/* Erases the sector that this kind will need next. Call it when nothing that lies there counts any more; true when nothing is
 * left to do, else again at a later wake. */
bool store_tend(struct store *store, const struct board *board, enum store_kind kind);

#endif
