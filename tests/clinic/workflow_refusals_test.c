/* workflow_refusals_test.c - what holds a change of therapy at each step, with the words that say what would pass, and what
 * then does: who, which pump, which therapy, how often, how much, and what is typed again. REQ-CLIN-01 to -07, -12, REQ-
 * THER-20, HZ-01, HZ-10, HZ-22, HZ-24. */
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

static void a_therapy_must_be_for_this_pump_and_what_it_holds(void **state)
{
    (void)state;
    stand_at(WORK_PROGRAM, STEP_AT_THERAPY);
    struct answers right = answers;
    struct therapy *therapy = &answers.therapy.therapy;
    strcpy(therapy->serial, "SIM-0024");
    HELD(FIT, "written for another pump than SIM-0042");
    answers = right;
    therapy->calibration.ppm = 1000;
    HELD(FIT, "written for another pump");
    answers = right;
    strcpy(therapy->region, "EU");
    HELD(DRUG, "they must be one");
    answers = right;
    therapy->mixture.component[0].conc.ng_ml = 10 * MG_NG;
    HELD(BRIDGE, "the therapy is for morphine 10 mg/mL, and the pump holds morphine 25 mg/mL");
    answers = right;
    therapy->mixture.component[0].drug = DRUG_FENTANYL;
    HELD(DRUG, "fentaNYL has no entry");
    answers = right;
    therapy->program.base.nl_day = 30000;
    HELD(FIT, "a rate lies outside what this pump can deliver");
    answers = right;
    therapy->program.opening = (struct opening){ OPENING_PRIME, { 100000 }, { 2 * ML_NL } };
    HELD(PRIME, "is not for workflow program");
    answers = right;
    therapy->program.opening = (struct opening){ OPENING_BRIDGE, { 100000 }, { 200000 } };
    HELD(BRIDGE, "is not for workflow program");
    answers = right;
    ON();
    assert_found(RULE_ARITHMETIC, FINDING_PASSED, "in two ways, agree");
    assert_int_equal(workflow.draft.therapy.formulary_version, stand.practice.formulary->version);
}

static void a_name_that_tells_of_another_drug_is_noted(void **state)
{
    (void)state;
    static const struct {
        const char *name, *said;
    } names[] = { { "baclofen 50 mcg/day", "is called \"baclofen 50 mcg/day\" and holds no baclofen" },
                  { "Hydromorphone", "holds no HYDROmorphone" },
                  { "MORPHINE, evening", NULL },
                  { "evening", NULL },
                  { "", NULL } };
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        stand_at(WORK_PROGRAM, STEP_AT_THERAPY);
        memset(answers.therapy.therapy.name, 0, NAME_BYTES);
        strcpy(answers.therapy.therapy.name, names[i].name);
        ON();
        unsigned notes = 0;
        for (unsigned j = 0; j < stand_findings.count; j++)
            notes += stand_findings.item[j].rule == RULE_FIT && strstr(stand_findings.item[j].text, "holds no") != NULL;
        assert_int_equal(notes, names[i].said != NULL);
        if (names[i].said != NULL)
            assert_found(RULE_FIT, FINDING_NOTE, names[i].said);
    }
}

/* The constant of 0.199 mL instead of 0.140 mL, brought along or inside a dead volume (HZ-10). */
static void a_wrong_tubing_is_refused_with_its_mass(void **state)
{
    (void)state;
    stand_at(WORK_PROGRAM, STEP_AT_THERAPY);
    answers.therapy.tubing = (struct said_volume){ true, { 199000 } };
    HELD(TUBING, "the difference is 0.059 mL or 1.475 mg of the drug, given too much");
    answers.therapy.tubing.said = false;
    answers.therapy.therapy.dead_volume.nl += 59000;
    HELD(TUBING, "a tubing of 0.199 mL is not that of C20: 0.14 mL");
}

static void a_valve_pump_takes_no_rule_of_a_rotor(void **state)
{
    (void)state;
    stand_ready(WORK_PROGRAM, true);
    stand_walk(&workflow, WORK_PROGRAM, STEP_AT_THERAPY);
    stand_answers(&workflow, &answers);
    answers.therapy.therapy.mri_rule = MRI_KEEP_PROGRAM;
    HELD(MRI, "V20 must be stopped and emptied before a scan");
}

static void after_an_interruption_the_dose_is_found_anew(void **state)
{
    (void)state;
    for (unsigned known = 0; known < 2; known++) {
        stand_ready(WORK_PROGRAM, false);
        stand.pump.now.ms = 10 * (int64_t)DAY_MS;
        stand.pump.interrupted_since.ms = known ? 8 * (int64_t)DAY_MS : -1;
        stand_walk(&workflow, WORK_PROGRAM, STEP_AT_THERAPY);
        stand_answers(&workflow, &answers);
        HELD(RESTART, known ? "interrupted for 2 d" : "the dose must be found anew");
        answers.therapy.retitrated = true;
        ON();
        assert_true(workflow.draft.retitrated);
    }
}

