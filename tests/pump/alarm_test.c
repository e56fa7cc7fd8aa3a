/* alarm_test.c - raised once, latched where the list says so, sounded and repeated. REQ-ALRM-01 to -11. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"

#include "pump/alarm.h"

static struct stand stand;

static void raised_once_and_logged_once(void **state)
{
    (void)state;
    bench_running(&stand);
    for (unsigned i = 0; i < 5; i++)
        alarm_raise(&stand.pump, ALARM_AT_MOTOR_STALL, 7, stand.now);
    struct event event;
    assert_int_equal(bench_events(&stand, EVENT_ALARM_RAISED, &event), 1);
    assert_int_equal(event.field[0], ALARM_MOTOR_STALL);
    assert_int_equal(event.field[1], ALARM_PRIORITY_MEDIUM); /* the therapy's own word on under-delivery */
    assert_int_equal(event.field[2], 7);
    alarm_end(&stand.pump, ALARM_AT_MOTOR_STALL, stand.now);
    alarm_end(&stand.pump, ALARM_AT_MOTOR_STALL, stand.now);
    assert_int_equal(bench_events(&stand, EVENT_ALARM_ENDED, NULL), 1);
    assert_false(bench_alarm(&stand, ALARM_AT_MOTOR_STALL));
}

static void a_latched_alarm_stays_until_cleared(void **state)
{
    (void)state;
    bench_running(&stand);
    alarm_raise(&stand.pump, ALARM_AT_OVER_INFUSION, 1, stand.now);
    alarm_end(&stand.pump, ALARM_AT_OVER_INFUSION, stand.now);
    assert_true(bench_alarm(&stand, ALARM_AT_OVER_INFUSION));
    assert_int_equal(bench_events(&stand, EVENT_ALARM_ENDED, NULL), 0);
    struct board board = stand_board(&stand);
    stand.pump.now_changed = true;
    (void)pump_step(&stand.pump, &board, stand.now);
    stand_reset(&stand);
    assert_true(bench_alarm(&stand, ALARM_AT_OVER_INFUSION));
    struct command clear = { .kind = COMMAND_CLEAR_ALARM, .alarm = ALARM_OVER_INFUSION };
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, clear).reasons, 0);
    assert_false(bench_alarm(&stand, ALARM_AT_OVER_INFUSION));
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, clear).reasons, VERDICT_MODE);
}

static void clearing_does_not_end_a_condition_that_lasts(void **state)
{
    (void)state;
    bench_running(&stand);
    alarm_raise(&stand.pump, ALARM_AT_OVER_INFUSION, 1, stand.now);
    assert_true(alarm_clear(&stand.pump, ALARM_OVER_INFUSION, stand.now));
    assert_true(bench_alarm(&stand, ALARM_AT_OVER_INFUSION));
    alarm_end(&stand.pump, ALARM_AT_OVER_INFUSION, stand.now);
    assert_false(bench_alarm(&stand, ALARM_AT_OVER_INFUSION));
}

static void it_sounds_repeats_and_can_be_paused(void **state)
{
    (void)state;
    bench_running(&stand);
    alarm_raise(&stand.pump, ALARM_AT_RESERVOIR_LOW, 0, stand.now);
    stand.wake = stand.now;
    uint32_t before = stand.twin.tones;
    stand_run(&stand, 1000);
    assert_int_equal(stand.twin.tones, before + 1);
    assert_int_equal(stand.twin.tone, TONE_SINGLE);
    stand_run(&stand, HOUR_MS - 1);
    assert_int_equal(stand.twin.tones, before + 1);
    stand_run(&stand, HOUR_MS);
    assert_int_equal(stand.twin.tones, before + 2);
    struct command silence = { .kind = COMMAND_SILENCE, .minutes = 90 };
    assert_int_equal(stand_tell(&stand, ROLE_PATIENT, silence).reasons, 0);
    stand_run(&stand, 2 * HOUR_MS + HOUR_MS / 4);
    assert_int_equal(stand.twin.tones, before + 2);
    alarm_raise(&stand.pump, ALARM_AT_OVER_INFUSION, 0, stand.now); /* a new condition ends the pause */
    stand.wake = stand.now;
    stand_run(&stand, stand.now.ms + 1000);
    assert_int_equal(stand.twin.tones, before + 3);
    assert_int_equal(stand.twin.tone, TONE_DUAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(raised_once_and_logged_once),
        cmocka_unit_test(a_latched_alarm_stays_until_cleared),
        cmocka_unit_test(clearing_does_not_end_a_condition_that_lasts),
        cmocka_unit_test(it_sounds_repeats_and_can_be_paused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
