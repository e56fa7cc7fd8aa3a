/* sodium_trial.c - what a libsodium answers to seeded questions, one a line. Linked once with the part that is built for the
 * chip and once with Debian's library, it must say the same: sodium_test.py compares. */
// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium/core.h>
#include <sodium/crypto_aead_chacha20poly1305.h>
#include <sodium/crypto_generichash_blake2b.h>
#include <sodium/crypto_scalarmult_curve25519.h>
#include <sodium/crypto_sign_ed25519.h>
#include <sodium/utils.h>

enum { ROUNDS = 300, BYTES_MAX = 400, TAG = crypto_aead_chacha20poly1305_ietf_ABYTES };

/* What the library calls when its caller broke a promise. The part for the chip leaves it to the image. */
void sodium_misuse(void)
{
    abort();
}

static uint64_t seed = 17;

static uint64_t chance(void) /* splitmix64 */
{
    uint64_t z = seed += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static size_t fill(uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)chance();
    return size;
}

static void tell(const char *what, unsigned round, int answer, const uint8_t *bytes, size_t size)
{
    printf("%s %u: %d ", what, round, answer);
    for (size_t i = 0; i < size; i++)
        printf("%02x", bytes[i]);
    printf("\n");
}

/* Among random points those of small order, and one that is not reduced. */
static void agree(unsigned round)
{
    static const uint8_t odd[4][32] = {
        { 0 },
        { 1 },
        { 9 },
        { 0xEC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
          0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F },
    };
    uint8_t secret[32], point[32], shared[32] = { 0 };
    fill(secret, sizeof secret);
    fill(point, sizeof point);
    if (round < 4)
        memcpy(point, odd[round], sizeof point);
    tell("x25519", round, crypto_scalarmult_curve25519(shared, secret, point), shared, sizeof shared);
}

static void hash(unsigned round)
{
    uint8_t bytes[BYTES_MAX], key[64], digest[64];
    size_t size = fill(bytes, chance() % BYTES_MAX), cut = size == 0 ? 0 : chance() % size;
    size_t key_size = round % 3 == 0 ? 0 : 16 + chance() % 49, wanted = 16 + chance() % 49;
    fill(key, sizeof key);
    crypto_generichash_blake2b_state state;
    int answer = crypto_generichash_blake2b_init(&state, key, key_size, wanted);
    answer |= crypto_generichash_blake2b_update(&state, bytes, cut);
    answer |= crypto_generichash_blake2b_update(&state, bytes + cut, size - cut);
    answer |= crypto_generichash_blake2b_final(&state, digest, wanted);
    tell("blake2b", round, answer, digest, wanted);
    answer = crypto_generichash_blake2b(digest, 32, bytes, size, NULL, 0);
    tell("blake2b at once", round, answer, digest, 32);
}

/* Sealed, opened again, and opened after one bit was turned. */
static void seal(unsigned round)
{
    uint8_t plain[BYTES_MAX], ad[40], key[32], nonce[12], sealed[BYTES_MAX + TAG], opened[BYTES_MAX];
    size_t size = fill(plain, chance() % BYTES_MAX), ad_size = fill(ad, chance() % sizeof ad);
    fill(key, sizeof key);
    fill(nonce, sizeof nonce);
    int answer = crypto_aead_chacha20poly1305_ietf_encrypt_detached(sealed, sealed + size, NULL, plain, size, ad,
                                                                    ad_size, NULL, nonce, key);
    tell("seal", round, answer, sealed, size + TAG);
    answer = crypto_aead_chacha20poly1305_ietf_decrypt_detached(opened, NULL, sealed, size, sealed + size, ad, ad_size,
                                                                nonce, key);
    tell("open", round, answer | sodium_memcmp(opened, plain, size), opened, size);
    sealed[chance() % (size + TAG)] ^= (uint8_t)(1 << chance() % 8);
    answer = crypto_aead_chacha20poly1305_ietf_decrypt_detached(opened, NULL, sealed, size, sealed + size, ad, ad_size,
                                                                nonce, key);
    tell("open what was turned", round, answer, opened, size);
}

/* The key of RFC 8032, 7.1, test 1: seed, then public key. */
static const uint8_t signer[64] = {
    0x9D, 0x61, 0xB1, 0x9D, 0xEF, 0xFD, 0x5A, 0x60, 0xBA, 0x84, 0x4A, 0xF4, 0x92, 0xEC, 0x2C, 0xC4,
    0x44, 0x49, 0xC5, 0x69, 0x7B, 0x32, 0x69, 0x19, 0x70, 0x3B, 0xAC, 0x03, 0x1C, 0xAE, 0x7F, 0x60,
    0xD7, 0x5A, 0x98, 0x01, 0x82, 0xB1, 0x0A, 0xB7, 0xD5, 0x4B, 0xFE, 0xD3, 0xC9, 0x64, 0x07, 0x3A,
    0x0E, 0xE1, 0x72, 0xF3, 0xDA, 0xA6, 0x23, 0x25, 0xAF, 0x02, 0x1A, 0x68, 0xF7, 0x07, 0x51, 0x1A,
};

static void sign(unsigned round)
{
    uint8_t bytes[BYTES_MAX], signature[64], key[32];
    size_t size = fill(bytes, chance() % BYTES_MAX);
    memcpy(key, signer + 32, sizeof key);
    int answer = crypto_sign_ed25519_detached(signature, NULL, bytes, size, signer);
    tell("sign", round, answer, signature, sizeof signature);
    tell("verify", round, crypto_sign_ed25519_verify_detached(signature, bytes, size, key), NULL, 0);
    uint8_t bit = (uint8_t)(1 << chance() % 8);
    if (round % 2 == 0)
        signature[chance() % sizeof signature] ^= bit;
    else
        key[chance() % sizeof key] ^= bit;
    tell("verify what was turned", round, crypto_sign_ed25519_verify_detached(signature, bytes, size, key), NULL, 0);
}

int main(void)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        agree(round);
        hash(round);
        seal(round);
        sign(round);
    }
    uint8_t secret[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    sodium_memzero(secret, 5);
    tell("zero", 0, 0, secret, sizeof secret);
    return 0;
}
