/* plain_test.c - what nobody sees is refused where a name is given, and made visible where one is shown. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <stdio.h>
#include <string.h>

#include "document/plain.h"

static bool fits(const char *text)
{
    char fault[PLAIN_FAULT_BYTES];
    return plain_fits(text, fault);
}

static void what_is_seen_fits(void **state)
{
    (void)state;
    assert_true(fits(""));
    assert_true(fits("ward tablet"));
    assert_true(fits("M\xC3\xBCller, 2"));
    assert_true(fits("\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D"));         /* Hebrew letters */
    assert_true(fits("\xE7\x97\x85\xE6\xA3\x9F \xF0\x9F\x92\x8A")); /* Chinese letters, a pill */
}

/* A code point in UTF-8 between two letters. */
static void between_letters(char text[8], uint32_t code)
{
    if (code < 0x80)
        snprintf(text, 8, "a%cb", (int)code);
    else if (code < 0x800)
        snprintf(text, 8, "a%c%cb", (int)(0xC0 | code >> 6), (int)(0x80 | (code & 0x3F)));
    else if (code < 0x10000)
        snprintf(text, 8, "a%c%c%cb", (int)(0xE0 | code >> 12), (int)(0x80 | (code >> 6 & 0x3F)), (int)(0x80 | (code & 0x3F)));
    else
        snprintf(text, 8, "a%c%c%c%cb", (int)(0xF0 | code >> 18), (int)(0x80 | (code >> 12 & 0x3F)),
                 (int)(0x80 | (code >> 6 & 0x3F)), (int)(0x80 | (code & 0x3F)));
}

static void what_is_not_seen_is_told_with_its_place(void **state)
{
    (void)state;
    static const uint32_t codes[] = { 0x01, 0x1B, 0x7F, 0x85, 0xA0, 0xAD, 0x61C, 0x200B, 0x200D, 0x200E, 0x200F, 0x2028, 0x202A,
                                      0x202E, 0x2060, 0x2066, 0x2069, 0x2800, 0x3164, 0xFE0F, 0xFEFF, 0xFFA0, 0xE0041 };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        char text[8], fault[PLAIN_FAULT_BYTES], name[24], shown[PLAIN_TEXT_BYTES], expected[32];
        between_letters(text, codes[i]);
        assert_false(plain_fits(text, fault));
        snprintf(name, sizeof name, "U+%04X at byte 2", (unsigned)codes[i]);
        assert_non_null(strstr(fault, name));
        snprintf(expected, sizeof expected, "a<U+%04X>b", (unsigned)codes[i]);
        plain_write(text, shown, sizeof shown);
        assert_string_equal(shown, expected);
    }
}

static void blanks_stand_alone_and_inside(void **state)
{
    (void)state;
    assert_false(fits(" ward"));
    assert_false(fits("ward "));
    assert_false(fits("ward  tablet"));
    assert_false(fits(" "));
}

static void what_is_no_utf8_is_told_and_shown_as_its_bytes(void **state)
{
    (void)state;
    static const char *const texts[] = { "\x80", "a\xE2\x82", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "\xC3(" };
    char shown[PLAIN_TEXT_BYTES];
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_false(fits(texts[i]));
    plain_write("a\xE2\x82", shown, sizeof shown);
    assert_string_equal(shown, "a<E2><82>");
    plain_write("\xC3(", shown, sizeof shown);
    assert_string_equal(shown, "<C3>(");
}

static void what_is_too_long_ends_between_characters(void **state)
{
    (void)state;
    char shown[8];
    plain_write("abc\xE2\x80\xAEz", shown, sizeof shown);
    assert_string_equal(shown, "abc");
    plain_write("abcdef\xC3\xBC", shown, sizeof shown);
    assert_string_equal(shown, "abcdef");
    plain_write("abcdefg", shown, sizeof shown);
    assert_string_equal(shown, "abcdefg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_seen_fits),
        cmocka_unit_test(what_is_not_seen_is_told_with_its_place),
        cmocka_unit_test(blanks_stand_alone_and_inside),
        cmocka_unit_test(what_is_no_utf8_is_told_and_shown_as_its_bytes),
        cmocka_unit_test(what_is_too_long_ends_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
