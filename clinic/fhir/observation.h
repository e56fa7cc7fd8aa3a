/* observation.h - Observation: three of a refill, one of an alarm, one of a score of pain.
 * Pure: from the struct alone, no database, no clock. docs/fhir.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_OBSERVATION_H
#define CLINIC_FHIR_OBSERVATION_H

#include "clinic/fhir/bundle.h"
#include "clinic/records/alarms.h"
#include "clinic/records/refills.h"
#include "clinic/records/scores.h"

/* `outcome` is that of its visit, WORD_OUTCOME_...: it makes the status. */
void fhir_observation_refill(struct bundle *bundle, const struct refill_record *refill, int64_t patient,
                             int64_t outcome);
void fhir_observation_alarm(struct bundle *bundle, const struct alarm_record *alarm, int64_t patient);
/* The note goes along with `clear` alone. */
void fhir_observation_score(struct bundle *bundle, const struct score_record *score, const char *note);

#endif
