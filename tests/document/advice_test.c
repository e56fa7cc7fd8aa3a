/* advice_test.c - every reason for a refusal comes with what would pass. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "core/verdict.h"
#include "document/advice.h"

static void no_reason_is_without_advice(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < VERDICT_COUNT; bit++) {
        assert_non_null(advice_text(bit));
        assert_true(strlen(advice_text(bit)) > 10);
        assert_string_not_equal(advice_text(bit), verdict_text(bit));
    }
    assert_null(advice_text(VERDICT_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(no_reason_is_without_advice) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
