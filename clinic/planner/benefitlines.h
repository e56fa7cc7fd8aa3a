/* benefitlines.h - doses and scores of pain of one patient, as a file of lines tells them. REQ-CLIN-10. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_BENEFITLINES_H
#define CLINIC_PLANNER_BENEFITLINES_H

#include <stdbool.h>
#include <stdio.h>

#include "clinic/planner/benefit.h"

/* A line a visit, the newest last, behind a header line: "date,dose,concentration,pain,relief". Dose and concentration are
 * those of `drug` from that day on, both or neither (as before); pain, 0 to 10, and relief, a percentage such as "40 %", are
 * what was said that day of the dose before. False, with what is wrong and where on `messages`. `name` is what the text is
 * called. */
bool benefitlines_read(const char *name, const char *text, uint16_t drug, struct benefit_history *history,
                       FILE *messages);

#endif
