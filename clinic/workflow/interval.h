/* interval.h - how often a dose is given, chosen from a list: always words (REQ-CLIN-07, HZ-01, HZ-22). */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_INTERVAL_H
#define CLINIC_WORKFLOW_INTERVAL_H

#include <stdint.h>

/* By position: the word, and minutes; null and 0 past the last. */
const char *interval_word(unsigned position);
uint16_t interval_minutes(unsigned position);

#endif
