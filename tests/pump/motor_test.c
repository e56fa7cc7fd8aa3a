/* motor_test.c - keys, results, stalls and the driver's budget. REQ-ALRM-05, -06, REQ-THER-17, -19, HZ-02, HZ-11,
 * HZ-18. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"

#include "pump/motor.h"

static struct stand stand;

static void only_a_pass_makes_the_keys_complementary(void **state)
{
    (void)state;
    const uint32_t answers[] = { GOVERNOR_PASS, GOVERNOR_WITHHOLD, GOVERNOR_DAMAGED, 0, UINT32_MAX };
    for (unsigned i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        bench_running(&stand);
        stand_run(&stand, HOUR_MS + 5000); /* nothing is moving */
        struct board board = stand_board(&stand);
        double before = stand.twin.totals.displaced;
        motor_fire(&stand.pump, &board, 999999, answers[i], stand.now);
        stand_run(&stand, stand.now.ms + 500);
        assert_true((stand.twin.totals.displaced > before) == (i == 0));
    }
    for (unsigned bit = 0; bit < 32; bit++) { /* no single flipped bit turns one answer into another */
        assert_int_not_equal(GOVERNOR_PASS ^ 1u << bit, GOVERNOR_WITHHOLD);
        assert_int_not_equal(GOVERNOR_PASS ^ 1u << bit, GOVERNOR_DAMAGED);
    }
}

static void a_stall_is_one_event_and_ends_when_it_moves_again(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, HOUR_MS);
    assert_int_equal(bench_bolus(&stand, 100000, 14400000).reasons, 0);
    twin_set_fault(&stand.twin, TWIN_FAULT_STALL, 1);
    stand_run(&stand, HOUR_MS + 10 * MINUTE_MS);
    struct pump_status status = stand_status(&stand);
    assert_true(bench_alarm(&stand, ALARM_AT_MOTOR_STALL));
    assert_int_equal(bench_events(&stand, EVENT_STALL, NULL), 1);
    assert_int_equal(status.course, COURSE_NONE); /* the bolus is over: a late one would be worse than none */
    assert_true(status.missed_quanta > 20);
    assert_int_equal(status.interrupted_since.ms > 0, 1);
    twin_set_fault(&stand.twin, TWIN_FAULT_STALL, 0);
    stand_run(&stand, HOUR_MS + 11 * MINUTE_MS);
    struct event event;
    assert_int_equal(bench_events(&stand, EVENT_STALL_END, &event), 1);
    assert_int_equal(event.field[0], stand_status(&stand).missed_quanta);
    assert_false(bench_alarm(&stand, ALARM_AT_MOTOR_STALL));
    assert_int_equal(stand_status(&stand).interrupted_since.ms, INT64_MAX);
}

static void what_stalled_is_not_made_up(void **state)
{
    (void)state;
    bench_running(&stand);
    twin_set_fault(&stand.twin, TWIN_FAULT_STALL, 1);
    stand_run(&stand, HOUR_MS);
    twin_set_fault(&stand.twin, TWIN_FAULT_STALL, 0);
    int64_t metered = stand_status(&stand).metered_quanta;
    assert_int_equal(metered, 0);
    stand_run(&stand, 2 * HOUR_MS + 500);
    assert_int_equal(stand_status(&stand).metered_quanta, HOUR_MS / BENCH_QUANTUM_MS);
}

/* It came and went three times in ten minutes: no fourth start at the full flow. REQ-ALRM-12. */
static void the_third_stall_in_ten_minutes_drops_to_the_safe_rate(void **state)
{
    (void)state;
    static const struct {
        int64_t apart_ms;
        bool cycles;
    } PACE[] = { { 4 * MINUTE_MS, true }, { 6 * MINUTE_MS, false } };
    for (unsigned p = 0; p < 2; p++) {
        bench_running(&stand);
        for (unsigned i = 1; i <= 3; i++) {
            assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
            twin_set_fault(&stand.twin, TWIN_FAULT_STALL, 1);
            stand_run(&stand, i * PACE[p].apart_ms - MINUTE_MS);
            twin_set_fault(&stand.twin, TWIN_FAULT_STALL, 0);
            stand_run(&stand, i * PACE[p].apart_ms);
        }
        struct pump_status status = stand_status(&stand);
        assert_int_equal(status.mode, PACE[p].cycles ? MODE_SAFE : MODE_RUNNING);
        assert_int_equal(status.base.nl_day, PACE[p].cycles ? 48000 : BENCH_RATE);
        assert_int_equal(bench_alarm(&stand, ALARM_AT_CYCLES), PACE[p].cycles);
    }
    stand_run(&stand, DAY_MS);
}

/* The ledger pair is damaged whole: pessimistic, and it says so. */
static void a_lost_ledger_is_told_and_the_base_goes_on(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, HOUR_MS + 5000);
    struct kept *kept = bench_kept(&stand);
    kept->ledger.copy[0].check ^= 1;
    kept->ledger.copy[1].check ^= 4;
    stand_run(&stand, 2 * HOUR_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_MEMORY_LOST));
    struct pump_status status = stand_status(&stand);
    assert_int_equal(status.mode, MODE_RUNNING);
    /* Never fewer than were truly commanded: what may have been since the last note counts as given. */
    assert_true(status.commanded_quanta >= 2 * HOUR_MS / BENCH_QUANTUM_MS - 3);
    assert_true(status.metered_quanta == status.commanded_quanta || status.metered_quanta + 1 == status.commanded_quanta);
    assert_true(bench_bolus(&stand, 1000, 14400000).reasons & VERDICT_RECOVERING);
}

static void the_budget_is_what_limits_and_model_allow(void **state)
{
    (void)state;
    bench_new(&stand);
    struct therapy therapy = bench_therapy(&stand);
    therapy.program.patient = (struct patient_bolus){ .allowed = 0 };
    therapy.program.base.nl_day = 300000;
    therapy.limits.drug[0].window[WINDOW_DAY].fg = 1400 * INT64_C(250000000);
    therapy.limits.drug[0].window[WINDOW_HOUR].fg = 60 * INT64_C(250000000);
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    stand_run(&stand, 3 * (int64_t)DAY_MS); /* the saline is out, and the driver's window of it has gone by */
    assert_int_equal(stand.twin.driver.budget.hour, 60);
    assert_int_equal(stand.twin.driver.budget.day, 1400);
    assert_int_equal(stand.twin.driver.budget.hour_inv, ~stand.twin.driver.budget.hour);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_pass_makes_the_keys_complementary),
        cmocka_unit_test(a_stall_is_one_event_and_ends_when_it_moves_again),
        cmocka_unit_test(what_stalled_is_not_made_up),
        cmocka_unit_test(the_third_stall_in_ten_minutes_drops_to_the_safe_rate),
        cmocka_unit_test(a_lost_ledger_is_told_and_the_base_goes_on),
        cmocka_unit_test(the_budget_is_what_limits_and_model_allow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
