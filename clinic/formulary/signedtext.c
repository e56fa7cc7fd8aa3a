/* signedtext.c - a text that a site has signed. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/formulary/signedtext.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const char BETWEEN[] = "\nsignature ";
enum { BETWEEN_BYTES = sizeof BETWEEN - 1, SIGNATURE_DIGITS = 2 * SIGNATURE_BYTES };

/* Where the digits of the signature stand; behind them the end of the line, and then the content. */
static size_t digits_at(const struct signedtext *kind)
{
    return strlen(kind->head) + BETWEEN_BYTES;
}

static void content_hash(const struct signedtext *kind, const char *content, size_t length, uint8_t hash[HASH_BYTES])
{
    struct hash_state state;
    hash_begin(&state);
    hash_add(&state, (const uint8_t *)kind->about, strlen(kind->about));
    hash_add(&state, (const uint8_t *)content, length);
    hash_end(&state, hash);
}

char *signedtext_write(const struct signedtext *kind, const struct sitekey *key, const char *content, size_t length,
                       size_t *size)
{
    uint8_t hash[HASH_BYTES], signature[SIGNATURE_BYTES];
    const size_t digits = digits_at(kind), begin = digits + SIGNATURE_DIGITS + 1;
    char *text = malloc(begin + length + 1);
    if (text == NULL)
        return NULL;
    memcpy(text, kind->head, strlen(kind->head));
    memcpy(text + strlen(kind->head), BETWEEN, BETWEEN_BYTES);
    content_hash(kind, content, length, hash);
    sitekey_sign(key, hash, signature);
    (void)sodium_bin2hex(text + digits, SIGNATURE_DIGITS + 1, signature, SIGNATURE_BYTES);
    text[begin - 1] = '\n';
    memcpy(text + begin, content, length);
    text[begin + length] = '\0';
    *size = begin + length;
    return text;
}

const char *signedtext_content(const struct signedtext *kind, const char *text, size_t size,
                               const uint8_t key[SIGN_KEY_BYTES])
{
    uint8_t hash[HASH_BYTES], signature[SIGNATURE_BYTES];
    const size_t digits = digits_at(kind), begin = digits + SIGNATURE_DIGITS + 1;
    if (size <= begin || memcmp(text, kind->head, strlen(kind->head)) != 0 ||
        memcmp(text + strlen(kind->head), BETWEEN, BETWEEN_BYTES) != 0 || text[begin - 1] != '\n')
        return NULL;
    /* One way to write a signature: capital digits are refused, which libsodium would take too. */
    for (unsigned i = 0; i < SIGNATURE_DIGITS; i++)
        if (text[digits + i] == '\0' || strchr("0123456789abcdef", text[digits + i]) == NULL)
            return NULL;
    if (sodium_hex2bin(signature, sizeof signature, text + digits, SIGNATURE_DIGITS, NULL, NULL, NULL) != 0)
        return NULL;
    content_hash(kind, text + begin, size - begin, hash);
    return sign_verify(key, hash, sizeof hash, signature) ? text + begin : NULL;
}
