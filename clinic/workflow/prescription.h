/* prescription.h - inside this folder: a whole new therapy, and how often a dose is given. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_PRESCRIPTION_H
#define CLINIC_WORKFLOW_PRESCRIPTION_H

#include "clinic/workflow/judge.h"

void judge_therapy(struct judging *at);
void judge_schedule(struct judging *at);

#endif
