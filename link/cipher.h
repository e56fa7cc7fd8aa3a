/* cipher.h - the ciphers of the link, a service linked in: libsodium behind it on host and chip alike. X25519 (RFC 7748),
 * ChaCha20-Poly1305 (RFC 8439) with the nonce as Noise writes it, HMAC and HKDF over BLAKE2b-512 as Noise defines them. */
// SPDX-License-Identifier: Apache-2.0
#ifndef LINK_CIPHER_H
#define LINK_CIPHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEY_BYTES = 32, TAG_BYTES = 16, DIGEST_BYTES = 64 };

/* The public key of a secret one. */
void cipher_public(const uint8_t secret[KEY_BYTES], uint8_t key[KEY_BYTES]);
/* The shared secret; false (and zeros) when the other's key is one of the few of small order. */
bool cipher_agree(const uint8_t secret[KEY_BYTES], const uint8_t key[KEY_BYTES], uint8_t shared[KEY_BYTES]);

/* Seals `size` bytes in place of `sealed`, which is TAG_BYTES longer; the two may be the same memory. */
void cipher_seal(const uint8_t key[KEY_BYTES], uint64_t nonce, const uint8_t *ad, size_t ad_size, const uint8_t *plain,
                 size_t size, uint8_t *sealed);
/* Opens `size` bytes (tag included) into `plain`, TAG_BYTES shorter; the two may be the same memory. False, with `plain` all
 * zeros, when the tag does not match or there is none. */
bool cipher_open(const uint8_t key[KEY_BYTES], uint64_t nonce, const uint8_t *ad, size_t ad_size, const uint8_t *sealed,
                 size_t size, uint8_t *plain);

/* The hash of Noise: BLAKE2b-512 of one block and another behind it. */
void cipher_digest(const uint8_t *one, size_t one_size, const uint8_t *other, size_t other_size,
                   uint8_t digest[DIGEST_BYTES]);
/* HKDF of Noise: `outputs` (1 to 3) digests of DIGEST_BYTES from a chaining key of DIGEST_BYTES and `size` bytes (0 to 32). */
void cipher_hkdf(const uint8_t chain[DIGEST_BYTES], const uint8_t *bytes, size_t size, unsigned outputs,
                 uint8_t output[][DIGEST_BYTES]);

/* Are the two the same? Takes the same time whatever they hold. */
bool cipher_same(const uint8_t *one, const uint8_t *other, size_t size);
/* Overwrites in a way that no compiler leaves out. */
void cipher_forget(void *memory, size_t size);

#endif
