/* identify.h - inside this folder: who is there, the patient, the pump, and the people at the programmer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_IDENTIFY_H
#define CLINIC_WORKFLOW_IDENTIFY_H

#include "clinic/workflow/judge.h"

void judge_identify(struct judging *at);
void judge_second(struct judging *at);
void judge_watch(struct judging *at);

#endif
