/* dosage.h - Dosage: what a program gives, when. Pure: from the struct alone, no database, no clock. docs/fhir.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_DOSAGE_H
#define CLINIC_FHIR_DOSAGE_H

#include "clinic/fhir/bundle.h"
#include "core/therapy.h"

/* The member dosageInstruction of the resource that is open. */
void fhir_dosage(struct bundle *bundle, const struct therapy *therapy);

#endif
