/* sitekey.h - the key a site signs its formulary and its pumps' limits with: Ed25519. The private half is a file for its owner
 * alone, the public half a line of hexadecimal digits that `cisterna pump --formulary-key` takes too. REQ-LIBR-02, HZ-42. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_SITEKEY_H
#define CLINIC_FORMULARY_SITEKEY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "clinic/formulary/fault.h"
#include "link/hash.h"
#include "link/sign.h"

enum { SITEKEY_SECRET_BYTES = 64, SITEKEY_SEED_BYTES = 32, SITEKEY_HEX_BYTES = 2 * SIGN_KEY_BYTES + 1 };

struct sitekey {
    uint8_t public_key[SIGN_KEY_BYTES];
    uint8_t secret[SITEKEY_SECRET_BYTES];
};

/* The key that follows from a seed. */
void sitekey_from_seed(const uint8_t seed[SITEKEY_SEED_BYTES], struct sitekey *key);
/* Draws a new one and writes it to `path` (mode 0600) and `path`.pub. A file that is there already stays and is an error.
 * Killed at any moment it leaves both whole, the public half alone, or none. */
enum formulary_fault sitekey_make(const char *path, struct sitekey *key, FILE *messages);
/* Reads the private half; a file that others could read too is refused. */
enum formulary_fault sitekey_read(const char *path, struct sitekey *key, FILE *messages);
/* Reads the public half. */
enum formulary_fault sitekey_read_public(const char *path, uint8_t key[SIGN_KEY_BYTES], FILE *messages);
void sitekey_hex(const uint8_t key[SIGN_KEY_BYTES], char text[SITEKEY_HEX_BYTES]);
void sitekey_forget(struct sitekey *key);

/* Signs a hash: all that a site signs is a hash that begins with what it is about, so that nothing passes for something else. */
void sitekey_sign(const struct sitekey *key, const uint8_t hash[HASH_BYTES], uint8_t signature[SIGNATURE_BYTES]);

#endif
