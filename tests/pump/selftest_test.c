/* selftest_test.c - each part of the self-test fails when its part of the pump does; what can be mended is. REQ-PWR-03, -04,
 * -05, REQ-STOR-08, HZ-03, HZ-08. */
// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "tests/pump/fakes.h"

#include "pump/engine.h"
#include "pump/selftest.h"

static void begin(void)
{
    bench_running(&stand);
    fakes_on();
    pass(5000);
}

static uint32_t failed(void)
{
    struct event event = { .field = { 0 } };
    return bench_events(&stand, EVENT_SELFTEST, &event) > 0 ? (uint32_t)event.field[0] : 0;
}

static void a_sound_pump_passes_for_days(void **state)
{
    (void)state;
    begin();
    pass(5 * (int64_t)DAY_MS);
    assert_int_equal(bench_events(&stand, EVENT_SELFTEST, NULL), 0);
    assert_int_equal(bench_events(&stand, EVENT_MENDED, NULL), 0);
    stand_reset(&stand);
    pass(2 * (int64_t)DAY_MS);
    assert_int_equal(bench_events(&stand, EVENT_SELFTEST, NULL), 0);
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
}

/* A failed test drops to the safe rate and holds it until the alarm is cleared; then the clinician may resume. */
static void held(uint32_t bit)
{
    struct therapy therapy = bench_therapy(&stand);
    assert_int_equal(failed(), bit);
    assert_true(bench_alarm(&stand, ALARM_AT_SELFTEST));
    struct pump_status status = stand_status(&stand);
    assert_int_equal(status.mode, MODE_SAFE);
    assert_int_equal(status.base.nl_day, 48000);
    assert_int_equal(resume(true).reasons, VERDICT_LATCHED_SAFE);
    assert_int_equal(stand_activate(&stand, &therapy, true).reasons, VERDICT_LATCHED_SAFE);
    assert_int_equal(bench_tell(&stand, COMMAND_MINIMUM).reasons, 0); /* no more than flows now */
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    assert_int_equal(bench_tell(&stand, COMMAND_MINIMUM).reasons, VERDICT_LATCHED_SAFE);
    stand_reset(&stand);
    assert_int_equal(resume(true).reasons, VERDICT_LATCHED_SAFE);
    struct command clear = { .kind = COMMAND_CLEAR_ALARM, .alarm = ALARM_SELFTEST };
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, clear).reasons, 0);
    assert_int_equal(resume(true).reasons, 0);
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
}

static void each_part_within_a_day(void **state)
{
    (void)state;
    begin();
    fakes.leakage_na = 10001;
    pass(DAY_MS);
    fakes.leakage_na = 0;
    held(SELFTEST_LEAKAGE);
    begin();
    fakes.leakage_na = 10000;
    pass(DAY_MS);
    assert_int_equal(failed(), 0);
    begin();
    fakes.clock_percent = 2;
    pass(DAY_MS);
    fakes.clock_percent = 0;
    held(SELFTEST_CLOCK);
    begin();
    fakes.fired_more = 2;
    pass(DAY_MS);
    held(SELFTEST_COUNT);
    begin();
    fakes.fired_more = UINT32_MAX - 1; /* two fewer */
    pass(DAY_MS);
    held(SELFTEST_COUNT);
}

static void a_fault_at_the_start_comes_before_the_first_quantum(void **state)
{
    (void)state;
    begin();
    fakes.leakage_na = -20000;
    int64_t commanded = stand_status(&stand).commanded_quanta;
    stand_reset(&stand);
    assert_int_equal(stand_status(&stand).mode, MODE_SAFE);
    assert_int_equal(stand_status(&stand).commanded_quanta, commanded);
    assert_int_equal(failed(), SELFTEST_LEAKAGE);
}

static void a_dead_sounder_is_told_and_therapy_goes_on(void **state)
{
    (void)state;
    begin();
    fakes.mute = true;
    pass(DAY_MS);
    assert_int_equal(failed(), SELFTEST_SOUNDER);
    assert_true(bench_alarm(&stand, ALARM_AT_SELFTEST));
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
    pass(3 * (int64_t)DAY_MS);
    assert_int_equal(bench_events(&stand, EVENT_SELFTEST, NULL), 1); /* once, until somebody has cleared it */
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    assert_int_equal(resume(false).reasons, 0);
}

