/* person.h - what is told of a patient and of a user: nothing but that they are not each other, unless the bundle is a clear one.
 * Pure: from the struct alone, no database, no clock. docs/fhir.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_PERSON_H
#define CLINIC_FHIR_PERSON_H

#include "clinic/fhir/bundle.h"
#include "clinic/records/patients.h"
#include "clinic/records/users.h"

/* Patient. Texts are written in a clear bundle alone, whatever the struct holds. */
void fhir_patient(struct bundle *bundle, const struct patient *patient);
/* Practitioner; the same. */
void fhir_user(struct bundle *bundle, const struct user *user);
/* A Reference to a user; in words when it was a key file (0), which is nobody. */
void fhir_who(struct bundle *bundle, const char *key, int64_t user);

#endif
