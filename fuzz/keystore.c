/* keystore.c - the file with a programmer's keys, as somebody else may have left it: any bytes; a head with any members and sound
 * check words; any contents, truly sealed. What opens is written and opened again and is the same; what does not leaves no key
 * behind; with one bit turned over, or another passphrase, nothing opens. REQ-SECU-11, REQ-SECU-13. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* mkdtemp() */
#include "fuzz/fuzz.h"

#include <sodium.h>
#include <unistd.h>

#include "clinic/programmer/keystore.h"
#include "core/bytes.h"
#include "core/crc.h"
#include "core/text.h"
#include "fuzz/tape.h"

/* The least that Argon2id takes, and the most that an input may ask of the machine. */
enum { PASSES = 1, MEMORY_KIB = 8, PASSES_MOST = 3, MEMORY_KIB_MOST = 64 };
enum { NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, SEAL_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES };
/* Keys in the longest file, a few more than there may be. */
enum { KEYS = KEYSTORE_KEYS_MAX + 8, BODY_BYTES = 2 + KEYS * KEYSTORE_RECORD_BYTES,
       FILE_BYTES = KEYSTORE_HEAD_BYTES + BODY_BYTES + SEAL_BYTES };
/* What an input asks for, in its first byte. */
enum { SEALED = 1, HEAD_CHOSEN = 2, WRITTEN_AGAIN = 4, BIT_TURNED = 8, OTHER_PASSPHRASE = 16, REPEATED = 32 };

static const char PASSPHRASE[] = "somebody's own", OTHER[] = "somebody else's";
static char folder[] = P_tmpdir "/cisterna-fuzz-XXXXXX", path[64], lock[64];

static void tidy_up(void)
{
    (void)unlink(path);
    (void)unlink(lock);
    (void)rmdir(folder);
}

