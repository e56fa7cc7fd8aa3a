/* workflow_identity_test.c - who and what: patient, pump, contents and people must be the right ones. REQ-CLIN-01, -12. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "clinic/workflow/interval.h"
#include "core/catalog.h"
#include "tests/clinic/workflow_stand.h"

static struct workflow workflow;
static struct answers answers;

/* At this step of a workflow, with the right answers to it at hand. */
static void stand_at(enum work work, enum step_at step)
{
    stand_ready(work, false);
    stand_walk(&workflow, work, step);
    stand_answers(&workflow, &answers);
}

#define HELD(rule, words) assert_held(stand_give(&workflow, &answers), RULE_##rule, words)
#define ON() assert_int_equal(stand_give(&workflow, &answers), GIVEN_ON)

static void patient_pump_drug_and_concentration_must_be_the_right_ones(void **state)
{
    (void)state;
    stand_at(WORK_PROGRAM, STEP_AT_IDENTIFY);
    struct answers right = answers;
    strcpy(answers.identify.patient, "Example, Bert");
    HELD(IDENTITY, "the patient said is not the one of this record");
    answers = right;
    strcpy(answers.identify.serial, "SIM-0024");
    HELD(IDENTITY, "the serial said is \"SIM-0024\", the pump that answers is SIM-0042");
    answers = right;
    answers.identify.mixture.component[0].conc.ng_ml = 10 * MG_NG;
    HELD(IDENTITY, "morphine 10 mg/mL is said to be in the pump, and the pump says morphine 25 mg/mL");
    answers.identify.mixture.component[0] = (struct component){ DRUG_HYDROMORPHONE, { 25 * MG_NG } };
    HELD(IDENTITY, "HYDROmorphone 25 mg/mL is said");
    answers = right;
    strcpy(stand.practice.serial, "SIM-0024");
    HELD(IDENTITY, "the record is of pump SIM-0024");
    strcpy(stand.practice.serial, "SIM-0042");
    workflow.seen.model = 9;
    HELD(FIT, "does not know model 9");
    workflow.seen.model = stand.pump.model;
    stand.practice.model = MODEL_C40; /* reckoned by what the pump is; but nobody goes past it unseen */
    ON();
    assert_found(RULE_IDENTITY, FINDING_NOTE,
                 "the record says that this pump is a C40, and it says itself that it is a C20");
}

static void nobody_works_unsigned_or_for_another(void **state)
{
    (void)state;
    stand_at(WORK_PROGRAM, STEP_AT_IDENTIFY);
    answers.user = 0;
    HELD(IDENTITY, "nobody is signed in");
    answers.user = STAND_FIRST;
    ON();
    stand_answers(&workflow, &answers);
    answers.user = STAND_SECOND;
    HELD(IDENTITY, "somebody else began this");
    stand.practice.accounts = false; /* where nobody signs in, nobody is asked who he is */
    answers.user = 0;
    ON();
}

static void a_pump_gets_the_workflow_of_its_state(void **state)
{
    (void)state;
    stand_begin(true, "C20");
    stand_walk(&workflow, WORK_REFILL, STEP_AT_IDENTIFY);
    stand_answers(&workflow, &answers);
    HELD(IDENTITY, "workflow implant would pass");
    stand_begin(false, "C20");
    stand_walk(&workflow, WORK_IMPLANT, STEP_AT_IDENTIFY);
    stand_answers(&workflow, &answers);
    HELD(IDENTITY, "workflow refill or bridge would pass");
}

static void a_second_pump_in_one_patient_needs_a_reason_and_a_second_clinician(void **state)
{
    (void)state;
    stand_ready(WORK_IMPLANT, false);
    strcpy(stand.practice.other, "SIM-0017");
    stand_walk(&workflow, WORK_IMPLANT, STEP_AT_IDENTIFY);
    stand_answers(&workflow, &answers);
    assert_int_equal(stand_give(&workflow, &answers), GIVEN_HELD);
    assert_found(RULE_SECOND_PUMP, FINDING_SOFT, "pump SIM-0017 is in place in this patient");
    answers.overrides = 1;
    answers.override[0] = (struct override){ RULE_SECOND_PUMP, WORD_REASON_CONSULTED, "" };
    ON();
    assert_true(workflow.passed[0].ask.second);
    stand_ready(WORK_PROGRAM, false); /* of any other workflow it is no matter */
    strcpy(stand.practice.other, "SIM-0017");
    stand_walk(&workflow, WORK_PROGRAM, STEP_AT_THERAPY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patient_pump_drug_and_concentration_must_be_the_right_ones),
        cmocka_unit_test(nobody_works_unsigned_or_for_another),
        cmocka_unit_test(a_pump_gets_the_workflow_of_its_state),
        cmocka_unit_test(a_second_pump_in_one_patient_needs_a_reason_and_a_second_clinician),
    };
    return cmocka_run_group_tests(tests, stand_open, stand_close);
}
