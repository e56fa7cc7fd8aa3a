/* window_trace_test.c - the published overdose trace of the max-dose window (HZ-31; facts, hazards section 3) and its
 * variants, on our hour window. Invented units: limit 12, base 8 in a full window, bolus 3. One unit is 25 uL of the
 * drug here. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "tests/property/witness.h"

enum { UNIT_NL = 25000, QUARTER_MS = HOUR_MS / 4 };

static struct stand stand;
static struct witness witness;

/* The base in units per whole window. */
static struct therapy therapy_with(int32_t base_units, int64_t limit_units)
{
    const struct mixture mixture = { .count = 1, .component = { { DRUG_MORPHINE, { 1000000 } } } };
    struct therapy therapy = { .name = "trace", .mixture = mixture, .restart_limit_hours = 48, .dead_volume = stand.dead,
                               .model = stand.unit.model.code, .revision = stand.unit.model.revision,
                               .under_delivery = PRIORITY_HIGH, .mri_rule = MRI_KEEP_PROGRAM };
    memcpy(therapy.serial, stand.unit.serial, SERIAL_BYTES);
    therapy.program = (struct program){ .kind = PROGRAM_CONTINUOUS, .base = { base_units * UNIT_NL * 24 } };
    therapy.limits = (struct limits){ .count = 1, .bolus_max = { 3 * UNIT_NL }, .rate_max = stand.unit.model.rate_max };
    therapy.limits.drug[0].drug = DRUG_MORPHINE;
    therapy.limits.drug[0].window[WINDOW_HOUR].fg = limit_units * UNIT_NL * 1000000;
    therapy.limits.drug[0].window[WINDOW_DAY].fg = 24 * limit_units * UNIT_NL * 1000000;
    return therapy;
}

static struct receipt activate(int32_t base_units, int64_t limit_units)
{
    struct therapy therapy = therapy_with(base_units, limit_units);
    struct receipt receipt = stand_activate(&stand, &therapy, true);
    if (receipt.outcome == OUTCOME_APPLIED)
        witness_therapy(&witness, stand.now.ms, &therapy.limits);
    return receipt;
}

static struct receipt bolus(void)
{
    struct command command = { .kind = COMMAND_CLINICIAN_BOLUS, .volume = { 3 * UNIT_NL }, .rate = { 18000000 } };
    return stand_tell(&stand, ROLE_CLINICIAN, command);
}

static struct receipt simple(uint8_t kind)
{
    struct command command = { .kind = kind };
    return stand_tell(&stand, ROLE_CLINICIAN, command);
}

/* A pump whose catheter already holds the drug, stopped for long: the window behind it is empty. */
static void stopped_for_long(int32_t base_units)
{
    stand_start(&stand, model_named("C20"), 0, 20, 31);
    witness_attend(&witness, &stand);
    struct therapy therapy = therapy_with(base_units, 12);
    assert_int_equal(stand_refill(&stand, &therapy.mixture, (vol_nl){ 19000000 }, &therapy).reasons, 0);
    witness_refill(&witness, 0, &therapy.mixture);
    witness_therapy(&witness, stand.now.ms, &therapy.limits);
    stand_run(&stand, 6 * (int64_t)HOUR_MS);
    assert_int_equal(simple(COMMAND_STOP).reasons, 0);
    stand_run(&stand, 9 * (int64_t)HOUR_MS);
}

static void nothing_passed_the_limit(void)
{
    stand_run(&stand, stand.now.ms + 3 * (int64_t)HOUR_MS);
    assert_int_equal(witness.excesses, 0);
    assert_int_equal(stand_status(&stand).withheld_quanta, 0);
    assert_true(witness.checked > 0);
}

/* 8 + 3 fits, 8 + 3 + 3 does not, although only 3 + 3 + 3 were in the window when it was asked. */
static void second_bolus_refused(void)
{
    stand_run(&stand, stand.now.ms + QUARTER_MS);
    assert_int_equal(bolus().reasons, 0);
    stand_run(&stand, stand.now.ms + QUARTER_MS / 2);
    struct receipt second = bolus();
    assert_int_equal(second.outcome, OUTCOME_NOT_APPLIED);
    assert_int_equal(second.reasons, VERDICT_HOUR_LIMIT);
    assert_true(second.earliest.ms > stand.now.ms && second.earliest.ms <= stand.now.ms + 2 * HOUR_MS);
    stand_run(&stand, second.earliest.ms);
    assert_int_equal(bolus().reasons, 0);
}

static void the_published_trace(void **state)
{
    (void)state;
    stopped_for_long(8);
    assert_int_equal(simple(COMMAND_RESUME).reasons, 0);
    second_bolus_refused();
    nothing_passed_the_limit();
}

