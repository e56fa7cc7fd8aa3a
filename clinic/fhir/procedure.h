/* procedure.h - Procedure: a visit. Pure: from the struct alone, no database, no clock. docs/fhir.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_PROCEDURE_H
#define CLINIC_FHIR_PROCEDURE_H

#include "clinic/fhir/bundle.h"
#include "clinic/records/visits.h"

/* `note` is written in a clear bundle alone; may be null. */
void fhir_procedure(struct bundle *bundle, const struct visit_record *visit, const char *note);

#endif
