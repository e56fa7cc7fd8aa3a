/* blank_test.c - one bit anywhere in a sector is found, and how often the flash is asked for that. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "pump/blank.h"
#include "pump/store.h"
#include "tests/pump/nor.h"

static struct nor nor;

static void a_bit_anywhere_is_found(void **state)
{
    (void)state;
    nor_init(&nor, 1);
    struct board board = nor_board(&nor);
    assert_true(blank_sector(&board, 7));
    for (unsigned at = 0; at < FLASH_SECTOR_BYTES; at++) {
        *nor_at(&nor, 7, at) = (uint8_t)(0xFF ^ 1 << at % 8);
        assert_false(blank_sector(&board, 7));
        assert_true(blank_sector(&board, 6) && blank_sector(&board, 8));
        for (uint32_t piece = 0; piece < FLASH_SECTOR_BYTES; piece += BLANK_PIECE)
            assert_int_equal(blank_piece(&board, 7 * FLASH_SECTOR_BYTES + piece),
                             piece / BLANK_PIECE != at / BLANK_PIECE);
        *nor_at(&nor, 7, at) = 0xFF;
    }
    uint8_t bytes[] = { 0xFF, 0xFF, 0x7F };
    assert_true(blank_bytes(bytes, 2));
    assert_false(blank_bytes(bytes, 3));
}

/* What stands at any place of a sector is found by a mount that steps over blanks. */
static void records_are_found_wherever_they_stand(void **state)
{
    (void)state;
    uint8_t payload[40], back[STORE_PAYLOAD_MAX];
    struct store store = { .erases = 0 }, again;
    struct board board = nor_board(&nor);
    nor_init(&nor, 2);
    memset(payload, 0xFF, sizeof payload); /* as blank as a payload can be */
    store_mount(&store, &board);
    for (unsigned round = 1; round <= 60; round++) {
        payload[0] = (uint8_t)round;
        uint32_t size = 1 + round % (uint32_t)sizeof payload;
        assert_int_equal(store_append(&store, &board, STORE_SETTINGS, 1, payload, size), RESULT_OK);
        memset(&again, 0, sizeof again);
        store_mount(&again, &board);
        assert_memory_equal(&again.place[STORE_SETTINGS], &store.place[STORE_SETTINGS], sizeof again.place[0]);
        assert_int_equal(store_read(&again, &board, STORE_SETTINGS, back, sizeof back), RESULT_OK);
        assert_memory_equal(back, payload, size);
    }
}

/* A record moved to any other word of its sector, alone among blanks, is found there too. */
static void a_record_among_blanks_is_found(void **state)
{
    (void)state;
    uint8_t payload[5] = { 1, 2, 3, 4, 5 }, record[STORE_OVERHEAD + 8];
    struct store store = { .erases = 0 }, again;
    struct board board = nor_board(&nor);
    nor_init(&nor, 3);
    store_mount(&store, &board);
    assert_int_equal(store_append(&store, &board, STORE_SETTINGS, 1, payload, sizeof payload), RESULT_OK);
    uint32_t sector = store.place[STORE_SETTINGS].sector;
    assert_int_equal(store.place[STORE_SETTINGS].used, sizeof record);
    memcpy(record, nor_at(&nor, sector, 0), sizeof record);
    for (uint32_t at = 0; at <= FLASH_SECTOR_BYTES - sizeof record; at += FLASH_WORD_BYTES) {
        memset(nor_at(&nor, sector, 0), 0xFF, FLASH_SECTOR_BYTES);
        memcpy(nor_at(&nor, sector, at), record, sizeof record);
        memset(&again, 0, sizeof again);
        store_mount(&again, &board);
        assert_int_equal(again.place[STORE_SETTINGS].address, sector * FLASH_SECTOR_BYTES + at);
        assert_int_equal(again.place[STORE_SETTINGS].used, at + sizeof record);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bit_anywhere_is_found),
        cmocka_unit_test(records_are_found_wherever_they_stand),
        cmocka_unit_test(a_record_among_blanks_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
