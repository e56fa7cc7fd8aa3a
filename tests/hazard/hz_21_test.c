/* HZ-21: concentrated drug goes into the catheter's port at a refill. REQ-RSVR-08, REQ-RSVR-13.
 *
 * Concentrated morphine was injected through the port that leads straight into the spine, and people died. Without the control a
 * refill is a number that is typed. Here the port that was entered is a step of its own, before any volume can be said; and where
 * the catheter itself is entered and gives no fluid, nothing is injected, and the mass that would be pushed is told. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/clinician.h"

static struct bedside bed;

static void start(void)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 25 * NG_PER_MG);
    clinician_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 5);
    bedside_limit(&therapy, NL_PER_ML / 5, NL_PER_ML);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS);
}

static void test_nothing_is_filled_through_the_catheters_port(void **state)
{
    (void)state;
    start();
    clinician_upto(WORK_REFILL, STEP_AT_PORT);
    clinician.answers.port.port = PORT_CATHETER;
    assert_held_hard(RULE_PORT, "leads straight to the spinal fluid");
    clinician.answers.port.port = PORT_NOT_SAID;
    assert_held_hard(RULE_PORT, "which port was entered was not said");
    clinician.answers.step = STEP_AT_FILL; /* the volume cannot be said before */
    assert_int_equal(clinician_give(), GIVEN_OUT_OF_ORDER);
    assert_int_equal(bed.count[EVENT_REFILL], 1);
    clinician_finish();
    assert_int_equal(bed.count[EVENT_REFILL], 2);
}

static void test_a_catheter_that_gives_nothing_is_not_injected(void **state)
{
    (void)state;
    start();
    clinician_upto(WORK_CATHETER_ACCESS, STEP_AT_ASPIRATE);
    clinician.answers.aspirated = ANSWER_NO;
    assert_int_equal(clinician_give(), GIVEN_ON);
    clinician.answers.step = STEP_AT_INJECT;
    assert_held_hard(RULE_ACCESS, "up to 2.6 mg of morphine"); /* 0.104 mL of 25 mg/mL */
    clinician.answers.inject = ANSWER_NO;
    assert_int_equal(clinician_give(), GIVEN_ON);
    clinician_finish();
    assert_false(clinician.workflow.draft.injected);
    assert_int_equal(clinician.workflow.change, CHANGE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_filled_through_the_catheters_port),
        cmocka_unit_test(test_a_catheter_that_gives_nothing_is_not_injected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
