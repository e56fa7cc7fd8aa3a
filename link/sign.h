/* sign.h - Ed25519 signatures (RFC 8032), a service linked in: libsodium behind it. The pump only ever verifies; whoever signs
 * (formulary, firmware) lives outside it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef LINK_SIGN_H
#define LINK_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIGN_KEY_BYTES = 32, SIGNATURE_BYTES = 64 };

/* Did the holder of this public key sign these bytes? */
bool sign_verify(const uint8_t key[SIGN_KEY_BYTES], const uint8_t *bytes, size_t size,
                 const uint8_t signature[SIGNATURE_BYTES]);

#endif
