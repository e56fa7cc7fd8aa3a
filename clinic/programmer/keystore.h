/* keystore.h - the keys of a programmer on disk, sealed under a passphrase, one process at a time. HZ-28, REQ-SECU-11.
 *
 * The file, version 1, little-endian: a head of 72 bytes and a sealed body.
 *
 *   0 "CKEY" | 4 u16 version 1 | 6 u16 zero | 8 u32 passes | 12 u32 memory, KiB | 16 salt 16 | 32 nonce 24 | 56 u32 size of the
 *   body with its tag | 60 u32 CRC-32 of the body | 64 u32 zero | 68 u32 CRC-32 of the 68 bytes before
 *
 * The body is sealed with XChaCha20-Poly1305, the head's first 60 bytes as associated data, under a key that Argon2id makes of
 * the passphrase with these passes, memory and salt. It holds u16 count and so many keys: pump id 16, slot 1, role 1, label 16,
 * secret 32, pump's key 32, gate key 32, u64 counter, u64 command id, u64 pending id, pending kind 1, and of the last command
 * whose outcome became known: u64 id, kind 1, outcome 1, u64 reasons, u64 at, earliest, detail, head. The check words are no
 * protection; they tell a damaged file from a wrong passphrase. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PROGRAMMER_KEYSTORE_H
#define CLINIC_PROGRAMMER_KEYSTORE_H

#include "clinic/programmer/key.h"
#include "clinic/programmer/keyfile.h"

enum { KEYSTORE_KEYS_MAX = 256, KEYSTORE_HEAD_BYTES = 72, KEYSTORE_BOUND_BYTES = 60, KEYSTORE_SALT_BYTES = 16,
       KEYSTORE_RECORD_BYTES = 205 }; /* of one key */

enum keystore_fault {
    KEYSTORE_OK = 0,
    KEYSTORE_MISSING,    /* there is no such file */
    KEYSTORE_BUSY,       /* another process uses it: a counter must not be used twice */
    KEYSTORE_DAMAGED,
    KEYSTORE_VERSION,    /* written by a later version */
    KEYSTORE_PASSPHRASE, /* the passphrase is not the one it was sealed with */
    KEYSTORE_FULL,
    KEYSTORE_IO          /* errno tells */
};

/* What a passphrase costs who tries it: Argon2id. */
struct keystore_cost {
    uint32_t passes, memory_kib;
};
/* libsodium's interactive limits. */
extern const struct keystore_cost KEYSTORE_COST;

struct keystore {
    struct keyfile file;
    struct keystore_cost cost;
    uint8_t salt[KEYSTORE_SALT_BYTES];
    uint8_t box_key[KEY_BYTES]; /* made of the passphrase once: sealing again needs no new work */
    unsigned count;
    struct key key[KEYSTORE_KEYS_MAX];
};

/* Opens it and holds it until it is closed. With `create` a missing file is an empty store of that cost, written at the first
 * keystore_put(); without it KEYSTORE_MISSING. Close it only after KEYSTORE_OK. */
enum keystore_fault keystore_open(struct keystore *store, const char *path, const char *passphrase, size_t size,
                                  const struct keystore_cost *create);
/* Puts a key in the place of the one for the same pump and role, or behind the others, and writes all to the disk before it
 * returns. On failure the store is as before; KEYSTORE_BUSY while it is left to others. */
enum keystore_fault keystore_put(struct keystore *store, const struct key *key);
/* Takes the key at this position out, in the same way. */
enum keystore_fault keystore_drop(struct keystore *store, unsigned index);
/* Lets go of the file while a person is asked, so that nobody else has to wait for the answer. Nothing can be put or dropped
 * until keystore_take() has taken hold of it again and read what others have kept there since; KEYSTORE_PASSPHRASE when it was
 * sealed anew with another. After any failure it is still left, and can be taken again or closed. */
void keystore_leave(struct keystore *store);
enum keystore_fault keystore_take(struct keystore *store);
/* Zeroes what it held, and lets go of the file. */
void keystore_close(struct keystore *store);
/* Words for a fault; never null. */
const char *keystore_text(enum keystore_fault fault);

#endif
