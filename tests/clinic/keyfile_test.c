/* keyfile_test.c - who holds the keys: two processes never at once, one that leaves them to others while a person is asked takes
 * them again as those kept them, and one killed at any moment has lost nothing it was told was kept. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* kill() */
#include "tests/core/check.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/clinic/keyring.h"

static void two_never_hold_it_at_once(void **state)
{
    (void)state;
    struct keystore other;
    keyring_fresh(1);
    struct keystore store = keyring_open();
    assert_int_equal(keyring_try(&other, NULL), KEYSTORE_BUSY);
    struct key key = keyring_key(7);
    assert_int_equal(keystore_put(&store, &key), KEYSTORE_OK); /* replacing the file does not let go of it */
    assert_int_equal(keyring_try(&other, NULL), KEYSTORE_BUSY);
    keystore_close(&store);
    other = keyring_open();
    keystore_close(&other);
}

/* While a person is asked the file is anybody's; whoever takes it again goes on from what others have kept there. */
static void what_is_left_is_taken_again_as_others_kept_it(void **state)
{
    (void)state;
    keyring_fresh(2);
    struct keystore store = keyring_open();
    struct key first = store.key[0], more = keyring_key(7);
    keystore_leave(&store);
    struct keystore other = keyring_open();
    struct key raised = other.key[0];
    raised.counter = first.counter + 3;
    raised.command_id = first.command_id + 5;
    assert_int_equal(keystore_put(&other, &raised), KEYSTORE_OK);
    assert_int_equal(keystore_put(&other, &more), KEYSTORE_OK);
    assert_int_equal(keystore_put(&store, &first), KEYSTORE_BUSY); /* it would take the counter back */
    assert_int_equal(keystore_drop(&store, 1), KEYSTORE_BUSY);
    assert_int_equal(keystore_take(&store), KEYSTORE_BUSY);
    keystore_close(&other);
    assert_int_equal(keystore_take(&store), KEYSTORE_OK);
    assert_int_equal(store.count, 3);
    keyring_assert_same(&store.key[0], &raised);
    keyring_assert_same(&store.key[2], &more);
    assert_int_equal(keyring_try(&other, NULL), KEYSTORE_BUSY);
    raised.counter++;
    assert_int_equal(keystore_put(&store, &raised), KEYSTORE_OK);
    keystore_close(&store);
    store = keyring_open();
    keyring_assert_same(&store.key[0], &raised);
    keystore_close(&store);
}

static void what_became_of_a_file_that_was_left_is_told(void **state)
{
    (void)state;
    uint8_t bytes[1024];
    struct keystore other;
    keyring_fresh(1);
    struct keystore store = keyring_open();
    size_t size = keyring_read(bytes, sizeof bytes);
    keystore_leave(&store);
    keyring_write(bytes, size - 1);
    assert_int_equal(keystore_take(&store), KEYSTORE_DAMAGED);
    assert_int_equal(unlink(keyring_path), 0);
    assert_int_equal(keystore_take(&store), KEYSTORE_MISSING);
    /* The failure has let go of it. */
    assert_int_equal(keystore_open(&other, keyring_path, "another", 7, &KEYRING_COST), KEYSTORE_OK);
    struct key key = keyring_key(9);
    assert_int_equal(keystore_put(&other, &key), KEYSTORE_OK);
    keystore_close(&other);
    assert_int_equal(keystore_take(&store), KEYSTORE_PASSPHRASE);
    keyring_write(bytes, size);
    assert_int_equal(keystore_take(&store), KEYSTORE_OK);
    keystore_close(&store);
}

static enum keystore_fault opened_by(struct keystore *store, const char *link)
{
    return keystore_open(store, link, KEYRING_PASSPHRASE, KEYRING_PASSPHRASE_BYTES, &KEYRING_COST);
}

/* Somebody keeps the file elsewhere: it is the file that is replaced, and by its own name one meets who comes by the link. */
static void a_link_is_followed_and_stays_one(void **state)
{
    (void)state;
    char links[2][160];
    struct stat status;
    struct keystore store, other;
    keyring_fresh(1);
    snprintf(links[0], sizeof links[0], "%s.one", keyring_path);
    snprintf(links[1], sizeof links[1], "%s.two", keyring_path);
    assert_int_equal(symlink(strrchr(keyring_path, '/') + 1, links[0]), 0); /* as seen from its folder, */
    assert_int_equal(symlink(links[0], links[1]), 0);                       /* and a whole path */
    assert_int_equal(opened_by(&store, links[1]), KEYSTORE_OK);
    assert_int_equal(keyring_try(&other, NULL), KEYSTORE_BUSY);
    struct key key = keyring_key(5);
    assert_int_equal(keystore_put(&store, &key), KEYSTORE_OK);
    keystore_close(&store);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(lstat(links[i], &status), 0);
        assert_true(S_ISLNK(status.st_mode));
        assert_int_equal(unlink(links[i]), 0);
    }
    store = keyring_open();
    assert_int_equal(store.count, 2);
    keyring_assert_same(&store.key[1], &key);
    keystore_close(&store);
}

