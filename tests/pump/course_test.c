/* course_test.c - volumes with an end: primes, bridges, periodic boluses. REQ-THER-04, -14. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/seen.h"

static void a_prime_comes_before_the_base_and_by_its_own_rate(void **state)
{
    (void)state;
    struct therapy therapy = begin();
    therapy.program.opening = (struct opening){ OPENING_PRIME, { 100000 }, { 14400000 } }; /* 10 uL a minute */
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    assert_int_equal(stand_status(&stand).course, COURSE_PRIME);
    stand_run(&stand, 20 * MINUTE_MS);
    assert_int_equal(between(0, 10 * MINUTE_MS + 1), 400);
    assert_int_equal(between(10 * MINUTE_MS + 1, 20 * MINUTE_MS + 1), 10 * MINUTE_MS / BENCH_QUANTUM_MS);
    assert_int_equal(seen.at_ms[400], 10 * MINUTE_MS + BENCH_QUANTUM_MS);
    assert_in_range(stand_status(&stand).commanded_bolus_quanta, 399, 400);
}

static void a_bridge_keeps_the_old_rate_until_its_volume_is_out(void **state)
{
    (void)state;
    struct therapy therapy = begin();
    therapy.program.opening = (struct opening){ OPENING_BRIDGE, { 50000 }, { 2 * BENCH_RATE } };
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    stand_run(&stand, 2 * HOUR_MS);
    assert_int_equal(between(0, HOUR_MS / 2 + 1), 200);
    assert_int_equal(between(HOUR_MS / 2 + 1, 2 * HOUR_MS + 1), 3 * HOUR_MS / 2 / BENCH_QUANTUM_MS);
}

static void periodic_boluses_run_on_the_monotonic_clock(void **state)
{
    (void)state;
    struct therapy therapy = begin();
    therapy.program = (struct program){ .kind = PROGRAM_PERIODIC,
                                        .periodic = { { 10000 }, { 14400000 }, .interval_minutes = 60, .first_minutes = 15 } };
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    stand_run(&stand, HOUR_MS);
    struct command clock = { .kind = COMMAND_SET_CLOCK, .calendar = { { 5 * HOUR_MS }, "+05:00" } };
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, clock).reasons, 0);
    stand_run(&stand, 6 * HOUR_MS);
    assert_int_equal(seen.count, 6 * 40);
    for (unsigned n = 0; n < 6; n++)
        assert_int_equal(between(n * HOUR_MS + 15 * MINUTE_MS, n * HOUR_MS + 16 * MINUTE_MS + 1), 40);
}

static void a_prime_ends_before_the_first_periodic_bolus_or_is_refused(void **state)
{
    (void)state;
    struct therapy therapy = begin();
    therapy.program = (struct program){ .kind = PROGRAM_PERIODIC,
                                        .periodic = { { 10000 }, { 14400000 }, .interval_minutes = 60, .first_minutes = 5 },
                                        .opening = { OPENING_PRIME, { 100000 }, { 14400000 } } };
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, VERDICT_INTERVAL);
    therapy.program.periodic.first_minutes = 11;
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    stand_run(&stand, HOUR_MS);
    assert_int_equal(between(0, 10 * MINUTE_MS + 1), 400);
    assert_int_equal(between(10 * MINUTE_MS + 1, 11 * MINUTE_MS), 0);
    assert_int_equal(between(11 * MINUTE_MS, 12 * MINUTE_MS + 1), 40);
    assert_int_equal(seen.count, 440);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_prime_comes_before_the_base_and_by_its_own_rate),
        cmocka_unit_test(a_bridge_keeps_the_old_rate_until_its_volume_is_out),
        cmocka_unit_test(periodic_boluses_run_on_the_monotonic_clock),
        cmocka_unit_test(a_prime_ends_before_the_first_periodic_bolus_or_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
