/* standing_test.c - the standing facts kept twice, the therapy slot, and what a reset finds. Promise 4. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"

static struct stand stand;

static void any_flipped_bit_in_one_copy_leaves_the_other(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, HOUR_MS);
    struct kept *kept = bench_kept(&stand);
    static struct standing whole, read;
    assert_int_equal(standing_load(kept, &whole), RESULT_OK);
    for (unsigned copy = 0; copy < 2; copy++) {
        for (unsigned bit = 0; bit < 8 * sizeof kept->standing[0];
             bit += 5) { /* 5 and 8 share no divisor: all bits come */
            uint8_t *byte = (uint8_t *)&kept->standing[copy] + bit / 8;
            *byte ^= (uint8_t)(1u << bit % 8);
            assert_int_equal(standing_load(kept, &read), RESULT_OK);
            assert_memory_equal(&read, &whole, sizeof read);
            *byte ^= (uint8_t)(1u << bit % 8);
        }
    }
    kept->standing[0].check ^= 1;
    kept->standing[1].standing.epoch ^= 1;
    assert_int_equal(standing_load(kept, &read), RESULT_DAMAGED);
}

static void one_damaged_copy_changes_nothing_at_a_reset(void **state)
{
    (void)state;
    for (unsigned copy = 0; copy < 2; copy++) {
        bench_running(&stand);
        assert_int_equal(bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons, 0);
        stand_run(&stand, HOUR_MS / 6);
        struct kept *kept = bench_kept(&stand);
        kept->standing[copy].standing.mode ^= 7;
        kept->ledger.copy[copy].ledger.metered ^= 1024;
        struct pump_status before = stand_status(&stand);
        stand_reset(&stand);
        struct pump_status after = stand_status(&stand);
        assert_int_equal(after.mode, MODE_RUNNING);
        assert_int_equal(after.commanded_quanta, before.commanded_quanta);
        assert_int_equal(after.metered_quanta, before.metered_quanta);
        assert_int_equal(after.bolus_from.ms, before.bolus_from.ms); /* the lockout goes on */
        assert_int_equal(after.alarms, 0);
        assert_memory_equal(after.token, before.token, TOKEN_BYTES);
    }
}

/* What a core wrote that had lost its way has a check word that fits, and is not believed all the same: else the pump would start
 * with a flow that no pump has. */
static void facts_that_cannot_be_are_lost_though_their_check_fits(void **state)
{
    (void)state;
    for (unsigned wrong = 0; wrong < 15; wrong++) {
        bench_running(&stand);
        stand_run(&stand, HOUR_MS);
        struct kept *kept = bench_kept(&stand);
        static struct standing facts;
        assert_int_equal(standing_load(kept, &facts), RESULT_OK);
        assert_true(standing_possible(&facts, &stand.pump.model));
        int32_t *const flows[] = { &facts.safe_rate.nl_day, &facts.course_rate.nl_day, &facts.minimum_rate.nl_day };
        uint8_t *const counts[] = { &facts.mode,   &facts.before_empty, &facts.course,      &facts.contents.count,
                                    &facts.limits, &facts.grants,       &facts.answers_next };
        int64_t *const sizes[] = { &facts.clock_base_ms, &facts.reservoir_nl };
        if (wrong < 3)
            *flows[wrong] = stand.pump.model.rate_max.nl_day + 1;
        else if (wrong < 6)
            *flows[wrong - 3] = -1;
        else if (wrong < 13)
            *counts[wrong - 6] = 200;
        else
            *sizes[wrong - 13] = INT64_C(6556942047651691089);
        assert_false(standing_possible(&facts, &stand.pump.model));
        standing_store(kept, &facts);
        stand_reset(&stand);
        struct pump_status status = stand_status(&stand);
        assert_true(bench_alarm(&stand, ALARM_AT_MEMORY_LOST));
        assert_in_range(status.base.nl_day, 0, BENCH_RATE);
        assert_true(stand.pump.now.clock_base_ms < DAY_MS);
    }
}

