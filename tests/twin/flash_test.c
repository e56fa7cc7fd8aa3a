/* flash_test.c - the rules of the chip against a plain model of one, what a cut leaves in each phase, wear. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/flash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/twin/dice.h"

enum { SECTOR = 3, AT = SECTOR * FLASH_SECTOR_BYTES + 16 };

static const instant_ms START = { 1000 };

static struct flash *chip(uint64_t seed)
{
    struct flash *flash = malloc(sizeof *flash);
    assert_non_null(flash);
    flash_init(flash);
    flash->seed = seed;
    return flash;
}

static void word_of(struct dice *dice, uint8_t word[FLASH_WORD_BYTES])
{
    for (unsigned i = 0; i < FLASH_WORD_BYTES; i++) {
        word[i] = (uint8_t)dice_between(dice, 0, 255);
    }
}

static uint64_t bits(const uint8_t word[FLASH_WORD_BYTES])
{
    uint64_t all;
    memcpy(&all, word, sizeof all);
    return all;
}

/* A sector that holds something everywhere. */
static void fill_sector(struct flash *flash, struct dice *dice, uint32_t sector)
{
    uint8_t word[FLASH_WORD_BYTES];
    for (uint32_t at = 0; at < FLASH_SECTOR_BYTES; at += FLASH_WORD_BYTES) {
        word_of(dice, word);
        assert_int_equal(flash_program(flash, sector * FLASH_SECTOR_BYTES + at, word), FLASH_DONE);
    }
}

/* The model: an array of bits, each 1 until somebody programs a 0, and again after an erase. */
static void a_sound_chip_is_an_array_of_bits(void **state)
{
    (void)state;
    enum { SECTORS = 4, WORDS = SECTORS * FLASH_SECTOR_BYTES / FLASH_WORD_BYTES };
    static uint64_t model[WORDS];
    struct flash *flash = chip(1);
    struct dice dice = { 11 };
    uint64_t operations = 0, misuses = 0, erases[SECTORS] = { 0 };
    instant_ms now = START;
    memset(model, 0xFF, sizeof model);
    for (int i = 0; i < 20000; i++) {
        now.ms += dice_between(&dice, 0, 3);
        flash_settle(flash, now);
        uint32_t index = (uint32_t)dice_between(&dice, 0, WORDS - 1);
        uint32_t sector = index * FLASH_WORD_BYTES / FLASH_SECTOR_BYTES;
        uint8_t word[FLASH_WORD_BYTES];
        if (dice_between(&dice, 0, 99) == 0) {
            assert_int_equal(flash_erase(flash, sector, now), FLASH_DONE);
            assert_int_equal(flash_erase(flash, sector, now), FLASH_BUSY);
            assert_int_equal(flash_program(flash, index * FLASH_WORD_BYTES, word), FLASH_BUSY);
            assert_int_equal(flash_erased(flash, (instant_ms){ now.ms + FLASH_ERASE_MS - 1 }), FLASH_BUSY);
            now.ms += FLASH_ERASE_MS;
            assert_int_equal(flash_erased(flash, now), FLASH_DONE);
            memset(&model[sector * FLASH_SECTOR_BYTES / FLASH_WORD_BYTES], 0xFF, FLASH_SECTOR_BYTES);
            erases[sector]++;
            operations++;
            continue;
        }
        word_of(&dice, word);
        assert_int_equal(flash_program(flash, index * FLASH_WORD_BYTES, word), FLASH_DONE);
        operations++;
        misuses += model[index] != UINT64_MAX;
        model[index] &= bits(word);
    }
    assert_memory_equal(flash->byte, model, sizeof model);
    assert_true(flash->operations == operations && flash->misuses == misuses && misuses > 0);
    for (unsigned i = 0; i < SECTORS; i++) {
        assert_int_equal(flash->erases[i], erases[i]);
    }
    for (size_t i = sizeof model; i < FLASH_BYTES; i++) {
        assert_int_equal(flash->byte[i], 0xFF);
    }
    free(flash);
}

static void while_a_sector_is_erased_the_others_work(void **state)
{
    (void)state;
    struct flash *flash = chip(2);
    struct dice dice = { 5 };
    uint8_t word[FLASH_WORD_BYTES], read[FLASH_WORD_BYTES];
    fill_sector(flash, &dice, SECTOR);
    word_of(&dice, word);
    assert_int_equal(flash_erase(flash, SECTOR, START), FLASH_DONE);
    assert_int_equal(flash_program(flash, 0, word), FLASH_DONE);
    flash_read(flash, 0, read, sizeof read);
    assert_memory_equal(read, word, sizeof read);
    flash_read(flash, AT, read, sizeof read); /* neither what it was nor what it will be */
    assert_memory_not_equal(read, flash->byte + AT, sizeof read);
    assert_true(bits(read) != UINT64_MAX);
    flash_settle(flash, (instant_ms){ START.ms + FLASH_ERASE_MS });
    flash_read(flash, AT, read, sizeof read);
    assert_true(bits(read) == UINT64_MAX);
    free(flash);
}

