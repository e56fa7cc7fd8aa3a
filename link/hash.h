/* hash.h - BLAKE2b-256, a service linked in: libsodium behind it on host and chip alike. */
// SPDX-License-Identifier: Apache-2.0
#ifndef LINK_HASH_H
#define LINK_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { HASH_BYTES = 32 };

/* The unkeyed BLAKE2b hash, 32 bytes long, of `size` bytes. */
void hash_of(const uint8_t *bytes, size_t size, uint8_t hash[HASH_BYTES]);

#endif