static void a_refused_quantum_is_not_a_lost_one(void **state)
{
    (void)state;
    begin();
    for (unsigned i = 0; i < 6; i++) {
        stand.twin.driver.budget.hour_inv ^= 1; /* until the hour is over */
        pass(HOUR_MS);
    }
    pass(DAY_MS);
    assert_int_equal(bench_events(&stand, EVENT_SELFTEST, NULL), 0);
}

static void the_working_copy_is_mended_from_the_stored_bytes(void **state)
{
    (void)state;
    begin();
    struct event event;
    stand.pump.therapy.program.base.nl_day ^= 1 << 20;
    pass(HOUR_MS);
    assert_int_equal(bench_events(&stand, EVENT_MENDED, &event), 1);
    assert_int_equal(event.field[0], MENDED_THERAPY);
    assert_int_equal(stand.pump.therapy.program.base.nl_day, BENCH_RATE);
    assert_true(bench_alarm(&stand, ALARM_AT_STORE_DAMAGED));
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);

    begin(); /* before each bolus */
    stand.pump.therapy.limits.bolus_max.nl = VOL_NL_MAX;
    assert_int_equal(bench_bolus(&stand, 100001, 14400000).reasons, VERDICT_BOLUS_SIZE);
    assert_int_equal(bench_events(&stand, EVENT_MENDED, NULL), 1);

    begin(); /* every bit of it */
    for (unsigned at = 0; at < sizeof stand.pump.therapy; at++) {
        if (at == offsetof(struct therapy, mixture.unknown))
            continue; /* no value of a bool but two may be read at all */
        struct therapy right = stand.pump.therapy;
        ((uint8_t *)&stand.pump.therapy)[at] ^= 0x10;
        selftest_program(&stand.pump, bench_kept(&stand), stand.now);
        uint8_t a[THERAPY_BYTES_MAX], b[THERAPY_BYTES_MAX];
        size_t a_size = 0, b_size = 0;
        assert_int_equal(therapy_encode(&right, a, sizeof a, &a_size), RESULT_OK);
        assert_int_equal(therapy_encode(&stand.pump.therapy, b, sizeof b, &b_size), RESULT_OK);
        assert_int_equal(a_size, b_size);
        assert_memory_equal(a, b, a_size);
    }
}

static void no_periodic_bolus_begins_by_a_changed_program(void **state)
{
    (void)state;
    bench_new(&stand);
    struct therapy therapy = bench_therapy(&stand);
    therapy.program.kind = PROGRAM_PERIODIC;
    therapy.program.periodic = (struct periodic_bolus){ { 10000 }, { 14400000 }, 120, 90 };
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    stand_run(&stand, 89 * MINUTE_MS); /* between two hourly looks */
    stand.pump.therapy.program.periodic.volume.nl = 90000;
    stand_run(&stand, 91 * MINUTE_MS);
    struct event event;
    assert_int_equal(bench_events(&stand, EVENT_COURSE_START, &event), 1);
    assert_int_equal(event.field[1], 10000);
}

static void without_sound_bytes_the_safe_rate_flows(void **state)
{
    (void)state;
    begin();
    struct kept *kept = bench_kept(&stand);
    kept->therapy[0].bytes[90] ^= 1;
    kept->therapy[1].bytes[91] ^= 1;
    bench_ruin(&stand, REGION_THERAPY);
    pass(HOUR_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_THERAPY_DAMAGED));
    assert_int_equal(stand_status(&stand).mode, MODE_SAFE);
    assert_int_equal(stand_status(&stand).base.nl_day, 48000);
}

static void constants_flows_and_due_times_are_worked_out_anew(void **state)
{
    (void)state;
    struct event event;
    begin();
    stand.pump.quantum.fl /= 2;
    stand.pump.model.rate_max.nl_day = 1;
    pass(HOUR_MS);
    assert_int_equal(bench_events(&stand, EVENT_MENDED, &event), 1);
    assert_int_equal(event.field[0], MENDED_UNIT);
    assert_int_equal(stand.pump.quantum.fl, 250000000);
    assert_int_equal(stand.pump.model.rate_max.nl_day, 24000000);

    begin();
    stand.pump.due_ms = INT64_MAX;
    pass(HOUR_MS);
    assert_int_equal(bench_events(&stand, EVENT_MENDED, &event), 1);
    assert_int_equal(event.field[0], MENDED_FLOWS);
    int64_t commanded = stand_status(&stand).commanded_quanta;
    pass(HOUR_MS);
    assert_in_range(stand_status(&stand).commanded_quanta - commanded, 199, 201);

    begin();
    stand.pump.milestone = INT64_MAX;
    pass(HOUR_MS);
    assert_int_equal(bench_events(&stand, EVENT_MENDED, &event), 1);
    assert_int_equal(event.field[0], MENDED_MILESTONE);

    begin();
    stand.pump.worst[WINDOW_DAY].grain += 5;
    pass(DAY_MS);
    assert_int_equal(bench_events(&stand, EVENT_MENDED, &event), 1);
    assert_int_equal(event.field[0], MENDED_WORST);

    begin(); /* and with a wrong flow nothing is reckoned from the last quantum on */
    pass(HOUR_MS - 1000 - stand.now.ms % HOUR_MS);
    stand.pump.base.nl_day = 24000000;
    pass(5000);
    assert_int_equal(stand_status(&stand).base.nl_day, BENCH_RATE);
}

