/* card_test.c - what is printed on an implant card reads back, however it is typed; and nothing else does. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <ctype.h>
#include <string.h>

#include "clinic/programmer/card.h"

static bool reads_as(const char *text, const uint8_t expected[CARD_SECRET_BYTES])
{
    uint8_t secret[CARD_SECRET_BYTES] = { 0 };
    return card_read(text, strlen(text), secret) && memcmp(secret, expected, sizeof secret) == 0;
}

/* By hand: sixteen bytes of ones are twenty-five times 31 and three bits of ones before two of zeros; the first byte alone is its
 * five highest bits and its three lowest before two zeros. */
static void known_cards_are_written(void **state)
{
    (void)state;
    char text[CARD_TEXT_BYTES];
    uint8_t secret[CARD_SECRET_BYTES] = { 0 };
    card_write(secret, text);
    assert_string_equal(text, "00000-00000-00000-00000-000000");
    secret[0] = 0xA5; /* 10100 101.. */
    card_write(secret, text);
    assert_string_equal(text, "MM000-00000-00000-00000-000000");
    memset(secret, 0xFF, sizeof secret);
    card_write(secret, text);
    assert_string_equal(text, "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZW");
    memset(secret, 0, sizeof secret);
    secret[15] = 1;
    card_write(secret, text);
    assert_string_equal(text, "00000-00000-00000-00000-000004");
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (unsigned i = 0; i < 2000; i++) {
        uint8_t secret[CARD_SECRET_BYTES];
        char text[CARD_TEXT_BYTES];
        for (unsigned j = 0; j < sizeof secret; j++)
            secret[j] = (uint8_t)chance_next(&seed);
        card_write(secret, text);
        assert_int_equal(strlen(text), CARD_TEXT_BYTES - 1);
        assert_true(reads_as(text, secret));
        for (char *c = text; *c != '\0'; c++)
            *c = (char)tolower((unsigned char)*c);
        assert_true(reads_as(text, secret));
    }
}

static void it_may_be_typed_as_people_type(void **state)
{
    (void)state;
    const uint8_t secret[CARD_SECRET_BYTES] = { 0x00, 0x44, 0x32, 0x14, 0xC7, 0x42, 0x54, 0xB6, 0x35, 0xCF, 0x84, 0x65,
                                                0x3A, 0x56, 0xD7, 0xC6 };
    char text[CARD_TEXT_BYTES];
    card_write(secret, text);
    assert_string_equal(text, "01234-56789-ABCDE-FGHJK-MNPQRR");
    assert_true(reads_as("0123456789ABCDEFGHJKMNPQRR", secret));
    assert_true(reads_as("o123 4567-89ab cdef ghjk mnpq rr\r\n", secret));
    assert_true(reads_as("OI23456789ABCDEFGHJKMNPQRR", secret));
    assert_true(reads_as("0l23456789ABCDEFGHJKMNPQRR", secret));
}

static void what_is_no_card_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "0123456789ABCDEFGHJKMNPQR", "0123456789ABCDEFGHJKMNPQR0R", "0123456789ABCDEFGHJKMNPQRS",
        "0123456789ABCDEFGHJKMNPQRU", "0123456789ABCDEFGHJKMNPQR!", "0123456789ABCDEFGHJKMNPQR\t",
        "0123456789ABCDEFGHJKMNPQRR 0", "0123456789ABCDEFGHJKMNPQRT",
    };
    uint8_t secret[CARD_SECRET_BYTES], before[CARD_SECRET_BYTES];
    memset(secret, 0x5A, sizeof secret);
    memcpy(before, secret, sizeof before);
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_false(card_read(texts[i], strlen(texts[i]), secret));
        assert_memory_equal(secret, before, sizeof before);
    }
    assert_false(card_read("0123456789ABCDEFGHJKMNPQR\0", 26, secret));
    char zeros[200];
    memset(zeros, '0', sizeof zeros);
    assert_false(card_read(zeros, sizeof zeros, secret));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_cards_are_written),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(it_may_be_typed_as_people_type),
        cmocka_unit_test(what_is_no_card_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
