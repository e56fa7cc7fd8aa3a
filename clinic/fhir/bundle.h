/* bundle.h - where resources go: into one collection Bundle, or one NDJSON file for each kind; and the elements that many of
 * them share. FHIR R4 (4.0.1).
 *
 * The id of a resource is a UUID made of the name of the records (chance), its kind, the number of its row and a part: the same
 * in every export, and telling nothing about anybody. RFC 9562 version 8, from BLAKE2b; version 5 would need SHA-1. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_BUNDLE_H
#define CLINIC_FHIR_BUNDLE_H

#include "clinic/fhir/code.h"
#include "clinic/records/vault.h"

#define KIND(name, word) KIND_##name,
enum kind {
#include "clinic/fhir/kind.def"
    KIND_END
};
#undef KIND

#define UNIT(name, ...) UNIT_##name,
enum unit {
#include "clinic/fhir/unit.def"
};
#undef UNIT

struct bundle {
    struct writer writer;
    FILE *file[KIND_END]; /* of NDJSON; the same stream in all of them is one Bundle */
    bool lines;           /* NDJSON */
    bool clear;           /* who somebody is, and serial numbers, stand in it */
    uint8_t name[VAULT_NAME_BYTES];
    uint64_t resources;
};

/* Which resource: kind, the row it is made of, and which of several resources of this kind that row becomes. */
struct identity {
    enum kind kind;
    int64_t row;
    unsigned part;
};

/* What a part means. */
enum { PART_WHOLE = 0, DEVICE_CATHETER = 1, METRIC_FLOW = 0, METRIC_RESERVOIR = 1, USE_CATHETER = 1 };
enum {
    MEDICATION_THERAPY = 0,
    MEDICATION_REFILL = 1,
    MEDICATION_DRUG = 2
}; /* MEDICATION_DRUG + place in the mixture */
enum {
    OBSERVATION_EXPECTED = 0,
    OBSERVATION_FOUND = 1,
    OBSERVATION_DIFFERENCE = 2,
    OBSERVATION_ALARM = 3,
    OBSERVATION_PAIN = 4
};
enum { PROVENANCE_THERAPY = 0, PROVENANCE_REFILL = 1 };

enum { UUID_TEXT_BYTES = 37 };
const char *kind_word(enum kind kind);
void bundle_id(const struct bundle *bundle, struct identity identity, char text[UUID_TEXT_BYTES]);

/* One Bundle on a stream, as of this moment. */
void bundle_begin(struct bundle *bundle, FILE *out, int64_t at_ms);
void bundle_end(struct bundle *bundle);
/* A resource: its type, id and labels; then whatever the caller writes. */
void bundle_open(struct bundle *bundle, struct identity identity);
void bundle_close(struct bundle *bundle);

/* A Reference; nothing for row 0. */
void bundle_reference(struct bundle *bundle, const char *key, struct identity to);
/* The same as the one member of an array. */
void bundle_references(struct bundle *bundle, const char *key, struct identity to);
/* A Quantity of value in the integer's unit of core/quantity.h. */
void bundle_quantity(struct bundle *bundle, const char *key, enum unit unit, int64_t value);
/* A Period; either end may be 0. */
void bundle_period(struct bundle *bundle, const char *key, int64_t from_ms, int64_t to_ms);
/* "urn:uuid:...", naming a system of identifiers that belongs to these records. */
void bundle_system(struct bundle *bundle, const char *word);

#endif
