/* text_test.c - which texts may stand in a record and be shown to people. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "core/text.h"

static bool valid(const char *text, size_t length)
{
    char field[16] = { 0 };
    memcpy(field, text, length);
    return text_valid(field, sizeof field);
}

static void accepts_well_formed_text(void **state)
{
    (void)state;
    assert_true(valid("", 0));
    assert_true(valid("morphine, 1", 11));
    assert_true(valid("123456789012345", 15));
    assert_true(valid("\xC2\xB5g", 3));         /* micro sign */
    assert_true(valid("\xE2\x82\xAC", 3));      /* euro sign */
    assert_true(valid("\xF0\x9F\x92\x8A", 4));  /* U+1F48A, a pill */
    assert_true(valid("\xF4\x8F\xBF\xBF", 4));  /* U+10FFFF, the last */
}

static void refuses_what_is_not_text(void **state)
{
    (void)state;
    assert_false(valid("1234567890123456", 16)); /* no zero at the end */
    assert_false(valid("a\0b", 3));              /* something after the end */
    assert_false(valid("a\nb", 3));
    assert_false(valid("\x1F", 1));
    assert_false(valid("\x7F", 1));
    assert_false(valid("\xC2\x80", 2));         /* U+0080, a control character */
    assert_false(valid("\xC2\x9F", 2));
    assert_false(valid("\xC0\xAF", 2));         /* overlong slash */
    assert_false(valid("\xE0\x80\xAF", 3));     /* overlong */
    assert_false(valid("\xF0\x80\x80\xAF", 4)); /* overlong */
    assert_false(valid("\xED\xA0\x80", 3));     /* surrogate */
    assert_false(valid("\xF4\x90\x80\x80", 4)); /* above U+10FFFF */
    assert_false(valid("\xF5\x80\x80\x80", 4));
    assert_false(valid("\x80", 1));             /* begins in the middle */
    assert_false(valid("a\xE2\x82", 3));        /* ends in the middle */
    assert_false(valid("\xC3(", 2));
}

static void compares_texts(void **state)
{
    (void)state;
    assert_true(text_same("", ""));
    assert_true(text_same("C20", "C20"));
    assert_false(text_same("C20", "C2"));
    assert_false(text_same("C2", "C20"));
    assert_false(text_same("c20", "C20"));
    assert_true(text_same_ignoring_case("HYDROmorphone", "hydromorphone"));
    assert_false(text_same_ignoring_case("HYDROmorphone", "hydromorphon"));
    assert_false(text_same_ignoring_case("[", "{")); /* 32 apart, but no letters */
}

static void reads_what_it_writes_and_refuses_the_rest(void **state)
{
    (void)state;
    uint8_t bytes[8];
    struct byte_writer writer = { .at = bytes, .left = sizeof bytes };
    text_write(&writer, "abc", 4);
    assert_int_equal(writer.written, 4);
    char field[4] = { 9, 9, 9, 9 };
    struct byte_reader reader = { .at = bytes, .left = writer.written };
    text_read(&reader, field, sizeof field);
    assert_false(reader.bad);
    assert_string_equal(field, "abc");
    reader = (struct byte_reader){ .at = (const uint8_t[]){ 4, 'a', 'b', 'c', 'd' }, .left = 5 };
    text_read(&reader, field, sizeof field);
    assert_true(reader.bad);
    reader = (struct byte_reader){ .at = (const uint8_t[]){ 2, 'a', 0 }, .left = 3 };
    text_read(&reader, field, sizeof field);
    assert_true(reader.bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_well_formed_text),
        cmocka_unit_test(refuses_what_is_not_text),
        cmocka_unit_test(compares_texts),
        cmocka_unit_test(reads_what_it_writes_and_refuses_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
