/* HZ-25: a pump that was not infusing is restarted without finding out why. REQ-RSVR-05, REQ-THER-20.
 *
 * Twice 19 mL were found at refill in a pump that should have been nearly empty. The catheter was blamed, the pump
 * refilled and restarted, and the patient nearly died of the sudden dose. Without the control a full pump looks like
 * a saved refill. Here far too much left is an alarm of the highest rank and bars the refill until a clinician
 * acknowledges re-titration. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/clinician.h"

static void test_nineteen_millilitres_left_bar_the_restart(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture baclofen = bedside_drug(DRUG_BACLOFEN, 2 * NG_PER_MG);
    bedside_implant(&bed, "C20", &baclofen);
    struct therapy therapy = bedside_therapy(&bed, &baclofen, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, 2 * (int64_t)DAY_MS);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_SLIP, 1); /* the encoder turns, the fluid stays: no alarm can know */
    bedside_pass(&bed, 30 * (int64_t)DAY_MS);
    assert_in_range(rig_nl(bed.rig.twin.reservoir_m3).nl, 18900000, 19100000);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_SLIP, 0);

    int64_t dose = bedside_dose_fg(&bed, DRUG_BACLOFEN);
    uint64_t filled = bed.count[EVENT_REFILL];
    assert_refused(bedside_refill(&bed, &baclofen, 18 * NL_PER_ML, NULL, false), VERDICT_RETITRATION);
    assert_refused(bedside_refill(&bed, &baclofen, 18 * NL_PER_ML, &therapy, false), VERDICT_RETITRATION);
    assert_int_equal(bed.count[EVENT_REFILL], filled);
    assert_int_equal(bedside_dose_fg(&bed, DRUG_BACLOFEN), dose);

    therapy.program.base.nl_day = 50000;
    assert_applied(bedside_refill(&bed, &baclofen, 18 * NL_PER_ML, &therapy, true));
    assert_true(bedside_alarmed(&bed, ALARM_AT_REFILL_EXCESS));
    assert_int_equal(alarm_row(ALARM_AT_REFILL_EXCESS)->priority, ALARM_PRIORITY_HIGH);
    assert_int_equal(alarm_row(ALARM_AT_REFILL_EXCESS)->latch, 1);
    assert_int_equal(bed.count[EVENT_RETITRATION], 1);
}

/* A residual within a millilitre of the calculation is no cause. */
static void test_an_expected_residual_bars_nothing(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture baclofen = bedside_drug(DRUG_BACLOFEN, 2 * NG_PER_MG);
    bedside_implant(&bed, "C20", &baclofen);
    struct therapy therapy = bedside_therapy(&bed, &baclofen, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_SLIP, 0.09);
    bedside_pass(&bed, 20 * (int64_t)DAY_MS); /* 0.9 mL too much */
    assert_applied(bedside_refill(&bed, &baclofen, 18 * NL_PER_ML, NULL, false));
    assert_false(bedside_alarmed(&bed, ALARM_AT_REFILL_EXCESS));
    bedside_pass(&bed, 30 * (int64_t)DAY_MS); /* 1.35 mL too much */
    assert_refused(bedside_refill(&bed, &baclofen, 18 * NL_PER_ML, NULL, false), VERDICT_RETITRATION);
}

/* At the clinic's end: the refill stops at what was found, until the cause is on record and the dose was found anew. */
static void test_the_clinic_stops_at_what_was_found(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture baclofen = bedside_drug(DRUG_BACLOFEN, 2 * NG_PER_MG);
    clinician_implant(&bed, "C20", &baclofen);
    struct therapy therapy = bedside_therapy(&bed, &baclofen, NL_PER_ML / 4);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, 2 * (int64_t)DAY_MS);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_SLIP, 1);
    bedside_pass(&bed, 30 * (int64_t)DAY_MS);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_SLIP, 0);
    clinician_upto(WORK_REFILL, STEP_AT_RESIDUAL);
    assert_in_range(clinician.answers.residual.withdrawn.volume.nl, 19400000, 19600000);
    assert_held_hard(RULE_NOT_INFUSING, "do not restart or go on as before");
    clinician.answers.residual.cause = WORD_CAUSE_NOT_FOUND;
    assert_held_hard(RULE_NOT_INFUSING, "do not restart or go on as before");
    clinician.answers.residual.cause = WORD_CAUSE_UNDER_INFUSION;
    assert_held_hard(RULE_NOT_INFUSING, "the dose must be found anew");
    assert_int_equal(bed.count[EVENT_REFILL], 1);
    clinician.answers.residual.retitrated = true;
    assert_int_equal(clinician_give(), GIVEN_ON);
    clinician_finish();
    assert_int_equal(clinician.workflow.change, CHANGE_APPLIED); /* the pump asks for the same acknowledgement */
    assert_int_equal(bed.count[EVENT_RETITRATION], 1);
    assert_true(bedside_alarmed(&bed, ALARM_AT_REFILL_EXCESS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nineteen_millilitres_left_bar_the_restart),
        cmocka_unit_test(test_an_expected_residual_bars_nothing),
        cmocka_unit_test(test_the_clinic_stops_at_what_was_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
