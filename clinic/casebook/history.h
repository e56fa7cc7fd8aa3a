/* history.h - what was given to a patient and what they said of their pain, as the records know it: what a rising dose is
 * judged by. REQ-CLIN-10, HZ-41. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_CASEBOOK_HISTORY_H
#define CLINIC_CASEBOOK_HISTORY_H

#include "clinic/planner/benefit.h"
#include "clinic/records/records.h"

/* Therapies that came into force, in whichever pump, and scores; the newest where there are more than fit. Moments are
 * milliseconds of UTC since 1970. RECORDS_DAMAGED when a therapy's bytes are not those that were recorded. */
enum records_fault history_of_patient(struct records *records, int64_t patient, struct benefit_history *history);

#endif
