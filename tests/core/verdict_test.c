/* verdict_test.c - the reasons for a refusal: frozen bits, each with a word and a sentence. REQ-THER-10. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "core/verdict.h"

static void bits_are_frozen(void **state)
{
    (void)state;
    assert_true(VERDICT_RATE_RANGE == 1);
    assert_true(VERDICT_HOUR_LIMIT == 1 << 4);
    assert_true(VERDICT_STALE_HEAD == 1 << 13);
    assert_true(VERDICT_INTERVAL == 1 << 27);
    assert_true(VERDICT_CIVIL_TIME == UINT64_C(1) << 34);
}

static void every_reason_has_a_word_and_a_sentence(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < VERDICT_COUNT; bit++) {
        assert_non_null(verdict_word(bit));
        assert_non_null(verdict_text(bit));
        for (unsigned other = 0; other < bit; other++)
            assert_string_not_equal(verdict_word(bit), verdict_word(other));
    }
    assert_null(verdict_word(VERDICT_COUNT));
    assert_null(verdict_text(VERDICT_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_are_frozen),
        cmocka_unit_test(every_reason_has_a_word_and_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
