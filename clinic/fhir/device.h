/* device.h - Device: the pump, and the catheter as a part of it.
 * Pure: from the struct alone, no database, no clock. docs/fhir.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_DEVICE_H
#define CLINIC_FHIR_DEVICE_H

#include "clinic/fhir/bundle.h"
#include "clinic/records/catheters.h"
#include "clinic/records/implants.h"

void fhir_pump(struct bundle *bundle, const struct implant *implant);
void fhir_catheter(struct bundle *bundle, const struct catheter *catheter, int64_t patient);

#endif
