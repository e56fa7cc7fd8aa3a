/* quota_test.c - quanta against the flow and the courses that cover them: what was given once passes, what came twice does
 * not. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/quota.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { QUANTUM_NL = 250, DAY_MS = 86400000 };

/* Moves a quantum whenever `nl_day` has prescribed one more, until then; false at the first that is not covered. */
static bool flow(struct quota *quota, int64_t from_ms, int64_t until_ms, int64_t nl_day)
{
    bool covered = true;
    int64_t step_ms = (int64_t)QUANTUM_NL * DAY_MS / nl_day;
    for (int64_t at = from_ms + step_ms; at <= until_ms && covered; at += step_ms)
        covered = quota_moved(quota, 1, at);
    return covered;
}

static void a_base_is_covered_and_a_faster_one_is_not(void **state)
{
    (void)state;
    struct quota quota;
    quota_start(&quota, QUANTUM_NL, 0);
    assert_false(quota_moved(&quota, 1, 1000)); /* nothing flows yet */
    quota_start(&quota, QUANTUM_NL, 0);
    quota_flow(&quota, 1000000, 0);
    assert_true(flow(&quota, 0, DAY_MS, 1000000));
    quota_flow(&quota, 0, DAY_MS);
    assert_false(quota_moved(&quota, 1, 2 * (int64_t)DAY_MS));
    quota_start(&quota, QUANTUM_NL, 0);
    quota_flow(&quota, 1000000, 0);
    assert_false(flow(&quota, 0, DAY_MS, 1050000));
}

/* Nothing is made up for: a day without a quantum gives no right to more than what can be in hand. */
static void what_did_not_flow_is_not_owed(void **state)
{
    (void)state;
    struct quota quota;
    quota_start(&quota, QUANTUM_NL, 0);
    quota_flow(&quota, 1000000, 0);
    assert_true(quota_moved(&quota, 1, DAY_MS));
    assert_false(quota_moved(&quota, 2, DAY_MS));
}

static void a_course_is_covered_once(void **state)
{
    (void)state;
    for (unsigned extra = 0; extra < 8; extra++) {
        struct quota quota;
        quota_start(&quota, QUANTUM_NL, 0);
        quota_flow(&quota, 100000, 0);
        quota_course(&quota, 6 * QUANTUM_NL, 36000000, 0); /* 3.6 s */
        bool covered = true;
        for (unsigned i = 0; i < 6 + extra && covered; i++)
            covered = quota_moved(&quota, 1, 600 * (int64_t)(i + 1));
        assert_int_equal(covered, extra == 0);
        assert_true(quota_course_over(&quota, true, 10000));
    }
}

static void a_course_that_ended_whole_was_moved(void **state)
{
    (void)state;
    for (unsigned moved = 0; moved <= 6; moved++) {
        struct quota quota;
        quota_start(&quota, QUANTUM_NL, 0);
        quota_course(&quota, 6 * QUANTUM_NL, 36000000, 0);
        for (unsigned i = 0; i < moved; i++)
            assert_true(quota_moved(&quota, 1, 600 * (int64_t)(i + 1)));
        struct quota other = quota;
        assert_int_equal(quota_course_over(&quota, true, 10000), moved >= 5);
        assert_true(quota_course_over(&other, false, 10000)); /* cut short, and said so */
        assert_false(quota_moved(&quota, 3, 20000));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_base_is_covered_and_a_faster_one_is_not),
        cmocka_unit_test(what_did_not_flow_is_not_owed),
        cmocka_unit_test(a_course_is_covered_once),
        cmocka_unit_test(a_course_that_ended_whole_was_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
