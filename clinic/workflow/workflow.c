/* workflow.c - the machine itself: which step, what it wants, and what becomes of what comes back. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/workflow.h"

#include <string.h>

#include "clinic/workflow/identify.h"
#include "clinic/workflow/passage.h"
#include "clinic/workflow/prescription.h"
#include "clinic/workflow/readback.h"
#include "clinic/workflow/reservoir.h"
#include "clinic/workflow/scan.h"
#include "clinic/workflow/series.h"
#include "clinic/workflow/typed.h"
#include "core/catalog.h"
#include "core/text.h"

void workflow_begin(struct workflow *workflow, enum work work, int64_t now_ms)
{
    *workflow = (struct workflow){ .work = (uint8_t)work, .begun_ms = now_ms, .touched_ms = now_ms };
    if (work == WORK_MRI_AFTER)
        workflow->draft.watch_ms = WORKFLOW_MRI_MS;
}

uint8_t workflow_step(const struct workflow *workflow)
{
    return workflow->ending == ENDING_NONE ? work_step(workflow->work, workflow->place) : STEPS;
}

/* Abandoned, idle and unheard leave no record, only the audit; what was sent, or done to the patient, is recorded. */
static bool is_recorded(const struct workflow *workflow)
{
    return workflow->ending == ENDING_DONE || workflow->change != CHANGE_NONE;
}

enum want workflow_want(const struct workflow *workflow)
{
    if (workflow->ending != ENDING_NONE) {
        if (is_recorded(workflow) && !workflow->recorded)
            return WANT_RECORD;
        return workflow->audited ? WANT_NOTHING : WANT_AUDIT;
    }
    if (workflow->change == CHANGE_UNKNOWN)
        return WANT_INTERROGATE;
    uint8_t step = workflow_step(workflow);
    if (step_who(step) == WHO_PERSON)
        return WANT_ANSWER;
    if (step == STEP_AT_STAGE)
        return WANT_STAGE;
    if (step != STEP_AT_SEND)
        return WANT_INTERROGATE;
    struct command command;
    workflow_command(workflow, &command);
    return command.kind == COMMAND_ACTIVATE || (command.kind == COMMAND_REFILL && command.refill.activate)
               ? WANT_ACTIVATE
               : WANT_COMMAND;
}

static bool needs_second(const struct workflow *workflow)
{
    bool needed = false;
    for (unsigned i = 0; i < workflow->passed_count; i++)
        needed |= workflow->passed[i].ask.second;
    return needed && workflow->accounts;
}

static bool is_needed(const struct workflow *workflow, uint8_t step)
{
    const struct program *program = &workflow->draft.therapy.program;
    switch (step_when(step)) {
    case WHEN_ALWAYS:
        return true;
    case WHEN_SCHEDULE:
        return program->kind == PROGRAM_PERIODIC || program->kind == PROGRAM_FLEX;
    case WHEN_BRIDGE:
        return !mixture_same(&workflow->draft.blend, &workflow->seen.stretch[0]);
    case WHEN_PRIME:
        return workflow->work == WORK_IMPLANT || program->opening.kind == OPENING_PRIME;
    case WHEN_SECOND:
        return needs_second(workflow);
    }
    return true;
}

static void end(struct workflow *workflow, enum ending ending)
{
    workflow->ending = (uint8_t)ending;
}

static void advance(struct workflow *workflow)
{
    do
        workflow->place++;
    while (!is_needed(workflow, workflow_step(workflow)));
    if (step_who(workflow_step(workflow)) == WHO_RECORD)
        end(workflow, ENDING_DONE);
}

/* Nothing has been sent: all that there is of it is a draft. */
static bool is_draft(const struct workflow *workflow)
{
    return workflow->ending == ENDING_NONE && workflow->change == CHANGE_NONE;
}

bool workflow_pass(struct workflow *workflow, int64_t now_ms)
{
    if (!is_draft(workflow) || now_ms - workflow->touched_ms <= WORKFLOW_IDLE_MS)
        return false;
    end(workflow, ENDING_IDLE);
    return true;
}

