/* workflow_walk_test.c - random walks: answers right and wrong, to this step and others, outcomes of every kind, late, lost
 * and from other pumps. Whatever comes, a pump is told nothing before the step that sends, no step before it is left out,
 * and each workflow gives its commands once. REQ-CLIN-01, REQ-LINK-05, HZ-17, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "core/catalog.h"
#include "tests/clinic/workflow_stand.h"

enum { WALKS = 3000, MOVES = 160 };

static uint64_t seed;
static struct workflow workflow;
static bool taken[STEPS]; /* steps that a person's answers were taken for, or the pump answered */

static bool chance(unsigned percent)
{
    return chance_between(&seed, 1, 100) <= (int64_t)percent;
}

/* Spoils one thing of the answers, perhaps one that this step does not look at. */
static void spoil(struct answers *answers)
{
    switch (chance_between(&seed, 0, 9)) {
    case 0:
        answers->step = (uint8_t)chance_between(&seed, 0, STEPS - 1);
        break;
    case 1:
        answers->user = chance_between(&seed, 0, 13);
        break;
    case 2:
        answers->identify.serial[0] ^= 1;
        break;
    case 3:
        answers->therapy.therapy.program.base.nl_day = (int32_t)chance_between(&seed, 0, 4000000);
        break;
    case 4:
        answers->fill.filled.volume.nl = chance_between(&seed, 0, 40000000);
        break;
    case 5:
        answers->residual.withdrawn.volume.nl = chance_between(&seed, 0, 40000000);
        break;
    case 6:
        answers->readback[0] = (char)chance_between(&seed, 0, 127);
        break;
    case 7:
        answers->lower = (uint8_t)chance_between(&seed, 0, 30);
        break;
    case 8:
        answers->scan = (uint8_t)chance_between(&seed, 0, 5);
        break;
    default:
        answers->therapy.therapy.program.opening.kind = (uint8_t)chance_between(&seed, 0, 4);
        break;
    }
}

static void answer(void)
{
    static struct answers answers;
    uint8_t step = workflow_step(&workflow);
    stand_answers(&workflow, &answers);
    while (chance(25))
        spoil(&answers);
    if (stand_give(&workflow, &answers) == GIVEN_ON) {
        assert_int_equal(answers.step, step);
        assert_int_equal(findings_of(&stand_findings, FINDING_HARD), 0);
        taken[step] = true;
    }
}

/* Every step before SEND is done, or is not one that this therapy has. */
static void assert_all_before(void)
{
    for (unsigned place = 0; work_step(workflow.work, place) != STEP_AT_SEND; place++) {
        uint8_t step = work_step(workflow.work, place);
        if (step_when(step) == WHEN_ALWAYS)
            assert_true(taken[step]);
    }
}

static void command(void)
{
    assert_int_equal(workflow_step(&workflow), STEP_AT_SEND);
    assert_all_before();
    if (workflow.draft.has_therapy)
        assert_memory_equal(&workflow.stored, &stand.staged, sizeof stand.staged);
    stand.deaf = chance(20);
    stand.obeys = chance(50);
    stand.reasons = chance(10) ? VERDICT_STALE_HEAD : 0;
    stand_do(&workflow);
    stand.deaf = false;
    stand.reasons = 0;
}

/* Something that nobody waited for, at any time. */
static void disturb(void)
{
    const struct receipt receipt = { .id = 5, .outcome = OUTCOME_APPLIED };
    const uint8_t token[TOKEN_BYTES] = { 1 };
    enum want want = workflow_want(&workflow);
    switch (chance_between(&seed, 0, 6)) {
    case 0:
        if (want != WANT_STAGE)
            workflow_staged(&workflow, &stand.pump.therapy, token, &receipt, stand.now_ms);
        break;
    case 1:
        if (want != WANT_ACTIVATE && want != WANT_COMMAND)
            workflow_told(&workflow, CHANGE_APPLIED, &receipt, stand.now_ms);
        break;
    case 2:
        workflow_interrogated(&workflow, NULL, stand.now_ms);
        break;
    case 3:
        stand.now_ms += chance_between(&seed, 0, 2 * WORKFLOW_IDLE_MS);
        (void)workflow_pass(&workflow, stand.now_ms);
        break;
    case 4:
        workflow_met(&workflow, chance(50) ? "SIM-0043" : "SIM-0042");
        break;
    case 5:
        if (chance(10))
            (void)workflow_abandon(&workflow);
        break;
    default:
        answer();
        break;
    }
}

static void move(void)
{
    uint8_t step = workflow_step(&workflow);
    if (chance(10))
        disturb();
    switch (workflow_want(&workflow)) {
    case WANT_ANSWER:
        if (workflow_step(&workflow) == STEP_AT_WATCH && chance(50))
            stand.now_ms = workflow.watch_until_ms;
        answer();
        break;
    case WANT_ACTIVATE:
    case WANT_COMMAND:
        command();
        break;
    case WANT_INTERROGATE:
    case WANT_STAGE:
        step = workflow_step(&workflow);
        stand_do(&workflow);
        taken[step] = true;
        break;
    case WANT_RECORD:
    case WANT_AUDIT:
    case WANT_NOTHING:
        stand_do(&workflow);
        break;
    }
}

static void nothing_is_told_before_the_step_that_sends(void **state)
{
    (void)state;
    unsigned done[16] = { 0 };
    static struct interrogation before;
    seed = 23;
    for (unsigned walk = 0; walk < WALKS; walk++) {
        uint8_t work = work_at((unsigned)chance_between(&seed, 0, 9));
        stand_ready((enum work)work, chance(30));
        before = stand.pump;
        memset(taken, 0, sizeof taken);
        workflow_begin(&workflow, (enum work)work, stand.now_ms);
        for (unsigned moves = 0; moves < MOVES && workflow_want(&workflow) != WANT_NOTHING; moves++) {
            move();
            if (workflow.change == CHANGE_NONE) {
                assert_int_equal(stand.commands, 0);
                assert_memory_equal(&stand.pump, &before, sizeof before);
            }
        }
        assert_true(stand.commands <= COMMANDS_MAX);
        assert_true(stand.stagings <= 1);
        done[work] += workflow.ending == ENDING_DONE;
    }
    for (unsigned i = 0; i < 10; i++) /* the walk has come to the end of each */
        assert_true(done[work_at(i)] > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_is_told_before_the_step_that_sends) };
    return cmocka_run_group_tests(tests, stand_open, stand_close);
}