static void without_standing_facts_nothing_flows_and_it_says_so(void **state)
{
    (void)state;
    bench_running(&stand);
    struct kept *kept = bench_kept(&stand);
    kept->standing[0].check ^= 1;
    kept->standing[1].check ^= 1;
    stand_reset(&stand);
    assert_true(bench_alarm(&stand, ALARM_AT_MEMORY_LOST));
    assert_true(bench_bolus(&stand, 1000, 14400000).reasons != 0);
}

static void a_therapy_damaged_in_memory_comes_back_from_flash(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, HOUR_MS);
    struct kept *kept = bench_kept(&stand);
    for (size_t at = 40; at < sizeof kept->therapy; at += 64)
        ((uint8_t *)&kept->therapy)[at] ^= 1;
    stand_reset(&stand);
    struct pump_status status = stand_status(&stand);
    assert_true(status.has_therapy);
    assert_int_equal(status.mode, MODE_RUNNING);
    assert_int_equal(status.base.nl_day, BENCH_RATE);
    assert_true(bench_events(&stand, EVENT_MENDED, NULL) > 0);
}

static void a_damaged_therapy_gives_no_more_than_the_safe_rate_and_says_so(void **state)
{
    (void)state;
    bench_running(&stand);
    struct kept *kept = bench_kept(&stand);
    for (size_t at = 40; at < sizeof kept->therapy; at += 64)
        ((uint8_t *)&kept->therapy)[at] ^= 1;
    bench_ruin(&stand, REGION_THERAPY);
    stand_reset(&stand);
    struct pump_status status = stand_status(&stand);
    assert_false(status.has_therapy);
    assert_true(bench_alarm(&stand, ALARM_AT_THERAPY_DAMAGED));
    assert_true(status.base.nl_day <= 48000);
    int64_t quanta = status.commanded_quanta;
    stand_run(&stand, stand.now.ms + HOUR_MS);
    assert_in_range(stand_status(&stand).commanded_quanta - quanta, 0, 8);
    uint8_t bytes[THERAPY_BYTES_MAX];
    struct board board = stand_board(&stand);
    assert_int_equal(pump_therapy(&board, bytes), 0);
}

static void a_reset_closes_a_bolus_and_goes_on_with_a_prime(void **state)
{
    (void)state;
    bench_running(&stand);
    assert_int_equal(bench_bolus(&stand, 100000, 14400000).reasons, 0);
    stand_run(&stand, MINUTE_MS);
    stand_reset(&stand);
    struct event event;
    assert_int_equal(stand_status(&stand).course, COURSE_NONE);
    assert_int_equal(bench_events(&stand, EVENT_COURSE_END, &event), 1);
    assert_int_equal(event.field[3], COURSE_RESET);
    bench_new(&stand);
    struct therapy therapy = bench_therapy(&stand);
    therapy.program.opening = (struct opening){ OPENING_PRIME, { 200000 }, { 14400000 } };
    assert_int_equal(stand_activate(&stand, &therapy, false).reasons, 0);
    stand_run(&stand, 5 * MINUTE_MS);
    int64_t left = stand_status(&stand).course_left.nl;
    stand_reset(&stand);
    assert_int_equal(stand_status(&stand).course, COURSE_PRIME);
    assert_in_range(stand_status(&stand).course_left.nl, left - 1, left);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_flipped_bit_in_one_copy_leaves_the_other),
        cmocka_unit_test(one_damaged_copy_changes_nothing_at_a_reset),
        cmocka_unit_test(facts_that_cannot_be_are_lost_though_their_check_fits),
        cmocka_unit_test(without_standing_facts_nothing_flows_and_it_says_so),
        cmocka_unit_test(a_therapy_damaged_in_memory_comes_back_from_flash),
        cmocka_unit_test(a_damaged_therapy_gives_no_more_than_the_safe_rate_and_says_so),
        cmocka_unit_test(a_reset_closes_a_bolus_and_goes_on_with_a_prime),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
