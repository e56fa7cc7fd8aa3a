/* person.c - patients and users, of whom an export tells no more than that they are not each other, unless it is a clear one. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/person.h"

static void name(struct bundle *bundle, const char *text)
{
    struct writer *writer = &bundle->writer;
    if (!bundle->clear || *text == '\0')
        return;
    writer_array(writer, "name");
    writer_object(writer, NULL);
    writer_text(writer, "text", text);
    writer_end(writer);
    writer_end(writer);
}

void fhir_patient(struct bundle *bundle, const struct patient *patient)
{
    struct writer *writer = &bundle->writer;
    bundle_open(bundle, (struct identity){ KIND_PATIENT, patient->id, PART_WHOLE });
    if (bundle->clear && *patient->identifier != '\0') {
        writer_array(writer, "identifier");
        writer_object(writer, NULL);
        bundle_system(bundle, "identifier of a patient");
        writer_text(writer, "value", patient->identifier);
        writer_end(writer);
        writer_end(writer);
    }
    name(bundle, patient->name);
    if (bundle->clear)
        writer_text(writer, "birthDate", patient->birth_date);
    bundle_close(bundle);
}

void fhir_user(struct bundle *bundle, const struct user *user)
{
    bundle_open(bundle, (struct identity){ KIND_PRACTITIONER, user->id, PART_WHOLE });
    writer_flag(&bundle->writer, "active", user->disabled_ms == 0);
    name(bundle, user->name);
    bundle_close(bundle);
}

void fhir_who(struct bundle *bundle, const char *key, int64_t user)
{
    if (user != 0) {
        bundle_reference(bundle, key, (struct identity){ KIND_PRACTITIONER, user, PART_WHOLE });
        return;
    }
    writer_object(&bundle->writer, key);
    writer_text(&bundle->writer, "display", "whoever held the key file of the records");
    writer_end(&bundle->writer);
}