bool workflow_abandon(struct workflow *workflow)
{
    if (workflow->ending != ENDING_NONE || workflow->change == CHANGE_UNKNOWN)
        return false;
    end(workflow, ENDING_ABANDONED);
    return true;
}

void workflow_forsake(struct workflow *workflow)
{
    if (workflow->ending == ENDING_NONE && workflow->change == CHANGE_UNKNOWN)
        end(workflow, ENDING_UNSETTLED);
}

static void step_judge(struct judging *at, uint8_t step)
{
    static void (*const judges[STEPS])(struct judging *) = {
        [STEP_AT_IDENTIFY] = judge_identify, [STEP_AT_LOWER] = judge_lower,       [STEP_AT_CATHETER] = judge_catheter,
        [STEP_AT_PORT] = judge_port,         [STEP_AT_RESIDUAL] = judge_residual, [STEP_AT_FILL] = judge_fill,
        [STEP_AT_THERAPY] = judge_therapy,   [STEP_AT_SCHEDULE] = judge_schedule, [STEP_AT_BRIDGE] = judge_bridge,
        [STEP_AT_PRIME] = judge_prime,       [STEP_AT_ASPIRATE] = judge_aspirate, [STEP_AT_INJECT] = judge_inject,
        [STEP_AT_SCAN] = judge_scan,         [STEP_AT_EMPTY] = judge_empty,       [STEP_AT_SECOND] = judge_second,
        [STEP_AT_READBACK] = judge_readback, [STEP_AT_WATCH] = judge_watch,
    };
    if (judges[step] != NULL)
        judges[step](at);
}

/* One soft finding against what is said to pass it. */
static bool override_fits(struct findings *findings, const struct finding *finding, const struct override *override)
{
    int64_t amount = 0;
    if (override->rule != finding->rule || override->reason == WORD_REASON_NONE ||
        list_word(LIST_REASON, override->reason) == NULL)
        return false;
    if (!finding->ask.again)
        return true;
    if (!judge_amount(findings, RULE_SAID, "the amount typed again", override->again,
                      (enum dimension)finding->ask.dimension, &amount))
        return false;
    if (amount == finding->ask.value)
        return true;
    findings_add(findings, RULE_SAID, FINDING_HARD,
                 "the amount typed again is not the one that lies outside its limit");
    return false;
}

static bool heeded_same(const struct heeded *a, const struct heeded *b)
{
    return a->step == b->step && a->rule == b->rule && a->level == b->level && a->limit.drug == b->limit.drug &&
           a->limit.field == b->limit.field && a->limit.value == b->limit.value && a->limit.bound == b->limit.bound;
}

/* Limits that hold somebody: as long as the same is not passed after all, they were heeded. */
static void held_note(struct workflow *workflow, const struct findings *findings, uint8_t step)
{
    for (unsigned i = 0; i < findings->count && workflow->heeded_count < HEEDED_MAX; i++) {
        const struct finding *finding = &findings->item[i];
        struct heeded *next = &workflow->heeded[workflow->heeded_count];
        unsigned at = 0;
        if (finding->level < FINDING_SOFT || (finding->level == FINDING_HARD && finding->limit.drug == DRUG_NONE))
            continue; /* what is hard and of no drug is a mistake of the hand, no limit */
        *next = (struct heeded){ step, finding->rule, finding->level, finding->limit };
        while (!heeded_same(&workflow->heeded[at], next))
            at++;
        workflow->heeded_count += at == workflow->heeded_count;
    }
}

static void heeded_drop(struct workflow *workflow, const struct heeded *passed)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < workflow->heeded_count; i++)
        if (!heeded_same(&workflow->heeded[i], passed))
            workflow->heeded[kept++] = workflow->heeded[i];
    workflow->heeded_count = kept;
}

