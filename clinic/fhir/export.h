/* export.h - all records as FHIR R4, as they were at one moment, whoever writes meanwhile. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_EXPORT_H
#define CLINIC_FHIR_EXPORT_H

#include "clinic/fhir/bundle.h"
#include "clinic/records/records.h"

/* One collection Bundle. `clear`: names, dates of birth, identifiers, notes and serial numbers stand in it; RECORDS_REFUSED for a
 * role that opens nothing, before anything is written. RECORDS_FAILED when the stream does not take it. `resources`: how many
 * were written; may be null. */
enum records_fault fhir_export_bundle(struct records *records, FILE *out, bool clear, int64_t at_ms,
                                      uint64_t *resources);
/* The same as one resource a line, each kind on its own stream. */
enum records_fault fhir_export_lines(struct records *records, FILE *const out[KIND_END], bool clear,
                                     uint64_t *resources);

#endif
