/* medication.h - Medication: what is prescribed, and what was filled, each drug with its lot.
 * Pure: from the struct alone, no database, no clock. docs/fhir.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_MEDICATION_H
#define CLINIC_FHIR_MEDICATION_H

#include "clinic/fhir/bundle.h"
#include "clinic/records/refills.h"

/* The mixture that a therapy (by its number) was written for. */
void fhir_medication_therapy(struct bundle *bundle, int64_t id, const struct mixture *mixture);
/* The mixture that was filled, and each of its drugs. */
void fhir_medication_refill(struct bundle *bundle, const struct refill_record *refill);

#endif
