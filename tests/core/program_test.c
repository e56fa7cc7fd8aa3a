/* program_test.c - the form of programs, and what a model refuses. REQ-THER-02, -03, -04, -12, -13; HZ-01. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "core/program.h"
#include "tests/core/sample.h"

static const vol_nl DEAD = { 240000 };

static verdict judged(const struct program *program)
{
    return program_judge(program, model_find(MODEL_C20, 1), DEAD);
}

static struct program continuous(int32_t nl_day)
{
    return (struct program){ .kind = PROGRAM_CONTINUOUS, .base = { nl_day } };
}

static struct program flex(void)
{
    struct program program = { .kind = PROGRAM_FLEX, .day_set_count = 2, .weekday_set = { 0, 0, 0, 0, 0, 1, 1 } };
    program.day_set[0].count = 3;
    program.day_set[0].step[0] = (struct program_step){ 0, { 100000 } };
    program.day_set[0].step[1] = (struct program_step){ 360, { 300000 } };
    program.day_set[0].step[2] = (struct program_step){ 1200, { 50000 } };
    program.day_set[1] = (struct day_set){ .count = 1, .step = { { 0, { 200000 } } } };
    return program;
}

static struct program periodic(int64_t nl, uint16_t interval_minutes)
{
    struct program program = { .kind = PROGRAM_PERIODIC };
    program.periodic = (struct periodic_bolus){ { nl }, { 1440000 }, interval_minutes, 0 }; /* 1000 nL a minute */
    return program;
}

static void rates_outside_the_model_are_refused(void **state)
{
    (void)state;
    struct program program = continuous(48000);
    assert_true(judged(&program) == 0);
    program = continuous(47999);
    assert_true(judged(&program) == VERDICT_RATE_RANGE);
    program = continuous(0);
    assert_true(judged(&program) == VERDICT_RATE_RANGE);
    program = continuous(24000000);
    assert_true(judged(&program) == 0);
    program = continuous(24000001);
    assert_true(judged(&program) == VERDICT_RATE_RANGE);
    program = flex();
    assert_true(judged(&program) == 0);
    program.day_set[0].step[2].rate.nl_day = 47999;
    assert_true(judged(&program) == VERDICT_RATE_RANGE);
    program = (struct program){ .kind = PROGRAM_MINIMUM, .base = { 48000 } };
    assert_true(judged(&program) == 0);
    program.base.nl_day++;
    assert_true(judged(&program) == VERDICT_RATE_RANGE);
    program = (struct program){ .kind = PROGRAM_STOPPED };
    assert_true(judged(&program) == 0);
}

static void base_and_bolus_share_the_models_flow(void **state)
{
    (void)state;
    struct program program = continuous(20000000);
    program.patient = (struct patient_bolus){ 1, { 1000 }, { 4000000 }, 60, 4, 90 };
    assert_true(judged(&program) == 0);
    program.patient.rate.nl_day++;
    assert_true(judged(&program) == VERDICT_FLOW_SUM);
    program = continuous(20000000);
    program.opening = (struct opening){ OPENING_SINGLE, { 1000 }, { 4000001 } };
    assert_true(judged(&program) == VERDICT_FLOW_SUM);
    program.opening.kind = OPENING_PRIME; /* runs instead of the base */
    assert_true(judged(&program) == 0);
    program.opening.rate.nl_day = 24000001;
    assert_true(judged(&program) == VERDICT_RATE_RANGE);
    program = periodic(1000, 60);
    program.base.nl_day = 24000000 - 1440000 + 1;
    assert_true(judged(&program) == VERDICT_FLOW_SUM);
}

static void prime_and_bridge_stay_within_the_dead_volume(void **state)
{
    (void)state;
    struct program program = continuous(48000);
    program.opening = (struct opening){ OPENING_PRIME, DEAD, { 1440000 } };
    assert_true(judged(&program) == 0);
    program.opening.volume.nl++;
    assert_true(judged(&program) == VERDICT_PRIME_SIZE);
    program.opening.kind = OPENING_BRIDGE;
    assert_true(judged(&program) == VERDICT_PRIME_SIZE);
    program.opening.kind = OPENING_SINGLE; /* its size is for the limits to judge */
    assert_true(judged(&program) == 0);
}

static void bolus_must_end_before_the_next(void **state)
{
    (void)state;
    struct program program = periodic(59999, 60); /* 1000 nL a minute: a hair less than the hour */
    assert_true(judged(&program) == 0);
    program = periodic(60000, 60);
    assert_true(judged(&program) == VERDICT_INTERVAL);
    program = periodic(1000, 20); /* 20 hours entered as 20 minutes */
    assert_true((judged(&program) & VERDICT_INTERVAL) != 0);
}

static void opening_must_end_before_the_first_periodic_bolus(void **state)
{
    (void)state;
    struct program program = periodic(1000, 60);
    program.opening = (struct opening){ OPENING_PRIME, { 10000 }, { 1440000 } }; /* ten minutes */
    program.periodic.first_minutes = 10;
    assert_true(judged(&program) == 0);
    program.periodic.first_minutes = 9;
    assert_true(judged(&program) == VERDICT_INTERVAL);
}

