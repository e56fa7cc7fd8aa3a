/* result_test.c - how an operation ended: frozen numbers, and words for each. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "core/result.h"

static void numbers_are_frozen(void **state)
{
    (void)state;
    assert_int_equal(RESULT_OK, 0);
    assert_int_equal(RESULT_TRUNCATED, 1);
    assert_int_equal(RESULT_NOT_CANONICAL, 4);
    assert_int_equal(RESULT_NOT_FOUND, 7);
}

static void every_result_has_its_own_words(void **state)
{
    (void)state;
    assert_string_equal(result_text(RESULT_OK), "done");
    for (unsigned result = 0; result <= RESULT_NOT_FOUND; result++)
        for (unsigned other = 0; other < result; other++)
            assert_string_not_equal(result_text((enum result)result), result_text((enum result)other));
    assert_non_null(result_text((enum result)99)); /* a number from newer software still gets words */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_frozen),
        cmocka_unit_test(every_result_has_its_own_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
