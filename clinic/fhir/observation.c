/* observation.c - what a refill found against what the pump had calculated, what a pump raised an alarm about, and what patients
 * say of their pain. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/observation.h"

#include "core/catalog.h"

enum { CAUSE_BYTES = 48 };

static void begin(struct bundle *bundle, struct identity identity, const char *status, enum code category,
                  enum code code, const char *text, int64_t patient)
{
    struct writer *writer = &bundle->writer;
    bundle_open(bundle, identity);
    writer_text(writer, "status", status);
    writer_array(writer, "category");
    code_concept(writer, NULL, category, NULL);
    writer_end(writer);
    code_concept(writer, "code", code, text);
    bundle_reference(bundle, "subject", (struct identity){ KIND_PATIENT, patient, PART_WHOLE });
}

/* A refill with whose it is, and how its visit ended. */
struct refill_told {
    const struct refill_record *refill;
    int64_t patient, outcome;
};

/* What the pump refused was not kept as found; nobody knows whether what may have been refused was. */
static const char *refill_status(int64_t outcome)
{
    if (outcome == WORD_OUTCOME_OPEN)
        return "preliminary";
    if (outcome == WORD_OUTCOME_APPLIED)
        return "final";
    return outcome == WORD_OUTCOME_NOT_APPLIED ? "cancelled" : "unknown";
}

static void refill_begin(struct bundle *bundle, const struct refill_told *told, unsigned part, const char *text)
{
    const struct refill_record *refill = told->refill;
    begin(bundle, (struct identity){ KIND_OBSERVATION, refill->id, part }, refill_status(told->outcome),
          CODE_OBSERVATION_PROCEDURE, CODE_NONE, text, told->patient);
    bundle_references(bundle, "partOf", (struct identity){ KIND_PROCEDURE, refill->visit, PART_WHOLE });
    writer_moment(&bundle->writer, "effectiveDateTime", refill->at_ms);
}

/* What they took for the cause: "incomplete aspiration". */
static void cause_write(struct bundle *bundle, int64_t cause)
{
    const char *word = list_word(LIST_CAUSE, cause);
    char text[CAUSE_BYTES];
    if (cause == WORD_CAUSE_NONE || word == NULL)
        return;
    (void)snprintf(text, sizeof text, "%s", word);
    for (char *at = text; *at != '\0'; at++)
        *at = (char)(*at == '_' ? ' ' : *at);
    writer_array(&bundle->writer, "interpretation");
    code_concept(&bundle->writer, NULL, CODE_NONE, text);
    writer_end(&bundle->writer);
}

/* One of the three is calculated by the pump, one is read off a syringe by a person, and one is a difference. */
void fhir_observation_refill(struct bundle *bundle, const struct refill_record *refill, int64_t patient,
                             int64_t outcome)
{
    struct writer *writer = &bundle->writer;
    const struct refill_told told = { refill, patient, outcome };
    refill_begin(bundle, &told, OBSERVATION_EXPECTED, "volume left in the reservoir, as the pump calculated it");
    bundle_quantity(bundle, "valueQuantity", UNIT_VOLUME, refill->expected.nl);
    bundle_reference(bundle, "device", (struct identity){ KIND_METRIC, refill->implant, METRIC_RESERVOIR });
    bundle_close(bundle);

    refill_begin(bundle, &told, OBSERVATION_FOUND, "volume drawn out of the reservoir, and known to have stayed in");
    bundle_references(bundle, "performer", (struct identity){ KIND_PRACTITIONER, refill->user, PART_WHOLE });
    bundle_quantity(bundle, "valueQuantity", UNIT_VOLUME, refill->found.nl + refill->left.nl);
    code_concept(writer, "method", CODE_NONE, "read off a syringe");
    bundle_close(bundle);

    refill_begin(bundle, &told, OBSERVATION_DIFFERENCE,
                 "found less calculated: below zero, less was there than should be");
    bundle_quantity(bundle, "valueQuantity", UNIT_VOLUME, refills_discrepancy(refill).nl);
    cause_write(bundle, refill->cause);
    writer_array(writer, "derivedFrom");
    bundle_reference(bundle, NULL, (struct identity){ KIND_OBSERVATION, refill->id, OBSERVATION_EXPECTED });
    bundle_reference(bundle, NULL, (struct identity){ KIND_OBSERVATION, refill->id, OBSERVATION_FOUND });
    writer_end(writer);
    bundle_close(bundle);
}

/* R4 has no resource for an alarm. */
void fhir_observation_alarm(struct bundle *bundle, const struct alarm_record *alarm, int64_t patient)
{
    static const char *const PRIORITY[] = { [ALARM_PRIORITY_DRUG] = "that of the drug",
                                            [ALARM_PRIORITY_LOW] = "low",
                                            [ALARM_PRIORITY_MEDIUM] = "medium",
                                            [ALARM_PRIORITY_HIGH] = "high" };
    struct writer *writer = &bundle->writer;
    const struct alarm_row *row = alarm_row(alarm_position(alarm->code));
    begin(bundle, (struct identity){ KIND_OBSERVATION, alarm->id, OBSERVATION_ALARM },
          alarm->ended_ms != 0 ? "final" : "preliminary", CODE_OBSERVATION_THERAPY, CODE_NONE,
          "alarm of an implanted pump", patient);
    bundle_period(bundle, "effectivePeriod", alarm->raised_ms, alarm->ended_ms);
    code_concept(writer, "valueCodeableConcept", CODE_NONE, row != NULL ? row->text : "an alarm unknown here");
    bundle_reference(bundle, "device", (struct identity){ KIND_DEVICE, alarm->implant, PART_WHOLE });
    if (alarm->priority <= ALARM_PRIORITY_HIGH) {
        writer_array(writer, "component");
        writer_object(writer, NULL);
        code_concept(writer, "code", CODE_NONE, "priority");
        writer_text(writer, "valueString", PRIORITY[alarm->priority]);
        writer_end(writer);
        writer_end(writer);
    }
    bundle_close(bundle);
}

/* The patient says it, a user writes it down: R4's performer is whoever is answerable for the value, so it is the patient. */
void fhir_observation_score(struct bundle *bundle, const struct score_record *score, const char *note)
{
    struct writer *writer = &bundle->writer;
    const struct identity patient = { KIND_PATIENT, score->patient, PART_WHOLE };
    begin(bundle, (struct identity){ KIND_OBSERVATION, score->id, OBSERVATION_PAIN }, "final", CODE_OBSERVATION_SURVEY,
          CODE_PAIN_NRS, "pain as the patient says it, from 0 to 10", score->patient);
    if (score->visit != 0)
        bundle_references(bundle, "partOf", (struct identity){ KIND_PROCEDURE, score->visit, PART_WHOLE });
    writer_moment(writer, "effectiveDateTime", score->at_ms);
    bundle_references(bundle, "performer", patient);
    writer_decimal(writer, "valueInteger", score->pain, 0);
    if (bundle->clear && note != NULL && *note != '\0') {
        writer_array(writer, "note");
        writer_object(writer, NULL);
        writer_text(writer, "text", note);
        writer_end(writer);
        writer_end(writer);
    }
    if (score->relief_percent != SCORE_NOT_SAID) {
        writer_array(writer, "component");
        writer_object(writer, NULL);
        code_concept(writer, "code", CODE_NONE, "relief of pain by the therapy, as the patient says it");
        bundle_quantity(bundle, "valueQuantity", UNIT_PERCENT, score->relief_percent);
        writer_end(writer);
        writer_end(writer);
    }
    bundle_close(bundle);
}