/* As a core leaves them that reckoned with a wrong time: nothing would look at the pump any more. */
static void a_look_that_is_too_far_away_is_taken_at_the_next_wake(void **state)
{
    (void)state;
    struct event event;
    begin();
    stand.pump.look_ms = INT64_MAX;
    stand.pump.selftest.due_ms = stand.now.ms + HOUR_MS + 1;
    pass(10 * MINUTE_MS);
    assert_true(stand.pump.look_ms <= stand.now.ms + HOUR_MS);
    assert_true(stand.pump.selftest.due_ms <= stand.now.ms + HOUR_MS);
    assert_int_equal(bench_events(&stand, EVENT_MENDED, NULL), 0);
    stand.pump.selftest.due_ms = INT64_MAX;
    stand.pump.due_ms = INT64_MAX;
    pass(HOUR_MS);
    assert_int_equal(bench_events(&stand, EVENT_MENDED, &event), 1);
    assert_int_equal(event.field[0], MENDED_FLOWS);
}

/* A core whose idea of the time was struck while it fired: the quantum is reckoned hours ahead, with all that would have
 * flowed till then. What is in hand is nobody's any more, but flow goes on, and it is told at once. */
static void a_quantum_of_a_time_to_come_costs_the_ledger_and_no_flow(void **state)
{
    (void)state;
    begin();
    struct board board = stand_board(&stand);
    struct event event;
    while (stand.pump.moving)
        pass(100);
    engine_fire(&stand.pump, &board, (instant_ms){ stand.now.ms + 9 * HOUR_MS });
    engine_reckon(&stand.pump, bench_kept(&stand), stand.now); /* as at the end of a bolus */
    assert_true(stand.pump.ledger_lost);
    assert_true(stand_status(&stand).in_hand.grain >= 0); /* else nothing would flow for nine hours */
    pass(HOUR_MS);
    assert_true(bench_events(&stand, EVENT_MEMORY_LOST, &event) > 0);
    assert_true(bench_alarm(&stand, ALARM_AT_MEMORY_LOST));
    int64_t commanded = stand_status(&stand).commanded_quanta;
    pass(HOUR_MS);
    assert_in_range(stand_status(&stand).commanded_quanta - commanded, 195, 201);
}

static void patterns_leave_what_was_there(void **state)
{
    (void)state;
    uint64_t words[5] = { 0, 1, 0xFEDCBA9876543210u, UINT64_MAX, 7 }, before[5];
    memcpy(before, words, sizeof words);
    assert_true(selftest_words(words, 5));
    assert_memory_equal(before, words, sizeof words);
    begin();
    uint64_t spare = stand.twin.retained[RETAINED_BYTES / 8 - 1];
    pass(2 * (int64_t)DAY_MS);
    assert_int_equal(stand.twin.retained[RETAINED_BYTES / 8 - 1], spare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_pump_passes_for_days),
        cmocka_unit_test(each_part_within_a_day),
        cmocka_unit_test(a_fault_at_the_start_comes_before_the_first_quantum),
        cmocka_unit_test(a_dead_sounder_is_told_and_therapy_goes_on),
        cmocka_unit_test(a_refused_quantum_is_not_a_lost_one),
        cmocka_unit_test(the_working_copy_is_mended_from_the_stored_bytes),
        cmocka_unit_test(no_periodic_bolus_begins_by_a_changed_program),
        cmocka_unit_test(without_sound_bytes_the_safe_rate_flows),
        cmocka_unit_test(constants_flows_and_due_times_are_worked_out_anew),
        cmocka_unit_test(a_look_that_is_too_far_away_is_taken_at_the_next_wake),
        cmocka_unit_test(a_quantum_of_a_time_to_come_costs_the_ledger_and_no_flow),
        cmocka_unit_test(patterns_leave_what_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
