/* hash.h - BLAKE2b, a service linked in: libsodium behind it on host and chip alike. */
// SPDX-License-Identifier: Apache-2.0
#ifndef LINK_HASH_H
#define LINK_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { HASH_BYTES = 32 };

/* The unkeyed BLAKE2b hash, 32 bytes long, of `size` bytes. */
void hash_of(const uint8_t *bytes, size_t size, uint8_t hash[HASH_BYTES]);

/* The same in pieces: begin, add as often as needed, end (after which the state is of no more use). */
struct hash_state {
    _Alignas(64) uint8_t opaque[384];
};
void hash_begin(struct hash_state *state);
void hash_add(struct hash_state *state, const uint8_t *bytes, size_t size);
void hash_end(struct hash_state *state, uint8_t hash[HASH_BYTES]);

/* Keyed, and of another length, in pieces: `size` (16 to 64) is the same at begin and end. */
void hash_begin_keyed(struct hash_state *state, const uint8_t key[HASH_BYTES], size_t size);
void hash_end_keyed(struct hash_state *state, uint8_t *result, size_t size);
/* Keyed BLAKE2b with a key of 32 bytes; the result is `size` bytes long, 16 to 64. */
void hash_keyed(const uint8_t key[HASH_BYTES], const uint8_t *bytes, size_t count, uint8_t *result, size_t size);

#endif
