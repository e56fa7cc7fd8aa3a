/* bytes_test.c - integers as bytes: their order, and what happens at the end of the buffer. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "core/bytes.h"

static void writes_the_least_byte_first(void **state)
{
    (void)state;
    uint8_t bytes[11] = { 0 };
    struct byte_writer writer = { .at = bytes, .left = sizeof bytes };
    byte_write(&writer, 0x1234, 2);
    byte_write(&writer, UINT64_C(0x0102030405060708), 8);
    byte_write(&writer, 0x1FF, 1); /* only the low byte */
    const uint8_t expected[11] = { 0x34, 0x12, 8, 7, 6, 5, 4, 3, 2, 1, 0xFF };
    assert_memory_equal(bytes, expected, sizeof expected);
    assert_false(writer.bad);
    assert_int_equal(writer.written, 11);
    assert_int_equal(writer.left, 0);
}

static void reads_what_was_written(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (unsigned round = 0; round < 1000; round++) {
        unsigned size = (unsigned)chance_between(&seed, 1, 8);
        uint64_t value = chance_next(&seed) >> (64 - 8 * size);
        uint8_t bytes[8];
        struct byte_writer writer = { .at = bytes, .left = sizeof bytes };
        byte_write(&writer, value, size);
        struct byte_reader reader = { .at = bytes, .left = writer.written };
        assert_true(byte_read(&reader, size) == value);
        assert_false(reader.bad);
        assert_int_equal(reader.left, 0);
    }
}

static void reader_stays_bad_after_the_end(void **state)
{
    (void)state;
    const uint8_t bytes[3] = { 1, 2, 3 };
    struct byte_reader reader = { .at = bytes, .left = sizeof bytes };
    assert_int_equal(byte_read(&reader, 4), 0);
    assert_true(reader.bad);
    assert_int_equal(byte_read(&reader, 1), 0);
    uint8_t block[2] = { 9, 9 };
    byte_read_block(&reader, block, sizeof block);
    assert_int_equal(block[0] | block[1], 0);
    assert_true(reader.bad);
}

static void writer_touches_nothing_past_the_end(void **state)
{
    (void)state;
    uint8_t bytes[4] = { 7, 7, 7, 7 };
    struct byte_writer writer = { .at = bytes, .left = 3 };
    byte_write(&writer, 0xFFFFFFFF, 4);
    assert_true(writer.bad);
    byte_write_block(&writer, (const uint8_t[]){ 1 }, 1);
    assert_int_equal(writer.written, 0);
    const uint8_t untouched[4] = { 7, 7, 7, 7 };
    assert_memory_equal(bytes, untouched, sizeof bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_least_byte_first),
        cmocka_unit_test(reads_what_was_written),
        cmocka_unit_test(reader_stays_bad_after_the_end),
        cmocka_unit_test(writer_touches_nothing_past_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
