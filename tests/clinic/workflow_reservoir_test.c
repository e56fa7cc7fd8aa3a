/* workflow_reservoir_test.c - what holds a refill, a bridge, a prime, an access to the catheter, a scan and an emergency at
 * each step, with the words that say what would pass, and what then does. REQ-CLIN-08, -09, REQ-RSVR-02 to -13, REQ-THER-21,
 * HZ-05, HZ-09, HZ-19, HZ-21, HZ-23, HZ-25. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "clinic/planner/readings.h"
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

static void the_needle_must_be_in_the_right_port(void **state)
{
    (void)state;
    stand_at(WORK_REFILL, STEP_AT_PORT);
    answers.port.port = PORT_NOT_SAID;
    HELD(PORT, "which port was entered was not said");
    answers.port.port = PORT_CATHETER;
    HELD(PORT, "leads straight to the spinal fluid");
    answers.port.port = PORT_RESERVOIR;
    answers.port.aspirated = ANSWER_NO;
    HELD(PORT, "may be in the pocket");
    answers.port.aspirated = ANSWER_NOT_SAID;
    HELD(PORT, "may be in the pocket");
    answers.port.aspirated = ANSWER_YES;
    ON();
    stand_at(WORK_CATHETER_ACCESS, STEP_AT_PORT);
    answers.port.port = PORT_RESERVOIR;
    HELD(PORT, "only the catheter's would pass");
}

/* Whatever the cause: what came out and what stays cannot be more than the reservoir holds. */
static void no_cause_explains_more_than_the_reservoir_holds(void **state)
{
    (void)state;
    for (uint8_t cause = WORD_CAUSE_NONE; list_word(LIST_CAUSE, cause) != NULL; cause++) {
        stand_at(WORK_REFILL, STEP_AT_RESIDUAL);
        answers.residual.cause = cause;
        answers.residual.retitrated = true;
        answers.residual.withdrawn.volume.nl = 40 * ML_NL;
        HELD(CAPACITY, "40 mL in a reservoir of 20 mL");
        answers.residual.withdrawn.volume.nl = 15 * ML_NL;
        answers.residual.left.volume.nl = 5 * ML_NL + 1;
        HELD(CAPACITY, "both must be read again");
    }
}

static void a_residual_that_is_off_needs_a_cause(void **state)
{
    (void)state;
    stand_at(WORK_REFILL, STEP_AT_RESIDUAL);
    answers.residual.withdrawn.said = false;
    HELD(SAID, "what was aspirated was not said");
    answers.residual.withdrawn = (struct said_volume){ true, { 10 * ML_NL } };
    answers.residual.left.said = false;
    HELD(SAID, "what stays in the reservoir was not said");
    answers.residual.left = (struct said_volume){ true, { 0 } };
    answers.residual.withdrawn.volume.nl = 8500000; /* 1.5 mL less than reckoned */
    HELD(RESIDUAL, "over-infusion");
    answers.residual.cause = WORD_CAUSE_NOT_FOUND;
    ON();
    assert_found(RULE_RESIDUAL, FINDING_NOTE, "the cause is recorded: not_found");
    assert_int_equal(workflow.draft.cause, WORD_CAUSE_NOT_FOUND);
    assert_int_equal(workflow.draft.expected.nl, 10 * ML_NL);
}

/* What cannot have been there says nothing of what the pump gave. */
static void more_found_than_it_holds_was_misread(void **state)
{
    (void)state;
    stand_at(WORK_REFILL, STEP_AT_RESIDUAL);
    answers.residual.withdrawn.volume.nl = 20 * ML_NL;
    HELD(NOT_INFUSING, "do not restart");
    answers.residual.left.volume.nl = 16 * ML_NL;
    HELD(CAPACITY, "36 mL in a reservoir of 20 mL");
    for (unsigned i = 0; i < stand_findings.count; i++)
        assert_int_not_equal(stand_findings.item[i].rule, RULE_NOT_INFUSING);
    answers.residual.cause = WORD_CAUSE_UNDER_INFUSION; /* and no cause makes it so */
    answers.residual.retitrated = true;
    HELD(CAPACITY, "36 mL in a reservoir");
}

