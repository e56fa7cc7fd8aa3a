/* pump_test.c - one step function: forked by assignment, the same from the same, early calls harmless, new when new. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"

static struct stand stand, fork;

static void a_fork_goes_on_as_the_original(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(bench_bolus(&stand, 30000, 14400000).reasons, 0);
    stand_run(&stand, MINUTE_MS);
    fork = stand;
    stand_run(&stand, 5 * HOUR_MS);
    stand_run(&fork, 2 * HOUR_MS); /* another way to the same instant */
    stand_run(&fork, 5 * HOUR_MS);
    assert_memory_equal(&stand.pump, &fork.pump, sizeof stand.pump);
    assert_memory_equal(&stand.twin, &fork.twin, sizeof stand.twin);
}

static void a_call_too_early_does_no_harm(void **state)
{
    (void)state;
    bench_running(&stand);
    fork = stand;
    for (int64_t at = 0; at < HOUR_MS; at += 37) {
        struct board board = stand_board(&fork);
        stand_run(&fork, at);
        fork.wake = pump_step(&fork.pump, &board, fork.now);
    }
    stand_run(&stand, HOUR_MS);
    stand_run(&fork, HOUR_MS);
    assert_int_equal(stand_status(&fork).commanded_quanta, stand_status(&stand).commanded_quanta);
    assert_int_equal(pump_log_last(&fork.pump), pump_log_last(&stand.pump));
}

static void a_new_pump_delivers_nothing(void **state)
{
    (void)state;
    bench_new(&stand);
    stand_run(&stand, 3 * (int64_t)DAY_MS);
    struct pump_status status = stand_status(&stand);
    assert_int_equal(status.mode, MODE_NEW);
    assert_int_equal(status.commanded_quanta, 0);
    assert_int_equal(status.alarms, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fork_goes_on_as_the_original),
        cmocka_unit_test(a_call_too_early_does_no_harm),
        cmocka_unit_test(a_new_pump_delivers_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
