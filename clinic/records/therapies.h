/* therapies.h - the therapies that were given to a pump, as their canonical bytes, with the release of the drug library each
 * was checked against. REQ-LIBR-06, HZ-24. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_THERAPIES_H
#define CLINIC_RECORDS_THERAPIES_H

#include "clinic/records/records.h"
#include "core/therapy.h"

struct therapy_record {
    int64_t id, implant, visit, at_ms;
    int64_t formulary_version;
    char region[REGION_BYTES];
    uint8_t hash[HASH_BYTES]; /* BLAKE2b-256 of the canonical bytes: what the pump's token is tied to */
    size_t size;
    uint8_t canonical[THERAPY_BYTES_MAX];
};

/* Inside a transaction. RECORDS_MALFORMED unless the bytes are the canonical ones of a therapy; RECORDS_REFUSED when that
 * therapy is for another pump, or names another release or region of the library than it is said to have been checked
 * against. */
enum records_fault therapies_add(struct records *records, int64_t implant, int64_t visit, const uint8_t *bytes, size_t size,
                                 uint16_t formulary_version, const char *region, int64_t *id);
/* RECORDS_DAMAGED when bytes and hash do not agree. */
enum records_fault therapies_read(struct records *records, int64_t id, struct therapy_record *therapy);
/* The newest of a pump that it did not refuse. */
enum records_fault therapies_newest(struct records *records, int64_t implant, struct therapy_record *therapy);

#endif
