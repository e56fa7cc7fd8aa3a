/* keystore.c - keys as bytes, sealed and opened. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/programmer/keystore.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "core/bytes.h"
#include "core/crc.h"
#include "core/text.h"

static const char MAGIC[] = "CKEY";
enum {
    VERSION = 1,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    SEAL_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    BODY_BYTES_MAX = 2 + KEYSTORE_KEYS_MAX * KEYSTORE_RECORD_BYTES,
    FILE_BYTES_MAX = KEYSTORE_HEAD_BYTES + BODY_BYTES_MAX + SEAL_BYTES,
    /* A file that asks for more would hold a machine up: guess. */
    PASSES_MAX = 64,
    MEMORY_KIB_MAX = 1048576
};
_Static_assert((int)FILE_BYTES_MAX <= (int)KEYFILE_BYTES_MAX, "the largest store fits a file");
_Static_assert((int)KEYSTORE_SALT_BYTES == (int)crypto_pwhash_argon2id_SALTBYTES, "Argon2's salt");
_Static_assert((int)KEY_BYTES == (int)crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the cipher's key");

const struct keystore_cost KEYSTORE_COST = {
    .passes = crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
    .memory_kib = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE / 1024,
};

struct head {
    struct keystore_cost cost;
    uint8_t salt[KEYSTORE_SALT_BYTES], nonce[NONCE_BYTES];
    uint32_t size, crc;
};

const char *keystore_text(enum keystore_fault fault)
{
    switch (fault) {
    case KEYSTORE_OK:
        return "done";
    case KEYSTORE_MISSING:
        return "there is no such file";
    case KEYSTORE_BUSY:
        return "another process is using it";
    case KEYSTORE_DAMAGED:
        return "the file is damaged";
    case KEYSTORE_VERSION:
        return "the file was written by a later version";
    case KEYSTORE_PASSPHRASE:
        return "the passphrase is not the one it was sealed with";
    case KEYSTORE_FULL:
        return "it holds as many keys as it can";
    case KEYSTORE_IO:
        return strerror(errno);
    }
    return "unknown";
}

static void head_write(const struct head *head, uint8_t bytes[KEYSTORE_HEAD_BYTES])
{
    struct byte_writer writer = { .at = bytes, .left = KEYSTORE_HEAD_BYTES };
    byte_write_block(&writer, (const uint8_t *)MAGIC, 4);
    byte_write(&writer, VERSION, 2);
    byte_write(&writer, 0, 2);
    byte_write(&writer, head->cost.passes, 4);
    byte_write(&writer, head->cost.memory_kib, 4);
    byte_write_block(&writer, head->salt, sizeof head->salt);
    byte_write_block(&writer, head->nonce, sizeof head->nonce);
    byte_write(&writer, head->size, 4);
    byte_write(&writer, head->crc, 4);
    byte_write(&writer, 0, 4);
    byte_write(&writer, crc32_of(bytes, KEYSTORE_HEAD_BYTES - 4), 4);
}

/* Reads the head of a whole file. */
static enum keystore_fault head_read(const uint8_t *bytes, size_t size, struct head *head)
{
    struct byte_reader reader = { .at = bytes, .left = size };
    uint8_t magic[4];
    byte_read_block(&reader, magic, sizeof magic);
    uint64_t version = byte_read(&reader, 2), reserved = byte_read(&reader, 2);
    head->cost.passes = (uint32_t)byte_read(&reader, 4);
    head->cost.memory_kib = (uint32_t)byte_read(&reader, 4);
    byte_read_block(&reader, head->salt, sizeof head->salt);
    byte_read_block(&reader, head->nonce, sizeof head->nonce);
    head->size = (uint32_t)byte_read(&reader, 4);
    head->crc = (uint32_t)byte_read(&reader, 4);
    reserved |= byte_read(&reader, 4);
    uint32_t crc = (uint32_t)byte_read(&reader, 4);
    if (reader.bad || memcmp(magic, MAGIC, sizeof magic) != 0)
        return KEYSTORE_DAMAGED;
    if (version > VERSION) /* whose check words may stand elsewhere */
        return KEYSTORE_VERSION;
    bool sound = version == VERSION && reserved == 0 && crc == crc32_of(bytes, KEYSTORE_HEAD_BYTES - 4) &&
                 head->cost.passes >= 1 && head->cost.passes <= PASSES_MAX && head->cost.memory_kib >= 8 &&
                 head->cost.memory_kib <= MEMORY_KIB_MAX && head->size == reader.left &&
                 head->crc == crc32_of(reader.at, reader.left) && head->size >= SEAL_BYTES &&
                 head->size <= BODY_BYTES_MAX + SEAL_BYTES;
    return sound ? KEYSTORE_OK : KEYSTORE_DAMAGED;
}

static void key_write(struct byte_writer *writer, const struct key *key)
{
    byte_write_block(writer, key->pump_id, sizeof key->pump_id);
    byte_write(writer, key->slot, 1);
    byte_write(writer, key->role, 1);
    byte_write_block(writer, (const uint8_t *)key->label, sizeof key->label);
    byte_write_block(writer, key->secret, KEY_BYTES);
    byte_write_block(writer, key->pump_key, KEY_BYTES);
    byte_write_block(writer, key->gate_key, KEY_BYTES);
    byte_write(writer, key->counter, 8);
    byte_write(writer, key->command_id, 8);
    byte_write(writer, key->pending.id, 8);
    byte_write(writer, key->pending.kind, 1);
    byte_write(writer, key->last.id, 8);
    byte_write(writer, key->last.kind, 1);
    byte_write(writer, key->last.outcome, 1);
    byte_write(writer, key->last.reasons, 8);
    byte_write(writer, (uint64_t)key->last.at.ms, 8);
    byte_write(writer, (uint64_t)key->last.earliest.ms, 8);
    byte_write(writer, (uint64_t)key->last.detail, 8);
    byte_write(writer, key->last.head, 8);
}

static bool key_read(struct byte_reader *reader, struct key *key)
{
    byte_read_block(reader, key->pump_id, sizeof key->pump_id);
    key->slot = (uint8_t)byte_read(reader, 1);
    key->role = (uint8_t)byte_read(reader, 1);
    byte_read_block(reader, (uint8_t *)key->label, sizeof key->label);
    byte_read_block(reader, key->secret, KEY_BYTES);
    byte_read_block(reader, key->pump_key, KEY_BYTES);
    byte_read_block(reader, key->gate_key, KEY_BYTES);
    key->counter = byte_read(reader, 8);
    key->command_id = byte_read(reader, 8);
    key->pending.id = byte_read(reader, 8);
    key->pending.kind = (uint8_t)byte_read(reader, 1);
    key->last.id = byte_read(reader, 8);
    key->last.kind = (uint8_t)byte_read(reader, 1);
    key->last.outcome = (uint8_t)byte_read(reader, 1);
    key->last.reasons = byte_read(reader, 8);
    key->last.at.ms = (int64_t)byte_read(reader, 8);
    key->last.earliest.ms = (int64_t)byte_read(reader, 8);
    key->last.detail = (int64_t)byte_read(reader, 8);
    key->last.head = byte_read(reader, 8);
    return !reader->bad && key->slot <= PEER_SLOTS && key->role <= ROLE_SERVICE && text_valid(key->label, sizeof key->label);
}

static enum keystore_fault derive(const char *passphrase, size_t size, struct keystore *store)
{
    int failed = crypto_pwhash(store->box_key, KEY_BYTES, passphrase, size, store->salt, store->cost.passes,
                               (size_t)store->cost.memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13);
    if (failed != 0)
        errno = ENOMEM;
    return failed == 0 ? KEYSTORE_OK : KEYSTORE_IO;
}

static bool body_read(struct keystore *store, const uint8_t *body, size_t size)
{
    struct byte_reader reader = { .at = body, .left = size };
    uint64_t count = byte_read(&reader, 2);
    bool good = !reader.bad && count <= KEYSTORE_KEYS_MAX;
    for (store->count = 0; good && store->count < count; store->count++)
        good = key_read(&reader, &store->key[store->count]);
    return good && reader.left == 0;
}

/* Opens what stands behind the head of the file with the key at hand. */
static enum keystore_fault sealed_read(struct keystore *store, const uint8_t *bytes, const struct head *head)
{
    uint8_t body[BODY_BYTES_MAX];
    unsigned long long body_size = 0;
    enum keystore_fault fault = KEYSTORE_OK;
    int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(body, &body_size, NULL, bytes + KEYSTORE_HEAD_BYTES, head->size,
                                                            bytes, KEYSTORE_BOUND_BYTES, head->nonce, store->box_key);
    if (failed != 0)
        fault = KEYSTORE_PASSPHRASE; /* the check words are sound */
    else if (!body_read(store, body, (size_t)body_size))
        fault = KEYSTORE_DAMAGED;
    cipher_forget(body, sizeof body);
    return fault;
}

static enum keystore_fault unseal(struct keystore *store, const char *passphrase, size_t length, const uint8_t *bytes,
                                  size_t size)
{
    struct head head;
    enum keystore_fault fault = head_read(bytes, size, &head);
    if (fault != KEYSTORE_OK)
        return fault;
    store->cost = head.cost;
    memcpy(store->salt, head.salt, sizeof store->salt);
    fault = derive(passphrase, length, store);
    return fault == KEYSTORE_OK ? sealed_read(store, bytes, &head) : fault;
}

static enum keystore_fault begin(struct keystore *store, const char *passphrase, size_t size,
                                 const struct keystore_cost *create)
{
    if (create == NULL)
        return KEYSTORE_MISSING;
    store->cost = *create;
    randombytes_buf(store->salt, sizeof store->salt);
    return derive(passphrase, size, store);
}

enum keystore_fault keystore_open(struct keystore *store, const char *path, const char *passphrase, size_t size,
                                  const struct keystore_cost *create)
{
    uint8_t bytes[KEYFILE_BYTES_MAX + 1];
    size_t length = 0;
    memset(store, 0, sizeof *store);
    if (sodium_init() < 0) {
        errno = ENOSYS;
        return KEYSTORE_IO;
    }
    enum keyfile_fault held = keyfile_hold(&store->file, path);
    if (held != KEYFILE_OK)
        return held == KEYFILE_BUSY ? KEYSTORE_BUSY : KEYSTORE_IO;
    /* Keeps secrets out of swap and core files where the system allows it; where not, they are as safe as its memory. */
    (void)sodium_mlock(store, sizeof *store);
    enum keyfile_fault read = keyfile_read(&store->file, bytes, &length);
    enum keystore_fault fault = KEYSTORE_IO;
    if (read == KEYFILE_OK)
        fault = unseal(store, passphrase, size, bytes, length);
    else if (read == KEYFILE_NONE)
        fault = begin(store, passphrase, size, create);
    int why = errno;
    if (fault != KEYSTORE_OK)
        keystore_close(store);
    errno = why;
    return fault;
}

void keystore_leave(struct keystore *store)
{
    keyfile_release(&store->file);
}

/* What stands there now: the same file, so that the key made of the passphrase still fits. */
static enum keystore_fault read_again(struct keystore *store)
{
    uint8_t bytes[KEYFILE_BYTES_MAX + 1];
    size_t size = 0;
    struct head head;
    enum keyfile_fault read = keyfile_read(&store->file, bytes, &size);
    if (read != KEYFILE_OK)
        return read == KEYFILE_NONE ? KEYSTORE_MISSING : KEYSTORE_IO;
    enum keystore_fault fault = head_read(bytes, size, &head);
    return fault == KEYSTORE_OK ? sealed_read(store, bytes, &head) : fault;
}

enum keystore_fault keystore_take(struct keystore *store)
{
    enum keyfile_fault held = keyfile_hold_again(&store->file);
    if (held != KEYFILE_OK)
        return held == KEYFILE_BUSY ? KEYSTORE_BUSY : KEYSTORE_IO;
    enum keystore_fault fault = read_again(store);
    int why = errno;
    if (fault != KEYSTORE_OK)
        keystore_leave(store);
    errno = why;
    return fault;
}

/* Writes all keys, sealed anew under a fresh nonce. */
static enum keystore_fault store_write(const struct keystore *store)
{
    if (store->file.lock < 0)
        return KEYSTORE_BUSY; /* it is left to others, who may have raised a counter that stands here still */
    uint8_t bytes[FILE_BYTES_MAX], body[BODY_BYTES_MAX];
    struct byte_writer writer = { .at = body, .left = sizeof body };
    byte_write(&writer, store->count, 2);
    for (unsigned i = 0; i < store->count; i++)
        key_write(&writer, &store->key[i]);
    struct head head = { .cost = store->cost, .size = (uint32_t)(writer.written + SEAL_BYTES) };
    memcpy(head.salt, store->salt, sizeof head.salt);
    randombytes_buf(head.nonce, sizeof head.nonce);
    head_write(&head, bytes);
    uint8_t *sealed = bytes + KEYSTORE_HEAD_BYTES;
    unsigned long long size = 0;
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, &size, body, writer.written, bytes, KEYSTORE_BOUND_BYTES, NULL,
                                                     head.nonce, store->box_key);
    head.crc = crc32_of(sealed, (size_t)size); /* of what is sealed, which the head's first bytes are bound to */
    head_write(&head, bytes);
    cipher_forget(body, sizeof body);
    return keyfile_replace(&store->file, bytes, KEYSTORE_HEAD_BYTES + (size_t)size) == KEYFILE_OK ? KEYSTORE_OK : KEYSTORE_IO;
}