static void a_pump_that_did_not_infuse_is_locked(void **state)
{
    (void)state;
    stand_at(WORK_REFILL, STEP_AT_RESIDUAL);
    answers.residual.withdrawn.volume.nl = 19 * ML_NL;
    HELD(NOT_INFUSING, "do not restart or go on as before until the cause is found and recorded");
    answers.residual.cause = WORD_CAUSE_NOT_FOUND;
    HELD(NOT_INFUSING, "do not restart");
    answers.residual.cause = 77;
    HELD(NOT_INFUSING, "do not restart");
    answers.residual.cause = WORD_CAUSE_UNDER_INFUSION;
    HELD(NOT_INFUSING, "the dose must be found anew");
    answers.residual.retitrated = true;
    ON();
    assert_true(workflow.draft.retitrated);
}

/* Three readings, each within a millilitre, together beyond it. */
static void a_trend_over_refills_is_told(void **state)
{
    (void)state;
    static struct readings readings = { .count = 2,
                                        .reading = { { "2026-01-01", { 3000000 }, { 2300000 }, { 15000000 } },
                                                     { "2026-02-01", { 3000000 }, { 2300000 }, { 15000000 } } } };
    stand_at(WORK_REFILL, STEP_AT_RESIDUAL);
    stand.practice.readings = &readings;
    answers.residual.withdrawn.volume.nl = 9300000;
    assert_int_equal(stand_give(&workflow, &answers), GIVEN_HELD);
    assert_found(RULE_TREND, FINDING_SOFT, "trend");
    readings.count = READINGS_MAX; /* a full list makes room for the newest */
    for (unsigned i = 0; i < READINGS_MAX; i++)
        readings.reading[i] = (struct reading){ "2026-02-01", { 3000000 }, { 3000000 }, { 15000000 } };
    ON();
}

static void a_fill_is_what_was_drawn_up_and_fits(void **state)
{
    (void)state;
    stand_at(WORK_REFILL, STEP_AT_FILL);
    struct answers right = answers;
    answers.fill.filled.said = false;
    HELD(SAID, "what was filled was not said");
    answers = right;
    answers.fill.drawn_up.said = false;
    HELD(SAID, "what the syringe had held was not said");
    answers = right;
    answers.fill.filled.volume.nl = answers.fill.drawn_up.volume.nl = 40 * ML_NL;
    HELD(CAPACITY, "a fill of 40 mL does not go into the reservoir of C20: at most 20 mL would");
    answers = right;
    answers.fill.filled.volume.nl = 19 * ML_NL;
    HELD(DRAWN_UP, "19 mL is said to be in the pump, but the syringe held 18 mL");
    answers = right;
    answers.fill.mixture.component[0].conc.ng_ml = 26 * MG_NG;
    HELD(CONCENTRATION, "is not known to the formulary");
    answers = right;
    answers.fill.mixture.component[0].conc.ng_ml = 10 * MG_NG;
    HELD(BRIDGE, "workflow bridge is for that");
    answers = right;
    memset(answers.fill.lot, 'x', sizeof answers.fill.lot);
    HELD(SAID, "the lot is no text");
    answers = right;
    ON();
    assert_int_equal(workflow.draft.refill.filled.nl, 18 * ML_NL);
    assert_string_equal(workflow.draft.refill.lot, "L-17");
}

static void what_stays_is_rinsed_or_reckoned_in(void **state)
{
    (void)state;
    stand_at(WORK_BRIDGE, STEP_AT_RESIDUAL);
    answers.residual.withdrawn.volume.nl = 8 * ML_NL;
    answers.residual.left.volume.nl = 2 * ML_NL;
    ON();
    stand_answers(&workflow, &answers);
    answers.fill.rinsed = true;
    HELD(SAID, "0 mL would be what stays");
    answers.fill.rinsed = false;
    answers.fill.filled.volume.nl = answers.fill.drawn_up.volume.nl = 19 * ML_NL;
    HELD(CAPACITY, "with the 2 mL that stay it is more than the reservoir holds");
    answers.fill.filled.volume.nl = answers.fill.drawn_up.volume.nl = 18 * ML_NL;
    ON();
    /* (2 x 25 + 18 x 10) / 20 */
    assert_found(RULE_BRIDGE, FINDING_NOTE, "with what stays the reservoir will hold morphine 11.5 mg/mL");
    stand_answers(&workflow, &answers);
    HELD(BRIDGE, "the therapy is for morphine 10 mg/mL, and the pump holds morphine 11.5 mg/mL");
}

