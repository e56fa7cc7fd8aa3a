/* readback.c - the amount that is typed again. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/readback.h"

#include <stdio.h>

#include "clinic/workflow/daydose.h"
#include "clinic/workflow/typed.h"

void readback_therapy(const struct therapy *stored, struct readback *readback)
{
    uint16_t drug = stored->mixture.count > 0 ? stored->mixture.component[0].drug : DRUG_NONE;
    readback->dimension = drug != DRUG_NONE ? DIMENSION_DOSE : DIMENSION_FLOW;
    readback->amount = daydose_most(stored, drug, PART_ALL);
    snprintf(readback->question, sizeof readback->question,
             "Type the most %s%s in any 24 hours under NEW, with its unit, to activate it",
             drug != DRUG_NONE ? drug_word(drug) : "that flows", drug != DRUG_NONE ? "" : " (such as '0.2 mL/day')");
}

void readback_ask(const struct workflow *workflow, struct readback *readback)
{
    if (workflow->draft.has_therapy) {
        readback_therapy(&workflow->stored, readback);
        return;
    }
    readback->dimension = DIMENSION_VOLUME;
    readback->amount = workflow->draft.refill.left.nl + workflow->draft.refill.filled.nl;
    snprintf(readback->question, sizeof readback->question,
             "Type what is in the reservoir now, what stayed and what was filled together, with its unit");
}

void judge_readback(struct judging *at)
{
    struct readback readback;
    int64_t amount = 0;
    readback_ask(at->workflow, &readback);
    if (judge_amount(at->findings, RULE_READ_BACK, "what is typed again", at->answers->readback, readback.dimension,
                     &amount) &&
        amount != readback.amount)
        findings_add(at->findings, RULE_READ_BACK, FINDING_HARD,
                     "that is not what %s: look at the pump's own values again; if they are not meant, abandon this",
                     at->workflow->draft.has_therapy ? "the pump has stored" : "was said of the refill");
}
