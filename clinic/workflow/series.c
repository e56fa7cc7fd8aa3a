/* series.c - commands at the end of a workflow. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/series.h"

#include <string.h>

#include "core/catalog.h"

enum mri_rule series_mri_rule(const struct interrogation *seen)
{
    const struct model *model = interrogation_model(seen);
    bool valve = model != NULL && model->mechanism == MECHANISM_VALVE;
    bool said = seen->has_therapy && seen->therapy.mri_rule == MRI_EMPTY_FIRST;
    return valve || said ? MRI_EMPTY_FIRST : MRI_KEEP_PROGRAM;
}

static unsigned add(uint8_t kind[COMMANDS_MAX], unsigned count, bool wanted, uint8_t one)
{
    if (wanted)
        kind[count] = one;
    return count + wanted;
}

static unsigned kinds(const struct workflow *workflow, uint8_t kind[COMMANDS_MAX])
{
    const struct interrogation *seen = &workflow->seen;
    bool flows = seen->mode != MODE_STOPPED && seen->mode != MODE_NEW, filled = seen->stretches > 0;
    bool empties = workflow->work == WORK_EXPLANT || workflow->draft.mri_empty;
    unsigned count = 0;
    switch ((enum work)workflow->work) {
    case WORK_PROGRAM:
    case WORK_PRIME:
        return add(kind, count, true, COMMAND_ACTIVATE);
    case WORK_IMPLANT:
    case WORK_BRIDGE:
    case WORK_REFILL:
        return add(kind, count, true, COMMAND_REFILL);
    case WORK_EMERGENCY:
        return add(kind, count, true, workflow->draft.lower);
    case WORK_MRI_AFTER:
        return add(kind, count, true, COMMAND_MRI_END);
    case WORK_EXPLANT:
    case WORK_MRI_BEFORE:
        count = add(kind, count, empties && (flows || workflow->work == WORK_EXPLANT), COMMAND_STOP);
        count = add(kind, count, empties && filled, COMMAND_REFILL);
        return add(kind, count, workflow->work == WORK_MRI_BEFORE, COMMAND_MRI_BEGIN);
    case WORK_CATHETER_ACCESS:
        break;
    }
    return count;
}

unsigned series_count(const struct workflow *workflow)
{
    uint8_t kind[COMMANDS_MAX];
    return kinds(workflow, kind);
}

void workflow_command(const struct workflow *workflow, struct command *command)
{
    uint8_t kind[COMMANDS_MAX] = { 0 };
    unsigned count = kinds(workflow, kind);
    const struct draft *draft = &workflow->draft;
    *command = (struct command){ .kind = workflow->sent < count ? kind[workflow->sent] : 0 };
    if (command->kind == COMMAND_ACTIVATE || command->kind == COMMAND_REFILL)
        command->retitrated = draft->retitrated;
    if (command->kind == COMMAND_REFILL)
        command->refill = draft->refill;
    if (draft->has_therapy && (command->kind == COMMAND_ACTIVATE || command->kind == COMMAND_REFILL)) {
        command->refill.activate = command->kind == COMMAND_REFILL;
        memcpy(command->token, workflow->token, TOKEN_BYTES);
    }
}

bool series_as_sent(const struct workflow *workflow, const struct interrogation *seen)
{
    if (workflow->draft.has_therapy)
        return seen->has_therapy && memcmp(seen->token, workflow->token, TOKEN_BYTES) == 0;
    if (workflow->work == WORK_EMERGENCY)
        return workflow->draft.lower == COMMAND_STOP      ? seen->mode == MODE_STOPPED
               : workflow->draft.lower == COMMAND_MINIMUM ? seen->mode == MODE_MINIMUM
                                                          : seen->course == 0;
    if (workflow->work == WORK_EXPLANT || workflow->draft.mri_empty)
        return (seen->mode == MODE_STOPPED || seen->mode == MODE_NEW) && seen->reservoir.nl == 0;
    /* Reservoir values, or a mode of the radio's field: the therapy in force is the one from before. */
    return seen->has_therapy == workflow->seen.has_therapy &&
           memcmp(seen->token, workflow->seen.token, TOKEN_BYTES) == 0;
}
