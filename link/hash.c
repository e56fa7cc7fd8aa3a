// SPDX-License-Identifier: Apache-2.0
#include "link/hash.h"

#include <sodium/crypto_generichash_blake2b.h>

_Static_assert(sizeof(struct hash_state) >= sizeof(crypto_generichash_blake2b_state), "the library's state fits into ours");
_Static_assert(_Alignof(struct hash_state) >= _Alignof(crypto_generichash_blake2b_state), "and lies as it must");

static crypto_generichash_blake2b_state *inner(struct hash_state *state)
{
    return (crypto_generichash_blake2b_state *)(void *)state->opaque;
}

void hash_of(const uint8_t *bytes, size_t size, uint8_t hash[HASH_BYTES])
{
    /* Fails only for sizes outside 16..64 or a bad key, neither of which can occur here. */
    if (crypto_generichash_blake2b(hash, HASH_BYTES, bytes, size, NULL, 0) != 0) {
        for (size_t i = 0; i < HASH_BYTES; i++) {
            hash[i] = 0;
        }
    }
}

/* The returned values below tell of sizes alone, which are constants here or promised by the caller. */

void hash_begin(struct hash_state *state)
{
    (void)crypto_generichash_blake2b_init(inner(state), NULL, 0, HASH_BYTES);
}

void hash_begin_keyed(struct hash_state *state, const uint8_t key[HASH_BYTES], size_t size)
{
    (void)crypto_generichash_blake2b_init(inner(state), key, HASH_BYTES, size);
}

void hash_add(struct hash_state *state, const uint8_t *bytes, size_t size)
{
    (void)crypto_generichash_blake2b_update(inner(state), bytes, size);
}

void hash_end(struct hash_state *state, uint8_t hash[HASH_BYTES])
{
    (void)crypto_generichash_blake2b_final(inner(state), hash, HASH_BYTES);
}

void hash_end_keyed(struct hash_state *state, uint8_t *result, size_t size)
{
    (void)crypto_generichash_blake2b_final(inner(state), result, size);
}

void hash_keyed(const uint8_t key[HASH_BYTES], const uint8_t *bytes, size_t count, uint8_t *result, size_t size)
{
    (void)crypto_generichash_blake2b(result, size, bytes, count, key, HASH_BYTES);
}