enum keystore_fault keystore_put(struct keystore *store, const struct key *key)
{
    unsigned at = 0;
    while (at < store->count && (memcmp(store->key[at].pump_id, key->pump_id, PUMP_ID_BYTES) != 0 ||
                                 store->key[at].role != key->role))
        at++;
    if (at == KEYSTORE_KEYS_MAX)
        return KEYSTORE_FULL;
    struct key before = store->key[at];
    unsigned count = store->count;
    store->key[at] = *key;
    store->count = at == count ? count + 1 : count;
    enum keystore_fault fault = store_write(store);
    if (fault != KEYSTORE_OK) {
        store->key[at] = before;
        store->count = count;
    }
    cipher_forget(&before, sizeof before);
    return fault;
}

enum keystore_fault keystore_drop(struct keystore *store, unsigned index)
{
    struct key dropped = store->key[index];
    store->count--;
    store->key[index] = store->key[store->count];
    store->key[store->count] = (struct key){ .slot = 0 };
    enum keystore_fault fault = store_write(store);
    if (fault != KEYSTORE_OK) {
        store->key[store->count] = store->key[index];
        store->key[index] = dropped;
        store->count++;
    }
    cipher_forget(&dropped, sizeof dropped);
    return fault;
}

void keystore_close(struct keystore *store)
{
    keyfile_release(&store->file);
    cipher_forget(store->box_key, sizeof store->box_key);
    cipher_forget(store->key, sizeof store->key);
    store->count = 0;
    (void)sodium_munlock(store, sizeof *store); /* zeroes it once more */
}
