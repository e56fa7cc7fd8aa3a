/* keystore_test.c - keys on disk: what was put comes back, a damaged file and a wrong passphrase are told apart, two processes
 * never hold it at once, and a process killed at any moment has lost nothing it was told was kept. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* mkdtemp() */
#include "tests/core/check.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clinic/programmer/keystore.h"

/* The least that Argon2id takes: what a passphrase costs is not tested here. */
static const struct keystore_cost LIGHT = { .passes = 1, .memory_kib = 8 };
static const char PASSPHRASE[] = "four pumps and a funeral";
enum { LENGTH = sizeof PASSPHRASE - 1 };

static char folder[] = "/tmp/cisterna-keys-XXXXXX";
static char path[128];

static int folder_make(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/below/keys", folder);
    return 0;
}

static int folder_remove(void **state)
{
    (void)state;
    static const char *const endings[] = { "", ".lock", ".part" };
    char name[160];
    for (unsigned i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        (void)unlink(name);
    }
    snprintf(name, sizeof name, "%s/below", folder);
    (void)rmdir(name);
    return rmdir(folder);
}

static struct key sample(uint64_t seed)
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

static void assert_same_key(const struct key *a, const struct key *b)
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

static struct keystore opened(void)
{
    struct keystore store;
    assert_int_equal(keystore_open(&store, path, PASSPHRASE, LENGTH, &LIGHT), KEYSTORE_OK);
    return store;
}

/* A fresh file with this many keys. */
static void fresh(unsigned keys)
{
    (void)unlink(path);
    struct keystore store = opened();
    for (unsigned i = 0; i < keys; i++) {
        struct key key = sample(i);
        assert_int_equal(keystore_put(&store, &key), KEYSTORE_OK);
    }
    keystore_close(&store);
}

static size_t file_read(uint8_t *bytes, size_t room)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, room, file);
    assert_int_equal(fclose(file), 0);
    return size;
}

