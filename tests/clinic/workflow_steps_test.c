/* workflow_steps_test.c - every workflow, step by step: in order to its end, and broken off, answered out of order, unheard and
 * unresolved at each of its steps. REQ-CLIN-01, -11, REQ-LINK-04, -05, HZ-17, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "clinic/workflow/fate.h"
#include "core/catalog.h"
#include "tests/clinic/workflow_stand.h"

static struct workflow workflow, before;
static struct answers answers;
static struct interrogation pump;

/* Each workflow at a rotor, and scans at a valve as well. */
#define FOR_EACH_WORK(work, valve)                                                                                           \
    for (unsigned index = 0, work = 0; (work = work_at(index)) != 0; index++)                                                \
        for (unsigned valve = 0; valve < 2; valve++)

static void every_workflow_goes_to_its_end_by_its_table(void **state)
{
    (void)state;
    FOR_EACH_WORK(work, valve)
    {
        stand_ready((enum work)work, valve);
        workflow_begin(&workflow, (enum work)work, stand.now_ms);
        for (unsigned place = 0; workflow.ending == ENDING_NONE; place++) {
            uint8_t step = work_step((uint8_t)work, place);
            if (step_when(step) != WHEN_ALWAYS && workflow_step(&workflow) != step)
                continue; /* passed over */
            assert_int_equal(workflow_step(&workflow), step);
            do
                stand_do(&workflow); /* several commands are one step */
            while (step == STEP_AT_SEND && workflow_step(&workflow) == step);
        }
        assert_int_equal(workflow.ending, ENDING_DONE);
        bool changes = work != WORK_CATHETER_ACCESS;
        assert_int_equal(workflow.change, changes ? CHANGE_APPLIED : CHANGE_NONE);
        assert_true(!changes || workflow.as_sent);
        assert_int_equal(workflow_want(&workflow), WANT_RECORD);
        stand_end(&workflow);
        assert_true(workflow.recorded && workflow.audited);
    }
}

