/* bodyfile_test.c - a body comes back from its file to the byte, or not at all. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "rig/bodyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH_ROOM = 128 };

static const char SERIAL[SERIAL_BYTES] = "BODY-1", OTHER[SERIAL_BYTES] = "BODY-10";
static char folder[PATH_ROOM], path[PATH_ROOM + 16];
static int descriptor;
static struct body body, found;
static uint8_t bytes[2 * sizeof(struct body)];

static int begin(void **state)
{
    (void)state;
    static struct twin twin;
    struct body_setup setup;
    snprintf(folder, sizeof folder, "%s/cisterna-body-XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/body", folder);
    descriptor = open(folder, O_RDONLY | O_DIRECTORY);
    assert_true(descriptor >= 0);
    body_typical(&setup);
    assert_true(body_begin(&body, &setup));
    twin.totals.drug[0] = DRUG_MORPHINE;
    twin.totals.delivered_kg[0] = 3e-6;
    twin.now.ms = 5 * (int64_t)DAY_MS;
    body_follow(&body, &twin);
    memset(&found, 0x77, sizeof found);
    return 0;
}

static int end(void **state)
{
    (void)state;
    (void)unlink(path);
    (void)close(descriptor);
    return rmdir(folder);
}

static size_t file_read(void)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    assert_int_equal(fclose(file), 0);
    return size;
}

static void file_write(size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void refused(enum bodyfile_fault fault)
{
    static struct body before;
    before = found;
    assert_int_equal(bodyfile_open(descriptor, SERIAL, &found), fault);
    assert_memory_equal(&before, &found, sizeof found);
}

static void it_comes_back_to_the_byte(void **state)
{
    (void)state;
    refused(BODYFILE_NONE);
    for (int whole = 0; whole < 2; whole++) {
        body.boluses_asked = 7 + (unsigned)whole;
        assert_true(bodyfile_save(descriptor, &body, SERIAL, whole));
        assert_int_equal(bodyfile_open(descriptor, SERIAL, &found), BODYFILE_OK);
        assert_memory_equal(&body, &found, sizeof body);
    }
    assert_int_equal(bodyfile_open(descriptor, OTHER, &found), BODYFILE_OTHER);
}

static void what_is_damaged_is_refused(void **state)
{
    (void)state;
    assert_true(bodyfile_save(descriptor, &body, SERIAL, false));
    size_t size = file_read();
    for (size_t at = 0; at < size; at += at < 64 ? 1 : 4099) {
        bytes[at] ^= 0x10;
        file_write(size);
        refused(at >= 8 && at < 16 ? BODYFILE_VERSION : BODYFILE_DAMAGED);
        bytes[at] ^= 0x10;
    }
    static const size_t cuts[] = { 0, 1, 7, 35, 36, 37, 4096 };
    for (unsigned i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        file_write(cuts[i]);
        refused(BODYFILE_DAMAGED);
    }
    file_write(size - 1);
    refused(BODYFILE_DAMAGED);
    file_write(size + 1);
    refused(BODYFILE_DAMAGED);
    file_write(size);
    assert_int_equal(bodyfile_open(descriptor, SERIAL, &found), BODYFILE_OK);
}

/* A pipe under its name would be waited for until somebody writes into it: neither reading nor keeping a body does. */
static void what_is_no_file_is_refused_and_not_waited_for(void **state)
{
    (void)state;
    char part[sizeof path + 8];
    snprintf(part, sizeof part, "%s/.body.part", folder);
    (void)unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    refused(BODYFILE_DAMAGED);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    refused(BODYFILE_DAMAGED);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(mkfifo(part, 0600), 0);
    assert_true(bodyfile_save(descriptor, &body, SERIAL, true));
    assert_int_equal(bodyfile_open(descriptor, SERIAL, &found), BODYFILE_OK);
}

/* Right to the last bit, but nobody who could be. */
static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    static struct body odd[6];
    for (unsigned i = 0; i < 6; i++)
        odd[i] = body;
    odd[0].lives = false;
    odd[1].at.ms = -1;
    odd[2].at.ms = INT64_MAX;
    odd[3].given_kg[3] = -1e-9;
    odd[4].given_kg[0] = 2;
    odd[5].given_kg[1] = 0.0 / 0.0;
    for (unsigned i = 0; i < 6; i++) {
        assert_true(bodyfile_save(descriptor, &odd[i], SERIAL, false));
        refused(BODYFILE_DAMAGED);
    }
}

/* What was written before stays in its place until all of the next is there. */
static void the_one_before_is_kept(void **state)
{
    (void)state;
    char part[PATH_ROOM + 16];
    assert_true(bodyfile_save(descriptor, &body, SERIAL, false));
    snprintf(part, sizeof part, "%s/.body.part", folder);
    FILE *file = fopen(part, "wb"); /* left by a kill */
    assert_non_null(file);
    assert_true(fputs("half of something", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(bodyfile_open(descriptor, SERIAL, &found), BODYFILE_OK);
    body.boluses_given = 3;
    assert_true(bodyfile_save(descriptor, &body, SERIAL, false));
    assert_int_equal(bodyfile_open(descriptor, SERIAL, &found), BODYFILE_OK);
    assert_int_equal(found.boluses_given, 3);
    assert_int_equal(access(part, F_OK), -1);
    assert_int_equal(mkdir(part, 0700), 0); /* nothing can be written there */
    body.boluses_given = 4;
    errno = 0;
    assert_false(bodyfile_save(descriptor, &body, SERIAL, false));
    assert_int_equal(errno, EISDIR);
    assert_int_equal(rmdir(part), 0);
    assert_int_equal(bodyfile_open(descriptor, SERIAL, &found), BODYFILE_OK);
    assert_int_equal(found.boluses_given, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_comes_back_to_the_byte, begin, end),
        cmocka_unit_test_setup_teardown(what_is_damaged_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_file_is_refused_and_not_waited_for, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_be_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(the_one_before_is_kept, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