static void file_write(const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void what_was_put_comes_back(void **state)
{
    (void)state;
    struct stat status;
    fresh(5);
    struct keystore store = opened();
    assert_int_equal(store.count, 5);
    for (unsigned i = 0; i < 5; i++) {
        struct key key = sample(i);
        assert_same_key(&store.key[i], &key);
    }
    struct key changed = store.key[2];
    changed.counter++;
    assert_int_equal(keystore_put(&store, &changed), KEYSTORE_OK);
    assert_int_equal(store.count, 5);
    struct key other = store.key[2];
    other.role = (uint8_t)(other.role % 4 + 1); /* the same pump, another role: another key */
    assert_int_equal(keystore_put(&store, &other), KEYSTORE_OK);
    assert_int_equal(store.count, 6);
    assert_int_equal(keystore_drop(&store, 0), KEYSTORE_OK);
    keystore_close(&store);
    store = opened();
    assert_int_equal(store.count, 5);
    assert_same_key(&store.key[0], &other);
    assert_same_key(&store.key[2], &changed);
    keystore_close(&store);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void it_is_full_at_its_most(void **state)
{
    (void)state;
    fresh(0);
    struct keystore store = opened();
    for (unsigned i = 0; i < KEYSTORE_KEYS_MAX; i++) {
        store.key[i] = sample(i);
        store.count++;
    }
    struct key more = sample(99999), last = store.key[KEYSTORE_KEYS_MAX - 1];
    assert_int_equal(keystore_put(&store, &more), KEYSTORE_FULL);
    assert_int_equal(keystore_put(&store, &last), KEYSTORE_OK);
    keystore_close(&store);
    store = opened();
    assert_int_equal(store.count, KEYSTORE_KEYS_MAX);
    assert_same_key(&store.key[KEYSTORE_KEYS_MAX - 1], &last);
    keystore_close(&store);
}

static void a_missing_file_is_made_only_when_asked(void **state)
{
    (void)state;
    struct keystore store;
    (void)unlink(path);
    assert_int_equal(keystore_open(&store, path, PASSPHRASE, LENGTH, NULL), KEYSTORE_MISSING);
    assert_int_equal(access(path, F_OK), -1);
    fresh(1);
    assert_int_equal(keystore_open(&store, path, PASSPHRASE, LENGTH, NULL), KEYSTORE_OK);
    assert_int_equal(store.count, 1);
    keystore_close(&store);
}

static void another_passphrase_opens_nothing(void **state)
{
    (void)state;
    struct keystore store, none = { .count = 0 };
    fresh(1);
    assert_int_equal(keystore_open(&store, path, "four pumps and a funerap", LENGTH, NULL), KEYSTORE_PASSPHRASE);
    assert_memory_equal(store.key, none.key, sizeof store.key);
    assert_memory_equal(store.box_key, none.box_key, sizeof store.box_key);
    assert_int_equal(keystore_open(&store, path, "", 0, NULL), KEYSTORE_PASSPHRASE);
}

/* Every bit of the file, one at a time: told as damage, or as another version where that number was hit; never opened. */
static void a_turned_bit_is_told_as_damage(void **state)
{
    (void)state;
    uint8_t bytes[1024];
    fresh(1);
    size_t size = file_read(bytes, sizeof bytes);
    assert_int_equal(size, KEYSTORE_HEAD_BYTES + 2 + 205 + 16);
    for (size_t bit = 0; bit < size * 8; bit++) {
        struct keystore store;
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        file_write(bytes, size);
        enum keystore_fault fault = keystore_open(&store, path, PASSPHRASE, LENGTH, NULL);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        bool version = bit >= 32 && bit < 48;
        assert_true(fault == KEYSTORE_DAMAGED || (version && fault == KEYSTORE_VERSION));
    }
    for (size_t length = 0; length < size; length++) {
        struct keystore store;
        file_write(bytes, length);
        assert_int_equal(keystore_open(&store, path, PASSPHRASE, LENGTH, &LIGHT), KEYSTORE_DAMAGED);
    }
    uint8_t longer[1025] = { 0 };
    memcpy(longer, bytes, size);
    struct keystore store;
    file_write(longer, size + 1);
    assert_int_equal(keystore_open(&store, path, PASSPHRASE, LENGTH, NULL), KEYSTORE_DAMAGED);
    file_write(bytes, size);
    assert_int_equal(keystore_open(&store, path, PASSPHRASE, LENGTH, NULL), KEYSTORE_OK);
    keystore_close(&store);
}

static void a_later_version_is_told_as_that(void **state)
{
    (void)state;
    uint8_t bytes[1024];
    struct keystore store;
    fresh(1);
    size_t size = file_read(bytes, sizeof bytes);
    bytes[4] = 2;
    file_write(bytes, size);
    assert_int_equal(keystore_open(&store, path, PASSPHRASE, LENGTH, NULL), KEYSTORE_VERSION);
    bytes[4] = 0;
    file_write(bytes, size);
    assert_int_equal(keystore_open(&store, path, PASSPHRASE, LENGTH, NULL), KEYSTORE_DAMAGED);
}

/* No secret stands in the file as it is, and the same keys never give the same file. */
static void the_file_tells_nothing(void **state)
{
    (void)state;
    uint8_t one[1024], other[1024];
    fresh(1);
    size_t size = file_read(one, sizeof one);
    struct key key = sample(0);
    for (size_t at = 0; at + 8 <= size; at++)
        assert_true(memcmp(one + at, key.secret, 8) != 0 && memcmp(one + at, key.pump_id, 8) != 0);
    struct keystore store = opened();
    assert_int_equal(keystore_put(&store, &key), KEYSTORE_OK);
    keystore_close(&store);
    assert_int_equal(file_read(other, sizeof other), size);
    assert_memory_equal(one, other, 32);                /* the salt stays: no new work */
    assert_memory_not_equal(one + 32, other + 32, 24);  /* the nonce does not */
}

static void two_never_hold_it_at_once(void **state)
{
    (void)state;
    struct keystore other;
    fresh(1);
    struct keystore store = opened();
    assert_int_equal(keystore_open(&other, path, PASSPHRASE, LENGTH, NULL), KEYSTORE_BUSY);
    struct key key = sample(7);
    assert_int_equal(keystore_put(&store, &key), KEYSTORE_OK); /* replacing the file does not let go of it */
    assert_int_equal(keystore_open(&other, path, PASSPHRASE, LENGTH, NULL), KEYSTORE_BUSY);
    keystore_close(&store);
    other = opened();
    keystore_close(&other);
}

/* What a process that was killed left half written is passed over. */
static void a_part_that_was_left_is_no_harm(void **state)
{
    (void)state;
    char part[160];
    fresh(2);
    snprintf(part, sizeof part, "%s.part", path);
    FILE *file = fopen(part, "wb");
    assert_non_null(file);
    assert_true(fputs("half", file) >= 0);
    assert_int_equal(fclose(file), 0);
    struct keystore store = opened();
    assert_int_equal(store.count, 2);
    struct key key = sample(3);
    assert_int_equal(keystore_put(&store, &key), KEYSTORE_OK);
    keystore_close(&store);
    store = opened();
    assert_int_equal(store.count, 3);
    keystore_close(&store);
}

/* A folder that cannot be written to: told, and the store is as before. */
static void what_cannot_be_kept_is_not_held_either(void **state)
{
    (void)state;
    char part[160];
    fresh(2);
    struct keystore store = opened();
    struct key changed = store.key[0], more = sample(8), first = store.key[0], second = store.key[1];
    changed.counter++;
    snprintf(part, sizeof part, "%s.part", path);
    assert_int_equal(mkdir(part, 0700), 0); /* where the new file would be written */
    assert_int_equal(keystore_put(&store, &changed), KEYSTORE_IO);
    assert_int_equal(keystore_put(&store, &more), KEYSTORE_IO);
    assert_int_equal(keystore_drop(&store, 0), KEYSTORE_IO);
    assert_int_equal(rmdir(part), 0);
    assert_int_equal(store.count, 2);
    assert_same_key(&store.key[0], &first);
    assert_same_key(&store.key[1], &second);
    keystore_close(&store);
}

/* Counts up, and says each number once it is kept; until it is killed. */
static void count_up(int tell)
{
    struct keystore store;
    if (keystore_open(&store, path, PASSPHRASE, LENGTH, NULL) != KEYSTORE_OK)
        _exit(1);
    for (;;) {
        struct key key = store.key[0];
        key.counter++;
        if (keystore_put(&store, &key) != KEYSTORE_OK || write(tell, &key.counter, sizeof key.counter) != sizeof key.counter)
            _exit(1);
    }
}

/* Killed after so many numbers, wherever it is by then: at least the last one it told is there. */
static void a_process_killed_has_lost_nothing(void **state)
{
    (void)state;
    uint64_t seed = 5, told = 0;
    fresh(0);
    struct keystore store = opened();
    struct key key = sample(1);
    key.counter = 0;
    assert_int_equal(keystore_put(&store, &key), KEYSTORE_OK);
    keystore_close(&store);
    for (unsigned i = 0; i < 12; i++) {
        int ends[2], status = 0;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)close(ends[0]);
            count_up(ends[1]);
        }
        (void)close(ends[1]);
        int64_t numbers = chance_between(&seed, 1, 12);
        for (int64_t j = 0; j < numbers; j++)
            assert_int_equal(read(ends[0], &told, sizeof told), sizeof told);
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        while (read(ends[0], &told, sizeof told) == sizeof told)
            continue; /* what it told before it died */
        (void)close(ends[0]);
        store = opened();
        assert_int_equal(store.count, 1);
        assert_true(store.key[0].counter == told || store.key[0].counter == told + 1);
        keystore_close(&store);
    }
}

