/* signedtext.h - a text that a site has signed: two lines of head, then the content, each byte of it under the signature.
 *
 *     <what it is>
 *     signature <128 lower-case hexadecimal digits>
 *     <content, to the end of the file>
 *
 * The Ed25519 signature is over the BLAKE2b-256 hash of words that say what is signed (without a closing zero) and the
 * content, so that nothing of the content is even parsed before it holds, and nothing signed as one thing passes for another.
 * REQ-LIBR-02. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_SIGNEDTEXT_H
#define CLINIC_FORMULARY_SIGNEDTEXT_H

#include <stddef.h>

#include "clinic/formulary/sitekey.h"

/* A kind of signed text. */
struct signedtext {
    const char *head;  /* its first line, without the end of it */
    const char *about; /* what the hash begins with */
};

/* The bytes of the whole text, ended by a zero that is not counted, to be freed; null when memory has run out. The content is
 * `length` bytes. */
char *signedtext_write(const struct signedtext *kind, const struct sitekey *key, const char *content, size_t length,
                       size_t *size);
/* Where the content begins in a text that is whole and signed by this key; null when it is not. It reaches to the end. */
const char *signedtext_content(const struct signedtext *kind, const char *text, size_t size,
                               const uint8_t key[SIGN_KEY_BYTES]);

#endif
