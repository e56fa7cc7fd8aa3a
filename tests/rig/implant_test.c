/* implant_test.c - the file of an implant: its marks, and what is told apart from it. */
// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE /* memmem() */
#include "rig/implant.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/crc.h"
#include "tests/rig/den.h"

/* A mark that was cut in its writing is passed over: the one before is whole. */
static void of_two_marks_one_is_whole(void **state)
{
    (void)state;
    char path[PATH_ROOM + 16];
    uint32_t place[2], marks_at, rig_at;
    int64_t wall_ms;
    run_to(&live, 1000);
    run_to(&live, 2000);
    implant_mark(&live.implant, 3000);
    implant_mark(&live.implant, 4000);
    path_in(path, other, "implant");
    for (unsigned cut = 0; cut < 2; cut++) {
        snapshot();
        int file = open(path, O_RDWR);
        assert_int_equal(pread(file, place, sizeof place, 20), sizeof place); /* as laid out in rig/implant.c */
        marks_at = place[0];
        rig_at = place[1];
        uint32_t mark_bytes = (rig_at - marks_at) / 2;
        uint64_t number[2], torn = 0;
        for (unsigned i = 0; i < 2; i++)
            assert_int_equal(pread(file, &number[i], 8, marks_at + i * mark_bytes), 8);
        unsigned newer = number[1] > number[0] ? 1 : 0, which = cut == 0 ? newer : 1 - newer;
        assert_int_equal(number[newer] - number[1 - newer], 1);
        assert_int_equal(pwrite(file, &torn, 8, marks_at + which * mark_bytes), 8);
        uint8_t rubbish[200];
        memset(rubbish, 0xA5, sizeof rubbish);
        assert_int_equal(pwrite(file, rubbish, sizeof rubbish, marks_at + which * mark_bytes + 64), sizeof rubbish);
        assert_int_equal(reopen(&wall_ms), IMPLANT_OK);
        assert_int_equal(wall_ms, cut == 0 ? 3000 : 4000);
        assert_int_equal(again.implant.rig->now.ms, 2000);
        again.implant.rig->stuck = true; /* and the next mark is newer than either */
        assert_true(implant_save(&again.implant, 5000));
        assert_int_equal(reopen(&wall_ms), IMPLANT_OK);
        assert_int_equal(wall_ms, 5000);
        live_start(&again, true, 0, SEED, 5000);
        assert_false(live_stuck(&again));
        implant_close(&again.implant);
        assert_int_equal(pwrite(file, &torn, 8, marks_at), 8);
        assert_int_equal(pwrite(file, &torn, 8, marks_at + mark_bytes), 8);
        assert_int_equal(reopen(&wall_ms), IMPLANT_DAMAGED);
        assert_int_equal(close(file), 0);
    }
}

/* Where the newest mark lies; `place` as read from the header. */
static off_t newest_mark(const uint32_t place[2])
{
    return (off_t)place[0] + (off_t)(live.implant.marks % 2) * ((off_t)(place[1] - place[0]) / 2);
}

/* What somebody has changed since an orderly end is told, wherever it is; what a kill left bears no seal, and is judged by
 * what can be. */
static void what_was_changed_at_rest_is_told(void **state)
{
    (void)state;
    char path[PATH_ROOM + 16];
    uint32_t place[2];
    int64_t wall_ms, odd;
    run_to(&live, 3 * (int64_t)HOUR_MS);
    assert_true(implant_save(&live.implant, 4000));
    path_in(path, other, "implant");
    snapshot();
    int file = open(path, O_RDWR);
    assert_int_equal(pread(file, place, sizeof place, 20), sizeof place); /* as laid out in rig/implant.c */
    const off_t mark = newest_mark(place), twin = (off_t)place[1] + (off_t)offsetof(struct rig, twin);
    const off_t spots[] = { mark + 16 + (off_t)offsetof(struct rig, wake), mark + 8,
                            twin + (off_t)offsetof(struct twin, retained) + 40, twin + (off_t)offsetof(struct twin, flash) + 99 };
    for (unsigned i = 0; i < sizeof spots / sizeof spots[0]; i++) {
        uint8_t byte, turned;
        assert_int_equal(pread(file, &byte, 1, spots[i]), 1);
        turned = byte ^ 4;
        assert_int_equal(pwrite(file, &turned, 1, spots[i]), 1);
        assert_int_equal(reopen(&wall_ms), IMPLANT_DAMAGED);
        assert_int_equal(pwrite(file, &byte, 1, spots[i]), 1);
    }
    assert_int_equal(reopen(&wall_ms), IMPLANT_OK);
    /* A kill: no seal. A negative instant, one behind its life, and a wall clock before all clocks cannot be. */
    for (unsigned i = 0; i < 3; i++) {
        implant_mark(&live.implant, i == 2 ? -1 : 5000);
        snapshot();
        odd = i == 0 ? -1 : IMPLANT_LIFE_MS + 1;
        if (i < 2)
            assert_int_equal(pwrite(file, &odd, sizeof odd, newest_mark(place) + 16), sizeof odd);
        assert_int_equal(reopen(&wall_ms), IMPLANT_DAMAGED);
    }
    assert_int_equal(close(file), 0);
}

