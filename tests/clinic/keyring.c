/* keyring.c - keys of chance, and their file. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* mkdtemp() */
#include "tests/clinic/keyring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/core/check.h"

const struct keystore_cost KEYRING_COST = { .passes = 1, .memory_kib = 8 };
const char KEYRING_PASSPHRASE[KEYRING_PASSPHRASE_BYTES + 1] = "four pumps and a funeral";

static char folder[] = P_tmpdir "/cisterna-keys-XXXXXX";
char keyring_path[128];

int keyring_make(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(keyring_path, sizeof keyring_path, "%s/below/keys", folder);
    return 0;
}

int keyring_remove(void **state)
{
    (void)state;
    static const char *const endings[] = { "", ".lock", ".part" };
    char name[160];
    for (unsigned i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", keyring_path, endings[i]);
        (void)unlink(name);
    }
    snprintf(name, sizeof name, "%s/below", folder);
    (void)rmdir(name);
    return rmdir(folder);
}

struct key keyring_key(uint64_t seed)
{
    struct key key = { .slot = (uint8_t)chance_between(&seed, 0, 8), .role = (uint8_t)chance_between(&seed, 1, 4),
                       .label = "ward", .counter = chance_next(&seed), .command_id = chance_next(&seed),
                       .pending = { .id = chance_next(&seed), .kind = (uint8_t)chance_next(&seed) },
                       .last = { .id = chance_next(&seed), .kind = (uint8_t)chance_next(&seed),
                                 .outcome = (uint8_t)chance_between(&seed, 0, 2), .reasons = chance_next(&seed),
                                 .at = { (int64_t)chance_next(&seed) }, .earliest = { (int64_t)chance_next(&seed) },
                                 .detail = (int64_t)chance_next(&seed), .head = chance_next(&seed) } };
    for (unsigned i = 0; i < KEY_BYTES; i++) {
        key.secret[i] = (uint8_t)chance_next(&seed);
        key.pump_key[i] = (uint8_t)chance_next(&seed);
        key.gate_key[i] = (uint8_t)chance_next(&seed);
        key.pump_id[i % PUMP_ID_BYTES] = (uint8_t)chance_next(&seed);
    }
    return key;
}

void keyring_assert_same(const struct key *a, const struct key *b)
{
    assert_memory_equal(a->pump_id, b->pump_id, PUMP_ID_BYTES);
    assert_true(a->slot == b->slot && a->role == b->role && a->counter == b->counter && a->command_id == b->command_id);
    assert_true(a->pending.id == b->pending.id && a->pending.kind == b->pending.kind);
    assert_true(a->last.id == b->last.id && a->last.kind == b->last.kind && a->last.outcome == b->last.outcome);
    assert_true(a->last.reasons == b->last.reasons && a->last.at.ms == b->last.at.ms && a->last.head == b->last.head);
    assert_true(a->last.earliest.ms == b->last.earliest.ms && a->last.detail == b->last.detail);
    assert_memory_equal(a->label, b->label, sizeof a->label);
    assert_memory_equal(a->secret, b->secret, KEY_BYTES);
    assert_memory_equal(a->pump_key, b->pump_key, KEY_BYTES);
    assert_memory_equal(a->gate_key, b->gate_key, KEY_BYTES);
}

enum keystore_fault keyring_try(struct keystore *store, const struct keystore_cost *create)
{
    return keystore_open(store, keyring_path, KEYRING_PASSPHRASE, KEYRING_PASSPHRASE_BYTES, create);
}

struct keystore keyring_open(void)
{
    struct keystore store;
    assert_int_equal(keyring_try(&store, &KEYRING_COST), KEYSTORE_OK);
    return store;
}

/* A fresh file with this many keys. */
void keyring_fresh(unsigned keys)
{
    (void)unlink(keyring_path);
    struct keystore store = keyring_open();
    for (unsigned i = 0; i < keys; i++) {
        struct key key = keyring_key(i);
        assert_int_equal(keystore_put(&store, &key), KEYSTORE_OK);
    }
    keystore_close(&store);
}

size_t keyring_read(uint8_t *bytes, size_t room)
{
    FILE *file = fopen(keyring_path, "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, room, file);
    assert_int_equal(fclose(file), 0);
    return size;
}

void keyring_write(const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(keyring_path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}
