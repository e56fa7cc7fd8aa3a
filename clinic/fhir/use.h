/* use.h - DeviceUseStatement: who has which device, since when.
 * Pure: from the struct alone, no database, no clock. docs/fhir.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_USE_H
#define CLINIC_FHIR_USE_H

#include "clinic/fhir/bundle.h"
#include "clinic/records/catheters.h"
#include "clinic/records/implants.h"

void fhir_use_pump(struct bundle *bundle, const struct implant *implant);
void fhir_use_catheter(struct bundle *bundle, const struct catheter *catheter, int64_t patient);

#endif
