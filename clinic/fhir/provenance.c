/* provenance.c - where an order and a refill come from: who signed in, which release of the drug library, and the hash under
 * which the pump itself knows the therapy. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/provenance.h"

#include "clinic/fhir/person.h"

enum { HASH_DIGITS = 2 * HASH_BYTES, TEXT_BYTES = 128 };

static void agent(struct bundle *bundle, int64_t user)
{
    struct writer *writer = &bundle->writer;
    writer_array(writer, "agent");
    writer_object(writer, NULL);
    fhir_who(bundle, "who", user);
    writer_end(writer);
    writer_end(writer);
}

/* The one entity: what was given to the pump, byte for byte. */
static void bytes_told(struct bundle *bundle, const struct therapy_record *record)
{
    struct writer *writer = &bundle->writer;
    char hash[HASH_DIGITS + 1], text[TEXT_BYTES];
    for (unsigned i = 0; i < HASH_BYTES; i++)
        (void)snprintf(hash + (size_t)2 * i, 3, "%02x", record->hash[i]);
    (void)snprintf(text, sizeof text,
                   "canonical bytes of the therapy, checked against release %lld of the drug library for %s",
                   (long long)record->formulary_version, record->region);
    writer_array(writer, "entity");
    writer_object(writer, NULL);
    writer_text(writer, "role", "source");
    writer_object(writer, "what");
    writer_object(writer, "identifier");
    code_concept(writer, "type", CODE_NONE, "BLAKE2b-256 of the bytes");
    bundle_system(bundle, "hash of a therapy");
    writer_text(writer, "value", hash);
    writer_end(writer);
    writer_text(writer, "display", text);
    writer_end(writer);
    writer_end(writer);
    writer_end(writer);
}

void fhir_provenance_therapy(struct bundle *bundle, const struct therapy_record *record, int64_t user)
{
    bundle_open(bundle, (struct identity){ KIND_PROVENANCE, record->id, PROVENANCE_THERAPY });
    bundle_references(bundle, "target", (struct identity){ KIND_REQUEST, record->id, PART_WHOLE });
    writer_moment(&bundle->writer, "recorded", record->at_ms);
    agent(bundle, user);
    bytes_told(bundle, record);
    bundle_close(bundle);
}

void fhir_provenance_refill(struct bundle *bundle, const struct refill_record *refill)
{
    struct writer *writer = &bundle->writer;
    bundle_open(bundle, (struct identity){ KIND_PROVENANCE, refill->id, PROVENANCE_REFILL });
    writer_array(writer, "target");
    bundle_reference(bundle, NULL, (struct identity){ KIND_ADMINISTRATION, refill->id, PART_WHOLE });
    for (unsigned part = OBSERVATION_EXPECTED; part <= OBSERVATION_DIFFERENCE; part++)
        bundle_reference(bundle, NULL, (struct identity){ KIND_OBSERVATION, refill->id, part });
    writer_end(writer);
    writer_moment(writer, "recorded", refill->at_ms);
    agent(bundle, refill->user);
    bundle_close(bundle);
}
