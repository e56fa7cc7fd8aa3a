/* HZ-16: a compounded mixture is dosed as if it were one drug. REQ-LIBR-09, REQ-LIBR-05, REQ-LIBR-10.
 *
 * A mixture's rate is chosen for the morphine; the clonidine in it comes along unasked. If only the primary drug
 * has limits, a bolus that is mild for one is an overdose of the other. Here every drug of the mixture has its own
 * limits, and the tightest of them decides: at activation, at each bolus and, last, at each quantum. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/clinician.h"

static const struct mixture MIXED = { .count = 3,
                                      .component = { { DRUG_MORPHINE, { 10 * NG_PER_MG } },
                                                     { DRUG_BUPIVACAINE, { 20 * NG_PER_MG } },
                                                     { DRUG_CLONIDINE, { NG_PER_MG / 2 } } } };

/* All three drugs may have 2 mL of the mixture a day and 0.2 mL an hour, but this one only this much. */
static struct therapy tight(const struct bedside *bed, unsigned row, int64_t hour_nl, int64_t day_nl)
{
    struct therapy therapy = bedside_therapy(bed, &MIXED, NL_PER_ML / 2);
    int64_t conc = MIXED.component[row].conc.ng_ml;
    therapy.limits.drug[row].window[WINDOW_HOUR].fg = hour_nl * conc;
    therapy.limits.drug[row].window[WINDOW_DAY].fg = day_nl * conc;
    return therapy;
}

static void test_the_tightest_drug_decides_whichever_it_is(void **state)
{
    (void)state;
    static struct bedside bed;
    for (unsigned row = 0; row < MIXED.count; row++) {
        bedside_implant(&bed, "C20", &MIXED);
        struct therapy therapy = tight(&bed, row, 200000, 500000); /* base alone: 516 uL in 24 h 45 min */
        assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_DAY_LIMIT);
        therapy = tight(&bed, row, 20000, 2000000); /* base alone: 21.5 uL in an hour and a bucket */
        assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_HOUR_LIMIT);
        therapy = tight(&bed, row, 50000, 2000000);
        bedside_treat(&bed, &therapy);
        bedside_pass(&bed, HOUR_MS);
        assert_refused(bedside_bolus(&bed, 30000, 4 * NL_PER_ML), VERDICT_HOUR_LIMIT);
        assert_applied(bedside_bolus(&bed, 28000, 4 * NL_PER_ML));
    }
}

static void test_every_drug_must_have_its_limits(void **state)
{
    (void)state;
    static struct bedside bed;
    bedside_implant(&bed, "C20", &MIXED);
    struct therapy therapy = bedside_therapy(&bed, &MIXED, NL_PER_ML / 2);
    therapy.limits.count = 2; /* clonidine forgotten */
    therapy.limits.drug[2] = (struct drug_limit){ 0, { { 0 }, { 0 } } };
    assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_LIMITS_FORM);
    therapy = bedside_therapy(&bed, &MIXED, NL_PER_ML / 2);
    therapy.mixture.count = 1; /* told as plain morphine */
    therapy.mixture.component[1] = therapy.mixture.component[2] = (struct component){ 0, { 0 } };
    bedside_limit(&therapy, 200000, 2000000);
    therapy.limits.drug[1] = therapy.limits.drug[2] = (struct drug_limit){ 0, { { 0 }, { 0 } } };
    assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_CONTENTS);
    assert_int_equal(bedside_moved(&bed), 0);
}

/* The last gate alone: the engine believes in wide limits, the governor holds the tight one of the third drug. */
static void test_the_governor_counts_each_drug(void **state)
{
    (void)state;
    static struct bedside bed;
    bedside_implant(&bed, "C20", &MIXED);
    struct therapy therapy = tight(&bed, 2, 50000, 2000000);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS); /* the drug has reached the tip: saline is charged as nothing */
    bed.rig.pump.therapy.limits.drug[2].window[WINDOW_HOUR].fg *= 4; /* a fault in what engine and grants go by ... */
    bed.rig.pump.base.nl_day = 4 * NL_PER_ML;                        /* ... and one in the flow */
    bed.rig.pump.due_ms = bed.rig.now.ms;
    bed.rig.wake = bed.rig.now;
    int64_t before = bedside_dose_fg(&bed, DRUG_CLONIDINE);
    bedside_pass(&bed, HOUR_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_WITHHELD));
    assert_int_equal(bed.last[EVENT_WITHHELD].field[2], DRUG_CLONIDINE);
    assert_true(bedside_dose_fg(&bed, DRUG_CLONIDINE) - before <= INT64_C(50000) * (NG_PER_MG / 2));
}

/* At the clinic's end: no maker declares mixtures, even of drugs that are declared one by one. REQ-LIBR-10 */
static void test_a_mixture_needs_a_reason_and_is_watched_more_closely(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 25 * NG_PER_MG);
    clinician_implant(&bed, "C20", &morphine);
    clinician_upto(WORK_BRIDGE, STEP_AT_FILL);
    struct mixture *mixture = &clinician.answers.fill.mixture;
    *mixture = (struct mixture){ .count = 2,
                                 .component = { { DRUG_MORPHINE, { 25 * NG_PER_MG } }, { DRUG_BACLOFEN, { NG_PER_MG } } } };
    assert_int_equal(clinician_give(), GIVEN_HELD);
    assert_true(clinician_found(RULE_COMPATIBILITY, FINDING_PASSED, "morphine is declared for C20"));
    assert_true(clinician_found(RULE_COMPATIBILITY, FINDING_PASSED, "baclofen is declared for C20"));
    assert_true(clinician_found(RULE_COMPATIBILITY, FINDING_SOFT, "a mixture of 2 drugs"));
    assert_true(clinician_found(RULE_COMPATIBILITY, FINDING_NOTE, "surveillance: raised (a mixture of drugs)"));
    clinician.answers.overrides = 1;
    clinician.answers.override[0] = (struct override){ .rule = RULE_COMPATIBILITY, .reason = WORD_REASON_CONSULTED };
    assert_int_equal(clinician_give(), GIVEN_ON);
    assert_int_equal(clinician.workflow.passed[0].rule, RULE_COMPATIBILITY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_tightest_drug_decides_whichever_it_is),
        cmocka_unit_test(test_every_drug_must_have_its_limits),
        cmocka_unit_test(test_the_governor_counts_each_drug),
        cmocka_unit_test(test_a_mixture_needs_a_reason_and_is_watched_more_closely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
