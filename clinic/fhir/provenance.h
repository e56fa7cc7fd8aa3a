/* provenance.h - Provenance: of an order and of a refill. Pure: from the struct alone, no database, no clock. docs/fhir.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_PROVENANCE_H
#define CLINIC_FHIR_PROVENANCE_H

#include "clinic/fhir/bundle.h"
#include "clinic/records/refills.h"
#include "clinic/records/therapies.h"

/* `user`: who gave the therapy to the pump; 0: a key file. */
void fhir_provenance_therapy(struct bundle *bundle, const struct therapy_record *record, int64_t user);
void fhir_provenance_refill(struct bundle *bundle, const struct refill_record *refill);

#endif