static void each_workflow_gives_its_commands_in_their_order(void **state)
{
    (void)state;
    static const struct {
        enum work work;
        bool valve;
        uint8_t kind[COMMANDS_MAX + 1];
    } rows[] = {
        { WORK_IMPLANT, false, { COMMAND_REFILL } },
        { WORK_PROGRAM, false, { COMMAND_ACTIVATE } },
        { WORK_REFILL, false, { COMMAND_REFILL } },
        { WORK_PRIME, false, { COMMAND_ACTIVATE } },
        { WORK_BRIDGE, false, { COMMAND_REFILL } },
        { WORK_CATHETER_ACCESS, false, { 0 } },
        { WORK_EXPLANT, false, { COMMAND_STOP, COMMAND_REFILL } },
        { WORK_EMERGENCY, false, { COMMAND_STOP } },
        { WORK_MRI_BEFORE, false, { COMMAND_MRI_BEGIN } },
        { WORK_MRI_BEFORE, true, { COMMAND_STOP, COMMAND_REFILL, COMMAND_MRI_BEGIN } },
        { WORK_MRI_AFTER, false, { COMMAND_MRI_END } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        stand_ready(rows[i].work, rows[i].valve);
        stand_walk(&workflow, rows[i].work, STEPS);
        assert_memory_equal(stand.kind, rows[i].kind, sizeof stand.kind);
    }
}

/* Answers to any other step than the present one, and outcomes that nobody waited for, change not one byte. */
static void out_of_order_nothing_happens(void **state)
{
    (void)state;
    const struct receipt receipt = { .id = 5, .outcome = OUTCOME_APPLIED };
    const uint8_t token[TOKEN_BYTES] = { 1 };
    FOR_EACH_WORK(work, valve)
    {
        stand_ready((enum work)work, valve);
        workflow_begin(&workflow, (enum work)work, stand.now_ms);
        for (unsigned i = 0; workflow_want(&workflow) != WANT_NOTHING; i++) {
            enum want want = workflow_want(&workflow);
            before = workflow;
            for (uint8_t step = 0; step < STEPS; step++) {
                stand_answers(&workflow, &answers);
                if (want == WANT_ANSWER && step == answers.step)
                    continue;
                answers.step = step;
                assert_int_equal(stand_give(&workflow, &answers), GIVEN_OUT_OF_ORDER);
            }
            if (want != WANT_INTERROGATE)
                workflow_interrogated(&workflow, &stand.pump, stand.now_ms);
            if (want != WANT_STAGE)
                workflow_staged(&workflow, &stand.staged, token, &receipt, stand.now_ms);
            if (want != WANT_ACTIVATE && want != WANT_COMMAND)
                workflow_told(&workflow, CHANGE_APPLIED, &receipt, stand.now_ms);
            if (want != WANT_RECORD)
                workflow_recorded(&workflow);
            if (want != WANT_AUDIT)
                workflow_audited(&workflow);
            assert_memory_equal(&workflow, &before, sizeof workflow);
            stand_do(&workflow);
        }
    }
}

/* Walks to the nth want; false when it is over before. */
static bool walk_to(enum work work, bool valve, unsigned wants)
{
    stand_ready(work, valve);
    workflow_begin(&workflow, work, stand.now_ms);
    pump = stand.pump;
    for (unsigned i = 0; i < wants && workflow.ending == ENDING_NONE; i++)
        stand_do(&workflow);
    return workflow.ending == ENDING_NONE;
}

/* Dropped, abandoned or left alone before SEND: the pump is what it was, nothing is recorded, and the audit hears of it. */
static void broken_off_before_sending_it_leaves_nothing(void **state)
{
    (void)state;
    char text[FATE_TEXT_BYTES];
    FOR_EACH_WORK(work, valve)
    for (unsigned wants = 0; walk_to((enum work)work, valve, wants); wants++) {
        bool sent = stand.commands > 0;
        if (!sent)
            assert_memory_equal(&stand.pump, &pump, sizeof pump);
        before = workflow;
        assert_true(workflow_abandon(&workflow));
        assert_int_equal(workflow.ending, ENDING_ABANDONED);
        assert_int_equal(workflow_want(&workflow), sent ? WANT_RECORD : WANT_AUDIT);
        fate_tell(&workflow, text);
        const char *said = sent ? "carried out" : wants == 0 ? "nothing was asked" : "nothing has been changed";
        assert_true(strstr(text, said) != NULL);
        unsigned commands = stand.commands;
        stand_end(&workflow);
        assert_int_equal(stand.commands, commands);
        assert_int_equal(workflow.recorded, sent);
        workflow = before; /* or nobody answers */
        assert_false(workflow_pass(&workflow, workflow.touched_ms + WORKFLOW_IDLE_MS));
        assert_int_equal(workflow_pass(&workflow, workflow.touched_ms + WORKFLOW_IDLE_MS + 1), !sent);
        assert_int_equal(workflow.ending, sent ? ENDING_NONE : ENDING_IDLE);
        workflow = before; /* or another pump does */
        workflow_met(&workflow, "SIM-0043");
        assert_int_equal(workflow.ending, sent || wants == 0 ? ENDING_NONE : ENDING_OTHER_PUMP);
        workflow = before;
        workflow_met(&workflow, "SIM-0042");
        assert_memory_equal(&workflow, &before, sizeof before);
    }
}

/* An answer that comes too late finds the draft gone. */
static void an_answer_that_comes_too_late_is_not_taken(void **state)
{
    (void)state;
    stand_ready(WORK_PROGRAM, false);
    stand_walk(&workflow, WORK_PROGRAM, STEP_AT_READBACK);
    stand_answers(&workflow, &answers);
    stand.now_ms += WORKFLOW_IDLE_MS + 1;
    assert_int_equal(stand_give(&workflow, &answers), GIVEN_OUT_OF_ORDER);
    assert_int_equal(workflow.ending, ENDING_IDLE);
    stand_end(&workflow);
    assert_int_equal(stand.commands, 0);
}

/* Nothing heard of a command: nothing but an interrogation goes on, and that tells whether it was carried out. */
static void an_unknown_outcome_blocks_until_it_is_settled(void **state)
{
    (void)state;
    char text[FATE_TEXT_BYTES];
    FOR_EACH_WORK(work, valve)
    for (unsigned obeys = 0; obeys < 2 && work != WORK_CATHETER_ACCESS; obeys++) {
        stand_ready((enum work)work, valve);
        stand_walk(&workflow, (enum work)work, STEP_AT_SEND);
        stand.deaf = true;
        stand.obeys = obeys;
        stand_do(&workflow);
        assert_int_equal(workflow.change, CHANGE_UNKNOWN);
        fate_tell(&workflow, text);
        assert_true(strstr(text, "it is not known") != NULL && strstr(text, "Interrogate it") != NULL);
        assert_false(workflow_abandon(&workflow));
        assert_false(workflow_pass(&workflow, stand.now_ms + DAY_MS));
        workflow_interrogated(&workflow, NULL, stand.now_ms); /* no answer: still unknown */
        struct interrogation other = stand.pump;
        strcpy(other.serial, "SIM-0043");
        workflow_interrogated(&workflow, &other, stand.now_ms); /* not the pump that knows */
        assert_int_equal(workflow_want(&workflow), WANT_INTERROGATE);
        stand.deaf = false;
        stand_do(&workflow);
        assert_int_equal(workflow.change, obeys ? CHANGE_APPLIED : CHANGE_NOT_APPLIED);
        assert_int_equal(workflow.ending, obeys ? ENDING_NONE : ENDING_NOT_APPLIED);
        stand_end(&workflow);
        assert_true(workflow.recorded);
    }
}

/* A receipt that is gone: the token of what is in force decides; where nothing shows it, unknown is recorded as unknown. */
static void a_receipt_that_is_gone_is_settled_by_what_flows(void **state)
{
    (void)state;
    for (unsigned obeys = 0; obeys < 2; obeys++) {
        stand_ready(WORK_PROGRAM, false);
        stand_walk(&workflow, WORK_PROGRAM, STEP_AT_SEND);
        stand.deaf = true;
        stand.obeys = obeys;
        stand_do(&workflow);
        stand.pump.settled.outcome = 0;
        stand_do(&workflow);
        assert_int_equal(workflow.change, obeys ? CHANGE_APPLIED : CHANGE_UNKNOWN);
        assert_int_equal(workflow.ending, obeys ? ENDING_NONE : ENDING_DONE);
        assert_int_equal(workflow_want(&workflow), obeys ? WANT_INTERROGATE : WANT_RECORD);
    }
}

/* What became of some other command says nothing of this one. */
static void a_receipt_of_another_command_settles_nothing(void **state)
{
    (void)state;
    stand_ready(WORK_PROGRAM, false);
    stand_walk(&workflow, WORK_PROGRAM, STEP_AT_SEND);
    stand.deaf = true;
    stand_do(&workflow);
    stand.pump.settled = (struct receipt){ .id = workflow.receipt.id - 1, .outcome = OUTCOME_APPLIED };
    stand_do(&workflow);
    assert_int_equal(workflow.change, CHANGE_UNKNOWN);
    assert_int_equal(workflow_want(&workflow), WANT_RECORD);
}

static void a_refusal_of_the_pump_is_the_end(void **state)
{
    (void)state;
    stand_ready(WORK_PROGRAM, false);
    stand_walk(&workflow, WORK_PROGRAM, STEP_AT_SEND);
    stand.reasons = VERDICT_STALE_HEAD;
    stand_do(&workflow);
    assert_int_equal(workflow.ending, ENDING_NOT_APPLIED);
    assert_true(workflow.receipt.reasons == VERDICT_STALE_HEAD);
    assert_int_equal(workflow_want(&workflow), WANT_RECORD);
    /* A scan's mode that has ended by itself is no refusal. */
    stand_ready(WORK_MRI_AFTER, false);
    stand_walk(&workflow, WORK_MRI_AFTER, STEP_AT_SEND);
    stand.reasons = VERDICT_MODE;
    stand_do(&workflow);
    assert_int_equal(workflow_step(&workflow), STEP_AT_VERIFY);
}

/* What the pump does is held against what was sent; a pump that was stopped is not stopped again before a scan. */
static void the_last_look_tells_whether_it_was_done(void **state)
{
    (void)state;
    stand_ready(WORK_PROGRAM, false);
    stand_walk(&workflow, WORK_PROGRAM, STEP_AT_VERIFY);
    stand.pump.token[0] ^= 1;
    stand_do(&workflow);
    assert_int_equal(workflow.ending, ENDING_DONE);
    assert_false(workflow.as_sent);
    stand_ready(WORK_EMERGENCY, false);
    stand_walk(&workflow, WORK_EMERGENCY, STEP_AT_VERIFY);
    stand.pump.mode = MODE_RUNNING;
    stand_do(&workflow);
    assert_false(workflow.as_sent);
    stand_ready(WORK_MRI_BEFORE, true);
    stand.pump.mode = MODE_STOPPED;
    stand_walk(&workflow, WORK_MRI_BEFORE, STEPS);
    assert_int_equal(stand.kind[0], COMMAND_REFILL);
    assert_int_equal(stand.kind[1], COMMAND_MRI_BEGIN);
}

static void what_cannot_be_staged_or_heard_ends_it(void **state)
{
    (void)state;
    const uint8_t token[TOKEN_BYTES] = { 0 };
    stand_ready(WORK_PROGRAM, false);
    workflow_begin(&workflow, WORK_PROGRAM, 0);
    workflow_interrogated(&workflow, NULL, 1);
    assert_int_equal(workflow.ending, ENDING_NO_CONTACT);
    assert_int_equal(workflow_want(&workflow), WANT_AUDIT);
    for (unsigned refused = 0; refused < 2; refused++) {
        stand_walk(&workflow, WORK_PROGRAM, STEP_AT_STAGE);
        struct receipt receipt = { .outcome = refused ? OUTCOME_NOT_APPLIED : 0 };
        workflow_staged(&workflow, NULL, token, &receipt, stand.now_ms);
        assert_int_equal(workflow.ending, refused ? ENDING_NOT_APPLIED : ENDING_NO_CONTACT);
        assert_int_equal(workflow_want(&workflow), WANT_AUDIT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_workflow_goes_to_its_end_by_its_table),
        cmocka_unit_test(each_workflow_gives_its_commands_in_their_order),
        cmocka_unit_test(out_of_order_nothing_happens),
        cmocka_unit_test(broken_off_before_sending_it_leaves_nothing),
        cmocka_unit_test(an_answer_that_comes_too_late_is_not_taken),
        cmocka_unit_test(an_unknown_outcome_blocks_until_it_is_settled),
        cmocka_unit_test(a_receipt_that_is_gone_is_settled_by_what_flows),
        cmocka_unit_test(a_receipt_of_another_command_settles_nothing),
        cmocka_unit_test(a_refusal_of_the_pump_is_the_end),
        cmocka_unit_test(the_last_look_tells_whether_it_was_done),
        cmocka_unit_test(what_cannot_be_staged_or_heard_ends_it),
    };
    return cmocka_run_group_tests(tests, stand_open, stand_close);
}
