/* HZ-09: a priming bolus gives drug early and a dip after it. REQ-THER-07, REQ-THER-13, REQ-THER-14.
 *
 * A prime pushes the saline out of tubing and catheter as fast as it may. If it is larger than they are, its end is
 * a bolus of full-strength drug nobody prescribed; if a bolus may run inside it, or a stall shortens it by the clock,
 * the next hours are wrong in one direction or the other. Here a prime is at most the dead volume of this implant,
 * ends by metered volume whatever happens, and nothing else may run meanwhile. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/clinician.h"

enum { DEAD_NL = 140000 + 104000 };

static struct therapy primed(const struct bedside *bed, const struct mixture *mixture, int64_t volume_nl)
{
    struct therapy therapy = bedside_therapy(bed, mixture, NL_PER_ML / 2);
    therapy.program.opening = (struct opening){ OPENING_PRIME, { volume_nl }, { 4 * NL_PER_ML } };
    bedside_permit(&therapy, 10000, NL_PER_ML, 60, 4);
    return therapy;
}

static void test_a_prime_larger_than_the_dead_volume_is_refused(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = primed(&bed, &morphine, DEAD_NL + 1);
    assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_PRIME_SIZE);
    therapy = primed(&bed, &morphine, DEAD_NL);
    assert_applied(bedside_activate(&bed, &therapy, false));
}

static void test_a_prime_ends_by_volume_just_as_the_drug_reaches_the_tip(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = primed(&bed, &morphine, DEAD_NL);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, 30 * MINUTE_MS);
    assert_refused(bedside_press(&bed), VERDICT_COURSE_RUNNING);
    assert_refused(bedside_bolus(&bed, 10000, NL_PER_ML), VERDICT_COURSE_RUNNING);

    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1); /* by the clock the prime would end in here */
    bedside_pass(&bed, 3 * HOUR_MS);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 0);
    bedside_reset(&bed, RIG_MEMORY_KEPT);
    assert_int_equal(bed.count[EVENT_COURSE_END], 0);
    while (bed.count[EVENT_COURSE_END] == 0)
        bedside_pass(&bed, 1000);
    assert_int_equal(bed.last[EVENT_COURSE_END].field[3], 0); /* complete */
    /* The drug stands at the tip: it has not left it, but for what the end's fraction of a quantum and the reset's
     * may hold. */
    assert_in_range(rig_nl(bed.rig.twin.totals.delivered).nl, DEAD_NL - 500, DEAD_NL + 500);
    assert_in_range(bedside_dose_fg(&bed, DRUG_MORPHINE), 0, INT64_C(500) * 10 * NG_PER_MG);
    bedside_pass(&bed, DAY_MS);
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING); /* and the base goes on */
    assert_in_range(rig_nl(bed.rig.twin.totals.delivered).nl, DEAD_NL + 499000, DEAD_NL + 501000);
}

/* A bridge is a prime with the old drug still in the way: through a reset and a stall it ends by volume, just as the new
 * drug reaches the tip, and only then does the new program begin. */
static void test_a_bridge_ends_by_volume_whatever_interrupts_it(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    struct mixture stronger = bedside_drug(DRUG_MORPHINE, 20 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, 2 * (int64_t)DAY_MS);
    therapy = bedside_therapy(&bed, &stronger, NL_PER_ML / 4);
    therapy.program.opening = (struct opening){ OPENING_BRIDGE, { DEAD_NL }, { NL_PER_ML / 2 } };
    int64_t from_nl = rig_nl(bed.rig.twin.totals.delivered).nl;
    assert_applied(bedside_refill(&bed, &stronger, 18 * NL_PER_ML, &therapy, false));
    bedside_pass(&bed, 4 * HOUR_MS);
    bedside_reset(&bed, RIG_MEMORY_KEPT);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1);
    bedside_pass(&bed, 6 * HOUR_MS);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 0);
    while (bed.count[EVENT_COURSE_END] == 0) {
        assert_true(twin_tip_concentration(&bed.rig.twin, DRUG_MORPHINE) < 10.1); /* mg/mL: still the old one */
        bedside_pass(&bed, MINUTE_MS);
    }
    assert_int_equal(bed.last[EVENT_COURSE_END].field[3], 0);
    assert_in_range(rig_nl(bed.rig.twin.totals.delivered).nl - from_nl, DEAD_NL - 500, DEAD_NL + 750);
    assert_int_equal(bedside_status(&bed).base.nl_day, NL_PER_ML / 4);
}

/* At the clinic's end: is the catheter empty of drug? And the patient is watched until drug has been at the tip for an hour. */
static void test_the_clinic_asks_what_the_catheter_holds(void **state)
{
    (void)state;
    static struct bedside at;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    clinician_implant(&at, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&at, &morphine, NL_PER_ML / 2);
    bedside_treat(&at, &therapy);
    clinician.wanted = therapy;
    clinician.wanted.program.opening = (struct opening){ OPENING_PRIME, therapy.dead_volume, { NL_PER_ML } };
    clinician_upto(WORK_PRIME, STEP_AT_PRIME);
    clinician.answers.prime.holds = HOLDS_NOT_SAID;
    assert_held_hard(RULE_PRIME, "is the catheter empty of drug?");
    clinician.answers.prime.holds = HOLDS_DRUG; /* what it holds would be given at once: 0.104 mL of 10 mg/mL */
    clinician.answers.prime.conc.ng_ml = 10 * NG_PER_MG;
    assert_held_hard(RULE_BOUNDS, "one bolus: 1.04 mg of morphine is above the hard limit");
    clinician_upto(WORK_PRIME, STEP_AT_WATCH);
    assert_held_hard(RULE_WATCH, "watch the patient for");
    int64_t watched = clinician.workflow.watch_until_ms - at.rig.now.ms;
    assert_in_range(watched, 21081600 + HOUR_MS - 5000, 21081600 + HOUR_MS); /* 0.244 mL at 1 mL/day take 5.856 h */
    clinician_finish();
    assert_true(bedside_dose_fg(&at, DRUG_MORPHINE) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_prime_larger_than_the_dead_volume_is_refused),
        cmocka_unit_test(test_a_prime_ends_by_volume_just_as_the_drug_reaches_the_tip),
        cmocka_unit_test(test_a_bridge_ends_by_volume_whatever_interrupts_it),
        cmocka_unit_test(test_the_clinic_asks_what_the_catheter_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
