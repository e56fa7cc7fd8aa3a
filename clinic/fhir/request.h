/* request.h - MedicationRequest: a therapy as an order. Pure: from the struct alone, no database, no clock. docs/fhir.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_REQUEST_H
#define CLINIC_FHIR_REQUEST_H

#include "clinic/fhir/bundle.h"
#include "clinic/records/therapies.h"
#include "clinic/records/visits.h"

/* `therapy`: the record's bytes, read; `status`: a word of FHIR's value set medicationrequest-status. */
void fhir_request(struct bundle *bundle, const struct therapy_record *record, const struct therapy *therapy,
                  const struct visit_record *visit, const char *status);

#endif
