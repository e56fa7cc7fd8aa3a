/* update_flash_test.c - what flash does to images and to the records of their slots: bits that flip, words that do not take,
 * sectors that are not erased. REQ-SECU-09, REQ-STOR-09, HZ-03. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/updating.h"

enum { RATE = 1200000, SMALL = 700, HOUR = HOUR_MS };

static struct rig rig, fork;
static struct build build, other;

static void start(void)
{
    updating_start(&rig, RATE);
    updating_pass(&rig, HOUR);
}

static void make(struct build *to, uint32_t version, uint32_t size)
{
    signer_build(&updating_signer, to, rig.unit.model.code, version, size);
}

/* Bits all over what was stored, after the last chunk and after the seal. */
static void a_flipped_bit_is_found_before_it_starts(void **state)
{
    (void)state;
    start();
    make(&build, 4, 203);
    assert_int_equal(updating_begin(&rig, &build).reasons, 0);
    assert_int_equal(updating_send(&rig, &build).reasons, 0);
    for (unsigned sealed = 0; sealed < 2; sealed++) {
        for (unsigned bit = sealed; bit < 203 * 8; bit += 67) {
            memcpy(&fork, &rig, sizeof fork);
            updating_content(&fork, 1)[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_equal(updating_do(&fork, sealed ? COMMAND_UPDATE_APPLY : COMMAND_UPDATE_SEAL).reasons, VERDICT_IMAGE);
            assert_int_equal(updating_status(&fork).slot[0].state, IMAGE_EMPTY);
            updating_pass(&fork, 10000);
            assert_int_equal(fork.resets, 0);
            updating_install(&fork, &build); /* sent again it is taken */
        }
        assert_int_equal(updating_do(&rig, COMMAND_UPDATE_SEAL).reasons, 0);
    }
    memcpy(&other, &build, sizeof other); /* signed, and sent with other bytes */
    other.content[7] ^= 0x80;
    assert_int_equal(updating_begin(&rig, &build).reasons, 0);
    assert_int_equal(updating_send(&rig, &other).reasons, 0);
    assert_int_equal(updating_do(&rig, COMMAND_UPDATE_SEAL).reasons, VERDICT_IMAGE);
}

static void flash_that_does_not_take_it_is_told(void **state)
{
    (void)state;
    struct event event;
    start();
    make(&build, 4, SMALL);
    assert_int_equal(updating_begin(&rig, &build).reasons, 0);
    flash_fail_at(&rig.twin.flash, rig_flash_operations(&rig) + 3);
    struct receipt receipt = updating_chunk(&rig, &build, 0, 192);
    assert_int_equal(receipt.reasons, VERDICT_STORAGE);
    assert_int_equal(receipt.earliest.ms, INT64_MAX);
    assert_int_equal(updating_status(&rig).slot[0].state, IMAGE_EMPTY);
    assert_int_equal(updating_events(&rig, EVENT_STORE_FAILED, &event), 1);
    assert_int_equal(event.field[0], STORE_IMAGES);
    updating_install(&rig, &build); /* erased once more it may do */
    make(&other, 5, SMALL);
    assert_int_equal(updating_begin(&rig, &other).reasons, 0);
    rig.twin.flash.wear.sectors_ppm = 1000000;
    updating_pass(&rig, 10000);
    assert_int_equal(updating_status(&rig).slot[0].state, IMAGE_EMPTY); /* after three erases of no avail */
    rig.twin.flash.wear.sectors_ppm = 0;
    updating_pass(&rig, HOUR);
    struct pump_status status;
    rig_status(&rig, &status);
    assert_int_equal(status.mode, MODE_RUNNING);
    assert_int_equal(status.base.nl_day, RATE);
}

/* One record of the two is damaged: right after it was written the state is still the newest; while the pump runs the self-test
 * writes it anew. */
static void a_damaged_record_is_restored(void **state)
{
    (void)state;
    start();
    make(&build, 4, SMALL);
    updating_install(&rig, &build);
    for (unsigned older = 0; older < 2; older++) {
        memcpy(&fork, &rig, sizeof fork);
        uint32_t sequence = fork.pump.store.place[STORE_IMAGES].sequence;
        uint32_t address = fork.pump.store.place[STORE_IMAGES].address - older * (STORE_OVERHEAD + 240);
        fork.twin.flash.byte[address + 60] ^= 8;
        rig_reset(&fork, RIG_MEMORY_LOST);
        assert_int_equal(updating_status(&fork).slot[0].state, IMAGE_WHOLE);
        memcpy(&fork, &rig, sizeof fork);
        fork.twin.flash.byte[address + 60] ^= 8;
        updating_pass(&fork, 8 * (int64_t)HOUR);
        assert_int_equal(fork.pump.store.place[STORE_IMAGES].sequence, sequence + (older ? 1 : 2));
        assert_int_equal(updating_events(&fork, EVENT_MENDED, NULL), !older);
        struct board board = twin_board(&fork.twin);
        assert_true(images_twice(&fork.pump.store, &board));
        rig_reset(&fork, RIG_MEMORY_LOST);
        assert_int_equal(updating_status(&fork).slot[0].state, IMAGE_WHOLE);
    }
}

/* A part that takes no record of the slots any more is tried with each self-test, not all the time: it would wear the rest. */
static void a_worn_part_is_not_tried_again_and_again(void **state)
{
    (void)state;
    start();
    make(&build, 4, SMALL);
    updating_install(&rig, &build);
    updating_pass(&rig, 60000);
    rig.twin.flash.byte[rig.pump.store.place[STORE_IMAGES].address + 60] ^= 8;
    rig.twin.flash.wear.words_ppm = 1000000;
    updating_pass(&rig, 8 * (int64_t)HOUR);
    uint64_t operations = rig_flash_operations(&rig);
    updating_pass(&rig, HOUR);
    assert_true(rig_flash_operations(&rig) - operations < 1000); /* one every few seconds would soon be ten thousand */
}

int main(void)
{
    updating_signer = signer_make(1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flipped_bit_is_found_before_it_starts),
        cmocka_unit_test(flash_that_does_not_take_it_is_told),
        cmocka_unit_test(a_damaged_record_is_restored),
        cmocka_unit_test(a_worn_part_is_not_tried_again_and_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
