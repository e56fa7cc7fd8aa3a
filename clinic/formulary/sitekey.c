/* sitekey.c - the key a site signs with. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "clinic/formulary/sitekey.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clinic/programmer/keyfile.h"

enum { OWNER_ONLY = 0600, EVERYBODY_READS = 0644, PATH_BYTES = 1024, FILE_BYTES = 128 };
static const char HEAD[] = "cisterna formulary key 1\n";

_Static_assert((int)SITEKEY_SECRET_BYTES == (int)crypto_sign_SECRETKEYBYTES, "libsodium's secret key");
_Static_assert((int)SITEKEY_SEED_BYTES == (int)crypto_sign_SEEDBYTES, "libsodium's seed");

void sitekey_from_seed(const uint8_t seed[SITEKEY_SEED_BYTES], struct sitekey *key)
{
    (void)crypto_sign_seed_keypair(key->public_key, key->secret, seed);
}

void sitekey_forget(struct sitekey *key)
{
    sodium_memzero(key, sizeof *key);
}

void sitekey_hex(const uint8_t key[SIGN_KEY_BYTES], char text[SITEKEY_HEX_BYTES])
{
    (void)sodium_bin2hex(text, SITEKEY_HEX_BYTES, key, SIGN_KEY_BYTES);
}

void sitekey_sign(const struct sitekey *key, const uint8_t hash[HASH_BYTES], uint8_t signature[SIGNATURE_BYTES])
{
    (void)crypto_sign_detached(signature, NULL, hash, HASH_BYTES, key->secret);
}

static enum formulary_fault failed(FILE *messages, const char *what, const char *path)
{
    fprintf(messages, "formulary: %s %s: %s%s\n", what, path, strerror(errno),
            errno == EEXIST ? "; move it away, or choose another name" : "");
    return FORMULARY_FAILED;
}

/* A new file, whole or not at all; what is there already stays. */
static enum formulary_fault file_write(const char *path, mode_t mode, const char *text, FILE *messages)
{
    if (keyfile_make(path, mode, (const uint8_t *)text, strlen(text)))
        return FORMULARY_OK;
    return failed(messages, "cannot make", path);
}

/* The file as a text of at most FILE_BYTES - 1; `secret`: nobody but its owner may be able to read it. */
static enum formulary_fault file_read(const char *path, bool secret, char text[FILE_BYTES], FILE *messages)
{
    struct stat status;
    int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return failed(messages, "cannot read", path);
    if (secret && (fstat(from, &status) != 0 || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)) {
        (void)close(from);
        fprintf(messages, "formulary: others than its owner may use the key %s: chmod 600 it, or make a new one\n", path);
        return FORMULARY_REFUSED;
    }
    ssize_t size = read(from, text, FILE_BYTES - 1);
    (void)close(from);
    if (size < 0)
        return failed(messages, "cannot read", path);
    text[size] = '\0';
    return FORMULARY_OK;
}

/* 64 lower-case digits and the end of the line, and nothing after it. */
static bool line_read(const char *text, uint8_t bytes[32])
{
    return strspn(text, "0123456789abcdef") == 64 && strcmp(text + 64, "\n") == 0 &&
           sodium_hex2bin(bytes, 32, text, 64, NULL, NULL, NULL) == 0;
}

enum formulary_fault sitekey_make(const char *path, struct sitekey *key, FILE *messages)
{
    uint8_t seed[SITEKEY_SEED_BYTES];
    char hex[SITEKEY_HEX_BYTES], text[FILE_BYTES], public_path[PATH_BYTES];
    if (sodium_init() < 0) {
        fprintf(messages, "formulary: the system gives no random bytes\n");
        return FORMULARY_FAILED;
    }
    if ((size_t)snprintf(public_path, sizeof public_path, "%s.pub", path) >= sizeof public_path) {
        errno = ENAMETOOLONG;
        return failed(messages, "cannot make", path);
    }
    if (access(path, F_OK) == 0) {
        errno = EEXIST;
        return failed(messages, "cannot make", path);
    }
    randombytes_buf(seed, sizeof seed);
    sitekey_from_seed(seed, key);
    sitekey_hex(key->public_key, hex);
    snprintf(text, sizeof text, "%s\n", hex);
    /* The public half first: at no moment is there a private one without it. */
    enum formulary_fault fault = file_write(public_path, EVERYBODY_READS, text, messages);
    if (fault == FORMULARY_OK) {
        sitekey_hex(seed, hex);
        snprintf(text, sizeof text, "%s%s\n", HEAD, hex);
        fault = file_write(path, OWNER_ONLY, text, messages);
        if (fault != FORMULARY_OK)
            (void)unlink(public_path); /* half a key is none */
    }
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(text, sizeof text);
    sodium_memzero(hex, sizeof hex);
    return fault;
}

enum formulary_fault sitekey_read(const char *path, struct sitekey *key, FILE *messages)
{
    char text[FILE_BYTES];
    uint8_t seed[SITEKEY_SEED_BYTES];
    enum formulary_fault fault = file_read(path, true, text, messages);
    if (fault != FORMULARY_OK)
        return fault;
    if (strncmp(text, HEAD, sizeof HEAD - 1) != 0 || !line_read(text + sizeof HEAD - 1, seed)) {
        fprintf(messages, "formulary: %s is no key of a site: cisterna formulary key makes one\n", path);
        fault = FORMULARY_MALFORMED;
    } else {
        sitekey_from_seed(seed, key);
    }
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(text, sizeof text);
    return fault;
}

enum formulary_fault sitekey_read_public(const char *path, uint8_t key[SIGN_KEY_BYTES], FILE *messages)
{
    char text[FILE_BYTES];
    enum formulary_fault fault = file_read(path, false, text, messages);
    if (fault != FORMULARY_OK || line_read(text, key))
        return fault;
    fprintf(messages, "formulary: %s is no public key: one line of 64 lower-case hexadecimal digits\n", path);
    return FORMULARY_MALFORMED;
}
