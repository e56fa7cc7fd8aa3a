/* therapies.c - therapies as bytes, checked when they come and when they go. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/therapies.h"

#include "clinic/records/implants.h"
#include "clinic/records/rows.h"
#include "link/hash.h"

static enum records_fault therapy_fits(struct records *records, int64_t implant, const uint8_t *bytes, size_t size,
                                       uint16_t formulary_version, const char *region)
{
    struct therapy therapy;
    struct implant pump;
    if (therapy_decode(bytes, size, &therapy) != RESULT_OK)
        return records_fail(records, RECORDS_MALFORMED, "these %zu bytes are not the canonical bytes of a therapy", size);
    enum records_fault fault = implants_read(records, implant, &pump);
    if (fault != RECORDS_OK)
        return fault;
    if (strcmp(therapy.serial, pump.serial) != 0)
        return records_fail(records, RECORDS_REFUSED, "the therapy is for pump %s, and implant %lld is %s", therapy.serial,
                            (long long)implant, pump.serial);
    if (therapy.formulary_version != formulary_version || strcmp(therapy.region, region) != 0)
        return records_fail(
            records, RECORDS_REFUSED,
            "the therapy names release %u of the drug library for %s, and was checked against release %u for %s",
            therapy.formulary_version, therapy.region, formulary_version, region);
    return RECORDS_OK;
}

enum records_fault therapies_add(struct records *records, int64_t implant, int64_t visit, const uint8_t *bytes, size_t size,
                                 uint16_t formulary_version, const char *region, int64_t *id)
{
    struct value values[ROW_VALUES_MAX] = { value_nothing() };
    uint8_t hash[HASH_BYTES];
    enum records_fault fault = records_writable(records);
    if (fault == RECORDS_OK)
        fault = therapy_fits(records, implant, bytes, size, formulary_version, region);
    if (fault != RECORDS_OK)
        return fault;
    hash_of(bytes, size, hash);
    values[AT(THERAPIES, IMPLANT)] = value_integer(implant);
    values[AT(THERAPIES, VISIT)] = value_integer(visit);
    values[AT(THERAPIES, AT)] = value_integer(records->at_ms);
    values[AT(THERAPIES, FORMULARY)] = value_integer(formulary_version);
    values[AT(THERAPIES, REGION)] = value_text(region);
    values[AT(THERAPIES, HASH)] = value_bytes(hash, sizeof hash);
    values[AT(THERAPIES, CANONICAL)] = value_bytes(bytes, size);
    return rows_insert(records, TABLE_THERAPIES, values, id);
}

static enum records_fault therapy_of(struct records *records, const struct value *values, struct therapy_record *therapy)
{
    const struct value *canonical = &values[AT(THERAPIES, CANONICAL)], *kept = &values[AT(THERAPIES, HASH)];
    *therapy = (struct therapy_record){ .id = values[0].integer,
                                        .implant = values[AT(THERAPIES, IMPLANT)].integer,
                                        .visit = values[AT(THERAPIES, VISIT)].integer,
                                        .at_ms = values[AT(THERAPIES, AT)].integer,
                                        .formulary_version = values[AT(THERAPIES, FORMULARY)].integer };
    rows_text(&values[AT(THERAPIES, REGION)], therapy->region, sizeof therapy->region);
    if (canonical->size <= sizeof therapy->canonical) {
        therapy->size = canonical->size;
        memcpy(therapy->canonical, canonical->bytes, canonical->size);
        hash_of(therapy->canonical, therapy->size, therapy->hash);
    }
    if (kept->size == HASH_BYTES && memcmp(kept->bytes, therapy->hash, HASH_BYTES) == 0)
        return RECORDS_OK;
    return records_fail(records, RECORDS_DAMAGED, "%s: therapy %lld was changed from outside: its bytes have another hash",
                        records->database.place, (long long)therapy->id);
}

enum records_fault therapies_read(struct records *records, int64_t id, struct therapy_record *therapy)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(records, TABLE_THERAPIES, id, &reading);
    if (fault == RECORDS_OK)
        fault = therapy_of(records, reading.values, therapy);
    rows_done(&reading);
    return fault;
}

enum records_fault therapies_newest(struct records *records, int64_t implant, struct therapy_record *therapy)
{
    const struct value bound[] = { value_integer(implant), value_integer(implant), value_integer(WORD_OUTCOME_NOT_APPLIED) };
    struct rows_reading reading;
    enum records_fault fault =
        rows_read(records, TABLE_THERAPIES,
                  "WHERE implant_id = ? AND visit_id NOT IN (SELECT id FROM visits WHERE implant_id = ? AND outcome = ?) "
                  "ORDER BY at_ms DESC, id DESC LIMIT 1",
                  bound, 3, &reading);
    if (fault == RECORDS_OK)
        fault = therapy_of(records, reading.values, therapy);
    rows_done(&reading);
    return fault == RECORDS_MISSING ? records_fail(records, fault, "%s: implant %lld has had no therapy yet",
                                                   records->database.place, (long long)implant)
                                    : fault;
}
