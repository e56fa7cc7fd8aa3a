/* patients.h - the people whom a pump may belong to. Who they are is sealed; the row itself says nothing but when it was made.
 * REQ-SECU-11, REQ-CLIN-01. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_PATIENTS_H
#define CLINIC_RECORDS_PATIENTS_H

#include "clinic/records/records.h"

enum { PATIENT_NAME_BYTES = 128, PATIENT_DATE_BYTES = 11, PATIENT_IDENTIFIER_BYTES = 64, PATIENT_NOTE_BYTES = 1024 };

struct patient {
    int64_t id;
    int64_t created_ms, purged_ms; /* purged_ms 0: not purged; else all texts are empty */
    char name[PATIENT_NAME_BYTES];
    char birth_date[PATIENT_DATE_BYTES];       /* "1950-12-31" */
    char identifier[PATIENT_IDENTIFIER_BYTES]; /* ASCII; no two have the same but for case */
    char note[PATIENT_NOTE_BYTES];             /* may be empty */
};

/* Inside a transaction; id and moments are set here. RECORDS_EXISTS when the identifier is another's;
 * RECORDS_MALFORMED: the form, or a birth in the future. */
enum records_fault patients_add(struct records *records, const struct patient *patient, int64_t *id);
/* Writes name, date of birth, identifier and note of patient->id anew. */
enum records_fault patients_change(struct records *records, const struct patient *patient);
/* All of it; RECORDS_REFUSED for a role that opens nothing. */
enum records_fault patients_read(struct records *records, int64_t id, struct patient *patient);
/* By identifier, in whatever case, without opening anybody else. */
enum records_fault patients_find(struct records *records, const char *identifier, int64_t *id);
/* Those from the number `from` on, in their order. */
enum records_fault patients_list(struct records *records, int64_t from, struct patient *patients, unsigned room,
                                 unsigned *count);

/* Destroys the key and the sealed fields of a patient, for ever; what the pump did stays, without saying whose it was. For an
 * admin, inside a transaction. After the commit call patients_scour(). */
enum records_fault patients_purge(struct records *records, int64_t id);
/* Removes what is left of it in files, as far as the database can. Outside of a transaction. */
enum records_fault patients_scour(struct records *records);

#endif
