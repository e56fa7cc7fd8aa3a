/* supervisor_test.c - every mode with every happening, stops, interruptions, running empty. REQ-THER-05, -20, HZ-17,
 * HZ-23, HZ-40. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"

#include "pump/supervisor.h"

static struct stand stand;

/* Written out again from the promises, not from supervisor.def: letters of the next mode for ACTIVATE, STOP, MINIMUM, RESUME,
 * EMPTY, REFILLED, FAULT. */
static void every_cell_of_the_table(void **state)
{
    (void)state;
    static const struct {
        uint8_t mode;
        const char *next;
    } ROWS[] = { { MODE_NEW, "RTNNNNN" },  { MODE_RUNNING, "RTMRERS" }, { MODE_MINIMUM, "RTMREMS" },
                 { MODE_STOPPED, "RTMRTTT" }, { MODE_SAFE, "RTMRESS" },    { MODE_EMPTY, "ETEEERE" } };
    static const uint8_t MODE_OF[] = { ['N'] = MODE_NEW,  ['R'] = MODE_RUNNING, ['M'] = MODE_MINIMUM, ['T'] = MODE_STOPPED,
                                       ['S'] = MODE_SAFE, ['E'] = MODE_EMPTY };
    for (unsigned row = 0; row < sizeof ROWS / sizeof ROWS[0]; row++)
        for (unsigned happening = 0; happening < HAPPENINGS; happening++)
            assert_int_equal(supervisor_next(ROWS[row].mode, (enum happening)happening),
                             MODE_OF[(unsigned char)ROWS[row].next[happening]]);
    assert_int_equal(supervisor_next(0, HAPPENING_RESUME), MODE_SAFE);
    assert_int_equal(supervisor_next(200, HAPPENING_RESUME), MODE_SAFE);
}

static void a_stop_drops_the_fraction_and_says_so(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, BENCH_QUANTUM_MS + 9000);
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    struct event event;
    assert_int_equal(bench_events(&stand, EVENT_FRACTION_DROPPED, &event), 1);
    assert_int_equal(event.field[0], 125 * (int64_t)GRAIN_PER_NL);
    struct pump_status status = stand_status(&stand);
    assert_int_equal(status.mode, MODE_STOPPED);
    assert_int_equal(status.in_hand.grain, 0);
    assert_int_equal(status.dropped.grain, 125 * (int64_t)GRAIN_PER_NL);
    stand_run(&stand, 2 * HOUR_MS);
    assert_int_equal(stand_status(&stand).commanded_quanta, 1);
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, 0);
    stand_run(&stand, 2 * HOUR_MS + BENCH_QUANTUM_MS - 1);
    assert_int_equal(stand_status(&stand).commanded_quanta, 1);
    stand_run(&stand, 2 * HOUR_MS + BENCH_QUANTUM_MS);
    assert_int_equal(stand_status(&stand).commanded_quanta, 2);
}

static void forty_eight_hours_of_standing_still_alarm(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    stand_run(&stand, 48 * (int64_t)HOUR_MS - 1);
    assert_false(bench_alarm(&stand, ALARM_AT_STOPPED_LONG));
    stand_run(&stand, 48 * (int64_t)HOUR_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_STOPPED_LONG));
}

static void a_long_stop_needs_retitration(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    stand_run(&stand, 25 * (int64_t)HOUR_MS);
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, VERDICT_RETITRATION);
    struct therapy therapy = bench_therapy(&stand);
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, VERDICT_RETITRATION);
    struct command resume = { .kind = COMMAND_RESUME, .retitrated = 1 };
    struct event event = { .sequence = 0 };
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, resume).reasons, 0);
    assert_true(bench_events(&stand, EVENT_RETITRATION, &event) > 0);
    assert_int_equal(event.at.ms, 25 * (int64_t)HOUR_MS);
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
}

static void a_stall_beyond_the_restart_limit_drops_to_the_safe_rate(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, HOUR_MS);
    twin_set_fault(&stand.twin, TWIN_FAULT_STALL, 1);
    stand_run(&stand, 24 * (int64_t)HOUR_MS);
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
    stand_run(&stand, 26 * (int64_t)HOUR_MS);
    struct pump_status status = stand_status(&stand);
    assert_int_equal(status.mode, MODE_SAFE);
    assert_int_equal(status.base.nl_day, 48000);
    assert_true(bench_alarm(&stand, ALARM_AT_INTERRUPTED_LONG));
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons & VERDICT_RETITRATION, VERDICT_RETITRATION);
}

static void the_minimum_is_the_models_least_flow(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(bench_tell(&stand, COMMAND_MINIMUM).reasons, 0);
    assert_int_equal(stand_status(&stand).base.nl_day, 48000);
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, 0);
    assert_int_equal(stand_status(&stand).base.nl_day, BENCH_RATE);
}

static void an_empty_reservoir_ends_delivery_and_a_refill_starts_it(void **state)
{
    (void)state;
    bench_running(&stand);
    struct mixture drug = bench_drug(1000000);
    assert_int_equal(stand_refill(&stand, &drug, (vol_nl){ 1000 }, NULL).reasons, 0); /* four quanta */
    stand_run(&stand, 4 * BENCH_QUANTUM_MS + 500);
    struct pump_status status = stand_status(&stand);
    assert_int_equal(status.mode, MODE_EMPTY);
    assert_true(bench_alarm(&stand, ALARM_AT_RESERVOIR_EMPTY) && bench_alarm(&stand, ALARM_AT_RESERVOIR_LOW));
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, VERDICT_MODE);
    stand_run(&stand, HOUR_MS);
    assert_int_equal(stand_status(&stand).commanded_quanta, 4);
    assert_int_equal(stand_refill(&stand, &drug, (vol_nl){ 19000000 }, NULL).reasons, 0);
    stand_run(&stand, HOUR_MS + BENCH_QUANTUM_MS);
    status = stand_status(&stand);
    assert_int_equal(status.mode, MODE_RUNNING);
    assert_int_equal(status.commanded_quanta, 5);
    assert_false(bench_alarm(&stand, ALARM_AT_RESERVOIR_LOW));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_of_the_table),
        cmocka_unit_test(a_stop_drops_the_fraction_and_says_so),
        cmocka_unit_test(forty_eight_hours_of_standing_still_alarm),
        cmocka_unit_test(a_long_stop_needs_retitration),
        cmocka_unit_test(a_stall_beyond_the_restart_limit_drops_to_the_safe_rate),
        cmocka_unit_test(the_minimum_is_the_models_least_flow),
        cmocka_unit_test(an_empty_reservoir_ends_delivery_and_a_refill_starts_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