static void a_third_boundary_is_not_begun(void **state)
{
    (void)state;
    stand_ready(WORK_BRIDGE, false);
    stand.pump.stretches = STRETCHES_MAX;
    stand.pump.stretch[1] = stand.pump.stretch[2] = stand.pump.stretch[0];
    stand_walk(&workflow, WORK_BRIDGE, STEP_AT_FILL);
    stand_answers(&workflow, &answers);
    HELD(BRIDGE, "two boundaries");
}

static void another_concentration_needs_its_bridge(void **state)
{
    (void)state;
    stand_at(WORK_BRIDGE, STEP_AT_THERAPY);
    struct answers right = answers;
    answers.therapy.therapy.program.opening = (struct opening){ .kind = OPENING_NONE };
    ON();
    stand_answers(&workflow, &answers);
    HELD(BRIDGE, "an opening of 0.244 mL at 0.2 mL/day, the old flow, would pass");
    static const int64_t wrong[][2] = { { 244001, 200000 }, { 243999, 200000 }, { 244000, 200001 }, { 244000, 100000 } };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        workflow.draft.therapy.program.opening =
            (struct opening){ OPENING_BRIDGE, { wrong[i][0] }, { (int32_t)wrong[i][1] } };
        HELD(BRIDGE, "would pass");
    }
    workflow.draft.therapy = right.therapy.therapy;
    ON();
    assert_found(RULE_BRIDGE, FINDING_NOTE, "the boundary reaches the tip after 29.28 h"); /* 0.244 mL at 0.2 mL/day */
    stand_ready(WORK_BRIDGE, false);
    stand.pump.therapy.program = (struct program){ .kind = PROGRAM_STOPPED };
    stand_walk(&workflow, WORK_BRIDGE, STEP_AT_BRIDGE);
    stand_answers(&workflow, &answers);
    HELD(BRIDGE, "nothing of the old drug flows");
}

static void a_prime_asks_whether_the_catheter_is_empty(void **state)
{
    (void)state;
    stand_at(WORK_PRIME, STEP_AT_PRIME);
    answers.prime.holds = HOLDS_NOT_SAID;
    HELD(PRIME, "is the catheter empty of drug?");
    answers.prime.holds = HOLDS_DRUG;
    HELD(PRIME, "Either that is said, or what it holds");
    answers.prime.conc.ng_ml = 25 * MG_NG;
    HELD(BOUNDS, "one bolus"); /* 0.104 mL of 25 mg/mL at once is 2.6 mg: above the hard limit of a bolus */
    answers.prime.holds = HOLDS_NO_DRUG;
    ON();
    assert_found(RULE_PRIME, FINDING_NOTE, "drug reaches the tip after 2.93 h"); /* 0.244 mL at 2 mL/day */
    assert_int_equal(workflow.draft.watch_ms, 10540800 + WORKFLOW_TIP_MS);
    workflow.place--;
    while (workflow_step(&workflow) != STEP_AT_PRIME)
        workflow.place--;
    workflow.draft.therapy.program.opening.volume.nl = 104000; /* the catheter alone: 0.104 mL at 2 mL/day */
    stand_answers(&workflow, &answers);
    ON();
    assert_found(RULE_PRIME, FINDING_NOTE, "drug reaches the tip after 1.25 h");
    stand_at(WORK_PRIME, STEP_AT_CATHETER);
    answers.catheter.length_mm = 500;
    HELD(CATHETER, "find out which, before anything is pushed");
    answers.catheter.length_mm = 0;
    HELD(CATHETER, "is no catheter");
}

static void nothing_is_injected_where_nothing_was_aspirated(void **state)
{
    (void)state;
    stand_at(WORK_CATHETER_ACCESS, STEP_AT_ASPIRATE);
    answers.aspirated = ANSWER_NOT_SAID;
    HELD(ACCESS, "did the catheter give fluid?");
    answers.aspirated = ANSWER_NO;
    ON();
    stand_answers(&workflow, &answers);
    HELD(ACCESS,
         "pushes its whole content into the spine at once: up to 2.6 mg of morphine"); /* 40 cm x 0.0026 mL x 25 mg/mL */
    answers.inject = ANSWER_NOT_SAID;
    HELD(ACCESS, "is something injected?");
    answers.inject = ANSWER_NO;
    ON();
}

