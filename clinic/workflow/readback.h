/* readback.h - the amount that is typed again, not a yes: the dose of a day that the pump has stored, or what will be in its
 * reservoir. REQ-CLIN-03, HZ-24, screen rule W2. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_READBACK_H
#define CLINIC_WORKFLOW_READBACK_H

#include "clinic/workflow/judge.h"

struct readback {
    enum dimension dimension;
    int64_t amount; /* in the integer unit of the dimension */
    char question[160];
};

/* What has to be typed at STEP_AT_READBACK. */
void readback_ask(const struct workflow *workflow, struct readback *readback);
/* The same of a therapy alone. */
void readback_therapy(const struct therapy *stored, struct readback *readback);

void judge_readback(struct judging *at);

#endif
