/* table.h - which workflows there are, and the steps of each in their one order: pages, command line and documents read it here.
 * Screen rule W1. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_TABLE_H
#define CLINIC_WORKFLOW_TABLE_H

#include <stdbool.h>
#include <stdint.h>

/* The codes of the records. */
#define WORKFLOW(name, code, ...) WORK_##name = code,
enum work {
#include "clinic/workflow/workflow.def"
};
#undef WORKFLOW

#define STEP(name, ...) STEP_AT_##name,
enum step_at {
#include "clinic/workflow/step.def"
    STEPS
};
#undef STEP

/* Who a step waits for. */
enum step_who { WHO_PERSON, WHO_PUMP, WHO_RECORD };
/* When it is there at all. */
enum step_when { WHEN_ALWAYS, WHEN_SCHEDULE, WHEN_BRIDGE, WHEN_PRIME, WHEN_SECOND };

/* The workflows, one at a time; 0 after the last. */
uint8_t work_at(unsigned index);
/* Word and sentence of one; null when there is none of this code. */
const char *work_word(uint8_t work);
const char *work_text(uint8_t work);
/* 0 when there is none. */
uint8_t work_find(const char *word);

/* The step at a place of a workflow, enum step_at; STEPS past the last. */
uint8_t work_step(uint8_t work, unsigned place);

const char *step_word(uint8_t step);
const char *step_text(uint8_t step);
enum step_who step_who(uint8_t step);
enum step_when step_when(uint8_t step);

#endif
