/* procedure.c - a visit: what somebody did, or tried to do, to a pump. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/procedure.h"

#include "clinic/fhir/person.h"

enum { TEXT_BYTES = 64, REASONS_BYTES = 4096 };

static const char *status_of(int64_t outcome)
{
    if (outcome == WORD_OUTCOME_OPEN)
        return "in-progress";
    if (outcome == WORD_OUTCOME_APPLIED)
        return "completed";
    return outcome == WORD_OUTCOME_NOT_APPLIED ? "not-done" : "unknown";
}

/* "session at an implanted pump: catheter access" */
static void what(struct bundle *bundle, int64_t workflow)
{
    const char *word = list_word(LIST_WORKFLOW, workflow);
    char text[TEXT_BYTES];
    (void)snprintf(text, sizeof text, "session at an implanted pump: %s", word != NULL ? word : "other");
    for (char *at = text; *at != '\0'; at++)
        *at = (char)(*at == '_' ? ' ' : *at);
    code_concept(&bundle->writer, "code", CODE_NONE, text);
}

/* All the reasons of a refusal, as sentences. */
static void reasons_write(struct bundle *bundle, verdict reasons)
{
    char text[REASONS_BYTES] = "";
    size_t size = 0;
    for (unsigned bit = 0; bit < VERDICT_COUNT && size < sizeof text; bit++)
        if ((reasons >> bit & 1) != 0)
            size += (size_t)snprintf(text + size, sizeof text - size, "%s%s", size > 0 ? "; " : "", verdict_text(bit));
    if (size > 0)
        code_concept(&bundle->writer, "statusReason", CODE_NONE, text);
}

void fhir_procedure(struct bundle *bundle, const struct visit_record *visit, const char *note)
{
    struct writer *writer = &bundle->writer;
    bundle_open(bundle, (struct identity){ KIND_PROCEDURE, visit->id, PART_WHOLE });
    writer_text(writer, "status", status_of(visit->outcome));
    reasons_write(bundle, visit->reasons);
    what(bundle, visit->workflow);
    bundle_reference(bundle, "subject", (struct identity){ KIND_PATIENT, visit->patient, PART_WHOLE });
    bundle_period(bundle, "performedPeriod", visit->opened_ms, visit->closed_ms);
    if (visit->user != 0) {
        writer_array(writer, "performer");
        writer_object(writer, NULL);
        fhir_who(bundle, "actor", visit->user);
        writer_end(writer);
        writer_end(writer);
    }
    if (bundle->clear && note != NULL && *note != '\0') {
        writer_array(writer, "note");
        writer_object(writer, NULL);
        writer_text(writer, "text", note);
        writer_end(writer);
        writer_end(writer);
    }
    if (visit->implant != 0) {
        writer_array(writer, "focalDevice");
        writer_object(writer, NULL);
        bundle_reference(bundle, "manipulated", (struct identity){ KIND_DEVICE, visit->implant, PART_WHOLE });
        writer_end(writer);
        writer_end(writer);
    }
    bundle_close(bundle);
}
