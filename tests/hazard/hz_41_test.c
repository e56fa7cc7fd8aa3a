/* HZ-41: a mass at the catheter's tip is recognised late. REQ-CLIN-10.
 *
 * The dose was raised visit by visit, the pain grew all the same, and each step by itself was an ordinary one. Without the
 * control nothing at any visit says so. Here the workflow that would raise it once more is held by an alert, with dose and
 * concentration of every step, and passes only with a reason and the dose typed again; going down is never held. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tests/hazard/clinician.h"

enum { VISITS = 4 };
#define DAY ((int64_t)DAY_MS)

static struct bedside bed;
static struct therapy therapy;
static struct benefit_history history;

/* Four doses in eight months, each by 0.05 mL/day of 10 mg/mL more: 4 to 5.5 mg/day; at each visit this pain is said. */
static void start(const int32_t pain[VISITS])
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    clinician_implant(&bed, "C20", &morphine);
    therapy = bedside_therapy(&bed, &morphine, 550000);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, HOUR_MS);
    history = (struct benefit_history){ .therapies = 0 };
    for (int32_t step = 0; step < VISITS; step++) {
        int64_t at_ms = bed.rig.now.ms - (VISITS - step) * 60 * DAY;
        struct therapy then = therapy;
        then.program.base.nl_day = 400000 + 50000 * step;
        const struct benefit_therapy given = benefit_of_therapy(&then, at_ms);
        const struct benefit_score said = { at_ms + 59 * DAY, pain[step], BENEFIT_NOT_SAID };
        benefit_therapy_add(&history, &given);
        benefit_score_add(&history, &said);
    }
    clinician.practice.history = &history;
    clinician.wanted = therapy;
}

static void want(int32_t nl_day)
{
    clinician.wanted.program.base.nl_day = nl_day;
    clinician_upto(WORK_PROGRAM, STEP_AT_THERAPY);
}

static const int32_t WORSE[VISITS] = { 4, 5, 6, 7 };

static void test_one_step_more_is_held_by_the_alert(void **state)
{
    (void)state;
    start(WORSE);
    want(600000); /* 9 % more than now, 50 % more than half a year ago */
    assert_int_equal(clinician_give(), GIVEN_HELD);
    assert_true(clinician_found(RULE_BENEFIT, FINDING_SOFT, "from 4 mg/day at 10 mg/mL to 6 mg/day at 10 mg/mL, and pain was "
                                                            "4 of 10 and is 7 of 10: benefit falling"));
    assert_true(clinician_found(RULE_BENEFIT, FINDING_NOTE, "4.5 mg/day at 10 mg/mL, "));
    assert_true(clinician_found(RULE_BENEFIT, FINDING_NOTE, "5.5 mg/day at 10 mg/mL, "));
    assert_true(clinician_found(RULE_BENEFIT, FINDING_NOTE, "a mass at the catheter's tip"));
    clinician.answers.overrides = 1;
    clinician.answers.override[0] = (struct override){ RULE_BENEFIT, WORD_REASON_CONSULTED, "5.9 mg/day" };
    assert_int_equal(clinician_give(), GIVEN_HELD); /* typed wrongly */
    strcpy(clinician.answers.override[0].again, "6 mg/day");
    assert_int_equal(clinician_give(), GIVEN_ON);
    clinician_finish();
    assert_int_equal(bedside_status(&bed).base.nl_day, 600000);
    bool kept = false;
    for (unsigned i = 0; i < clinician.workflow.passed_count; i++)
        kept = kept || (clinician.workflow.passed[i].rule == RULE_BENEFIT &&
                        clinician.workflow.passed[i].reason == WORD_REASON_CONSULTED);
    assert_true(kept);
}

static void test_less_or_as_much_is_told_and_not_held(void **state)
{
    (void)state;
    start(WORSE);
    clinician.answers.overrides = 0;
    history.therapy[0] = benefit_of_therapy(&therapy, history.therapy[0].at_ms);
    history.therapy[0].drug[0].dose = ratio_of(INT64_C(3000000000000));
    want(550000);
    assert_int_equal(clinician_give(), GIVEN_ON);
    assert_true(clinician_found(RULE_BENEFIT, FINDING_NOTE, "from 3 mg/day at 10 mg/mL to 5.5 mg/day"));
    want(500000);
    assert_int_equal(clinician_give(), GIVEN_ON);
    assert_true(clinician_found(RULE_BENEFIT, FINDING_NOTE, "benefit falling"));
}

static void test_where_it_helps_nothing_is_said(void **state)
{
    (void)state;
    static const int32_t better[VISITS] = { 7, 6, 5, 4 };
    start(better);
    want(600000);
    assert_int_equal(clinician_give(), GIVEN_ON);
    assert_false(clinician_found(RULE_BENEFIT, FINDING_SOFT, "") || clinician_found(RULE_BENEFIT, FINDING_NOTE, ""));
    start(WORSE);
    want(590000); /* not half as much again */
    assert_int_equal(clinician_give(), GIVEN_ON);
    assert_false(clinician_found(RULE_BENEFIT, FINDING_SOFT, ""));
}

static void test_scores_that_are_missing_are_asked_for(void **state)
{
    (void)state;
    start(WORSE);
    history.scores = 0;
    want(600000);
    assert_int_equal(clinician_give(), GIVEN_ON);
    assert_true(clinician_found(RULE_BENEFIT, FINDING_NOTE, "no score of pain says what came of it: ask for one"));
    clinician.practice.history = NULL;
    want(600000);
    assert_int_equal(clinician_give(), GIVEN_ON);
    assert_false(clinician_found(RULE_BENEFIT, FINDING_NOTE, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_step_more_is_held_by_the_alert),
        cmocka_unit_test(test_less_or_as_much_is_told_and_not_held),
        cmocka_unit_test(test_where_it_helps_nothing_is_said),
        cmocka_unit_test(test_scores_that_are_missing_are_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