static void file_write(const uint8_t *bytes, size_t size)
{
    if (path[0] == '\0') {
        MUST(sodium_init() >= 0 && mkdtemp(folder) != NULL);
        snprintf(path, sizeof path, "%s/keys", folder);
        snprintf(lock, sizeof lock, "%s/keys.lock", folder);
        MUST(atexit(tidy_up) == 0);
    }
    FILE *file = fopen(path, "wb");
    MUST(file != NULL && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

struct head {
    uint16_t version, reserved;
    uint32_t passes, memory_kib;
    uint32_t more, last; /* what the size told has too much; the reserved word behind the CRC */
};

static struct head head_choose(struct tape *tape)
{
    static const uint32_t memories[] = { MEMORY_KIB, MEMORY_KIB_MOST, 0, 7, 1048577, UINT32_MAX };
    static const uint32_t passes[] = { PASSES, PASSES_MOST, 0, 65, UINT32_MAX };
    uint8_t which = tape_byte(tape);
    struct head head = { .version = (uint16_t)tape_number(tape, 2), .reserved = tape_byte(tape) };
    head.passes = passes[which % 5];
    head.memory_kib = memories[(which >> 4) % 6];
    head.more = tape_byte(tape);
    head.last = tape_byte(tape);
    return head;
}

/* A whole file with these contents, sealed as keystore.h says. */
static size_t file_make(const struct head *head, const uint8_t *body, size_t size, uint8_t bytes[FILE_BYTES])
{
    uint8_t key[KEY_BYTES], salt[KEYSTORE_SALT_BYTES] = "salt of a fuzzer", nonce[NONCE_BYTES] = { 1 };
    uint8_t *sealed = bytes + KEYSTORE_HEAD_BYTES;
    unsigned long long length = 0;
    struct byte_writer writer = { .at = bytes, .left = KEYSTORE_HEAD_BYTES };
    bool cheap = head->passes >= 1 && head->passes <= PASSES_MOST && head->memory_kib >= MEMORY_KIB &&
                 head->memory_kib <= MEMORY_KIB_MOST;
    byte_write_block(&writer, (const uint8_t *)"CKEY", 4);
    byte_write(&writer, head->version, 2);
    byte_write(&writer, head->reserved, 2);
    byte_write(&writer, head->passes, 4);
    byte_write(&writer, head->memory_kib, 4);
    byte_write_block(&writer, salt, sizeof salt);
    byte_write_block(&writer, nonce, sizeof nonce);
    byte_write(&writer, size + SEAL_BYTES + head->more, 4);
    MUST(crypto_pwhash(key, sizeof key, PASSPHRASE, sizeof PASSPHRASE - 1, salt, cheap ? head->passes : PASSES,
                       (size_t)(cheap ? head->memory_kib : MEMORY_KIB) * 1024, crypto_pwhash_ALG_ARGON2ID13) == 0);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, &length, body, size, bytes, KEYSTORE_BOUND_BYTES, NULL, nonce, key);
    byte_write(&writer, crc32_of(sealed, (size_t)length), 4);
    byte_write(&writer, head->last, 4);
    byte_write(&writer, crc32_of(bytes, KEYSTORE_HEAD_BYTES - 4), 4);
    return KEYSTORE_HEAD_BYTES + (size_t)length;
}

/* The first key once more and again, as often as the count in front says: no input is long enough for that by itself. */
static size_t repeat(uint8_t body[BODY_BYTES])
{
    size_t keys = (body[0] | (size_t)body[1] << 8) % (KEYS + 1);
    for (size_t i = 1; i < keys; i++)
        memcpy(body + 2 + i * KEYSTORE_RECORD_BYTES, body + 2, KEYSTORE_RECORD_BYTES);
    return 2 + keys * KEYSTORE_RECORD_BYTES;
}

/* By keystore.h: a count, and so many keys whose slot, role and label are some. */
static bool is_sound(const uint8_t *body, size_t size)
{
    size_t keys = size < 2 ? 0 : body[0] | (size_t)body[1] << 8;
    bool sound = size >= 2 && keys <= KEYSTORE_KEYS_MAX && size == 2 + keys * KEYSTORE_RECORD_BYTES;
    for (size_t i = 0; sound && i < keys; i++) {
        const uint8_t *key = body + 2 + i * KEYSTORE_RECORD_BYTES + PUMP_ID_BYTES;
        sound = key[0] <= PEER_SLOTS && key[1] <= ROLE_SERVICE && text_valid((const char *)key + 2, 16);
    }
    return sound;
}

/* An input's own bytes may ask for minutes of work: they are not let. */
static bool is_dear(const uint8_t *bytes, size_t size)
{
    struct byte_reader reader = { .at = bytes + 8, .left = size >= 16 ? 8 : 0 };
    uint64_t passes = byte_read(&reader, 4), memory_kib = byte_read(&reader, 4);
    return passes > PASSES_MOST || memory_kib > MEMORY_KIB_MOST;
}

static enum keystore_fault store_open(struct keystore *store, const char *passphrase)
{
    enum keystore_fault fault = keystore_open(store, path, passphrase, strlen(passphrase), NULL);
    if (fault != KEYSTORE_OK)
        MUST(store->count == 0 && fuzz_zero(store->key, sizeof store->key) && fuzz_zero(store->box_key, KEY_BYTES));
    return fault;
}

static void keys_are_sound(const struct keystore *store)
{
    MUST(store->count <= KEYSTORE_KEYS_MAX);
    for (unsigned i = 0; i < store->count; i++) {
        const struct key *key = &store->key[i];
        MUST(key->slot <= PEER_SLOTS && key->role <= ROLE_SERVICE && text_valid(key->label, sizeof key->label));
    }
}

static void written_again(struct keystore *store)
{
    static struct keystore again;
    struct key first = store->key[0];
    if (store->count == 0)
        return;
    MUST(keystore_put(store, &first) == KEYSTORE_OK);
    unsigned count = store->count;
    keystore_close(store);
    MUST(store_open(&again, PASSPHRASE) == KEYSTORE_OK && again.count == count);
    MUST(memcmp(again.key[0].secret, first.secret, KEY_BYTES) == 0 && again.key[0].counter == first.counter);
    keystore_close(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    static struct keystore store;
    static uint8_t body[BODY_BYTES], bytes[FILE_BYTES];
    struct tape tape = { input, size };
    struct head head = { .version = 1, .passes = PASSES, .memory_kib = MEMORY_KIB };
    uint8_t asks = tape_byte(&tape);
    size_t turned = tape_number(&tape, 2), length = 0;
    if ((asks & HEAD_CHOSEN) != 0)
        head = head_choose(&tape);
    bool plain = memcmp(&head, &(struct head){ .version = 1, .passes = PASSES, .memory_kib = MEMORY_KIB }, sizeof head) == 0;
    memset(body, 0, sizeof body);
    size_t count = tape_rest(&tape, body, sizeof body);
    if ((asks & REPEATED) != 0)
        count = repeat(body);
    if ((asks & SEALED) != 0)
        length = file_make(&head, body, count, bytes);
    else
        memcpy(bytes, body, length = count);
    if ((asks & BIT_TURNED) != 0 && length > 0)
        bytes[turned / 8 % length] ^= (uint8_t)(1u << (turned % 8));
    if ((asks & SEALED) == 0 && is_dear(bytes, length))
        return 0;
    file_write(bytes, length);
    enum keystore_fault fault = store_open(&store, (asks & OTHER_PASSPHRASE) != 0 ? OTHER : PASSPHRASE);
    bool rightly = (asks & SEALED) != 0 && (asks & (BIT_TURNED | OTHER_PASSPHRASE)) == 0;
    MUST(fault == KEYSTORE_OK || !rightly || !plain || !is_sound(body, count));
    if (fault != KEYSTORE_OK)
        return 0;
    MUST(rightly);
    MUST(plain || (head.version == 1 && head.reserved == 0 && head.more == 0 && head.last == 0));
    keys_are_sound(&store);
    if ((asks & WRITTEN_AGAIN) != 0)
        written_again(&store);
    keystore_close(&store);
    MUST(fuzz_zero(store.key, sizeof store.key) && fuzz_zero(store.box_key, KEY_BYTES));
    return 0;
}
