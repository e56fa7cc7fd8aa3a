/* administration.c - what a refill put into the reservoir. It is not yet what the patient received: that is what the pump meters
 * over weeks, and it stands in no row of the records. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/administration.h"

#include "clinic/fhir/person.h"

/* As the visit ended: what the pump refused is not in its account, and will be told again. */
static const char *status_of(int64_t outcome)
{
    if (outcome == WORD_OUTCOME_OPEN)
        return "in-progress";
    if (outcome == WORD_OUTCOME_APPLIED)
        return "completed";
    return outcome == WORD_OUTCOME_NOT_APPLIED ? "not-done" : "unknown";
}

void fhir_administration(struct bundle *bundle, const struct refill_record *refill, int64_t patient, int64_t outcome,
                         const char *note)
{
    struct writer *writer = &bundle->writer;
    bundle_open(bundle, (struct identity){ KIND_ADMINISTRATION, refill->id, PART_WHOLE });
    bundle_references(bundle, "partOf", (struct identity){ KIND_PROCEDURE, refill->visit, PART_WHOLE });
    writer_text(writer, "status", status_of(outcome));
    bundle_reference(bundle, "medicationReference",
                     (struct identity){ KIND_MEDICATION, refill->id, MEDICATION_REFILL });
    bundle_reference(bundle, "subject", (struct identity){ KIND_PATIENT, patient, PART_WHOLE });
    writer_moment(writer, "effectiveDateTime", refill->at_ms);
    if (refill->user != 0) {
        writer_array(writer, "performer");
        writer_object(writer, NULL);
        fhir_who(bundle, "actor", refill->user);
        writer_end(writer);
        writer_end(writer);
    }
    bundle_references(bundle, "device", (struct identity){ KIND_DEVICE, refill->implant, PART_WHOLE });
    if (bundle->clear && note != NULL && *note != '\0') {
        writer_array(writer, "note");
        writer_object(writer, NULL);
        writer_text(writer, "text", note);
        writer_end(writer);
        writer_end(writer);
    }
    writer_object(writer, "dosage");
    writer_text(writer, "text", "put into the reservoir of the pump, which gives it intrathecally over time");
    bundle_quantity(bundle, "dose", UNIT_VOLUME, refill->filled.nl);
    writer_end(writer);
    bundle_close(bundle);
}
