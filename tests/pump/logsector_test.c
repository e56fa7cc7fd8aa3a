/* logsector_test.c - whole records are found among torn ones, damage and blanks. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "pump/logsector.h"
#include "tests/pump/nor.h"

static struct nor nor;

static void headers_of_every_sort(void **state)
{
    (void)state;
    nor_init(&nor, 1);
    struct board board = nor_board(&nor);
    uint32_t sector = logsector_span(LOG_EVENTS_RING).first;
    assert_int_equal(sector, REGION_FIRST_EVENTS);
    assert_int_equal(logsector_span(LOG_FAULTS_RING).first, REGION_FIRST_FAULTS);
    struct log_header header = { .version = LOG_VERSION, .kind = LOG_EVENTS_RING, .first = 9 }, back;
    assert_int_equal(logsector_header(&board, sector, LOG_EVENTS_RING, &back), RESULT_NOT_FOUND);
    logrecord_header_write(&header, nor_at(&nor, sector, 0));
    assert_int_equal(logsector_header(&board, sector, LOG_EVENTS_RING, &back), RESULT_OK);
    assert_int_equal(back.first, 9);
    assert_int_equal(logsector_header(&board, sector, LOG_FAULTS_RING, &back), RESULT_DAMAGED); /* strayed from another ring */
}

static void whole_records_are_found_among_ruins(void **state)
{
    (void)state;
    uint64_t seed = 21;
    struct board board = nor_board(&nor);
    struct log_header header = { .version = LOG_VERSION, .kind = LOG_EVENTS_RING, .first = 1000 };
    for (unsigned round = 0; round < 300; round++) {
        uint64_t numbers[300];
        unsigned count = 0, told = 0;
        uint32_t at = LOG_HEADER_BYTES, end = at;
        unsigned junk = 0;
        nor_init(&nor, round);
        for (uint64_t number = 1000; at < FLASH_SECTOR_BYTES - 2 * LOG_RECORD_BYTES_MAX; number++) {
            struct log_record record = { .number = number, .event = { .code = EVENT_RATE, .at = { 5 } } };
            record.event.field[0] = (int64_t)(chance_next(&seed) >> 1);
            uint8_t bytes[LOG_RECORD_BYTES_MAX];
            size_t size = logrecord_write(&header, &record, bytes);
            int64_t fate = chance_between(&seed, 0, 9);
            memcpy(nor_at(&nor, 40, at), bytes, size);
            if (fate == 0)
                memset(nor_at(&nor, 40, at + 8), 0xFF, size - 8); /* torn behind the first word */
            else if (fate == 1)
                *nor_at(&nor, 40, at + (uint32_t)chance_between(&seed, 0, (int64_t)size - 1)) ^= 4;
            else
                numbers[count++] = number;
            junk = fate > 1 ? 0 : junk + (fate == 0 ? 1 : (unsigned)size / 8);
            end = at + (fate == 0 ? 8 : (uint32_t)size);
            at = end;
        }
        struct logsector_walk walk;
        struct log_record record;
        uint8_t bytes[LOG_RECORD_BYTES_MAX];
        logsector_begin(&walk, &header, 40);
        while (logsector_next(&board, &walk, &record, bytes) > 0)
            assert_int_equal(record.number, numbers[told++]);
        assert_int_equal(told, count);
        assert_int_equal(walk.end, end);
        assert_int_equal(walk.junk, junk);
    }
}

static void the_chain_is_the_hash_of_value_and_bytes(void **state)
{
    (void)state;
    uint8_t chain[HASH_BYTES] = { 1, 2, 3 }, joined[HASH_BYTES + 24] = { 1, 2, 3 }, expected[HASH_BYTES];
    memset(joined + HASH_BYTES, 7, 24);
    hash_of(joined, sizeof joined, expected);
    logsector_chain(chain, joined + HASH_BYTES, 24);
    assert_memory_equal(chain, expected, HASH_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_of_every_sort),
        cmocka_unit_test(whole_records_are_found_among_ruins),
        cmocka_unit_test(the_chain_is_the_hash_of_value_and_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
