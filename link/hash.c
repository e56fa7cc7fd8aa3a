// SPDX-License-Identifier: Apache-2.0
#include "link/hash.h"

#include <sodium/crypto_generichash_blake2b.h>

void hash_of(const uint8_t *bytes, size_t size, uint8_t hash[HASH_BYTES])
{
    /* Fails only for sizes outside 16..64 or a bad key, neither of which can occur here. */
    if (crypto_generichash_blake2b(hash, HASH_BYTES, bytes, size, NULL, 0) != 0) {
        for (size_t i = 0; i < HASH_BYTES; i++) {
            hash[i] = 0;
        }
    }
}