static void a_link_to_itself_is_told(void **state)
{
    (void)state;
    char link[160];
    struct keystore store;
    snprintf(link, sizeof link, "%s.loop", keyring_path);
    assert_int_equal(symlink(link, link), 0);
    assert_int_equal(opened_by(&store, link), KEYSTORE_IO);
    assert_int_equal(errno, ELOOP);
    assert_int_equal(unlink(link), 0);
}

/* What a process that was killed left half written is passed over. */
static void a_part_that_was_left_is_no_harm(void **state)
{
    (void)state;
    char part[160];
    keyring_fresh(2);
    snprintf(part, sizeof part, "%s.part", keyring_path);
    FILE *file = fopen(part, "wb");
    assert_non_null(file);
    assert_true(fputs("half", file) >= 0);
    assert_int_equal(fclose(file), 0);
    struct keystore store = keyring_open();
    assert_int_equal(store.count, 2);
    struct key key = keyring_key(3);
    assert_int_equal(keystore_put(&store, &key), KEYSTORE_OK);
    keystore_close(&store);
    store = keyring_open();
    assert_int_equal(store.count, 3);
    keystore_close(&store);
}

/* A folder that cannot be written to: told, and the store is as before. */
static void what_cannot_be_kept_is_not_held_either(void **state)
{
    (void)state;
    char part[160];
    keyring_fresh(2);
    struct keystore store = keyring_open();
    struct key changed = store.key[0], more = keyring_key(8), first = store.key[0], second = store.key[1];
    changed.counter++;
    snprintf(part, sizeof part, "%s.part", keyring_path);
    assert_int_equal(mkdir(part, 0700), 0); /* where the new file would be written */
    assert_int_equal(keystore_put(&store, &changed), KEYSTORE_IO);
    assert_int_equal(keystore_put(&store, &more), KEYSTORE_IO);
    assert_int_equal(keystore_drop(&store, 0), KEYSTORE_IO);
    assert_int_equal(rmdir(part), 0);
    assert_int_equal(store.count, 2);
    keyring_assert_same(&store.key[0], &first);
    keyring_assert_same(&store.key[1], &second);
    keystore_close(&store);
}

/* A pipe in the place of the keys would be waited for until somebody writes into it. */
static void what_is_no_file_is_told_and_not_waited_for(void **state)
{
    (void)state;
    struct keystore store;
    keyring_fresh(1);
    assert_int_equal(unlink(keyring_path), 0);
    assert_int_equal(mkfifo(keyring_path, 0600), 0);
    assert_int_equal(keyring_try(&store, NULL), KEYSTORE_IO);
    assert_int_equal(unlink(keyring_path), 0);
}

/* Counts up, and says each number once it is kept; until it is killed. */
static void count_up(int tell)
{
    struct keystore store;
    if (keyring_try(&store, NULL) != KEYSTORE_OK)
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
    keyring_fresh(0);
    struct keystore store = keyring_open();
    struct key key = keyring_key(1);
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
        store = keyring_open();
        assert_int_equal(store.count, 1);
        assert_true(store.key[0].counter == told || store.key[0].counter == told + 1);
        keystore_close(&store);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_never_hold_it_at_once),
        cmocka_unit_test(what_is_left_is_taken_again_as_others_kept_it),
        cmocka_unit_test(what_became_of_a_file_that_was_left_is_told),
        cmocka_unit_test(a_link_is_followed_and_stays_one),
        cmocka_unit_test(a_link_to_itself_is_told),
        cmocka_unit_test(a_part_that_was_left_is_no_harm),
        cmocka_unit_test(what_cannot_be_kept_is_not_held_either),
        cmocka_unit_test(what_is_no_file_is_told_and_not_waited_for),
        cmocka_unit_test(a_process_killed_has_lost_nothing),
    };
    return cmocka_run_group_tests(tests, keyring_make, keyring_remove);
}