/* What a brown-out would lose is not in the file that a kill leaves: sessions and pairings, whose keys lie there, least of all.
 * Retained memory is. */
static void ordinary_memory_is_not_in_the_file(void **state)
{
    (void)state;
    static uint8_t bytes[1 << 16];
    static const char mark[] = "0123456789abcdef0123456789abcdef";
    enum { MARK = sizeof mark - 1 };
    char path[PATH_ROOM + 16];
    struct rig *rig = live.implant.rig;
    run_to(&live, 1000);
    uint8_t *const places[] = { (uint8_t *)&rig->pump.line, (uint8_t *)&rig->pump.line[LINES - 1], (uint8_t *)&rig->pump.pairing,
                                (uint8_t *)rig->twin.retained + RETAINED_BYTES - MARK };
    path_in(path, other, "implant");
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        unsigned found = 0;
        memcpy(places[i], mark, MARK);
        implant_mark(&live.implant, 2000);
        snapshot();
        memset(places[i], 0, MARK);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        for (size_t kept = 0, got; (got = fread(bytes + kept, 1, sizeof bytes - kept, file)) > 0; kept = MARK - 1) {
            found += memmem(bytes, kept + got, mark, MARK) != NULL;
            if (kept + got < sizeof bytes)
                break;
            memmove(bytes, bytes + sizeof bytes - (MARK - 1), MARK - 1); /* it may lie across */
        }
        assert_int_equal(fclose(file), 0);
        assert_int_equal(found, i == 3);
    }
}

static void byte_set(const char *path, long at, uint8_t value, bool mend_crc)
{
    static uint8_t header[65536];
    uint32_t bytes, crc;
    int file = open(path, O_RDWR);
    assert_int_equal(pwrite(file, &value, 1, at), 1);
    if (mend_crc) {
        assert_int_equal(pread(file, &bytes, 4, 8), 4);
        assert_int_equal(pread(file, header, bytes, 0), bytes);
        crc = crc32_of(header + 16, bytes - 16);
        assert_int_equal(pwrite(file, &crc, 4, 12), 4);
    }
    assert_int_equal(close(file), 0);
}

static void what_is_not_ours_is_told_apart(void **state)
{
    (void)state;
    char path[PATH_ROOM + 16];
    int64_t wall_ms;
    uint32_t header_bytes;
    path_in(path, other, "implant");
    assert_int_equal(reopen(&wall_ms), IMPLANT_NONE);
    snapshot();
    int file = open(path, O_RDONLY);
    assert_int_equal(pread(file, &header_bytes, 4, 8), 4);
    struct stat about;
    assert_int_equal(fstat(file, &about), 0);
    for (uint32_t at = 0; at < header_bytes; at++) { /* any byte of the header */
        uint8_t byte;
        assert_int_equal(pread(file, &byte, 1, at), 1);
        byte_set(path, at, (uint8_t)(byte ^ 0x10), false);
        assert_int_equal(reopen(&wall_ms), IMPLANT_DAMAGED);
        byte_set(path, at, byte, false);
    }
    assert_int_equal(close(file), 0);
    assert_int_equal(reopen(&wall_ms), IMPLANT_OK);
    implant_close(&again.implant);
    for (long at = 16; at < 44; at += 4) { /* format, and each size: a whole header of another version */
        uint8_t byte;
        snapshot();
        file = open(path, O_RDONLY);
        assert_int_equal(pread(file, &byte, 1, at), 1);
        assert_int_equal(close(file), 0);
        byte_set(path, at, (uint8_t)(byte + 1), true);
        assert_int_equal(reopen(&wall_ms), IMPLANT_VERSION);
    }
    snapshot();
    assert_int_equal(truncate(path, about.st_size - 1), 0);
    assert_int_equal(reopen(&wall_ms), IMPLANT_DAMAGED);
    assert_int_equal(truncate(path, 63), 0);
    assert_int_equal(reopen(&wall_ms), IMPLANT_DAMAGED);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(reopen(&wall_ms), IMPLANT_DAMAGED);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0); /* nobody writes into it, and it is not waited for */
    assert_int_equal(reopen(&wall_ms), IMPLANT_DAMAGED);
}

