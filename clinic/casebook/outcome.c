/* outcome.c - what came of a workflow's commands. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/outcome.h"

#include "core/catalog.h"

static struct command command_at(const struct workflow *workflow, unsigned place)
{
    struct workflow there = *workflow;
    struct command command;
    there.sent = (uint8_t)place;
    workflow_command(&there, &command);
    return command;
}

uint8_t outcome_kind(const struct workflow *workflow, unsigned place)
{
    return place < COMMANDS_MAX ? command_at(workflow, place).kind : 0;
}

int64_t outcome_of(const struct workflow *workflow)
{
    switch ((enum change)workflow->change) {
    case CHANGE_UNKNOWN:
        return WORD_OUTCOME_UNKNOWN;
    case CHANGE_NOT_APPLIED:
        return WORD_OUTCOME_NOT_APPLIED;
    case CHANGE_NONE: /* a person's hands alone: access to the catheter */
    case CHANGE_APPLIED:
        break;
    }
    return outcome_kind(workflow, workflow->sent) == 0 ? WORD_OUTCOME_APPLIED : WORD_OUTCOME_NOT_APPLIED;
}

verdict outcome_reasons(const struct workflow *workflow)
{
    return workflow->change == CHANGE_NOT_APPLIED ? workflow->receipt.reasons : 0;
}

int64_t outcome_command(const struct workflow *workflow)
{
    bool given = workflow->change != CHANGE_NONE && workflow->receipt.id <= INT64_MAX;
    return given ? (int64_t)workflow->receipt.id : 0;
}

static bool has_part(const struct workflow *workflow, const struct command *command, enum outcome_part part)
{
    switch (part) {
    case OUTCOME_OF_ANYTHING:
        return true;
    case OUTCOME_OF_REFILL:
        return command->kind == COMMAND_REFILL;
    case OUTCOME_OF_THERAPY:
        return command->kind == COMMAND_ACTIVATE || (command->kind == COMMAND_REFILL && command->refill.activate != 0);
    case OUTCOME_OF_CATHETER:
        return workflow->draft.dead_volume.nl > 0;
    }
    return false;
}

bool outcome_may_stand(const struct workflow *workflow, enum outcome_part part)
{
    unsigned reached = workflow->sent + (workflow->change == CHANGE_UNKNOWN ? 1U : 0U);
    for (unsigned i = 0; i < reached && i < COMMANDS_MAX; i++) {
        const struct command command = command_at(workflow, i);
        if (command.kind != 0 && has_part(workflow, &command, part))
            return true;
    }
    return false;
}
