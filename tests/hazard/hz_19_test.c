/* HZ-19: a valve-dosed pump is scanned with a filled reservoir. REQ-THER-21.
 *
 * In a scanner's field the valves can open and the reservoir empties into the spine, so the rule is the opposite of the
 * rotor's: stop, empty, then scan. Here MRI mode opens only at zero rate with the reservoir confirmed empty, delivery is
 * barred until the mode is closed or the pump refilled, and a filled pump that finds itself in a field says so for good. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/clinician.h"

static struct bedside bed;
static struct mixture morphine;
static struct therapy therapy;

static void start(const char *model, enum mri_rule rule)
{
    morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, model, &morphine);
    therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    therapy.mri_rule = (uint8_t)rule;
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, HOUR_MS);
}

static void test_every_way_but_stopped_and_empty_is_refused(void **state)
{
    (void)state;
    for (unsigned stopped = 0; stopped < 2; stopped++)
        for (unsigned emptied = 0; emptied < 2; emptied++) {
            start("V20", MRI_EMPTY_FIRST);
            if (stopped)
                assert_applied(bedside_do(&bed, COMMAND_STOP));
            if (emptied)
                assert_applied(bedside_refill(&bed, &morphine, 0, NULL, false));
            struct receipt receipt = bedside_do(&bed, COMMAND_MRI_BEGIN);
            if (stopped && emptied)
                assert_applied(receipt);
            else
                assert_refused(receipt, VERDICT_MRI_RULE);
        }
    /* the rule is the drive's own, whatever a therapy says of it */
    start("V20", MRI_KEEP_PROGRAM);
    assert_refused(bedside_do(&bed, COMMAND_MRI_BEGIN), VERDICT_MRI_RULE);
    start("C20", MRI_KEEP_PROGRAM);
    assert_applied(bedside_do(&bed, COMMAND_MRI_BEGIN));
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING); /* and a rotor must not be stopped for it */
}

static void test_emptied_and_scanned_nothing_comes_out(void **state)
{
    (void)state;
    start("V20", MRI_EMPTY_FIRST);
    assert_applied(bedside_do(&bed, COMMAND_STOP));
    assert_applied(bedside_refill(&bed, &morphine, 0, NULL, false));
    assert_applied(bedside_do(&bed, COMMAND_MRI_BEGIN));
    int64_t dose = bedside_dose_fg(&bed, DRUG_MORPHINE);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_FIELD, 1);
    bedside_pass(&bed, 2 * HOUR_MS);
    assert_int_equal(bed.raised[ALARM_AT_FIELD_FILLED], 0);
    assert_refused(bedside_resume(&bed, true), VERDICT_MRI_RULE);
    assert_refused(bedside_activate(&bed, &therapy, true), VERDICT_MRI_RULE);
    assert_refused(bedside_bolus(&bed, 5000, NL_PER_ML), VERDICT_MRI_RULE);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_FIELD, 0);
    bedside_reset(&bed, RIG_MEMORY_KEPT);
    assert_refused(bedside_resume(&bed, true), VERDICT_MRI_RULE); /* a reset does not end it */
    bedside_pass(&bed, 2 * HOUR_MS);
    assert_int_equal(bedside_dose_fg(&bed, DRUG_MORPHINE), dose);
    assert_applied(bedside_do(&bed, COMMAND_MRI_END));
    assert_applied(bedside_refill(&bed, &morphine, 18 * NL_PER_ML, NULL, false));
    assert_applied(bedside_resume(&bed, false));
    bedside_pass(&bed, HOUR_MS);
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
    assert_true(bedside_status(&bed).metered_quanta > 0);
}

static void test_a_filled_pump_in_a_field_says_so_until_a_clinician_has_looked(void **state)
{
    (void)state;
    start("V20", MRI_EMPTY_FIRST);
    double there = bed.rig.twin.reservoir_m3;
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_FIELD, 1);
    assert_true(bed.rig.twin.reservoir_m3 < there); /* the truth: the valves opened */
    bedside_pass(&bed, HOUR_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_FIELD_FILLED));
    assert_int_equal(bed.rig.twin.tone, TONE_DUAL);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_FIELD, 0);
    bedside_pass(&bed, DAY_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_FIELD_FILLED));
}

/* At the clinic's end the rule is the model's, and the other one is refused; the right one leads to a pump that is ready. */
static void test_the_clinic_has_the_rule_of_the_drive(void **state)
{
    (void)state;
    morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    clinician_implant(&bed, "C20", &morphine);
    therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    clinician_upto(WORK_MRI_BEFORE, STEP_AT_SCAN);
    clinician.answers.scan = SCAN_EMPTY;
    assert_held_hard(RULE_MRI, "Keeping the program would pass");
    clinician_finish();
    assert_int_equal(bed.last[EVENT_MRI].field[0], 1);
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);

    clinician_implant(&bed, "V20", &morphine);
    therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    therapy.mri_rule = MRI_EMPTY_FIRST;
    bedside_treat(&bed, &therapy);
    clinician_upto(WORK_MRI_BEFORE, STEP_AT_SCAN);
    clinician.answers.scan = SCAN_KEEP;
    assert_held_hard(RULE_MRI, "Stopped, and emptied first, would pass");
    clinician.answers.scan = SCAN_EMPTY;
    clinician.answers.empty.emptied = ANSWER_NO;
    assert_held_hard(RULE_MRI, "the reservoir must have been emptied");
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
    (void)twin_withdraw(&bed.rig.twin, 1.0);
    clinician_finish();
    assert_true(clinician.workflow.as_sent);
    assert_int_equal(bedside_status(&bed).mode, MODE_STOPPED);
    assert_int_equal(bedside_status(&bed).remaining.fl, 0);
    assert_int_equal(bed.last[EVENT_MRI].field[0], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_way_but_stopped_and_empty_is_refused),
        cmocka_unit_test(test_emptied_and_scanned_nothing_comes_out),
        cmocka_unit_test(test_a_filled_pump_in_a_field_says_so_until_a_clinician_has_looked),
        cmocka_unit_test(test_the_clinic_has_the_rule_of_the_drive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
