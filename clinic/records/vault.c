/* vault.c - wrapping keys, sealing and opening boxes: libsodium's ciphers. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/vault.h"

#include <sodium.h>
#include <string.h>

#include "core/bytes.h"
#include "core/text.h"
#include "link/cipher.h"
#include "link/hash.h"

enum {
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    WORD_BYTES_MAX = 15,
    BOUND_BYTES = 16 + VAULT_NAME_BYTES + 32
};
_Static_assert((int)VAULT_KEY_BYTES == (int)crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the cipher's key");
_Static_assert((int)VAULT_EXTRA_BYTES == NONCE_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES, "nonce and tag");
_Static_assert((int)VAULT_SALT_BYTES == (int)crypto_pwhash_argon2id_SALTBYTES, "Argon2's salt");
_Static_assert((int)VAULT_KEY_BYTES == (int)HASH_BYTES && (int)VAULT_MARK_BYTES == (int)HASH_BYTES, "keys hash");

const struct vault_cost VAULT_COST = { .passes = crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
                                       .memory_kib = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE / 1024 };
const struct vault_cost VAULT_COST_LEAST = { .passes = crypto_pwhash_argon2id_OPSLIMIT_MIN,
                                             .memory_kib = crypto_pwhash_argon2id_MEMLIMIT_MIN / 1024 };

bool vault_ready(void)
{
    return sodium_init() >= 0;
}

void vault_make(struct vault *vault)
{
    randombytes_buf(vault->data_key, sizeof vault->data_key);
    randombytes_buf(vault->audit_key, sizeof vault->audit_key);
    randombytes_buf(vault->name, sizeof vault->name);
    vault->audits = vault->opens = true;
}

void vault_close(struct vault *vault)
{
    cipher_forget(vault->data_key, sizeof vault->data_key);
    cipher_forget(vault->audit_key, sizeof vault->audit_key);
    vault->audits = vault->opens = false;
}

/* word, padded with zeros to 16 | name of the records 16 | four numbers of 8 */
static void place_write(const struct vault *vault, const struct vault_place *place, uint8_t bound[BOUND_BYTES])
{
    struct byte_writer writer = { .at = bound, .left = BOUND_BYTES };
    uint8_t word[WORD_BYTES_MAX + 1] = { 0 };
    memcpy(word, place->word, text_length(place->word, WORD_BYTES_MAX));
    byte_write_block(&writer, word, sizeof word);
    byte_write_block(&writer, vault->name, sizeof vault->name);
    for (unsigned i = 0; i < 4; i++)
        byte_write(&writer, (uint64_t)place->number[i], 8);
}

void vault_seal(const struct vault *vault, const uint8_t key[VAULT_KEY_BYTES], const struct vault_place *place,
                const void *text, size_t size, uint8_t *box)
{
    uint8_t bound[BOUND_BYTES];
    place_write(vault, place, bound);
    randombytes_buf(box, NONCE_BYTES);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE_BYTES, NULL, text, size, bound, sizeof bound, NULL, box,
                                                     key);
}

bool vault_open(const struct vault *vault, const uint8_t key[VAULT_KEY_BYTES], const struct vault_place *place,
                const uint8_t *box, size_t size, void *text)
{
    uint8_t bound[BOUND_BYTES];
    if (size < VAULT_EXTRA_BYTES)
        return false;
    place_write(vault, place, bound);
    return crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL, box + NONCE_BYTES, size - NONCE_BYTES, bound,
                                                      sizeof bound, box, key) == 0;
}

static bool derive(const void *password, size_t size, const struct vault_cost *cost, const uint8_t salt[VAULT_SALT_BYTES],
                   uint8_t key[VAULT_KEY_BYTES])
{
    return crypto_pwhash(key, VAULT_KEY_BYTES, password, size, salt, cost->passes, (size_t)cost->memory_kib * 1024,
                         crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool vault_wrap(const struct vault *vault, const void *password, size_t size, const struct vault_cost *cost, int64_t user,
                int64_t role, bool opens, uint8_t salt[VAULT_SALT_BYTES], uint8_t box[VAULT_WRAP_BYTES])
{
    uint8_t key[VAULT_KEY_BYTES], both[2 * VAULT_KEY_BYTES] = { 0 };
    const struct vault_place place = { "wrap", { user, role, opens, 0 } };
    randombytes_buf(salt, VAULT_SALT_BYTES);
    if (!derive(password, size, cost, salt, key))
        return false;
    if (opens)
        memcpy(both, vault->data_key, VAULT_KEY_BYTES);
    memcpy(both + VAULT_KEY_BYTES, vault->audit_key, VAULT_KEY_BYTES);
    vault_seal(vault, key, &place, both, sizeof both, box);
    cipher_forget(both, sizeof both);
    cipher_forget(key, sizeof key);
    return true;
}

enum vault_fault vault_unwrap(struct vault *vault, const void *password, size_t size, const struct vault_cost *cost,
                              int64_t user, int64_t role, const uint8_t salt[VAULT_SALT_BYTES],
                              const uint8_t box[VAULT_WRAP_BYTES])
{
    uint8_t key[VAULT_KEY_BYTES], both[2 * VAULT_KEY_BYTES];
    struct vault_place place = { "wrap", { user, role, 0, 0 } };
    bool good = false;
    if (!derive(password, size, cost, salt, key))
        return VAULT_MEMORY;
    for (int opens = 0; opens <= 1 && !good; opens++) {
        place.number[2] = opens;
        good = vault_open(vault, key, &place, box, VAULT_WRAP_BYTES, both);
    }
    if (good) {
        memcpy(vault->data_key, both, VAULT_KEY_BYTES);
        memcpy(vault->audit_key, both + VAULT_KEY_BYTES, VAULT_KEY_BYTES);
        vault->audits = true;
        vault->opens = place.number[2] == 1;
    }
    cipher_forget(both, sizeof both);
    cipher_forget(key, sizeof key);
    return good ? VAULT_OK : VAULT_PASSWORD;
}

void vault_mark(const struct vault *vault, const void *text, size_t size, uint8_t mark[VAULT_MARK_BYTES])
{
    static const uint8_t WORD[] = "mark of an identifier";
    uint8_t key[HASH_BYTES];
    hash_keyed(vault->data_key, WORD, sizeof WORD - 1, key, sizeof key);
    hash_keyed(key, text, size, mark, VAULT_MARK_BYTES);
    cipher_forget(key, sizeof key);
}
