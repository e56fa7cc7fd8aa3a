/* refill_test.c - volumes told, drugs blended, boundaries, and what was found. REQ-RSVR, HZ-11, HZ-25. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"

static struct stand stand;

static struct command refill_of(int64_t withdrawn, int64_t left, int64_t filled, int32_t ng_ml)
{
    struct command command = { .kind = COMMAND_REFILL };
    command.refill = (struct refill){ .withdrawn = { withdrawn }, .left = { left }, .filled = { filled },
                                      .drawn_up = { filled }, .fill = bench_drug(ng_ml) };
    return command;
}

static struct receipt tell(struct command command)
{
    return stand_tell(&stand, ROLE_CLINICIAN, command);
}

static void the_lot_stands_in_the_log(void **state)
{
    (void)state;
    struct event event;
    bench_running(&stand);
    assert_int_equal(bench_events(&stand, EVENT_LOT, NULL), 0); /* not told */
    struct command command = refill_of(19000000, 0, 10000000, 1000000);
    memcpy(command.refill.lot, "LOT-42/A 2026", 14);
    assert_int_equal(tell(command).reasons, 0);
    assert_int_equal(bench_events(&stand, EVENT_LOT, &event), 1);
    assert_memory_equal(event.field, "LOT-42/A 2026\0\0", LOT_BYTES);
}

static void more_than_the_reservoir_holds_is_refused_with_what_fits(void **state)
{
    (void)state;
    bench_running(&stand);
    struct receipt receipt = tell(refill_of(14000000, 5000000, 15000001, 1000000));
    assert_int_equal(receipt.reasons, VERDICT_CAPACITY);
    assert_int_equal(receipt.detail, 15000000);
    struct command odd = refill_of(19000000, 0, 10000000, 1000000);
    odd.refill.drawn_up.nl--;
    assert_int_equal(tell(odd).reasons, VERDICT_VOLUME_TOLD);
    /* Nor was more in it than fits: a slip of the one who types, which locks nothing. */
    assert_int_equal(tell(refill_of(99000000, 0, 1000000, 1000000)).reasons, VERDICT_VOLUME_TOLD);
    assert_int_equal(tell(refill_of(10000000, 19000000, 1000000, 1000000)).reasons, VERDICT_VOLUME_TOLD);
    assert_int_equal(stand.pump.now.history.not_infusing, 0);
    assert_int_equal(nl_of_fl(stand_status(&stand).remaining).nl, 19000000);
}

static void what_is_left_mixes_with_the_fill(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(tell(refill_of(14000000, 5000000, 15000000, 3000000)).reasons, VERDICT_CONTENTS);
    struct therapy therapy = bench_therapy(&stand);
    therapy.mixture = bench_drug(2500000); /* (5 x 1 + 15 x 3) / 20 */
    struct command command = refill_of(14000000, 5000000, 15000000, 3000000);
    command.refill.activate = 1;
    stand_stage(&stand, &therapy, command.token);
    assert_int_equal(tell(command).reasons, 0);
    struct pump_status status = stand_status(&stand);
    assert_int_equal(status.reservoir.component[0].conc.ng_ml, 2500000);
    assert_int_equal(nl_of_fl(status.remaining).nl, 20000000);
    assert_int_equal(bench_events(&stand, EVENT_ACTIVATED, NULL), 2);
}

static void a_third_drug_in_the_dead_volume_is_refused(void **state)
{
    (void)state;
    bench_new(&stand); /* saline before the drug: the first boundary */
    const int32_t strengths[] = { 1000000, 2000000, 3000000 };
    for (unsigned i = 0; i < 3; i++) {
        struct therapy therapy = bench_therapy(&stand);
        therapy.mixture = bench_drug(strengths[i]);
        struct command command = refill_of(19000000, 0, 19000000, strengths[i]);
        command.refill.activate = 1;
        stand_stage(&stand, &therapy, command.token);
        assert_int_equal(tell(command).reasons, i < 2 ? 0 : VERDICT_BOUNDARIES);
    }
    assert_int_equal(stand_status(&stand).reservoir.component[0].conc.ng_ml, 2000000);
}

