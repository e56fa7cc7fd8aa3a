/* typed.h - inside this folder: amounts as people type them. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_TYPED_H
#define CLINIC_WORKFLOW_TYPED_H

#include "clinic/workflow/judge.h"

/* An amount as it was typed; false, with a hard finding that says what would pass, when it is none. A decimal comma is refused
 * and never read as a point (screen rule U7). */
bool judge_amount(struct findings *findings, enum rule rule, const char *what, const char *text,
                  enum dimension dimension, int64_t *amount);

#endif