/* Killed when the pump has booked a refill and just answered: the fluid is there, for it is not told again; and once alone. */
static void a_refill_that_was_booked_is_there_after_a_kill(void **state)
{
    (void)state;
    struct receipt receipt;
    int64_t wall_ms;
    struct command command = { .kind = COMMAND_REFILL };
    command.refill = (struct refill){ .filled = { 18000000 }, .drawn_up = { 18000000 }, .dead_drug_free = true,
                                      .fill = { .count = 1, .component = { { DRUG_MORPHINE, { 10000000 } } } } };
    rig_command(live.implant.rig, ROLE_CLINICIAN, &command, &receipt);
    assert_int_equal(receipt.outcome, OUTCOME_APPLIED);
    live_hear(&live, REACH_FAR, (const uint8_t[]){ 1, 0 }, 2, 3000); /* the wake of any frame; nothing is told yet */
    snapshot();
    drain(&live);
    assert_int_equal(rig_nl(live.implant.rig->twin.reservoir_m3).nl, 18000000);
    for (unsigned kill = 0; kill < 2; kill++) {
        assert_int_equal(reopen(&wall_ms), IMPLANT_OK);
        live_start(&again, true, 0, SEED, 5000);
        drain(&again);
        assert_int_equal(rig_nl(again.implant.rig->twin.reservoir_m3).nl, 18000000);
    }
}

static void nobody_else_and_nothing_is_overwritten(void **state)
{
    (void)state;
    struct implant_made made;
    int64_t wall_ms;
    struct stat about;
    char path[PATH_ROOM + 16];
    cradle_made(&made, SEED + 1);
    assert_int_equal(implant_enter(&again.implant, folder), IMPLANT_BUSY);
    path_in(path, folder, "implant");
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    implant_close(&live.implant);
    assert_int_equal(implant_enter(&again.implant, folder), IMPLANT_OK);
    assert_int_equal(implant_make(&again.implant, &made, 0), IMPLANT_THERE);
    assert_int_equal(implant_open(&again.implant, &wall_ms), IMPLANT_OK);
    assert_true(implant_made(&again.implant)->seed == SEED);
    assert_true(implant_note(&again.implant, "note", "one\n"));
    assert_false(implant_note(&again.implant, "note", "two\n"));
    path_in(path, folder, "note");
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(about.st_size, 4);
    implant_close(&again.implant);
    made.catheter_mm = 0;
    assert_int_equal(implant_enter(&again.implant, other), IMPLANT_OK);
    assert_int_equal(implant_make(&again.implant, &made, 0), IMPLANT_MALFORMED);
    assert_int_equal(implant_open(&again.implant, &wall_ms), IMPLANT_NONE);
    path_in(path, other, "none/deeper");
    implant_close(&again.implant);
    assert_int_equal(implant_enter(&again.implant, path), IMPLANT_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(of_two_marks_one_is_whole, den_begin, den_end),
        cmocka_unit_test_setup_teardown(what_was_changed_at_rest_is_told, den_begin, den_end),
        cmocka_unit_test_setup_teardown(ordinary_memory_is_not_in_the_file, den_begin, den_end),
        cmocka_unit_test_setup_teardown(what_is_not_ours_is_told_apart, den_begin, den_end),
        cmocka_unit_test_setup_teardown(a_refill_that_was_booked_is_there_after_a_kill, den_begin, den_end),
        cmocka_unit_test_setup_teardown(nobody_else_and_nothing_is_overwritten, den_begin, den_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
