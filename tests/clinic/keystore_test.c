/* keystore_test.c - keys on disk: what was put comes back, and a damaged file and a wrong passphrase are told apart. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/clinic/keyring.h"

static void what_was_put_comes_back(void **state)
{
    (void)state;
    struct stat status;
    keyring_fresh(5);
    struct keystore store = keyring_open();
    assert_int_equal(store.count, 5);
    for (unsigned i = 0; i < 5; i++) {
        struct key key = keyring_key(i);
        keyring_assert_same(&store.key[i], &key);
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
    store = keyring_open();
    assert_int_equal(store.count, 5);
    keyring_assert_same(&store.key[0], &other);
    keyring_assert_same(&store.key[2], &changed);
    keystore_close(&store);
    assert_int_equal(stat(keyring_path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void it_is_full_at_its_most(void **state)
{
    (void)state;
    keyring_fresh(0);
    struct keystore store = keyring_open();
    for (unsigned i = 0; i < KEYSTORE_KEYS_MAX; i++) {
        store.key[i] = keyring_key(i);
        store.count++;
    }
    struct key more = keyring_key(99999), last = store.key[KEYSTORE_KEYS_MAX - 1];
    assert_int_equal(keystore_put(&store, &more), KEYSTORE_FULL);
    assert_int_equal(keystore_put(&store, &last), KEYSTORE_OK);
    keystore_close(&store);
    store = keyring_open();
    assert_int_equal(store.count, KEYSTORE_KEYS_MAX);
    keyring_assert_same(&store.key[KEYSTORE_KEYS_MAX - 1], &last);
    keystore_close(&store);
}

static void a_missing_file_is_made_only_when_asked(void **state)
{
    (void)state;
    struct keystore store;
    (void)unlink(keyring_path);
    assert_int_equal(keyring_try(&store, NULL), KEYSTORE_MISSING);
    assert_int_equal(access(keyring_path, F_OK), -1);
    keyring_fresh(1);
    assert_int_equal(keyring_try(&store, NULL), KEYSTORE_OK);
    assert_int_equal(store.count, 1);
    keystore_close(&store);
}

static void another_passphrase_opens_nothing(void **state)
{
    (void)state;
    struct keystore store, none = { .count = 0 };
    keyring_fresh(1);
    assert_int_equal(keystore_open(&store, keyring_path, "four pumps and a funerap", KEYRING_PASSPHRASE_BYTES, NULL),
                     KEYSTORE_PASSPHRASE);
    assert_memory_equal(store.key, none.key, sizeof store.key);
    assert_memory_equal(store.box_key, none.box_key, sizeof store.box_key);
    assert_int_equal(keystore_open(&store, keyring_path, "", 0, NULL), KEYSTORE_PASSPHRASE);
}

/* Every bit of the file, one at a time: told as damage, or as another version where that number was hit; never opened. */
static void a_turned_bit_is_told_as_damage(void **state)
{
    (void)state;
    uint8_t bytes[1024];
    keyring_fresh(1);
    size_t size = keyring_read(bytes, sizeof bytes);
    assert_int_equal(size, KEYSTORE_HEAD_BYTES + 2 + 205 + 16);
    for (size_t bit = 0; bit < size * 8; bit++) {
        struct keystore store;
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        keyring_write(bytes, size);
        enum keystore_fault fault = keyring_try(&store, NULL);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        bool version = bit >= 32 && bit < 48;
        assert_true(fault == KEYSTORE_DAMAGED || (version && fault == KEYSTORE_VERSION));
    }
    for (size_t length = 0; length < size; length++) {
        struct keystore store;
        keyring_write(bytes, length);
        assert_int_equal(keyring_try(&store, &KEYRING_COST), KEYSTORE_DAMAGED);
    }
    uint8_t longer[1025] = { 0 };
    memcpy(longer, bytes, size);
    struct keystore store;
    keyring_write(longer, size + 1);
    assert_int_equal(keyring_try(&store, NULL), KEYSTORE_DAMAGED);
    keyring_write(bytes, size);
    assert_int_equal(keyring_try(&store, NULL), KEYSTORE_OK);
    keystore_close(&store);
}

static void a_later_version_is_told_as_that(void **state)
{
    (void)state;
    uint8_t bytes[1024];
    struct keystore store;
    keyring_fresh(1);
    size_t size = keyring_read(bytes, sizeof bytes);
    bytes[4] = 2;
    keyring_write(bytes, size);
    assert_int_equal(keyring_try(&store, NULL), KEYSTORE_VERSION);
    bytes[4] = 0;
    keyring_write(bytes, size);
    assert_int_equal(keyring_try(&store, NULL), KEYSTORE_DAMAGED);
}

/* No secret stands in the file as it is, and the same keys never give the same file. */
static void the_file_tells_nothing(void **state)
{
    (void)state;
    uint8_t one[1024], other[1024];
    keyring_fresh(1);
    size_t size = keyring_read(one, sizeof one);
    struct key key = keyring_key(0);
    for (size_t at = 0; at + 8 <= size; at++)
        assert_true(memcmp(one + at, key.secret, 8) != 0 && memcmp(one + at, key.pump_id, 8) != 0);
    struct keystore store = keyring_open();
    assert_int_equal(keystore_put(&store, &key), KEYSTORE_OK);
    keystore_close(&store);
    assert_int_equal(keyring_read(other, sizeof other), size);
    assert_memory_equal(one, other, 32);                /* the salt stays: no new work */
    assert_memory_not_equal(one + 32, other + 32, 24);  /* the nonce does not */
}

/* The real cost once: a file made with it opens again, and says so in its head. */
static void the_interactive_cost_stands_in_the_file(void **state)
{
    (void)state;
    struct keystore store;
    struct key key = keyring_key(4);
    (void)unlink(keyring_path);
    assert_int_equal(keyring_try(&store, &KEYSTORE_COST), KEYSTORE_OK);
    assert_int_equal(keystore_put(&store, &key), KEYSTORE_OK);
    keystore_close(&store);
    store = keyring_open();
    assert_int_equal(store.cost.passes, 2);
    assert_int_equal(store.cost.memory_kib, 65536);
    keyring_assert_same(&store.key[0], &key);
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
        cmocka_unit_test(the_interactive_cost_stands_in_the_file),
    };
    return cmocka_run_group_tests(tests, keyring_make, keyring_remove);
}
