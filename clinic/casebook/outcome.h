/* outcome.h - inside this folder: what came of a workflow's commands, in the words of the records. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_CASEBOOK_OUTCOME_H
#define CLINIC_CASEBOOK_OUTCOME_H

#include "clinic/workflow/workflow.h"

enum outcome_part { OUTCOME_OF_ANYTHING, OUTCOME_OF_REFILL, OUTCOME_OF_THERAPY, OUTCOME_OF_CATHETER };

/* WORD_OUTCOME_... of the visit. APPLIED only when all commands of the series were. */
int64_t outcome_of(const struct workflow *workflow);
verdict outcome_reasons(const struct workflow *workflow);
/* Of the last command; 0: there was none, or its number is none of the records'. */
int64_t outcome_command(const struct workflow *workflow);
/* Was a command with this part in it applied, or may it have been? */
bool outcome_may_stand(const struct workflow *workflow, enum outcome_part part);
/* The kind of the command at a place of the series; 0 past the last. */
uint8_t outcome_kind(const struct workflow *workflow, unsigned place);

#endif
