/* abuse_test.c - many refusals are one alarm of low priority, few are none. REQ-ALRM-11, HZ-30, HZ-43. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/fakes.h"

#include "pump/abuse.h"

static unsigned refused_presses(unsigned count, int64_t apart_ms)
{
    unsigned refused = 0;
    for (unsigned i = 0; i < count; i++) {
        refused += bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons != 0;
        pass(apart_ms);
    }
    return refused;
}

static void many_presses_are_one_alarm(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons, 0);
    assert_int_equal(refused_presses(60, 1000), 60);
    assert_false(bench_alarm(&stand, ALARM_AT_BOLUS_ABUSE));
    assert_int_equal(refused_presses(10, 1000), 10);
    assert_true(bench_alarm(&stand, ALARM_AT_BOLUS_ABUSE));
    assert_int_equal(bench_events(&stand, EVENT_ALARM_RAISED, NULL), 1);
    assert_int_equal(stand.twin.tone, TONE_SINGLE);
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
    pass(HOUR_MS);
    assert_false(bench_alarm(&stand, ALARM_AT_BOLUS_ABUSE));
}

static void a_press_every_other_minute_is_none(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_true(refused_presses(400, 2 * MINUTE_MS) > 300);
    assert_int_equal(bench_events(&stand, EVENT_ALARM_RAISED, NULL), 0);
}

static void strangers_are_counted_apart(void **state)
{
    (void)state;
    bench_running(&stand);
    for (unsigned i = 0; i < 30; i++)
        abuse_stranger(&stand.pump, stand.now);
    assert_false(bench_alarm(&stand, ALARM_AT_RADIO_ABUSE));
    abuse_stranger(&stand.pump, stand.now);
    assert_true(bench_alarm(&stand, ALARM_AT_RADIO_ABUSE));
    assert_false(bench_alarm(&stand, ALARM_AT_BOLUS_ABUSE));
    pass(2 * HOUR_MS);
    assert_false(bench_alarm(&stand, ALARM_AT_RADIO_ABUSE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_presses_are_one_alarm),
        cmocka_unit_test(a_press_every_other_minute_is_none),
        cmocka_unit_test(strangers_are_counted_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
