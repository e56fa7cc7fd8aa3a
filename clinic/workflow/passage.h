/* passage.h - inside this folder: the way from the reservoir to the tip, and what would be pushed out of it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_PASSAGE_H
#define CLINIC_WORKFLOW_PASSAGE_H

#include "clinic/workflow/judge.h"

void judge_catheter(struct judging *at);
void judge_bridge(struct judging *at);
void judge_prime(struct judging *at);
void judge_aspirate(struct judging *at);
void judge_inject(struct judging *at);

#endif