/* The pump does not say since when a clinician has stopped it: somebody must. */
static void how_long_it_was_stopped_is_said(void **state)
{
    (void)state;
    stand_ready(WORK_PROGRAM, false);
    stand.pump.mode = MODE_STOPPED;
    stand_walk(&workflow, WORK_PROGRAM, STEP_AT_THERAPY);
    stand_answers(&workflow, &answers);
    HELD(RESTART, "how long it was stopped was not said");
    strcpy(answers.therapy.stopped_for, "25 h");
    HELD(RESTART, "interrupted for 25 h");
    strcpy(answers.therapy.stopped_for, "24 h");
    ON();
}

/* At the least flow for days the therapy in force is no measure: 1.2 mg/day flow, not 5. */
static void after_days_at_the_least_flow_the_dose_is_found_anew(void **state)
{
    (void)state;
    stand_ready(WORK_PROGRAM, false);
    stand.pump.mode = MODE_MINIMUM;
    stand.pump.base.nl_day = 48000;
    stand_walk(&workflow, WORK_PROGRAM, STEP_AT_THERAPY);
    stand_answers(&workflow, &answers);
    HELD(RESTART, "of unknown length");
    strcpy(answers.therapy.stopped_for, "25 h");
    HELD(RESTART, "interrupted for 25 h");
    strcpy(answers.therapy.stopped_for, "1 h");
    assert_int_equal(stand_give(&workflow, &answers), GIVEN_HELD);
    assert_found(RULE_FLOWING, FINDING_SOFT,
                 "morphine flows at 1.2 mg/day now, as the dose was lowered; 6 mg/day is 5 times");
    assert_int_equal(findings_of(&stand_findings, FINDING_HARD), 0);
    answers.overrides = 1;
    answers.override[0] = (struct override){ RULE_FLOWING, WORD_REASON_CONSULTED, "6 mg/day" };
    struct workflow held = workflow;
    ON();
    workflow = held;
    answers.therapy.stopped_for[0] = '\0';
    answers.therapy.retitrated = true;
    ON();
    assert_found(RULE_BOUNDS, FINDING_PASSED, "begins at 6 mg/day");
    workflow = held;
    workflow.seen.base.nl_day = 200000; /* as much as the program gives: nothing was lowered */
    answers.therapy.retitrated = false;
    answers.overrides = 0;
    ON();
}

/* A dose that is found anew after too long a stop is a start, and held to the starts. */
static void a_dose_after_an_interruption_is_a_start(void **state)
{
    (void)state;
    stand_ready(WORK_PROGRAM, false);
    stand.pump.therapy.program.base.nl_day = 400000;
    stand.pump.now.ms = 10 * (int64_t)DAY_MS;
    stand.pump.interrupted_since.ms = 8 * (int64_t)DAY_MS;
    stand.pump.mode = MODE_EMPTY;
    stand_walk(&workflow, WORK_PROGRAM, STEP_AT_THERAPY);
    stand_answers(&workflow, &answers);
    answers.therapy.therapy.program.base.nl_day = 440000;
    answers.therapy.retitrated = true;
    assert_int_equal(stand_give(&workflow, &answers), GIVEN_HELD);
    assert_found(RULE_BOUNDS, FINDING_SOFT, "begins at 11 mg/day, above every start of the label");
    assert_found(RULE_RESTART, FINDING_NOTE, "morphine does not flow now; it would begin again at 11 mg/day");
    stand.pump.interrupted_since.ms = INSTANT_NEVER.ms;
    workflow.seen.interrupted_since.ms = INSTANT_NEVER.ms;
    workflow.seen.mode = MODE_RUNNING;
    ON();
}

/* Ten times as much, 24 times and 60 times; then what is only a soft step. */
static void slips_of_units_are_hard(void **state)
{
    (void)state;
    static const struct {
        int32_t times;
        enum rule rule;
        const char *words;
    } slips[] = { { 10, RULE_TENFOLD, "is 10 times as much" }, { 24, RULE_UNITS, "between per hour and per day" } };
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        stand_at(WORK_PROGRAM, STEP_AT_THERAPY);
        answers.therapy.therapy.program.base.nl_day = 200000 * slips[i].times;
        assert_held(stand_give(&workflow, &answers), slips[i].rule, slips[i].words);
    }
}

