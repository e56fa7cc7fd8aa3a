/* judge.h - inside this folder: one judgement a step. Each looks at the answers, says what it finds, and writes the draft, which
 * the workflow takes over only when nothing holds it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_JUDGE_H
#define CLINIC_WORKFLOW_JUDGE_H

#include "clinic/workflow/workflow.h"

struct judging {
    const struct workflow *workflow;
    const struct practice *practice;
    const struct answers *answers;
    const struct model *model; /* of the pump that answered */
    int64_t now_ms;
    struct draft *draft;
    struct findings *findings;
};

/* The entry of the first drug of a mixture; null when there is none, or no entry. */
static inline const struct entry *judge_entry(const struct practice *practice, const struct mixture *mixture)
{
    return mixture->count > 0 ? formulary_find(practice->formulary, mixture->component[0].drug) : NULL;
}

#endif