/* Passes every soft finding, or none of them. */
static bool soft_pass(struct workflow *workflow, const struct answers *answers, struct findings *findings, uint8_t step)
{
    unsigned count = findings->count, soft = 0;
    struct workflow next = *workflow;
    for (unsigned i = 0; i < count; i++) {
        const struct finding *finding = &findings->item[i];
        if (finding->level != FINDING_SOFT)
            continue;
        if (soft >= answers->overrides || soft >= OVERRIDES_MAX || next.passed_count == PASSED_MAX ||
            !override_fits(findings, finding, &answers->override[soft]))
            return false;
        struct passed *passed = &next.passed[next.passed_count++];
        *passed = (struct passed){ .step = step,
                                   .rule = finding->rule,
                                   .reason = answers->override[soft].reason,
                                   .ask = finding->ask,
                                   .limit = finding->limit,
                                   .user = answers->user };
        memcpy(passed->text, finding->text, sizeof passed->text);
        heeded_drop(&next, &(struct heeded){ step, finding->rule, finding->level, finding->limit });
        soft++;
    }
    *workflow = next;
    return true;
}

/* One person from the first answer to the last, where people sign in. */
static void user_judge(const struct workflow *workflow, const struct practice *practice, const struct answers *answers,
                       struct findings *findings)
{
    if (!practice->accounts || answers->step == STEP_AT_SECOND)
        return;
    if (answers->user == 0)
        findings_add(findings, RULE_IDENTITY, FINDING_HARD, "nobody is signed in");
    else if (workflow->user != 0 && workflow->user != answers->user)
        findings_add(findings, RULE_IDENTITY, FINDING_HARD, "somebody else began this; abandon it and begin anew");
}

enum given workflow_give(struct workflow *workflow, const struct practice *practice, const struct answers *answers,
                         int64_t now_ms, struct findings *findings)
{
    findings->count = 0;
    if (workflow_pass(workflow, now_ms) || workflow_want(workflow) != WANT_ANSWER ||
        answers->step != workflow_step(workflow))
        return GIVEN_OUT_OF_ORDER;
    uint8_t step = answers->step;
    struct draft draft = workflow->draft;
    struct judging at = { workflow, practice, answers, interrogation_model(&workflow->seen), now_ms, &draft, findings };
    workflow->touched_ms = now_ms;
    workflow->accounts = practice->accounts;
    user_judge(workflow, practice, answers, findings);
    if (at.model == NULL && step != STEP_AT_LOWER)
        findings_add(findings, RULE_FIT, FINDING_HARD, "this programmer does not know model %u, revision %u",
                     workflow->seen.model, workflow->seen.revision);
    else
        step_judge(&at, step);
    if (findings_worst(findings) == FINDING_HARD || !soft_pass(workflow, answers, findings, step)) {
        held_note(workflow, findings, step);
        return GIVEN_HELD;
    }
    workflow->draft = draft;
    if (step == STEP_AT_SECOND)
        workflow->second_user = answers->user;
    else if (workflow->user == 0)
        workflow->user = answers->user;
    advance(workflow);
    return GIVEN_ON;
}

void workflow_staged(struct workflow *workflow, const struct therapy *stored, const uint8_t token[TOKEN_BYTES],
                     const struct receipt *receipt, int64_t now_ms)
{
    if (workflow_want(workflow) != WANT_STAGE)
        return;
    workflow->touched_ms = now_ms;
    workflow->receipt = *receipt;
    if (stored == NULL) {
        end(workflow, receipt->outcome != 0 ? ENDING_NOT_APPLIED : ENDING_NO_CONTACT);
        return;
    }
    workflow->stored = *stored;
    memcpy(workflow->token, token, TOKEN_BYTES);
    advance(workflow);
}

/* The present command is applied: the next one, or the next step. */
static void applied(struct workflow *workflow, int64_t now_ms)
{
    workflow->change = CHANGE_APPLIED;
    workflow->sent++;
    if (workflow->sent < series_count(workflow))
        return;
    workflow->watch_until_ms = now_ms + workflow->draft.watch_ms;
    advance(workflow);
}

/* A scan's mode that has ended by itself meanwhile need not be ended. */
static bool is_over_already(const struct workflow *workflow, const struct receipt *receipt)
{
    return workflow->work == WORK_MRI_AFTER && receipt->reasons == VERDICT_MODE;
}

