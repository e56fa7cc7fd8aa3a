/* vault.h - the keys of the records, and what is sealed with them. REQ-SECU-11.
 *
 * Two keys are made when records are founded: the *data key*, under which each patient's own key is sealed, and the *audit
 * key* of all hashes. They stand in the database only wrapped: under a key that Argon2id makes of a user's password, or of
 * what a key file holds. An auditor's wrap holds the audit key alone.
 *
 * A box is nonce 24 | XChaCha20-Poly1305 of the text | tag 16. What it is and where it belongs is bound to it as associated
 * data, so that a box put in another's place does not open. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_VAULT_H
#define CLINIC_RECORDS_VAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    VAULT_KEY_BYTES = 32,
    VAULT_SALT_BYTES = 16,
    VAULT_NAME_BYTES = 16,
    VAULT_MARK_BYTES = 32,
    VAULT_EXTRA_BYTES = 40, /* of a box, beyond its text */
    VAULT_WRAP_BYTES = 2 * VAULT_KEY_BYTES + VAULT_EXTRA_BYTES,
    VAULT_PASSWORD_BYTES_MIN = 10, /* guess */
    VAULT_PASSES_MAX = 64, /* what asks for more would hold a machine up: guesses */
    VAULT_MEMORY_KIB_MAX = 1048576,
    VAULT_PASSWORD_BYTES_MAX = 1024
};

/* What a password costs who tries it: Argon2id. */
struct vault_cost {
    uint32_t passes, memory_kib;
};
/* libsodium's interactive limits; and the least there is, for key files, which hold 32 bytes of chance. */
extern const struct vault_cost VAULT_COST, VAULT_COST_LEAST;

struct vault {
    bool audits; /* the audit key is there, */
    bool opens;  /* and the data key too */
    uint8_t data_key[VAULT_KEY_BYTES], audit_key[VAULT_KEY_BYTES];
    uint8_t name[VAULT_NAME_BYTES]; /* of the records: chance, made with the keys; no secret */
};

/* What a box belongs to: a word that parts its kind from all others, and up to four numbers. */
struct vault_place {
    const char *word;
    int64_t number[4];
};

/* Call once before anything else here; false when the machine gives no chance. */
bool vault_ready(void);
/* New keys and a new name. */
void vault_make(struct vault *vault);
/* Zeroes the keys. */
void vault_close(struct vault *vault);

/* Seals `size` bytes into `box`, VAULT_EXTRA_BYTES longer. */
void vault_seal(const struct vault *vault, const uint8_t key[VAULT_KEY_BYTES], const struct vault_place *place,
                const void *text, size_t size, uint8_t *box);
/* Opens a box of `size` bytes into `text`, VAULT_EXTRA_BYTES shorter; false, and nothing written, when it is not this key's
 * box of this place. */
bool vault_open(const struct vault *vault, const uint8_t key[VAULT_KEY_BYTES], const struct vault_place *place,
                const uint8_t *box, size_t size, void *text);

/* The keys under a password: both, or the audit key alone where `opens` is false. Who holds the wrap (user and role; zeros
 * for the key file) is bound to it. False when there is no memory for Argon2id. */
bool vault_wrap(const struct vault *vault, const void *password, size_t size, const struct vault_cost *cost, int64_t user,
                int64_t role, bool opens, uint8_t salt[VAULT_SALT_BYTES], uint8_t box[VAULT_WRAP_BYTES]);
enum vault_fault { VAULT_OK, VAULT_PASSWORD, VAULT_MEMORY };
/* Opens such a wrap; vault->name must be set. VAULT_PASSWORD: not this password, or another's wrap. */
enum vault_fault vault_unwrap(struct vault *vault, const void *password, size_t size, const struct vault_cost *cost,
                              int64_t user, int64_t role, const uint8_t salt[VAULT_SALT_BYTES],
                              const uint8_t box[VAULT_WRAP_BYTES]);

/* A keyed mark of an identifier: the same text has the same mark, and only who has the data key can make one. */
void vault_mark(const struct vault *vault, const void *text, size_t size, uint8_t mark[VAULT_MARK_BYTES]);

#endif