static void a_stop_between_the_boluses_frees_nothing(void **state)
{
    (void)state;
    stopped_for_long(8);
    assert_int_equal(simple(COMMAND_RESUME).reasons, 0);
    assert_int_equal(bolus().reasons, 0);
    stand_run(&stand, stand.now.ms + QUARTER_MS);
    assert_int_equal(simple(COMMAND_STOP).reasons, 0);
    stand_run(&stand, stand.now.ms + QUARTER_MS);
    assert_int_equal(bolus().reasons, VERDICT_NOT_RUNNING);
    assert_int_equal(simple(COMMAND_RESUME).reasons, 0);
    assert_int_equal(bolus().reasons, VERDICT_HOUR_LIMIT);
    nothing_passed_the_limit();
}

static void a_bolus_under_a_low_base_bars_a_higher_one(void **state)
{
    (void)state;
    stopped_for_long(8);
    assert_int_equal(activate(2, 12).reasons, 0);
    stand_run(&stand, stand.now.ms + QUARTER_MS);
    for (unsigned i = 0; i < 3; i++) { /* 2 + 3 x 3 = 11 of 12 */
        assert_int_equal(bolus().reasons, 0);
        stand_run(&stand, stand.now.ms + QUARTER_MS / 2);
    }
    assert_int_equal(bolus().reasons, VERDICT_HOUR_LIMIT);
    struct receipt higher = activate(8, 12);
    assert_int_equal(higher.reasons, VERDICT_HOUR_LIMIT);
    assert_true(higher.earliest.ms > stand.now.ms && higher.earliest.ms <= stand.now.ms + 2 * HOUR_MS);
    stand_run(&stand, higher.earliest.ms);
    assert_int_equal(activate(8, 12).reasons, 0);
    nothing_passed_the_limit();
}

static void a_new_program_does_not_forget_the_old_ones_bolus(void **state)
{
    (void)state;
    stopped_for_long(8);
    assert_int_equal(simple(COMMAND_RESUME).reasons, 0);
    assert_int_equal(bolus().reasons, 0);
    stand_run(&stand, stand.now.ms + QUARTER_MS);
    assert_int_equal(activate(8, 12).reasons, 0); /* the same again: it fits, 8 + 3 */
    assert_int_equal(bolus().reasons, VERDICT_HOUR_LIMIT);
    assert_int_equal(activate(9, 12).reasons, VERDICT_HOUR_LIMIT); /* 3 were given: 9 x 33/32 more do not fit */
    nothing_passed_the_limit();
}

static void halved_dose_and_halved_limit_come_into_force_at_once(void **state)
{
    (void)state;
    stopped_for_long(8);
    assert_int_equal(simple(COMMAND_RESUME).reasons, 0);
    assert_int_equal(bolus().reasons, 0);
    stand_run(&stand, stand.now.ms + HOUR_MS - QUARTER_MS);
    assert_int_equal(activate(4, 6).reasons, 0);
    assert_int_equal(bolus().reasons, VERDICT_HOUR_LIMIT);
    nothing_passed_the_limit();
    assert_int_equal(stand_status(&stand).base.nl_day, 4 * UNIT_NL * 24);
}

/* The window as a whole may still be held to the old limit, what came after the lowering may not. */
static void a_lowered_limit_counts_what_was_given_since(void **state)
{
    (void)state;
    stopped_for_long(8);
    assert_int_equal(activate(4, 8).reasons, 0);
    assert_int_equal(bolus().reasons, 0);
    stand_run(&stand, stand.now.ms + HOUR_MS / 2); /* 2 + 3 */
    struct receipt higher = activate(7, 8);
    assert_int_equal(higher.reasons, VERDICT_HOUR_LIMIT); /* 3.5 more would make 8.5 of 8, though the old limit was 12 */
    stand_run(&stand, higher.earliest.ms);
    assert_int_equal(activate(7, 8).reasons, 0);
    nothing_passed_the_limit();
}

/* The least flow is a way up from a standstill, and from boluses that make less of it. */
static void a_least_flow_beyond_the_limits_is_refused(void **state)
{
    (void)state;
    stopped_for_long(8);
    struct therapy therapy = therapy_with(0, 1);
    therapy.program = (struct program){ .kind = PROGRAM_PERIODIC, .periodic = { { 250 }, { 240000 }, 60, 60 } };
    therapy.limits.bolus_max.nl = 250;
    therapy.limits.drug[0].window[WINDOW_DAY].fg = 30000 * INT64_C(1000000); /* 30 uL, of at least 48 */
    assert_int_equal(stand_activate(&stand, &therapy, true).reasons, 0);
    witness_therapy(&witness, stand.now.ms, &therapy.limits);
    assert_int_equal(simple(COMMAND_MINIMUM).reasons, VERDICT_DAY_LIMIT);
    nothing_passed_the_limit();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_trace),
        cmocka_unit_test(a_stop_between_the_boluses_frees_nothing),
        cmocka_unit_test(a_bolus_under_a_low_base_bars_a_higher_one),
        cmocka_unit_test(a_new_program_does_not_forget_the_old_ones_bolus),
        cmocka_unit_test(halved_dose_and_halved_limit_come_into_force_at_once),
        cmocka_unit_test(a_lowered_limit_counts_what_was_given_since),
        cmocka_unit_test(a_least_flow_beyond_the_limits_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
