/* request.c - a therapy as an order. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/request.h"

#include "clinic/fhir/dosage.h"

void fhir_request(struct bundle *bundle, const struct therapy_record *record, const struct therapy *therapy,
                  const struct visit_record *visit, const char *status)
{
    struct writer *writer = &bundle->writer;
    bundle_open(bundle, (struct identity){ KIND_REQUEST, record->id, PART_WHOLE });
    writer_text(writer, "status", status);
    writer_text(writer, "intent", "order");
    bundle_reference(bundle, "medicationReference",
                     (struct identity){ KIND_MEDICATION, record->id, MEDICATION_THERAPY });
    bundle_reference(bundle, "subject", (struct identity){ KIND_PATIENT, visit->patient, PART_WHOLE });
    bundle_references(bundle, "supportingInformation", (struct identity){ KIND_DEVICE, record->implant, PART_WHOLE });
    writer_moment(writer, "authoredOn", record->at_ms);
    bundle_reference(bundle, "requester", (struct identity){ KIND_PRACTITIONER, visit->user, PART_WHOLE });
    fhir_dosage(bundle, therapy);
    bundle_close(bundle);
}
