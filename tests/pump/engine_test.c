/* engine_test.c - when the next quantum is due: the day program, changes of civil time. REQ-THER-01. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/seen.h"

static void each_quantum_to_the_millisecond(void **state)
{
    (void)state;
    struct therapy therapy = begin();
    therapy.program.base.nl_day = 1000003;
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    stand_run(&stand, 6 * HOUR_MS);
    assert_int_equal(seen.count, 1000);
    for (int64_t k = 1; k <= seen.count; k++) /* the first whole millisecond at which k x 250 nL are prescribed */
        assert_int_equal(seen.at_ms[k - 1], (k * 250 * DAY_MS + 1000002) / 1000003);
}

static void steps_of_the_day_follow_civil_time(void **state)
{
    (void)state;
    struct therapy therapy = begin();
    struct command clock = { .kind = COMMAND_SET_CLOCK, .calendar = { { 4 * (int64_t)DAY_MS + 6 * HOUR_MS }, "+00:00" } };
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, clock).reasons, 0); /* Monday, 06:00 */
    therapy.program = (struct program){ .kind = PROGRAM_FLEX, .day_set_count = 2, .weekday_set = { 0, 1, 1, 1, 1, 1, 1 } };
    therapy.program.day_set[0] = (struct day_set){ 2, { { 0, { 1200000 } }, { 8 * 60, { 2400000 } } } };
    therapy.program.day_set[1] = (struct day_set){ 1, { { 0, { 600000 } } } };
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    stand_run(&stand, 20 * HOUR_MS);
    assert_int_equal(between(0, 2 * HOUR_MS + 1), 400);
    assert_int_equal(between(2 * HOUR_MS + 1, 18 * HOUR_MS + 1), 6400);
    assert_int_equal(between(18 * HOUR_MS + 1, 20 * HOUR_MS + 1), 200); /* Tuesday */
}

static void a_clock_set_back_brings_the_morning_again(void **state)
{
    (void)state;
    struct therapy therapy = begin();
    struct command clock = { .kind = COMMAND_SET_CLOCK, .calendar = { { 4 * (int64_t)DAY_MS }, "+00:00" } };
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, clock).reasons, 0);
    therapy.program = (struct program){ .kind = PROGRAM_FLEX, .day_set_count = 1 };
    therapy.program.day_set[0] = (struct day_set){ 2, { { 0, { 1200000 } }, { 60, { 2400000 } } } };
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    stand_run(&stand, HOUR_MS);
    assert_int_equal(stand_status(&stand).base.nl_day, 2400000);
    clock.calendar.offset.ms -= HOUR_MS / 2;
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, clock).reasons, 0);
    assert_int_equal(stand_status(&stand).base.nl_day, 1200000);
    stand_run(&stand, 2 * HOUR_MS);
    assert_int_equal(between(0, 2 * HOUR_MS + 1), 200 + 100 + 200);
    assert_int_equal(bench_events(&stand, EVENT_CLOCK_SET, NULL), 2);
}

/* A wake that comes late changes nothing of what is prescribed: the new flow counts from its own time on. */
static void a_late_wake_is_not_a_longer_step(void **state)
{
    (void)state;
    bench_new(&stand);
    struct therapy therapy = bench_therapy(&stand);
    therapy.program = (struct program){ .kind = PROGRAM_FLEX, .day_set_count = 1 };
    therapy.program.day_set[0] = (struct day_set){ .count = 2, .step = { { 0, { 2400000 } }, { 60, { 48000 } } } };
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    stand_run(&stand, HOUR_MS - 1);
    stand.now.ms = HOUR_MS + 60000; /* nobody woke it at the step, but a minute later */
    twin_advance(&stand.twin, stand.now);
    struct board board = stand_board(&stand);
    stand.wake = pump_step(&stand.pump, &board, stand.now);
    struct pump_status status = stand_status(&stand);
    int64_t prescribed = 5 * INT64_C(2400000) * HOUR_MS + 5 * INT64_C(48000) * 60000;
    int64_t reckoned = status.commanded_quanta * grain_of_fl(status.quantum).grain + status.in_hand.grain +
                       status.withheld_quanta * grain_of_fl(status.quantum).grain;
    assert_int_equal(reckoned, prescribed);
}

/* Whoever slept through ten quanta gives one of them: what was missed is not made up. */
static void what_was_slept_through_is_not_made_up(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, HOUR_MS + 1000);
    int64_t before = stand_status(&stand).commanded_quanta;
    stand.now.ms += 10 * BENCH_QUANTUM_MS;
    twin_advance(&stand.twin, stand.now);
    struct board board = stand_board(&stand);
    stand.wake = pump_step(&stand.pump, &board, stand.now);
    stand_run(&stand, stand.now.ms + 4 * BENCH_QUANTUM_MS);
    assert_in_range(stand_status(&stand).commanded_quanta - before, 4, 6);
    assert_int_equal(stand_status(&stand).withheld_quanta, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_quantum_to_the_millisecond),
        cmocka_unit_test(steps_of_the_day_follow_civil_time),
        cmocka_unit_test(a_clock_set_back_brings_the_morning_again),
        cmocka_unit_test(a_late_wake_is_not_a_longer_step),
        cmocka_unit_test(what_was_slept_through_is_not_made_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
