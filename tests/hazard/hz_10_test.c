/* HZ-10: a wrong tubing constant makes every prime too large. REQ-RSVR-10, REQ-THER-13.
 *
 * 14,499 pumps were programmed with 0.199 mL for a tubing that holds 0.140 mL: each prime ended 59 uL deep in the
 * drug. A simulation that shares the pump's constants would agree with the error. Here the twin has its own, so the
 * error shows at the tip; and a therapy made for other constants (model, revision, dead volume below the tubing) is
 * refused by the pump. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/clinician.h"

enum { DEAD_NL = 140000 + 104000, WRONG_TUBING_NL = 199000, CONC = 10 * NG_PER_MG };

/* Primes with what the pump's table says the dead volume is; returns the mass given by the time the prime ends. */
static int64_t given_by_the_prime(int64_t tubing_nl)
{
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, CONC);
    struct pump_unit unit = bedside_unit("C20");
    struct twin_setup setup = bedside_setup("C20");
    unit.model.tubing.nl = tubing_nl;
    assert_true(bedside_implant_unit(&bed, &unit, &setup, &morphine, 18 * NL_PER_ML));
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    therapy.program.opening = (struct opening){ OPENING_PRIME, therapy.dead_volume, { 4 * NL_PER_ML } };
    bedside_limit(&therapy, NL_PER_ML / 2, 2 * NL_PER_ML);
    bedside_treat(&bed, &therapy);
    while (bed.count[EVENT_COURSE_END] == 0)
        bedside_pass(&bed, 1000);
    return bedside_dose_fg(&bed, DRUG_MORPHINE);
}

static void test_the_wrong_constant_of_the_recall_shows_at_the_tip(void **state)
{
    (void)state;
    assert_in_range(given_by_the_prime(140000), 0, INT64_C(250) * CONC);
    int64_t too_much = INT64_C(59000) * CONC; /* 0.59 mg of morphine, at once */
    assert_in_range(given_by_the_prime(WRONG_TUBING_NL), too_much - INT64_C(500) * CONC,
                    too_much + INT64_C(500) * CONC);
}

static void test_a_therapy_for_other_constants_is_refused(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, CONC);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    therapy.revision++;
    assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_MODEL_MISMATCH);
    therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    therapy.model = MODEL_C40;
    assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_MODEL_MISMATCH);
    therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    therapy.calibration.ppm = 1;
    assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_MODEL_MISMATCH);
    therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    therapy.dead_volume.nl = 139999; /* less than the tubing alone */
    assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_MODEL_MISMATCH);
    therapy.dead_volume.nl = 700000; /* more than with the longest catheter */
    assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_MODEL_MISMATCH);
    therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    therapy.dead_volume.nl = DEAD_NL;
    assert_applied(bedside_activate(&bed, &therapy, false));
}

/* At the clinic's end: a tubing of 0.199 mL that somebody brings along, or hides in a dead volume, is refused with its mass. */
static void test_the_clinic_takes_no_constant_but_the_models(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, CONC);
    clinician_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    clinician.wanted = therapy;
    clinician.wanted.program.opening = (struct opening){ OPENING_PRIME, therapy.dead_volume, { NL_PER_ML } };
    clinician_upto(WORK_PRIME, STEP_AT_THERAPY);
    clinician.answers.therapy.tubing = (struct said_volume){ true, { WRONG_TUBING_NL } };
    assert_held_hard(RULE_TUBING, "the difference is 0.059 mL or 0.59 mg of the drug, given too much");
    clinician.answers.therapy.tubing.said = false;
    clinician.answers.therapy.therapy.dead_volume.nl += WRONG_TUBING_NL - 140000;
    assert_held_hard(RULE_TUBING, "a tubing of 0.199 mL is not that of C20");
    assert_int_equal(bed.count[EVENT_ACTIVATED], 1);
    clinician.answers.therapy.therapy = clinician.wanted;
    assert_int_equal(clinician_give(), GIVEN_ON);
    while (workflow_step(&clinician.workflow) != STEP_AT_WATCH)
        clinician_do();
    assert_int_equal(clinician.workflow.change, CHANGE_APPLIED);
    while (bed.count[EVENT_COURSE_END] == 0)
        bedside_pass(&bed, 1000);
    assert_in_range(bedside_dose_fg(&bed, DRUG_MORPHINE), 0, INT64_C(750) * CONC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_wrong_constant_of_the_recall_shows_at_the_tip),
        cmocka_unit_test(test_a_therapy_for_other_constants_is_refused),
        cmocka_unit_test(test_the_clinic_takes_no_constant_but_the_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