/* In each phase a word holds the old bits, some of the new zeros, or all of them; and the same seed tears the same way. */
static void a_word_is_torn_by_the_seed(void **state)
{
    (void)state;
    unsigned between = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        for (enum flash_cut cut = FLASH_CUT_BEFORE; cut <= FLASH_CUT_DURING; cut++) {
            uint64_t left[2];
            uint8_t word[FLASH_WORD_BYTES];
            for (unsigned turn = 0; turn < 2; turn++) {
                struct flash *flash = chip(seed);
                struct dice dice = { seed };
                fill_sector(flash, &dice, 0);
                flash_cut_at(flash, flash->operations + 2, cut);
                word_of(&dice, word);
                assert_int_equal(flash_program(flash, AT - 8, word), FLASH_DONE); /* not this one */
                (void)flash_program(flash, AT, word);
                assert_true(flash->off);
                assert_int_equal(flash_program(flash, AT + 8, word), FLASH_FAILED); /* nothing works any more */
                assert_int_equal(flash_erase(flash, SECTOR, START), FLASH_FAILED);
                assert_true(bits(flash->byte + AT + 8) == UINT64_MAX);
                flash_power_cut(flash, START);
                assert_int_equal(flash_program(flash, AT + 8, word), FLASH_DONE);
                left[turn] = bits(flash->byte + AT);
                free(flash);
            }
            assert_true(left[0] == left[1]);
            assert_true((left[0] & bits(word)) == bits(word)); /* no bit went that was not asked to go */
            if (cut == FLASH_CUT_BEFORE) {
                assert_true(left[0] == UINT64_MAX);
            } else if (cut == FLASH_CUT_AFTER) {
                assert_true(left[0] == bits(word));
            } else {
                between += left[0] != UINT64_MAX && left[0] != bits(word);
            }
        }
    }
    assert_true(between > 390); /* of 400 */
}

struct mixture_count {
    unsigned old, erased, between;
};

static struct mixture_count mixture(const struct flash *flash, const uint8_t *before)
{
    struct mixture_count count = { 0 };
    const uint8_t *now = flash->byte + SECTOR * FLASH_SECTOR_BYTES;
    for (unsigned i = 0; i < FLASH_SECTOR_BYTES; i++) {
        assert_int_equal(now[i] & before[i], before[i]); /* an erase takes no bit away */
        count.old += now[i] == before[i] && before[i] != 0xFF;
        count.erased += now[i] == 0xFF;
        count.between += now[i] != before[i] && now[i] != 0xFF;
    }
    return count;
}

static void an_erase_is_torn_by_the_seed(void **state)
{
    (void)state;
    unsigned little = 0, much = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        for (enum flash_cut cut = FLASH_CUT_BEFORE; cut <= FLASH_CUT_DURING; cut++) {
            uint8_t before[FLASH_SECTOR_BYTES], first[FLASH_SECTOR_BYTES];
            struct mixture_count count = { 0 };
            for (unsigned turn = 0; turn < 2; turn++) {
                struct flash *flash = chip(seed);
                struct dice dice = { seed };
                fill_sector(flash, &dice, SECTOR);
                memcpy(before, flash->byte + SECTOR * FLASH_SECTOR_BYTES, sizeof before);
                flash_cut_at(flash, flash->operations + 1, cut);
                (void)flash_erase(flash, SECTOR, START);
                assert_true(flash->off == (cut != FLASH_CUT_DURING));
                if (cut == FLASH_CUT_DURING) {
                    assert_in_range(flash->cut_due.ms, START.ms, START.ms + FLASH_ERASE_MS - 1);
                    assert_int_equal(flash_erased(flash, flash->cut_due), FLASH_BUSY);
                }
                flash_power_cut(flash, cut == FLASH_CUT_DURING ? flash->cut_due : START);
                assert_int_equal(flash_erased(flash, (instant_ms){ START.ms + 1000 }), FLASH_DONE);
                assert_int_equal(flash->erases[SECTOR], cut == FLASH_CUT_BEFORE ? 0 : 1);
                count = mixture(flash, before);
                if (turn == 0) {
                    memcpy(first, flash->byte + SECTOR * FLASH_SECTOR_BYTES, sizeof first);
                }
                assert_memory_equal(first, flash->byte + SECTOR * FLASH_SECTOR_BYTES, sizeof first);
                free(flash);
            }
            if (cut == FLASH_CUT_BEFORE) {
                assert_memory_equal(first, before, sizeof first);
            } else if (cut == FLASH_CUT_AFTER) {
                assert_int_equal(count.erased, FLASH_SECTOR_BYTES);
            } else {
                assert_true(count.old + count.between > 0);
                little += count.erased < FLASH_SECTOR_BYTES / 4;
                much += count.erased > FLASH_SECTOR_BYTES * 3 / 4;
            }
        }
    }
    assert_true(little > 20 && much > 20); /* hardly begun and nearly whole: both occur */
}