/* The real cost once: a file made with it opens again, and says so in its head. */
static void the_interactive_cost_stands_in_the_file(void **state)
{
    (void)state;
    struct keystore store;
    struct key key = sample(4);
    (void)unlink(path);
    assert_int_equal(keystore_open(&store, path, PASSPHRASE, LENGTH, &KEYSTORE_COST), KEYSTORE_OK);
    assert_int_equal(keystore_put(&store, &key), KEYSTORE_OK);
    keystore_close(&store);
    store = opened();
    assert_int_equal(store.cost.passes, 2);
    assert_int_equal(store.cost.memory_kib, 65536);
    assert_same_key(&store.key[0], &key);
    keystore_close(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_comes_back),
        cmocka_unit_test(it_is_full_at_its_most),
        cmocka_unit_test(a_missing_file_is_made_only_when_asked),
        cmocka_unit_test(another_passphrase_opens_nothing),
        cmocka_unit_test(a_turned_bit_is_told_as_damage),
        cmocka_unit_test(a_later_version_is_told_as_that),
        cmocka_unit_test(the_file_tells_nothing),
        cmocka_unit_test(two_never_hold_it_at_once),
        cmocka_unit_test(a_part_that_was_left_is_no_harm),
        cmocka_unit_test(what_cannot_be_kept_is_not_held_either),
        cmocka_unit_test(a_process_killed_has_lost_nothing),
        cmocka_unit_test(the_interactive_cost_stands_in_the_file),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