/* 40 % more is beyond the formulary's 30 %: a reason, the amount again, and a second clinician. */
static void a_soft_limit_needs_reason_amount_and_a_second_clinician(void **state)
{
    (void)state;
    stand_at(WORK_PROGRAM, STEP_AT_THERAPY);
    answers.therapy.therapy.program.base.nl_day = 280000;
    assert_int_equal(stand_give(&workflow, &answers), GIVEN_HELD);
    assert_found(RULE_BOUNDS, FINDING_SOFT, "increase of the dose at one time");
    answers.overrides = 1;
    answers.override[0] = (struct override){ RULE_BOUNDS, WORD_REASON_TITRATED, "7 mg/day" };
    struct override right = answers.override[0];
    answers.override[0].reason = WORD_REASON_NONE;
    assert_int_equal(stand_give(&workflow, &answers), GIVEN_HELD);
    answers.override[0] = right;
    answers.override[0].rule = RULE_CHANGE;
    assert_int_equal(stand_give(&workflow, &answers), GIVEN_HELD);
    answers.override[0] = right;
    strcpy(answers.override[0].again, "6 mg/day");
    HELD(SAID, "is not the one that lies outside its limit");
    strcpy(answers.override[0].again, "7,0 mg/day");
    HELD(SAID, "a comma is not read");
    strcpy(answers.override[0].again, "yes");
    HELD(SAID, "\"yes\" is not");
    answers.override[0].again[0] = '\0';
    HELD(SAID, "was not said");
    assert_int_equal(workflow.passed_count, 0);
    answers.override[0] = right;
    ON();
    assert_int_equal(workflow.passed_count, 1);
    assert_int_equal(workflow.passed[0].reason, WORD_REASON_TITRATED);
    assert_int_equal(workflow.passed[0].user, STAND_FIRST);
    assert_true(workflow.passed[0].ask.second && workflow.passed[0].ask.value == INT64_C(7000000000000));
    while (workflow_step(&workflow) != STEP_AT_SECOND)
        stand_do(&workflow);
    assert_int_equal(stand.stagings, 0);
    stand_answers(&workflow, &answers);
    answers.user = STAND_FIRST;
    HELD(SECOND, "another clinician than the first must sign in");
    answers.user = 0;
    HELD(SECOND, "another clinician than the first must sign in");
    answers.user = STAND_SECOND;
    ON();
    assert_int_equal(workflow.second_user, STAND_SECOND);
    assert_int_equal(workflow.user, STAND_FIRST);
    stand_end(&workflow);
    assert_int_equal(workflow.change, CHANGE_APPLIED);
}

/* Where the formulary asks for none, or nobody signs in, there is no step for a second one. */
static void without_accounts_no_second_clinician_is_asked(void **state)
{
    (void)state;
    stand_at(WORK_PROGRAM, STEP_AT_THERAPY);
    stand.practice.accounts = false;
    answers.therapy.therapy.program.base.nl_day = 280000;
    answers.overrides = 1;
    answers.override[0] = (struct override){ RULE_BOUNDS, WORD_REASON_TITRATED, "7 mg/day" };
    ON();
    stand_answers(&workflow, &answers);
    ON();
    assert_int_equal(workflow_step(&workflow), STEP_AT_STAGE);
}

/* Less than half is told with the drug's withdrawal, and never hard. */
static void a_large_decrease_tells_of_withdrawal(void **state)
{
    (void)state;
    stand_at(WORK_PROGRAM, STEP_AT_THERAPY);
    answers.therapy.therapy.program.base.nl_day = 50000;
    assert_int_equal(stand_give(&workflow, &answers), GIVEN_HELD);
    assert_found(RULE_CHANGE, FINDING_SOFT, "is 0.25 of it: compare them");
    assert_found(RULE_WITHDRAWAL, FINDING_NOTE, "");
    assert_int_equal(findings_of(&stand_findings, FINDING_HARD), 0);
}

/* A bolus of 0.05 mL of 25 mg/mL, every 6 hours: 4 doses of 1.25 mg would be 5 mg. */
static void schedule(uint16_t minutes)
{
    stand_at(WORK_PROGRAM, STEP_AT_THERAPY);
    struct program *program = &answers.therapy.therapy.program;
    *program = (struct program){ .kind = PROGRAM_PERIODIC, .periodic = { { 10000 }, { ML_NL }, minutes, 60 } };
    answers.therapy.therapy.limits.bolus_max.nl = 10000;
    answers.overrides = 2; /* less than half of what flowed: typed again, once for each limit */
    int64_t day = INT64_C(250000000000) * (DAY_MINUTES / minutes);
    for (unsigned i = 0; i < 2; i++) {
        answers.override[i] = (struct override){ i == 0 ? RULE_CHANGE : RULE_BOUNDS, WORD_REASON_CONSULTED, "" };
        amount_write(answers.override[i].again, day, 12, 0, "mg/day");
    }
}

static unsigned position_of(uint16_t minutes)
{
    unsigned position = 0;
    while (interval_minutes(position) != minutes)
        position++;
    return position;
}

