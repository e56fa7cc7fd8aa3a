/* bolus_test.c - why a bolus is refused and when it would be granted. REQ-THER-04, -07, -08, -10, -11. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"

static struct stand stand;

static void a_bolus_is_delivered_whole_on_top_of_the_base(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(bench_bolus(&stand, 10000, 14400000).reasons, 0); /* 40 quanta in one minute */
    assert_int_equal(stand_status(&stand).course, COURSE_CLINICIAN);
    stand_run(&stand, MINUTE_MS);
    struct pump_status status = stand_status(&stand);
    assert_int_equal(status.course, COURSE_NONE);
    assert_int_equal(status.commanded_quanta, 40 + MINUTE_MS / BENCH_QUANTUM_MS);
    assert_in_range(status.commanded_bolus_quanta, 39, 40);
    struct event event;
    assert_int_equal(bench_events(&stand, EVENT_COURSE_END, &event), 1);
    assert_int_equal(event.field[3], COURSE_COMPLETE);
}

static void lockout_and_daily_count_run_from_the_start_of_each(void **state)
{
    (void)state;
    bench_running(&stand);
    for (int64_t n = 0; n < 4; n++) {
        stand_run(&stand, n * 30 * MINUTE_MS);
        assert_int_equal(bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons, 0);
        stand_run(&stand, n * 30 * MINUTE_MS + 5 * MINUTE_MS);
        struct receipt again = bench_tell(&stand, COMMAND_PATIENT_BOLUS);
        verdict full = n == 3 ? VERDICT_DAILY_COUNT : 0;
        assert_int_equal(again.reasons, VERDICT_LOCKOUT | full);
        assert_int_equal(again.earliest.ms, n == 3 ? DAY_MS : (n + 1) * 30 * MINUTE_MS);
    }
    assert_int_equal(stand_status(&stand).bolus_from.ms, DAY_MS);
    stand_run(&stand, DAY_MS - 1);
    assert_int_equal(bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons, VERDICT_DAILY_COUNT);
    stand_run(&stand, DAY_MS);
    assert_int_equal(bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons, 0);
}

static void a_clock_change_shortens_no_lockout(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons, 0);
    stand_run(&stand, 5 * MINUTE_MS);
    struct command clock = { .kind = COMMAND_SET_CLOCK, .calendar = { { 12 * HOUR_MS }, "+12:00" } };
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, clock).reasons, 0);
    struct receipt again = bench_tell(&stand, COMMAND_PATIENT_BOLUS);
    assert_int_equal(again.reasons, VERDICT_LOCKOUT);
    assert_int_equal(again.earliest.ms, 30 * MINUTE_MS);
}

static void a_permission_ends(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, 10 * (int64_t)DAY_MS - 1);
    assert_int_equal(bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons, 0);
    stand_run(&stand, 10 * (int64_t)DAY_MS + HOUR_MS);
    struct receipt late = bench_tell(&stand, COMMAND_PATIENT_BOLUS);
    assert_int_equal(late.reasons, VERDICT_EXPIRED);
    assert_int_equal(late.earliest.ms, INT64_MAX);
}

static void without_permission_or_therapy_there_is_none(void **state)
{
    (void)state;
    bench_new(&stand);
    assert_int_equal(bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons, VERDICT_NOT_RUNNING);
    struct therapy therapy = bench_therapy(&stand);
    memset(&therapy.program.patient, 0, sizeof therapy.program.patient);
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    assert_true(bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons & VERDICT_NO_PERMISSION);
    assert_int_equal(bench_bolus(&stand, 5000, 14400000).reasons, 0); /* the clinician needs none */
}

static void sizes_and_flows_have_their_own_reasons(void **state)
{
    (void)state;
    bench_running(&stand);
    struct receipt large = bench_bolus(&stand, 100001, 14400000);
    assert_int_equal(large.reasons, VERDICT_BOLUS_SIZE);
    assert_int_equal(large.detail, 100000); /* the nearest that would pass */
    assert_int_equal(bench_bolus(&stand, 5000, 24000000 - BENCH_RATE + 1).reasons, VERDICT_FLOW_SUM);
    assert_int_equal(bench_bolus(&stand, 5000, 24000000 - BENCH_RATE).reasons, 0);
    assert_int_equal(bench_bolus(&stand, 5000, 14400000).reasons, VERDICT_COURSE_RUNNING);
    stand_run(&stand, HOUR_MS);
    assert_true(bench_bolus(&stand, 100, 47999).reasons & VERDICT_RATE_RANGE);
}

/* HZ-31: the highest window of the day is reserved in its low hours too. */
static void a_whole_window_of_base_is_reserved_at_any_hour(void **state)
{
    (void)state;
    bench_new(&stand);
    struct therapy therapy = bench_therapy(&stand);
    therapy.program = (struct program){ .kind = PROGRAM_FLEX, .day_set_count = 1 };
    therapy.program.day_set[0] = (struct day_set){ 2, { { 0, { BENCH_RATE } }, { 720, { 8 * BENCH_RATE } } } };
    therapy.limits.drug[0].window[WINDOW_HOUR].fg = 430000 * INT64_C(1000000); /* 400 uL x 33/32 of base, and 17 uL */
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    struct receipt receipt = bench_bolus(&stand, 25000, 14400000);
    assert_int_equal(receipt.reasons, VERDICT_HOUR_LIMIT);
    assert_int_equal(receipt.earliest.ms, INT64_MAX);
    assert_int_equal(bench_bolus(&stand, 15000, 14400000).reasons, 0);
}

static void no_bolus_without_flow_or_volume(void **state)
{
    (void)state;
    bench_running(&stand);
    struct mixture drug = bench_drug(1000000);
    assert_int_equal(stand_refill(&stand, &drug, (vol_nl){ 5000 }, NULL).reasons, 0);
    assert_int_equal(bench_bolus(&stand, 5000, 14400000).reasons, VERDICT_RESERVOIR);
    twin_set_fault(&stand.twin, TWIN_FAULT_STALL, 1);
    stand_run(&stand, 3 * BENCH_QUANTUM_MS);
    assert_int_equal(bench_bolus(&stand, 1000, 14400000).reasons, VERDICT_NOT_RUNNING);
}

static void a_cancelled_course_ends_at_once(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(bench_bolus(&stand, 100000, 14400000).reasons, 0);
    stand_run(&stand, MINUTE_MS);
    assert_int_equal(bench_tell(&stand, COMMAND_CANCEL_COURSE).reasons, 0);
    struct event event;
    assert_int_equal(bench_events(&stand, EVENT_COURSE_END, &event), 1);
    assert_int_equal(event.field[3], COURSE_CANCELLED);
    int64_t quanta = stand_status(&stand).commanded_quanta;
    stand_run(&stand, MINUTE_MS + 10 * BENCH_QUANTUM_MS);
    assert_in_range(stand_status(&stand).commanded_quanta - quanta, 10, 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bolus_is_delivered_whole_on_top_of_the_base),
        cmocka_unit_test(lockout_and_daily_count_run_from_the_start_of_each),
        cmocka_unit_test(a_clock_change_shortens_no_lockout),
        cmocka_unit_test(a_permission_ends),
        cmocka_unit_test(without_permission_or_therapy_there_is_none),
        cmocka_unit_test(sizes_and_flows_have_their_own_reasons),
        cmocka_unit_test(a_whole_window_of_base_is_reserved_at_any_hour),
        cmocka_unit_test(no_bolus_without_flow_or_volume),
        cmocka_unit_test(a_cancelled_course_ends_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
