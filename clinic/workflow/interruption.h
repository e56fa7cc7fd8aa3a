/* interruption.h - inside this folder: what really flows while a therapy is in force, and since when that is less than the
 * therapy gives. REQ-THER-20, REQ-CLIN-06, HZ-23, HZ-40. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_INTERRUPTION_H
#define CLINIC_WORKFLOW_INTERRUPTION_H

#include "clinic/workflow/judge.h"

/* Holds the new therapy to how long the drug was missing: nothing flowed, or since a person lowered the dose, or a fault did,
 * less than the program gives. And to what flows now, where that is less than the program. */
void judge_interruption(struct judging *at, const struct therapy *new);

#endif
