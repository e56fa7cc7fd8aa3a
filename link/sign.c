// SPDX-License-Identifier: Apache-2.0
#include "link/sign.h"

#include <sodium/crypto_sign_ed25519.h>

bool sign_verify(const uint8_t key[SIGN_KEY_BYTES], const uint8_t *bytes, size_t size,
                 const uint8_t signature[SIGNATURE_BYTES])
{
    return crypto_sign_ed25519_verify_detached(signature, bytes, size, key) == 0;
}