static void bolus_must_not_take_longer_than_a_day(void **state)
{
    (void)state;
    struct program program = continuous(48000);
    program.patient = (struct patient_bolus){ 1, { 48000 }, { 48000 }, 60, 4, 90 };
    assert_true(judged(&program) == 0);
    program.patient.volume.nl++;
    assert_true(judged(&program) == VERDICT_BOLUS_SIZE);
    program = continuous(48000);
    program.opening = (struct opening){ OPENING_SINGLE, { 48001 }, { 48000 } };
    assert_true(judged(&program) == VERDICT_BOLUS_SIZE);
    program.opening.kind = OPENING_BRIDGE; /* old drug at the old rate takes as long as it takes */
    assert_true(judged(&program) == 0);
}

static void every_member_has_one_form(void **state)
{
    (void)state;
    struct program program = flex();
    assert_true(program_canonical(&program));
    program.base.nl_day = 1;
    assert_false(program_canonical(&program));
    program = flex();
    program.day_set[0].step[1].minute = 0; /* not rising */
    assert_false(program_canonical(&program));
    program = flex();
    program.day_set[0].step[0].minute = 1; /* a gap after midnight */
    assert_false(program_canonical(&program));
    program = flex();
    program.day_set[0].step[2].minute = DAY_MINUTES;
    assert_false(program_canonical(&program));
    program = flex();
    program.day_set[1].step[1].rate.nl_day = 1; /* behind the count */
    assert_false(program_canonical(&program));
    program = flex();
    program.day_set[2].count = 1;
    assert_false(program_canonical(&program));
    program = flex();
    program.weekday_set[6] = 2; /* a day with no steps */
    assert_false(program_canonical(&program));
    program = continuous(48000);
    program.weekday_set[0] = 1;
    assert_false(program_canonical(&program));
    program = continuous(48000);
    program.periodic.first_minutes = 1;
    assert_false(program_canonical(&program));
    program = continuous(-1);
    assert_false(program_canonical(&program));
    program = continuous(48000);
    program.opening.rate.nl_day = 5;
    assert_false(program_canonical(&program));
    program = continuous(48000);
    program.patient.max_per_day = 1;
    assert_false(program_canonical(&program));
    program = (struct program){ .kind = 5 };
    assert_false(program_canonical(&program));
    assert_true(judged(&program) == VERDICT_THERAPY_FORM);
}

static void stopped_means_nothing_flows(void **state)
{
    (void)state;
    struct program program = { .kind = PROGRAM_STOPPED };
    program.patient = (struct patient_bolus){ 1, { 1000 }, { 48000 }, 60, 4, 90 };
    assert_false(program_canonical(&program));
    program = (struct program){ .kind = PROGRAM_STOPPED, .opening = { OPENING_PRIME, { 1000 }, { 48000 } } };
    assert_false(program_canonical(&program));
}

static void rate_changes_at_steps_and_midnight(void **state)
{
    (void)state;
    struct program program = flex();
    civil_ms friday = { DAY_MS }; /* 1970-01-02 */
    span_ms unchanged;
    assert_int_equal(program_rate(&program, friday, &unchanged).nl_day, 100000);
    assert_true(unchanged.ms == 360 * (int64_t)MINUTE_MS);
    civil_ms almost = { DAY_MS + 360 * (int64_t)MINUTE_MS - 1 };
    assert_int_equal(program_rate(&program, almost, &unchanged).nl_day, 100000);
    assert_true(unchanged.ms == 1);
    almost.ms++;
    assert_int_equal(program_rate(&program, almost, &unchanged).nl_day, 300000);
    assert_true(unchanged.ms == 840 * (int64_t)MINUTE_MS);
    civil_ms evening = { 2 * (int64_t)DAY_MS - 1 };
    assert_int_equal(program_rate(&program, evening, &unchanged).nl_day, 50000);
    assert_true(unchanged.ms == 1);
    assert_int_equal(program_rate(&program, (civil_ms){ 2 * (int64_t)DAY_MS }, &unchanged).nl_day, 200000);
    program = continuous(48000);
    assert_int_equal(program_rate(&program, friday, &unchanged).nl_day, 48000);
    assert_true(unchanged.ms == INT64_MAX);
}

static void peak_counts_what_flows_together(void **state)
{
    (void)state;
    struct program program = flex();
    assert_int_equal(program_peak(&program).nl_day, 300000);
    assert_int_equal(program_base_peak(&program).nl_day, 300000);
    program.opening = (struct opening){ OPENING_SINGLE, { 1000 }, { 100000 } };
    assert_int_equal(program_peak(&program).nl_day, 400000);
    program.opening.kind = OPENING_BRIDGE;
    assert_int_equal(program_peak(&program).nl_day, 300000);
    program = periodic(1000, 60);
    program.base.nl_day = 50000;
    assert_int_equal(program_peak(&program).nl_day, 1490000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_outside_the_model_are_refused),
        cmocka_unit_test(base_and_bolus_share_the_models_flow),
        cmocka_unit_test(prime_and_bridge_stay_within_the_dead_volume),
        cmocka_unit_test(bolus_must_end_before_the_next),
        cmocka_unit_test(opening_must_end_before_the_first_periodic_bolus),
        cmocka_unit_test(bolus_must_not_take_longer_than_a_day),
        cmocka_unit_test(every_member_has_one_form),
        cmocka_unit_test(stopped_means_nothing_flows),
        cmocka_unit_test(rate_changes_at_steps_and_midnight),
        cmocka_unit_test(peak_counts_what_flows_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
