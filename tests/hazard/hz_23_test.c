/* HZ-23: more is programmed than was filled; the pump runs empty, then restarts at full dose. REQ-RSVR-02,
 * REQ-THER-20, REQ-ALRM-07.
 *
 * Twice 20 mL went into a pump whose record said 40 mL. It ran dry unnoticed; weeks later it was filled rightly and
 * gave the old dose to somebody who had lost all tolerance. Without the control the pump believes any number. Here it
 * refuses what it cannot hold, cries when it is empty by its own reckoning, and asks for a new titration before the
 * old dose. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/clinician.h"

static void test_forty_into_twenty_is_refused(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS);
    struct command refill = { .kind = COMMAND_REFILL,
                              .refill = { .withdrawn = { 19500000 },
                                          .filled = { 40 * NL_PER_ML },
                                          .drawn_up = { 40 * NL_PER_ML },
                                          .fill = morphine } };
    struct receipt receipt = bedside_give(&bed, ROLE_CLINICIAN, refill);
    assert_refused(receipt, VERDICT_CAPACITY);
    assert_int_equal(receipt.detail, 20 * NL_PER_ML); /* what would fit */
    refill.refill.drawn_up.nl = 20 * NL_PER_ML;       /* told 40, drew up 20 */
    assert_refused(bedside_give(&bed, ROLE_CLINICIAN, refill), VERDICT_VOLUME_TOLD);
    assert_in_range(bedside_status(&bed).remaining.fl / FL_PER_NL, 19499000, 19501000);
}

static void test_after_running_empty_the_old_dose_needs_a_new_titration(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    struct pump_unit unit = bedside_unit("C20");
    struct twin_setup setup = bedside_setup("C20");
    assert_true(bedside_implant_unit(&bed, &unit, &setup, &morphine, 3 * NL_PER_ML));
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML);
    bedside_treat(&bed, &therapy);

    bedside_pass(&bed, DAY_MS + HOUR_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_RESERVOIR_LOW));
    bedside_pass(&bed, 2 * DAY_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_RESERVOIR_EMPTY));
    assert_int_equal(bed.raised[ALARM_AT_RESERVOIR_EMPTY], 1);
    assert_int_equal(bedside_status(&bed).mode, MODE_EMPTY);
    assert_in_range(bed.rig.twin.reservoir_m3 * 1e12, 0, 500); /* and not a pump's worth more was commanded */

    bedside_pass(&bed, 2 * DAY_MS); /* the restart limit is one day */
    assert_refused(bedside_refill(&bed, &morphine, 18 * NL_PER_ML, NULL, false), VERDICT_RETITRATION);
    assert_refused(bedside_refill(&bed, &morphine, 18 * NL_PER_ML, &therapy, false), VERDICT_RETITRATION);
    bedside_reset(&bed, RIG_MEMORY_KEPT); /* the pump does not forget how long it stood empty */
    assert_refused(bedside_refill(&bed, &morphine, 18 * NL_PER_ML, NULL, false), VERDICT_RETITRATION);
    assert_int_equal(bedside_moved(&bed), 12000);

    therapy.program.base.nl_day = 100000; /* a tenth of it */
    assert_applied(bedside_refill(&bed, &morphine, 18 * NL_PER_ML, &therapy, true));
    assert_int_equal(bed.count[EVENT_RETITRATION], 1);
    assert_true(bed.last[EVENT_RETITRATION].field[0] > (int64_t)DAY_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_RESERVOIR_EMPTY)); /* stays until somebody has seen it */
    bedside_pass(&bed, DAY_MS);
    assert_in_range(bedside_moved(&bed), 12399, 12400);
}

/* A short time empty is no interruption beyond the limit: a refill then goes on with the same dose. */
static void test_a_short_time_empty_needs_none(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    struct pump_unit unit = bedside_unit("C20");
    struct twin_setup setup = bedside_setup("C20");
    assert_true(bedside_implant_unit(&bed, &unit, &setup, &morphine, 1 * NL_PER_ML));
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS + 12 * HOUR_MS);
    assert_int_equal(bedside_status(&bed).mode, MODE_EMPTY);
    assert_applied(bedside_refill(&bed, &morphine, 18 * NL_PER_ML, NULL, false));
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
}

/* At the clinic's end: 40 mL for a 20 mL pump, or another volume than the syringe held, and the pump is told nothing. */
static void test_the_clinic_refuses_before_the_pump_has_to(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    clinician_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS);
    clinician_upto(WORK_REFILL, STEP_AT_FILL);
    clinician.answers.fill.filled.volume.nl = clinician.answers.fill.drawn_up.volume.nl = 40 * NL_PER_ML;
    assert_held_hard(RULE_CAPACITY, "a fill of 40 mL does not go into the reservoir of C20: at most 20 mL would");
    clinician.answers.fill.drawn_up.volume.nl = 20 * NL_PER_ML;
    assert_held_hard(RULE_DRAWN_UP, "40 mL is said to be in the pump, but the syringe held 20 mL");
    assert_int_equal(bed.count[EVENT_REFILL], 1); /* the one at implant */
    clinician.answers.fill.filled.volume.nl = 20 * NL_PER_ML;
    assert_int_equal(clinician_give(), GIVEN_ON);
    clinician_finish();
    assert_int_equal(clinician.workflow.change, CHANGE_APPLIED);
    assert_int_equal(bed.count[EVENT_REFILL], 2);
    assert_int_equal(bed.last[EVENT_REFILL].field[1], 20 * NL_PER_ML);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forty_into_twenty_is_refused),
        cmocka_unit_test(test_after_running_empty_the_old_dose_needs_a_new_titration),
        cmocka_unit_test(test_a_short_time_empty_needs_none),
        cmocka_unit_test(test_the_clinic_refuses_before_the_pump_has_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
