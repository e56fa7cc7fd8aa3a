/* choice.h - what a person chooses from a list: the records' own words and codes (clinic/records/list.def), under names that can
 * stand beside those of core/, and intervals, which are always words (REQ-CLIN-07, HZ-01, HZ-22). */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_CHOICE_H
#define CLINIC_WORKFLOW_CHOICE_H

#include <stdint.h>

#define WORD(list, name, code, word) CHOICE_##list##_##name = code,
enum choice {
#include "clinic/records/list.def"
};
#undef WORD

/* Why a residual departs from what was expected (CHOICE_CAUSE_...), and why a soft limit is passed (CHOICE_REASON_...). Null, or
 * -1, when there is none. */
const char *choice_cause_word(int64_t code);
const char *choice_reason_word(int64_t code);
int64_t choice_cause(const char *word);
int64_t choice_reason(const char *word);

/* Intervals by position: their word, and minutes; null and 0 past the last. */
const char *choice_interval_word(unsigned position);
uint16_t choice_interval_minutes(unsigned position);

#endif
