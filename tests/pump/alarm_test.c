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

/* What fell due while it was silent is heard when the pause ends by itself, and not only at its next turn. */
static void a_pause_hides_nothing(void **state)
{
    (void)state;
    bench_running(&stand);
    alarm_raise(&stand.pump, ALARM_AT_MOTOR_LOAD, 0, stand.now); /* repeated once a day */
    stand.wake = stand.now;
    stand_run(&stand, 23 * (int64_t)HOUR_MS);
    struct command silence = { .kind = COMMAND_SILENCE, .minutes = 95 };
    assert_int_equal(stand_tell(&stand, ROLE_PATIENT, silence).reasons, 0);
    uint32_t before = stand.twin.tones;
    stand_run(&stand, 23 * (int64_t)HOUR_MS + 95 * MINUTE_MS - 1);
    assert_int_equal(stand.twin.tones, before);
    stand_run(&stand, 23 * (int64_t)HOUR_MS + 95 * MINUTE_MS);
    assert_int_equal(stand.twin.tones, before + 1);
    assert_int_equal(stand_tell(&stand, ROLE_PATIENT, silence).reasons, 0);
    alarm_raise(&stand.pump, ALARM_AT_OVER_INFUSION, 0, stand.now);
    stand.wake = stand.now;
    stand_run(&stand, stand.now.ms + 1000);
    silence.minutes = 720;
    assert_int_equal(stand_tell(&stand, ROLE_PATIENT, silence).reasons, 0);
    before = stand.twin.tones;
    stand_reset(&stand); /* a reset ends it too */
    assert_int_equal(stand.twin.tones, before + 1);
}

static void what_does_not_last_for_its_onset_has_never_been(void **state)
{
    (void)state;
    bench_running(&stand);
    instant_ms later = { stand.now.ms + 59999 };
    alarm_raise(&stand.pump, ALARM_AT_TEMPERATURE, 50000, stand.now);
    alarm_raise(&stand.pump, ALARM_AT_TEMPERATURE, 51000, later);
    struct board board = stand_board(&stand);
    (void)alarm_sound(&stand.pump, &board, later);
    assert_int_equal(alarm_standing(&stand.pump), 0);
    alarm_end(&stand.pump, ALARM_AT_TEMPERATURE, later);
    assert_int_equal(bench_events(&stand, EVENT_ALARM_RAISED, NULL) + bench_events(&stand, EVENT_ALARM_ENDED, NULL), 0);
    alarm_raise(&stand.pump, ALARM_AT_TEMPERATURE, 50000, later);
    instant_ms onset = { later.ms + 60000 };
    assert_int_equal(alarm_sound(&stand.pump, &board, later).ms, onset.ms);
    uint32_t tones = stand.twin.tones;
    (void)alarm_sound(&stand.pump, &board, onset);
    assert_int_equal(stand.twin.tones, tones + 1);
    struct event event;
    assert_int_equal(bench_events(&stand, EVENT_ALARM_RAISED, &event), 1);
    assert_int_equal(event.field[2], 50000);
    assert_int_equal(event.at.ms, onset.ms);
}

/* Highest priority first, then by occurrence; what only follows from another is left out. */
static void the_list_has_one_alarm_a_cause_in_order(void **state)
{
    (void)state;
    bench_running(&stand);
    struct pump *pump = &stand.pump;
    struct alarm_entry list[ALARM_COUNT];
    assert_int_equal(alarm_list(pump, list), 0);
    static const uint8_t TOLD[] = { ALARM_AT_RESERVOIR_SOON, ALARM_AT_MOTOR_LOAD,      ALARM_AT_SELFTEST,
                                    ALARM_AT_RESERVOIR_LOW,  ALARM_AT_MOTOR_STALL,     ALARM_AT_FIELD,
                                    ALARM_AT_BOLUS_ABUSE,    ALARM_AT_RESERVOIR_EMPTY, ALARM_AT_OVER_INFUSION };
    for (unsigned i = 0; i < sizeof TOLD; i++)
        alarm_raise(pump, (enum alarm_index)TOLD[i], i, (instant_ms){ 1000 * i });
    static const uint8_t EXPECTED[] = { ALARM_AT_SELFTEST,   ALARM_AT_RESERVOIR_EMPTY, ALARM_AT_OVER_INFUSION,
                                        ALARM_AT_MOTOR_LOAD, ALARM_AT_FIELD,           ALARM_AT_BOLUS_ABUSE };
    assert_int_equal(alarm_list(pump, list), sizeof EXPECTED);
    for (unsigned i = 0; i < sizeof EXPECTED; i++) {
        assert_int_equal(list[i].alarm, EXPECTED[i]);
        assert_true(list[i].active);
        assert_int_equal(list[i].since.ms, 1000 * list[i].value);
        assert_int_equal(list[i].latched, alarm_row(EXPECTED[i])->latch);
    }
    alarm_end(pump, ALARM_AT_FIELD, (instant_ms){ 10000 }); /* what it hid is told again */
    alarm_end(pump, ALARM_AT_RESERVOIR_EMPTY, (instant_ms){ 10000 });
    unsigned count = alarm_list(pump, list);
    bool stall = false, low = false, soon = false;
    for (unsigned i = 0; i < count; i++) {
        stall = stall || list[i].alarm == ALARM_AT_MOTOR_STALL;
        low = low || list[i].alarm == ALARM_AT_RESERVOIR_LOW;
        soon = soon || list[i].alarm == ALARM_AT_RESERVOIR_SOON;
    }
    assert_true(stall && low && !soon);
}

/* What was told before a reset keeps its place. */
static void the_order_survives_a_reset(void **state)
{
    (void)state;
    bench_running(&stand);
    struct alarm_entry list[ALARM_COUNT];
    alarm_happen(&stand.pump, ALARM_AT_SELFTEST, 0, (instant_ms){ 5000 });
    alarm_happen(&stand.pump, ALARM_AT_OVER_INFUSION, 0, (instant_ms){ 6000 });
    alarm_happen(&stand.pump, ALARM_AT_OVER_INFUSION, 0, (instant_ms){ 7000 });
    stand.now.ms = 8000;
    stand.wake.ms = 8000;
    stand_run(&stand, 9000);
    stand_reset(&stand);
    assert_int_equal(alarm_list(&stand.pump, list), 2);
    assert_int_equal(list[0].alarm, ALARM_AT_SELFTEST);
    assert_int_equal(list[0].since.ms, 5000);
    assert_int_equal(list[1].since.ms, 6000); /* since it stands, not since it came again */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(raised_once_and_logged_once),
        cmocka_unit_test(a_latched_alarm_stays_until_cleared),
        cmocka_unit_test(clearing_does_not_end_a_condition_that_lasts),
        cmocka_unit_test(it_sounds_repeats_and_can_be_paused),
        cmocka_unit_test(a_pause_hides_nothing),
        cmocka_unit_test(what_does_not_last_for_its_onset_has_never_been),
        cmocka_unit_test(the_list_has_one_alarm_a_cause_in_order),
        cmocka_unit_test(the_order_survives_a_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
