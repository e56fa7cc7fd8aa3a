/* scan.h - inside this folder: scans, emptying, and the way down. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_SCAN_H
#define CLINIC_WORKFLOW_SCAN_H

#include "clinic/workflow/judge.h"

void judge_scan(struct judging *at);
void judge_empty(struct judging *at);
void judge_lower(struct judging *at);

#endif