static void how_often_is_words_and_what_a_day_gets_is_typed(void **state)
{
    (void)state;
    schedule(180); /* 8 doses of 0.25 mg: 2 mg */
    answers.overrides = 2;
    ON();
    assert_int_equal(workflow_step(&workflow), STEP_AT_SCHEDULE);
    stand_answers(&workflow, &answers);
    HELD(SCHEDULE, "how often was not said");
    answers.schedule.has_interval = true;
    answers.schedule.interval = (uint8_t)position_of(1440);
    HELD(SCHEDULE,
         "once a day was said, but the therapy gives 0.25 mg every 180 min: 8 doses a day of 0.25 mg are 2 mg/day");
    answers.schedule.interval = 200;
    HELD(SCHEDULE, "how often was not said");
    answers.schedule.interval = (uint8_t)position_of(180);
    HELD(SCHEDULE, "the dose of one time was not said");
    strcpy(answers.schedule.dose, "2 mg");
    HELD(SCHEDULE, "the dose of one time is 0.25 mg");
    strcpy(answers.schedule.dose, "0.25 mg");
    HELD(SCHEDULE, "what the schedule gives in a day was not said");
    strcpy(answers.schedule.total, "0.25 mg/day");
    HELD(SCHEDULE, "what the schedule gives in a day is 2 mg/day");
    strcpy(answers.schedule.total, "2 mg/day");
    ON();
    assert_found(RULE_SCHEDULE, FINDING_PASSED, "every 3 hours: 8 doses a day of 0.25 mg are 2 mg/day");
}

static void what_the_pump_has_stored_is_typed_as_an_amount(void **state)
{
    (void)state;
    stand_at(WORK_PROGRAM, STEP_AT_READBACK);
    static const char *const wrong[] = { "5 mg/day", "6000 mcg", "60 mg/day", "0.24 mL/day" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        strcpy(answers.readback, wrong[i]);
        assert_int_equal(stand_give(&workflow, &answers), GIVEN_HELD);
    }
    strcpy(answers.readback, "5 mg/day");
    HELD(READ_BACK, "that is not what the pump has stored");
    strcpy(answers.readback, "6,0 mg/day");
    HELD(READ_BACK, "a comma is not read");
    strcpy(answers.readback, "ok");
    HELD(READ_BACK, "\"ok\" is not");
    answers.readback[0] = '\0';
    HELD(READ_BACK, "was not said");
    memset(answers.readback, '6', sizeof answers.readback); /* never ends */
    HELD(READ_BACK, "was not said");
    assert_int_equal(stand.commands, 0);
    memset(answers.readback, 0, sizeof answers.readback);
    strcpy(answers.readback, "6000 mcg/day"); /* the same amount */
    ON();
}

/* What the pump stored is asked for, not what was written. */
static void what_is_typed_is_what_the_pump_stored(void **state)
{
    (void)state;
    stand_at(WORK_PROGRAM, STEP_AT_STAGE);
    struct therapy other = workflow.draft.therapy;
    other.program.base.nl_day = 260000;
    const uint8_t token[TOKEN_BYTES] = { 3 };
    workflow_staged(&workflow, &other, token, &(struct receipt){ .outcome = OUTCOME_APPLIED }, stand.now_ms);
    stand_answers(&workflow, &answers);
    strcpy(answers.readback, "6 mg/day");
    HELD(READ_BACK, "that is not what the pump has stored");
    strcpy(answers.readback, "6.5 mg/day");
    ON();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_therapy_must_be_for_this_pump_and_what_it_holds),
        cmocka_unit_test(a_name_that_tells_of_another_drug_is_noted),
        cmocka_unit_test(a_wrong_tubing_is_refused_with_its_mass),
        cmocka_unit_test(a_valve_pump_takes_no_rule_of_a_rotor),
        cmocka_unit_test(after_an_interruption_the_dose_is_found_anew),
        cmocka_unit_test(how_long_it_was_stopped_is_said),
        cmocka_unit_test(after_days_at_the_least_flow_the_dose_is_found_anew),
        cmocka_unit_test(a_dose_after_an_interruption_is_a_start),
        cmocka_unit_test(slips_of_units_are_hard),
        cmocka_unit_test(a_soft_limit_needs_reason_amount_and_a_second_clinician),
        cmocka_unit_test(without_accounts_no_second_clinician_is_asked),
        cmocka_unit_test(a_large_decrease_tells_of_withdrawal),
        cmocka_unit_test(how_often_is_words_and_what_a_day_gets_is_typed),
        cmocka_unit_test(what_the_pump_has_stored_is_typed_as_an_amount),
        cmocka_unit_test(what_is_typed_is_what_the_pump_stored),
    };
    return cmocka_run_group_tests(tests, stand_open, stand_close);
}
