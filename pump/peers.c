// SPDX-License-Identifier: Apache-2.0
#include "pump/peers.h"

#include <stddef.h>

#include "core/bytes.h"
#include "core/command.h"
#include "core/crc.h"
#include "core/text.h"
#include "link/cipher.h"
#include "pump/state.h"

void peers_encode(const struct peers *peers, uint8_t bytes[PEERS_BYTES])
{
    struct byte_writer writer = { .at = bytes, .left = PEERS_BYTES };
    for (unsigned slot = 1; slot <= PEER_SLOTS; slot++) {
        const struct peer *peer = &peers->peer[slot];
        byte_write(&writer, peer->role, 1);
        byte_write_block(&writer, (const uint8_t *)peer->label, PEER_LABEL_BYTES);
        byte_write_block(&writer, peer->key, KEY_BYTES);
        byte_write_block(&writer, peer->gate_key, KEY_BYTES);
    }
    for (unsigned slot = 0; slot <= PEER_SLOTS; slot++) {
        byte_write(&writer, peers->reserved[slot], 8);
    }
}

/* The copy in memory is compared by the bytes it would be stored as. */
static uint32_t check_of(const struct peers *peers)
{
    uint8_t bytes[PEERS_BYTES];
    peers_encode(peers, bytes);
    uint32_t check = crc32_of(bytes, sizeof bytes);
    cipher_forget(bytes, sizeof bytes);
    return check;
}

enum result peers_decode(uint8_t version, const uint8_t *bytes, uint32_t size, struct peers *peers)
{
    struct byte_reader reader = { .at = bytes, .left = size };
    struct peers read = { .check = 0 };
    if (version != PEERS_VERSION) {
        return RESULT_UNKNOWN_VERSION;
    }
    for (unsigned slot = 1; slot <= PEER_SLOTS; slot++) {
        struct peer *peer = &read.peer[slot];
        peer->role = (uint8_t)byte_read(&reader, 1);
        byte_read_block(&reader, (uint8_t *)peer->label, PEER_LABEL_BYTES);
        byte_read_block(&reader, peer->key, KEY_BYTES);
        byte_read_block(&reader, peer->gate_key, KEY_BYTES);
        reader.bad |= peer->role > ROLE_SERVICE || !text_valid(peer->label, PEER_LABEL_BYTES);
    }
    for (unsigned slot = 0; slot <= PEER_SLOTS; slot++) {
        read.reserved[slot] = byte_read(&reader, 8);
    }
    if (reader.bad || reader.left != 0) {
        return RESULT_MALFORMED;
    }
    read.check = check_of(&read);
    *peers = read;
    return RESULT_OK;
}

void peers_boot(struct pump *pump, const struct board *board)
{
    const struct store_place *place = &pump->store.place[STORE_PEERS];
    uint8_t bytes[PEERS_BYTES];
    pump->peers = (struct peers){ .check = 0 };
    pump->peers.check = check_of(&pump->peers);
    if (store_read(&pump->store, board, STORE_PEERS, bytes, sizeof bytes) == RESULT_OK &&
        peers_decode(place->version, bytes, place->size, &pump->peers) != RESULT_OK) {
        pump->peers.check = check_of(&pump->peers); /* a version that is not known: as if nobody were paired */
    }
    cipher_forget(bytes, sizeof bytes);
}

static const struct peers *sound(struct pump *pump, const struct board *board)
{
    if (check_of(&pump->peers) != pump->peers.check) {
        peers_boot(pump, board);
    }
    return &pump->peers;
}

const struct peer *peers_find(struct pump *pump, const struct board *board, uint8_t slot)
{
    if (slot == PAIRING_SLOT || slot > PEER_SLOTS) {
        return NULL;
    }
    const struct peer *peer = &sound(pump, board)->peer[slot];
    return peer->role != 0 ? peer : NULL;
}

uint8_t peers_slot_of(struct pump *pump, const struct board *board, const uint8_t key[KEY_BYTES])
{
    const struct peers *peers = sound(pump, board);
    for (uint8_t slot = 1; slot <= PEER_SLOTS; slot++) {
        if (peers->peer[slot].role != 0 && cipher_same(peers->peer[slot].key, key, KEY_BYTES)) {
            return slot;
        }
    }
    return 0;
}

uint8_t peers_free(struct pump *pump, const struct board *board)
{
    const struct peers *peers = sound(pump, board);
    for (uint8_t slot = 1; slot <= PEER_SLOTS; slot++) {
        if (peers->peer[slot].role == 0) {
            return slot;
        }
    }
    return 0;
}

/* Twice, so that one damaged record does not bring back somebody who was unpaired. */
static enum result peers_store(struct pump *pump, const struct board *board, struct peers *peers)
{
    uint8_t bytes[PEERS_BYTES];
    peers_encode(peers, bytes);
    enum result result = store_append(&pump->store, board, STORE_PEERS, PEERS_VERSION, bytes, sizeof bytes);
    if (result == RESULT_OK) {
        /* One whole record is enough to be in force; a second that finds no room is made good with the next. */
        pump->peers_once = store_append(&pump->store, board, STORE_PEERS, PEERS_VERSION, bytes, sizeof bytes) != RESULT_OK;
    }
    cipher_forget(bytes, sizeof bytes);
    pump->keeping.tend_due = true;
    pump->keeping.due = true;
    if (result == RESULT_OK) {
        peers->check = check_of(peers);
        pump->peers = *peers;
    }
    return result;
}

enum result peers_set(struct pump *pump, const struct board *board, uint8_t slot, const struct peer *peer)
{
    struct peers peers = *sound(pump, board);
    peers.peer[slot] = peer != NULL ? *peer : (struct peer){ .role = 0 };
    enum result result = peers_store(pump, board, &peers);
    cipher_forget(&peers, sizeof peers);
    return result;
}

enum result peers_reserve(struct pump *pump, const struct board *board, uint8_t slot, uint64_t counter)
{
    struct peers peers = *sound(pump, board);
    peers.reserved[slot] = counter;
    enum result result = peers_store(pump, board, &peers);
    cipher_forget(&peers, sizeof peers);
    return result;
}
