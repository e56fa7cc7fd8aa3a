/* implants.h - pumps in patients: which one is whose, since when. REQ-CLIN-01. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_IMPLANTS_H
#define CLINIC_RECORDS_IMPLANTS_H

#include "clinic/records/records.h"
#include "core/therapy.h"

struct implant {
    int64_t id, patient;
    char serial[SERIAL_BYTES];
    uint8_t model, revision; /* core/model.def, and of its constants */
    calib_ppm calibration;
    int64_t implanted_ms, explanted_ms; /* explanted_ms 0: in place */
};

/* Inside a transaction; explanted_ms is not looked at. RECORDS_EXISTS: this serial is there already;
 * RECORDS_MALFORMED: also when it was implanted more than a day from now. */
enum records_fault implants_add(struct records *records, const struct implant *implant, int64_t *id);
/* The pump was taken out. */
enum records_fault implants_explant(struct records *records, int64_t id, int64_t at_ms);
enum records_fault implants_read(struct records *records, int64_t id, struct implant *implant);
enum records_fault implants_find(struct records *records, const char *serial, struct implant *implant);
/* The newest that is in place in this patient; RECORDS_MISSING, and nothing said of it, where there is none. */
enum records_fault implants_in_place(struct records *records, int64_t patient, struct implant *implant);
/* Those of a patient, the oldest first. */
enum records_fault implants_list(struct records *records, int64_t patient, struct implant *implants, unsigned room,
                                 unsigned *count);

#endif
