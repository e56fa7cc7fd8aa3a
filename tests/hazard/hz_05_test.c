/* HZ-05: a refill goes into the pocket beside the pump. REQ-RSVR-02, REQ-RSVR-03 (the pump's part).
 *
 * The needle misses the port and the drug is injected under the skin: at once a large overdose, later an empty pump
 * that believes itself full. No pump can feel the needle; what it can do is never believe a fill it cannot hold, and
 * say aloud at the next refill that what is found is not what should be there. Without the control that difference
 * would stay unseen. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/clinician.h"

static void test_drug_that_never_arrived_is_seen_at_the_next_refill(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, 2 * DAY_MS);
    assert_applied(bedside_refill(&bed, &morphine, 18 * NL_PER_ML, NULL, false));
    assert_int_equal(bed.raised[ALARM_AT_REFILL_SHORTFALL], 0);
    (void)twin_withdraw(&bed.rig.twin, 1.0); /* the truth: all of it lies in the pocket */

    bedside_pass(&bed, 4 * DAY_MS);
    assert_applied(bedside_refill(&bed, &morphine, 18 * NL_PER_ML, NULL, false));
    assert_true(bedside_alarmed(&bed, ALARM_AT_REFILL_SHORTFALL));
    assert_int_equal(bed.last[EVENT_REFILL].field[0], 0);                 /* found */
    assert_in_range(bed.last[EVENT_REFILL].field[2], 15999000, 16001000); /* calculated */
    /* what was found, not what was hoped for, is reckoned with from now on */
    assert_int_equal(bed.last[EVENT_REFILL].field[3], 18 * NL_PER_ML);
}

static void test_a_fill_that_differs_from_the_syringe_is_refused(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct command refill = { .kind = COMMAND_REFILL,
                              .refill = { .withdrawn = { 20 * NL_PER_ML },
                                          .filled = { 18 * NL_PER_ML },
                                          .drawn_up = { 17 * NL_PER_ML },
                                          .fill = morphine } };
    assert_refused(bedside_give(&bed, ROLE_CLINICIAN, refill), VERDICT_VOLUME_TOLD);
    assert_int_equal(bed.count[EVENT_REFILL], 1); /* the one at implant */
}

/* At the clinic's end: nothing is filled before fluid came from the reservoir's port, and nobody goes home at once. */
static void test_the_clinic_asks_for_the_port_and_watches(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    clinician_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS);
    clinician_upto(WORK_REFILL, STEP_AT_PORT);
    clinician.answers.port.aspirated = ANSWER_NO;
    assert_held_hard(RULE_PORT, "may be in the pocket");
    clinician_upto(WORK_REFILL, STEP_AT_RESIDUAL);
    clinician.answers.residual.withdrawn.volume.nl = 17500000; /* two mL less than it should be */
    assert_held_hard(RULE_RESIDUAL, "over-infusion");
    clinician_upto(WORK_REFILL, STEP_AT_WATCH);
    assert_held_hard(RULE_WATCH, "watch the patient for 30 min more");
    bedside_pass(&bed, 29 * MINUTE_MS);
    assert_held_hard(RULE_WATCH, "watch the patient for 1 min more");
    clinician_finish();
    assert_int_equal(clinician.workflow.ending, ENDING_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_drug_that_never_arrived_is_seen_at_the_next_refill),
        cmocka_unit_test(test_a_fill_that_differs_from_the_syringe_is_refused),
        cmocka_unit_test(test_the_clinic_asks_for_the_port_and_watches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
