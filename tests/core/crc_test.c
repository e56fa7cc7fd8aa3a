/* crc_test.c - the check value against a published one and against the bitwise definition. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "core/crc.h"

static void the_published_check_value(void **state)
{
    (void)state;
    assert_int_equal(crc32_of((const uint8_t *)"123456789", 9), 0xCBF43926u);
    assert_int_equal(crc32_of((const uint8_t *)"", 0), 0);
}

/* The definition: division by the polynomial, bit by bit. */
static uint32_t slow(const uint8_t *bytes, size_t size)
{
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t bit = 0; bit < 8 * size; bit++) {
        uint32_t in = bytes[bit / 8] >> bit % 8 & 1;
        uint32_t out = crc & 1;
        crc = crc >> 1 ^ ((in ^ out) ? 0xEDB88320u : 0);
    }
    return ~crc;
}

static void every_length_and_value(void **state)
{
    (void)state;
    uint8_t bytes[300];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 151 + i / 7);
    for (size_t size = 0; size <= sizeof bytes; size++) {
        assert_int_equal(crc32_of(bytes, size), slow(bytes, size));
        assert_int_equal(crc32_more(crc32_of(bytes, size / 3), bytes + size / 3, size - size / 3), slow(bytes, size));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_check_value),
        cmocka_unit_test(every_length_and_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
