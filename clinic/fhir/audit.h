/* audit.h - AuditEvent: a row of the audit. Pure: from the struct alone, no database, no clock. docs/fhir.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_AUDIT_H
#define CLINIC_FHIR_AUDIT_H

#include "clinic/fhir/bundle.h"
#include "clinic/records/audit.h"

void fhir_audit(struct bundle *bundle, const struct audit_row *row);

#endif
