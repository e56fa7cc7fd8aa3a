/* peers.h - the programmers this pump knows: eight slots, each with a role, a key and a gate key; and how far the counters of
 * their knocks are reserved in flash. Byte by byte: pump/SPEC.md. REQ-SECU-02, -03, -07. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_PEERS_H
#define PUMP_PEERS_H

#include "core/result.h"
#include "link/gate.h"

enum {
    PEERS_VERSION = 1,
    PEER_LABEL_BYTES = 16,
    PEER_BYTES = 1 + PEER_LABEL_BYTES + 2 * KEY_BYTES,
    PEERS_BYTES = PEER_SLOTS * PEER_BYTES + (PEER_SLOTS + 1) * 8
};

struct peer {
    uint8_t role; /* enum role; 0: the slot is free */
    char label[PEER_LABEL_BYTES];
    uint8_t key[KEY_BYTES]; /* X25519, public */
    uint8_t gate_key[KEY_BYTES];
};

/* Worked on in struct pump, kept in flash. */
struct peers {
    struct peer peer[PEER_SLOTS + 1];   /* by slot; PAIRING_SLOT holds none */
    uint64_t reserved[PEER_SLOTS + 1];  /* counters up to here are used, should retained memory not know better */
    uint32_t check;                     /* over the above: a flipped bit must make nobody a clinician */
};

struct pump;
struct board;

/* Reads them from flash; none are known when nothing can be read there. */
void peers_boot(struct pump *pump, const struct board *board);
/* The peer of a slot, 1 to PEER_SLOTS; null when it is free. Reads flash again when the copy in memory is damaged. */
const struct peer *peers_find(struct pump *pump, const struct board *board, uint8_t slot);
/* The slot of this key, 0 when it has none; and the first free slot, 0 when there is none. */
uint8_t peers_slot_of(struct pump *pump, const struct board *board, const uint8_t key[KEY_BYTES]);
uint8_t peers_free(struct pump *pump, const struct board *board);
/* Puts a peer into a slot (a null one frees it) and stores all of them. RESULT_BUSY and RESULT_DAMAGED as store_append():
 * nothing has changed then. */
MUST_USE enum result peers_set(struct pump *pump, const struct board *board, uint8_t slot, const struct peer *peer);
/* Reserves the counters of a slot up to here, in flash. Errors as above. */
MUST_USE enum result peers_reserve(struct pump *pump, const struct board *board, uint8_t slot, uint64_t counter);

/* The bytes of a record; decoding leaves *peers untouched when they cannot be one. */
void peers_encode(const struct peers *peers, uint8_t bytes[PEERS_BYTES]);
MUST_USE enum result peers_decode(uint8_t version, const uint8_t *bytes, uint32_t size, struct peers *peers);

#endif