void workflow_told(struct workflow *workflow, enum change change, const struct receipt *receipt, int64_t now_ms)
{
    enum want want = workflow_want(workflow);
    if (want != WANT_ACTIVATE && want != WANT_COMMAND)
        return;
    workflow->touched_ms = now_ms;
    workflow->receipt = *receipt;
    if (change == CHANGE_APPLIED || (change == CHANGE_NOT_APPLIED && is_over_already(workflow, receipt))) {
        applied(workflow, now_ms);
        return;
    }
    workflow->change = (uint8_t)change;
    if (change == CHANGE_NOT_APPLIED)
        end(workflow, ENDING_NOT_APPLIED);
}

/* What the pump's own words say of a command whose outcome was unknown. */
static enum change resolve(const struct workflow *workflow, const struct interrogation *seen)
{
    struct command command;
    workflow_command(workflow, &command);
    if (seen->settled.id != 0 && seen->settled.id == workflow->receipt.id && seen->settled.outcome != 0)
        return seen->settled.outcome == OUTCOME_APPLIED ? CHANGE_APPLIED : CHANGE_NOT_APPLIED;
    if (command.kind == COMMAND_ACTIVATE || command.refill.activate)
        return seen->has_therapy && memcmp(seen->token, workflow->token, TOKEN_BYTES) == 0 ? CHANGE_APPLIED
                                                                                           : CHANGE_UNKNOWN;
    if (command.kind == COMMAND_STOP || command.kind == COMMAND_MINIMUM)
        return seen->mode == (command.kind == COMMAND_STOP ? MODE_STOPPED : MODE_MINIMUM) ? CHANGE_APPLIED
                                                                                          : CHANGE_UNKNOWN;
    return CHANGE_UNKNOWN;
}

static void settled(struct workflow *workflow, const struct interrogation *seen, int64_t now_ms)
{
    enum change change = resolve(workflow, seen);
    if (seen->settled.id == workflow->receipt.id)
        workflow->receipt = seen->settled;
    if (change == CHANGE_APPLIED) {
        applied(workflow, now_ms);
        return;
    }
    workflow->change = (uint8_t)change;
    end(workflow,
        change == CHANGE_NOT_APPLIED ? ENDING_NOT_APPLIED : ENDING_DONE); /* unknown for good: only the log tells */
}

void workflow_interrogated(struct workflow *workflow, const struct interrogation *seen, int64_t now_ms)
{
    uint8_t step = workflow_step(workflow);
    if (workflow_want(workflow) != WANT_INTERROGATE)
        return;
    if (seen == NULL && step == STEP_AT_INTERROGATE)
        end(workflow, ENDING_NO_CONTACT);
    if (seen == NULL)
        return;
    workflow->touched_ms = now_ms;
    if (step == STEP_AT_INTERROGATE) {
        workflow->seen = *seen;
        advance(workflow);
        return;
    }
    if (!text_same(seen->serial, workflow->seen.serial))
        return;
    workflow->after = *seen;
    workflow->has_after = true;
    if (workflow->change == CHANGE_UNKNOWN) {
        settled(workflow, seen, now_ms);
        return;
    }
    workflow->as_sent = series_as_sent(workflow, seen);
    advance(workflow);
}

void workflow_met(struct workflow *workflow, const char *serial)
{
    if (is_draft(workflow) && workflow->place > 0 && !text_same(serial, workflow->seen.serial))
        end(workflow, ENDING_OTHER_PUMP);
}

void workflow_recorded(struct workflow *workflow)
{
    workflow->recorded = workflow_want(workflow) == WANT_RECORD || workflow->recorded;
}

void workflow_audited(struct workflow *workflow)
{
    workflow->audited = workflow_want(workflow) == WANT_AUDIT || workflow->audited;
}

const char *workflow_ending_word(uint8_t ending)
{
    static const char *const words[] = { "under way",    "done",        "abandoned", "idle",
                                         "another pump", "not applied", "no contact", "not settled" };
    return ending < sizeof words / sizeof words[0] ? words[ending] : "unknown";
}