static void too_much_or_too_little_found_raises_its_alarm(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(tell(refill_of(18000000, 0, 19000000, 1000000)).reasons, 0);
    assert_false(bench_alarm(&stand, ALARM_AT_REFILL_SHORTFALL)); /* 1 mL off: as the label allows */
    assert_int_equal(tell(refill_of(17999999, 0, 19000000, 1000000)).reasons, 0);
    assert_true(bench_alarm(&stand, ALARM_AT_REFILL_SHORTFALL));
    struct command excess = refill_of(20000001, 0, 19000000, 1000000);
    struct receipt receipt = tell(excess);
    assert_int_equal(receipt.reasons, VERDICT_RETITRATION); /* it may not have been infusing */
    excess.retitrated = 1;
    assert_int_equal(tell(excess).reasons, 0);
    assert_true(bench_alarm(&stand, ALARM_AT_REFILL_EXCESS));
}

static void the_reservoir_is_low_when_the_account_says_so(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(tell(refill_of(19000000, 0, 2000250, 1000000)).reasons, 0);
    assert_false(bench_alarm(&stand, ALARM_AT_RESERVOIR_LOW));
    stand_run(&stand, BENCH_QUANTUM_MS + 500);
    assert_true(bench_alarm(&stand, ALARM_AT_RESERVOIR_LOW));
    assert_int_equal(bench_events(&stand, EVENT_ALARM_RAISED, NULL), 1);
}

/* Each 0.2 mL short of 1.2 mL metered: below what a single reading alarms at, beyond the label together. */
static void a_trend_over_refills_alarms(void **state)
{
    (void)state;
    bench_running(&stand);
    struct event event;
    for (unsigned i = 1; i <= 3; i++) {
        stand_run(&stand, i * (int64_t)DAY_MS);
        struct pump_status status = stand_status(&stand);
        int64_t metered_nl = 19000000 - nl_of_fl(status.remaining).nl;
        assert_int_equal(nl_of_fl(status.remaining_error).nl, metered_nl * 145 / 1000); /* the label's 14.5 % */
        assert_int_equal(tell(refill_of(nl_of_fl(status.remaining).nl - 200000, 0, 19000000, 1000000)).reasons, 0);
        assert_int_equal(bench_events(&stand, EVENT_DISCREPANCY, &event), i);
        assert_int_equal(event.field[0] - event.field[1], -200000);
        assert_int_equal(event.field[2], -200000 * (int64_t)i);
        assert_int_equal(event.field[3], metered_nl);
        assert_int_equal(bench_alarm(&stand, ALARM_AT_REFILL_TREND), i == 3);
        assert_int_equal(stand_status(&stand).remaining_error.fl, 0);
    }
    assert_false(bench_alarm(&stand, ALARM_AT_REFILL_SHORTFALL));
    stand_reset(&stand);
    assert_int_equal(stand.pump.now.history.refills, 3); /* remembered */
}

/* Found full, told, refused; every other way back asks the same question until one is acknowledged. */
static void not_infusing_is_a_lock_that_a_refused_refill_sets(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, 3 * (int64_t)DAY_MS);
    struct therapy therapy = bench_therapy(&stand);
    assert_int_equal(tell(refill_of(19000000, 0, 18000000, 1000000)).reasons, VERDICT_RETITRATION);
    stand_reset(&stand);
    int64_t calculated_nl = nl_of_fl(stand_status(&stand).remaining).nl;
    assert_int_equal(tell(refill_of(calculated_nl, 0, 18000000, 1000000)).reasons, VERDICT_RETITRATION);
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, VERDICT_RETITRATION);
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, VERDICT_RETITRATION);
    struct command refill = refill_of(19000000, 0, 18000000, 1000000);
    refill.retitrated = 1;
    assert_int_equal(tell(refill).reasons, 0);
    assert_true(bench_alarm(&stand, ALARM_AT_REFILL_EXCESS));
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, 0);
    assert_int_equal(tell(refill_of(18000000, 0, 18000000, 1000000)).reasons, 0);
    struct command wrong = refill_of(20000001, 0, 18000000, 1000000); /* even one that could not be carried out */
    wrong.refill.drawn_up.nl++;
    assert_int_equal(tell(wrong).reasons, VERDICT_VOLUME_TOLD);
    assert_int_equal(tell(refill_of(18000000, 0, 18000000, 1000000)).reasons, VERDICT_RETITRATION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lot_stands_in_the_log),
        cmocka_unit_test(more_than_the_reservoir_holds_is_refused_with_what_fits),
        cmocka_unit_test(what_is_left_mixes_with_the_fill),
        cmocka_unit_test(a_third_drug_in_the_dead_volume_is_refused),
        cmocka_unit_test(too_much_or_too_little_found_raises_its_alarm),
        cmocka_unit_test(the_reservoir_is_low_when_the_account_says_so),
        cmocka_unit_test(a_trend_over_refills_alarms),
        cmocka_unit_test(not_infusing_is_a_lock_that_a_refused_refill_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
