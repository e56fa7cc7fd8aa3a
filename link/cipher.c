/* cipher.c - the one file that knows libsodium's ciphers. Nothing in it needs the library's start or its source of chance.
 * Stack copies of secrets are overwritten before they go out of sight. */
// SPDX-License-Identifier: Apache-2.0
#include "link/cipher.h"

#include <sodium/crypto_aead_chacha20poly1305.h>
#include <sodium/crypto_generichash_blake2b.h>
#include <sodium/crypto_scalarmult_curve25519.h>

enum {
    NONCE_BYTES = 12,
    BLOCK_BYTES = 128, /* of BLAKE2b: what HMAC pads a key to */
    HKDF_OUTPUTS_MAX = 3
};

_Static_assert((int)KEY_BYTES == (int)crypto_scalarmult_curve25519_BYTES, "an X25519 key");
_Static_assert((int)KEY_BYTES == (int)crypto_aead_chacha20poly1305_ietf_KEYBYTES, "a ChaCha20 key");
_Static_assert((int)TAG_BYTES == (int)crypto_aead_chacha20poly1305_ietf_ABYTES, "a Poly1305 tag");
_Static_assert((int)NONCE_BYTES == (int)crypto_aead_chacha20poly1305_ietf_NPUBBYTES, "the nonce of RFC 8439");

void cipher_public(const uint8_t secret[KEY_BYTES], uint8_t key[KEY_BYTES])
{
    /* Multiplying the base point the plain way: it needs no table of its multiples on the chip. */
    static const uint8_t base[KEY_BYTES] = { 9 };
    (void)cipher_agree(secret, base, key); /* the base point is not of small order */
}

bool cipher_agree(const uint8_t secret[KEY_BYTES], const uint8_t key[KEY_BYTES], uint8_t shared[KEY_BYTES])
{
    if (crypto_scalarmult_curve25519(shared, secret, key) == 0) {
        return true;
    }
    cipher_forget(shared, KEY_BYTES);
    return false;
}

/* Noise, section 12.3: 32 bits of zeros, then the count little-endian. */
static void nonce_write(uint64_t nonce, uint8_t bytes[NONCE_BYTES])
{
    for (unsigned i = 0; i < NONCE_BYTES; i++) {
        bytes[i] = (uint8_t)(i < 4 ? 0 : nonce >> (8 * (i - 4)));
    }
}

void cipher_seal(const uint8_t key[KEY_BYTES], uint64_t nonce, const uint8_t *ad, size_t ad_size, const uint8_t *plain,
                 size_t size, uint8_t *sealed)
{
    uint8_t bytes[NONCE_BYTES];
    nonce_write(nonce, bytes);
    (void)crypto_aead_chacha20poly1305_ietf_encrypt_detached(sealed, sealed + size, NULL, plain, size, ad, ad_size, NULL,
                                                             bytes, key);
}

bool cipher_open(const uint8_t key[KEY_BYTES], uint64_t nonce, const uint8_t *ad, size_t ad_size, const uint8_t *sealed,
                 size_t size, uint8_t *plain)
{
    if (size < TAG_BYTES) {
        return false;
    }
    uint8_t bytes[NONCE_BYTES];
    nonce_write(nonce, bytes);
    size_t count = size - TAG_BYTES;
    /* The tag is checked before a byte is deciphered; when it is wrong the library zeroes `plain`. */
    return crypto_aead_chacha20poly1305_ietf_decrypt_detached(plain, NULL, sealed, count, sealed + count, ad, ad_size, bytes,
                                                              key) == 0;
}

void cipher_digest(const uint8_t *one, size_t one_size, const uint8_t *other, size_t other_size,
                   uint8_t digest[DIGEST_BYTES])
{
    crypto_generichash_blake2b_state state;
    (void)crypto_generichash_blake2b_init(&state, NULL, 0, DIGEST_BYTES);
    (void)crypto_generichash_blake2b_update(&state, one, one_size);
    (void)crypto_generichash_blake2b_update(&state, other, other_size);
    (void)crypto_generichash_blake2b_final(&state, digest, DIGEST_BYTES);
    cipher_forget(&state, sizeof state);
}

/* HMAC (RFC 2104) with a key of one digest. */
static void hmac(const uint8_t key[DIGEST_BYTES], const uint8_t *bytes, size_t size, uint8_t digest[DIGEST_BYTES])
{
    uint8_t block[BLOCK_BYTES], inner[DIGEST_BYTES];
    for (unsigned i = 0; i < BLOCK_BYTES; i++) {
        block[i] = (uint8_t)((i < DIGEST_BYTES ? key[i] : 0) ^ 0x36);
    }
    cipher_digest(block, sizeof block, bytes, size, inner);
    for (unsigned i = 0; i < BLOCK_BYTES; i++) {
        block[i] ^= 0x36 ^ 0x5C;
    }
    cipher_digest(block, sizeof block, inner, sizeof inner, digest);
    cipher_forget(block, sizeof block);
    cipher_forget(inner, sizeof inner);
}

void cipher_hkdf(const uint8_t chain[DIGEST_BYTES], const uint8_t *bytes, size_t size, unsigned outputs,
                 uint8_t output[][DIGEST_BYTES])
{
    uint8_t key[DIGEST_BYTES], input[DIGEST_BYTES + 1];
    hmac(chain, bytes, size, key);
    size_t before = 0; /* bytes of the output before, which goes into the next: none for the first */
    for (unsigned i = 0; i < outputs && i < HKDF_OUTPUTS_MAX; i++) {
        input[before] = (uint8_t)(i + 1);
        hmac(key, input, before + 1, output[i]);
        before = DIGEST_BYTES;
        for (unsigned at = 0; at < DIGEST_BYTES; at++) {
            input[at] = output[i][at];
        }
    }
    cipher_forget(key, sizeof key);
    cipher_forget(input, sizeof input);
}

bool cipher_same(const uint8_t *one, const uint8_t *other, size_t size)
{
    /* Volatile, so that no compiler leaves early once it has seen a difference. */
    volatile uint8_t different = 0;
    for (size_t i = 0; i < size; i++) {
        different = different | (uint8_t)(one[i] ^ other[i]);
    }
    return different == 0;
}

void cipher_forget(void *memory, size_t size)
{
    volatile uint8_t *bytes = memory;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = 0;
    }
}
