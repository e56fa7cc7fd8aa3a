/* metric.h - DeviceMetric: the flow of a pump, which is set, and what its reservoir holds, which is calculated.
 * Pure: from the struct alone, no database, no clock. docs/fhir.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_METRIC_H
#define CLINIC_FHIR_METRIC_H

#include "clinic/fhir/bundle.h"
#include "clinic/records/implants.h"

/* Both. */
void fhir_metrics(struct bundle *bundle, const struct implant *implant);

#endif
