/* reservoir.h - inside this folder: what comes out of a reservoir and goes into it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_RESERVOIR_H
#define CLINIC_WORKFLOW_RESERVOIR_H

#include "clinic/workflow/judge.h"

void judge_port(struct judging *at);
void judge_residual(struct judging *at);
void judge_fill(struct judging *at);

#endif
