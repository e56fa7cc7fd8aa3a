/* administration.h - MedicationAdministration: what a refill put into the reservoir.
 * Pure: from the struct alone, no database, no clock. docs/fhir.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_ADMINISTRATION_H
#define CLINIC_FHIR_ADMINISTRATION_H

#include "clinic/fhir/bundle.h"
#include "clinic/records/refills.h"

/* `note` is written in a clear bundle alone; may be null. */
/* `outcome` is that of its visit, WORD_OUTCOME_...: it makes the status. */
void fhir_administration(struct bundle *bundle, const struct refill_record *refill, int64_t patient, int64_t outcome,
                         const char *note);

#endif
