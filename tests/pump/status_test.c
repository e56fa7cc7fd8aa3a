/* status_test.c - what an interrogation tells, and that it changes nothing. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"

static struct stand stand, before;

static void asking_changes_nothing(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, HOUR_MS);
    (void)stand_status(&stand);
    before = stand;
    for (unsigned i = 0; i < 10; i++)
        (void)stand_status(&stand);
    assert_memory_equal(&before, &stand, sizeof stand);
}

static void the_amounts_add_up(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(bench_bolus(&stand, 30000, 14400000).reasons, 0);
    for (int64_t at = 0; at < 10 * MINUTE_MS; at += 777) {
        stand_run(&stand, at);
        struct pump_status status = stand_status(&stand);
        assert_int_equal(status.commanded.fl, status.commanded_quanta * 250000000);
        assert_int_equal(status.remaining.fl, 19000000 * INT64_C(1000000) - status.metered.fl);
        assert_in_range(status.commanded_quanta - status.metered_quanta, 0, 1);
        int64_t bolus = at < 3 * MINUTE_MS ? at * 14400000 * 5 : 30000 * (int64_t)GRAIN_PER_NL;
        int64_t prescribed = at * BENCH_RATE * 5 + bolus;
        assert_int_equal(status.in_hand.grain, prescribed - status.commanded_quanta * 250 * GRAIN_PER_NL);
        assert_int_equal(status.course_left.nl, (30000 * (int64_t)GRAIN_PER_NL - bolus + GRAIN_PER_NL - 1) / GRAIN_PER_NL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asking_changes_nothing),
        cmocka_unit_test(the_amounts_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