static void scans_have_opposite_rules_by_drive(void **state)
{
    (void)state;
    for (unsigned valve = 0; valve < 2; valve++) {
        stand_ready(WORK_MRI_BEFORE, valve);
        stand_walk(&workflow, WORK_MRI_BEFORE, STEP_AT_SCAN);
        stand_answers(&workflow, &answers);
        uint8_t right = answers.scan;
        answers.scan = right == SCAN_KEEP ? SCAN_EMPTY : SCAN_KEEP;
        HELD(MRI, valve ? "Stopped, and emptied first, would pass" : "Keeping the program would pass");
        answers.scan = SCAN_NOT_SAID;
        HELD(MRI, valve ? "V20" : "C20");
        answers.scan = right;
        answers.empty.emptied = ANSWER_NO;
        if (valve)
            HELD(MRI, "must have been emptied");
        answers.empty.emptied = ANSWER_YES;
        answers.empty.withdrawn.said = false;
        if (valve)
            HELD(SAID, "what was aspirated was not said");
        answers.empty.withdrawn.said = true;
        ON();
    }
}

static void an_emergency_goes_down_only(void **state)
{
    (void)state;
    stand_at(WORK_EMERGENCY, STEP_AT_LOWER);
    for (uint8_t kind = 0; kind < 32; kind++) {
        struct workflow at = workflow;
        answers.lower = kind;
        bool down = kind == COMMAND_STOP || kind == COMMAND_MINIMUM || kind == COMMAND_CANCEL_COURSE;
        assert_int_equal(stand_give(&at, &answers), down ? GIVEN_ON : GIVEN_HELD);
    }
    answers.lower = COMMAND_STOP;
    workflow.seen.model = 9; /* an unknown model is no reason not to stop it */
    ON();
    assert_found(RULE_WITHDRAWAL, FINDING_NOTE, "");
    assert_found(RULE_WATCH, FINDING_NOTE, "");
}

static void a_patient_is_watched_after_a_refill(void **state)
{
    (void)state;
    stand_at(WORK_REFILL, STEP_AT_WATCH);
    assert_true(workflow.watch_until_ms > stand.now_ms + WORKFLOW_POCKET_MS - 5000);
    HELD(WATCH, "watch the patient for 30 min more");
    stand.now_ms = workflow.watch_until_ms - 1;
    HELD(WATCH, "watch the patient for 1 min more");
    stand.now_ms = workflow.watch_until_ms;
    answers.signs = ANSWER_NOT_SAID;
    HELD(WATCH, "were signs seen");
    answers.signs = ANSWER_YES;
    ON();
    assert_found(RULE_WATCH, FINDING_NOTE, "signs were seen");
    assert_true(workflow.draft.signs);
}

/* 20 minutes between the two looks after a scan, and an hour after a prime has reached the tip (0.244 mL at 2 mL/day). */
static void each_workflow_watches_for_its_time(void **state)
{
    (void)state;
    static const struct {
        enum work work;
        int64_t ms;
    } rows[] = { { WORK_MRI_AFTER, 20 * MINUTE_MS },
                 { WORK_REFILL, 30 * MINUTE_MS },
                 { WORK_BRIDGE, 30 * MINUTE_MS },
                 { WORK_PRIME, 10540800 + HOUR_MS },
                 { WORK_IMPLANT, 10540800 + HOUR_MS } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        stand_ready(rows[i].work, false);
        stand_walk(&workflow, rows[i].work, STEP_AT_VERIFY);
        assert_int_equal(workflow.watch_until_ms - stand.now_ms, rows[i].ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_needle_must_be_in_the_right_port),
        cmocka_unit_test(no_cause_explains_more_than_the_reservoir_holds),
        cmocka_unit_test(a_residual_that_is_off_needs_a_cause),
        cmocka_unit_test(more_found_than_it_holds_was_misread),
        cmocka_unit_test(a_pump_that_did_not_infuse_is_locked),
        cmocka_unit_test(a_trend_over_refills_is_told),
        cmocka_unit_test(a_fill_is_what_was_drawn_up_and_fits),
        cmocka_unit_test(what_stays_is_rinsed_or_reckoned_in),
        cmocka_unit_test(a_third_boundary_is_not_begun),
        cmocka_unit_test(another_concentration_needs_its_bridge),
        cmocka_unit_test(a_prime_asks_whether_the_catheter_is_empty),
        cmocka_unit_test(nothing_is_injected_where_nothing_was_aspirated),
        cmocka_unit_test(scans_have_opposite_rules_by_drive),
        cmocka_unit_test(an_emergency_goes_down_only),
        cmocka_unit_test(a_patient_is_watched_after_a_refill),
        cmocka_unit_test(each_workflow_watches_for_its_time),
    };
    return cmocka_run_group_tests(tests, stand_open, stand_close);
}
