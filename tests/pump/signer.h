/* signer.h - who signs images, for tests: headers written byte by byte from pump/SPEC.md, hashed and signed by libsodium itself
 * and not by what the pump uses of it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_PUMP_SIGNER_H
#define TESTS_PUMP_SIGNER_H

#include <sodium.h>
#include <string.h>

#include "core/command.h"

struct signer {
    uint8_t key[crypto_sign_PUBLICKEYBYTES]; /* what the factory writes into a pump */
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
};

/* An image that was built: its header, signature and content. */
struct build {
    uint32_t size;
    uint8_t header[IMAGE_HEADER_BYTES], signature[COMMAND_SIGNATURE_BYTES];
    uint8_t content[IMAGE_BYTES_MAX];
};

static inline struct signer signer_make(uint8_t name)
{
    struct signer signer;
    uint8_t seed[crypto_sign_SEEDBYTES];
    memset(seed, name, sizeof seed);
    crypto_sign_seed_keypair(signer.key, signer.secret, seed);
    return signer;
}

/* Signs the header as it is. */
static inline void signer_sign(const struct signer *signer, struct build *build)
{
    crypto_sign_detached(build->signature, NULL, build->header, sizeof build->header, signer->secret);
}

static inline void signer_number(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* Content that follows from version and size, some words of it all FF, with its header, signed. */
static inline void signer_build(const struct signer *signer, struct build *build, uint8_t model, uint32_t version, uint32_t size)
{
    memset(build, 0, sizeof *build);
    build->size = size;
    for (uint32_t i = 0; i < size; i++)
        build->content[i] = i / 8 % 5 == 4 ? 0xFF : (uint8_t)(i * 31 + i / 251 + version * 7);
    memcpy(build->header, "CIMG", 4);
    build->header[4] = 1;
    build->header[5] = model;
    signer_number(build->header + 8, version);
    signer_number(build->header + 12, size);
    crypto_generichash(build->header + 16, 32, build->content, size, NULL, 0);
    signer_sign(signer, build);
}

#endif