/* Power that goes without being asked for, while an erase is under way. */
static void any_power_cut_tears_an_erase_under_way(void **state)
{
    (void)state;
    struct flash *flash = chip(9);
    struct dice dice = { 3 };
    fill_sector(flash, &dice, SECTOR);
    uint8_t before[FLASH_SECTOR_BYTES];
    memcpy(before, flash->byte + SECTOR * FLASH_SECTOR_BYTES, sizeof before);
    assert_int_equal(flash_erase(flash, SECTOR, START), FLASH_DONE);
    flash_power_cut(flash, (instant_ms){ START.ms + FLASH_ERASE_MS - 1 });
    struct mixture_count count = mixture(flash, before);
    assert_true(count.old > 0 && count.erased > 0 && count.between > 0);
    assert_int_equal(flash_erase(flash, SECTOR, START), FLASH_DONE);
    flash_power_cut(flash, (instant_ms){ START.ms + FLASH_ERASE_MS }); /* this one had ended */
    assert_int_equal(mixture(flash, before).erased, FLASH_SECTOR_BYTES);
    free(flash);
}

static void a_worn_part_fails_always_in_the_same_places(void **state)
{
    (void)state;
    enum { WORDS = 20 * FLASH_SECTOR_BYTES / FLASH_WORD_BYTES };
    const uint8_t zeros[FLASH_WORD_BYTES] = { 0 };
    for (unsigned silent = 0; silent < 2; silent++) {
        struct flash *flash = chip(77);
        unsigned bad = 0, bad_sectors = 0;
        flash->wear = (struct flash_wear){ .words_ppm = 100000, .sectors_ppm = 200000, .silent = silent == 1 };
        for (uint32_t i = 0; i < WORDS; i++) {
            uint8_t told = flash_program(flash, i * FLASH_WORD_BYTES, zeros);
            bool whole = bits(flash->byte + i * FLASH_WORD_BYTES) == 0;
            assert_int_equal(told, whole || silent == 1 ? FLASH_DONE : FLASH_FAILED);
            bad += !whole;
        }
        assert_in_range(bad, WORDS / 10 - WORDS / 40, WORDS / 10 + WORDS / 40); /* a tenth: 5 standard deviations */
        for (uint32_t sector = 0; sector < 20; sector++) {
            instant_ms end = { START.ms + (sector + 1) * 100 };
            assert_int_equal(flash_erase(flash, sector, (instant_ms){ end.ms - FLASH_ERASE_MS }), FLASH_DONE);
            uint8_t told = flash_erased(flash, end);
            unsigned left = 0;
            for (unsigned i = 0; i < FLASH_SECTOR_BYTES; i++) {
                left += flash->byte[sector * FLASH_SECTOR_BYTES + i] != 0xFF;
            }
            assert_int_equal(told, left == 0 || silent == 1 ? FLASH_DONE : FLASH_FAILED);
            bad_sectors += left != 0;
        }
        assert_in_range(bad_sectors, 1, 9);
        free(flash);
    }
}

static void one_operation_fails_and_one_bit_turns_over(void **state)
{
    (void)state;
    const uint8_t zeros[FLASH_WORD_BYTES] = { 0 };
    struct flash *flash = chip(4);
    flash_fail_at(flash, 2);
    assert_int_equal(flash_program(flash, 0, zeros), FLASH_DONE);
    assert_int_equal(flash_program(flash, 8, zeros), FLASH_FAILED);
    assert_int_equal(flash_program(flash, 16, zeros), FLASH_DONE);
    assert_true(bits(flash->byte) == 0 && bits(flash->byte + 8) != 0 && bits(flash->byte + 16) == 0);
    flash_fail_at(flash, 4);
    assert_int_equal(flash_erase(flash, 0, START), FLASH_DONE);
    assert_int_equal(flash_erased(flash, (instant_ms){ START.ms + FLASH_ERASE_MS }), FLASH_FAILED);
    flash_flip(flash, (uint64_t)AT * 8 + 5);
    assert_int_equal(flash->byte[AT], 0xFF ^ 0x20);
    flash_flip(flash, (uint64_t)AT * 8 + 5);
    assert_int_equal(flash->byte[AT], 0xFF);
    free(flash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_chip_is_an_array_of_bits),
        cmocka_unit_test(while_a_sector_is_erased_the_others_work),
        cmocka_unit_test(a_word_is_torn_by_the_seed),
        cmocka_unit_test(an_erase_is_torn_by_the_seed),
        cmocka_unit_test(any_power_cut_tears_an_erase_under_way),
        cmocka_unit_test(a_worn_part_fails_always_in_the_same_places),
        cmocka_unit_test(one_operation_fails_and_one_bit_turns_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
