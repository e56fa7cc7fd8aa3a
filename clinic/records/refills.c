/* refills.c - refills, their drugs and lots, and the trend of what was found. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/refills.h"

#include "clinic/records/rows.h"
#include "clinic/records/sealed.h"

vol_nl refills_discrepancy(const struct refill_record *refill)
{
    return (vol_nl){ refill->found.nl + refill->left.nl - refill->expected.nl };
}

static bool volume_good(vol_nl volume)
{
    return volume.nl >= 0 && volume.nl <= VOL_NL_MAX;
}

static enum records_fault form_judge(struct records *records, const struct refill_record *refill)
{
    struct mixture mixture = { .count = (uint8_t)refill->drugs };
    bool lots = refill->drugs <= MIXTURE_DRUGS_MAX;
    for (unsigned i = 0; lots && i < refill->drugs; i++) {
        mixture.component[i] = (struct component){ refill->drug[i].drug, refill->drug[i].conc };
        lots = rows_text_good(refill->drug[i].lot, 0, REFILL_LOT_BYTES - 1);
    }
    if (!lots || !mixture_valid(&mixture))
        return records_fail(records, RECORDS_MALFORMED,
                            "a refill holds up to %d known drugs, the adjuvants by code, with concentrations "
                            "and lots of up to %d bytes",
                            MIXTURE_DRUGS_MAX, REFILL_LOT_BYTES - 1);
    if (!volume_good(refill->expected) || !volume_good(refill->found) || !volume_good(refill->left) ||
        !volume_good(refill->filled) || !volume_good(refill->drawn_up) || refill->filled.nl > refill->drawn_up.nl)
        return records_fail(records, RECORDS_MALFORMED,
                            "a volume of the refill is out of range, or more was filled than drawn up");
    if (list_word(LIST_CAUSE, refill->cause) == NULL)
        return records_fail(records, RECORDS_MALFORMED, "there is no cause %lld of a discrepancy", (long long)refill->cause);
    return RECORDS_OK;
}

static enum records_fault drugs_add(struct records *records, const struct refill_record *refill, int64_t id)
{
    enum records_fault fault = RECORDS_OK;
    for (unsigned i = 0; i < refill->drugs && fault == RECORDS_OK; i++) {
        struct value values[ROW_VALUES_MAX] = { value_nothing() };
        values[AT(REFILL_DRUGS, REFILL)] = value_integer(id);
        values[AT(REFILL_DRUGS, PLACE)] = value_integer(i);
        values[AT(REFILL_DRUGS, DRUG)] = value_integer(refill->drug[i].drug);
        values[AT(REFILL_DRUGS, CONC)] = value_integer(refill->drug[i].conc.ng_ml);
        values[AT(REFILL_DRUGS, LOT)] = value_text(refill->drug[i].lot);
        fault = rows_insert(records, TABLE_REFILL_DRUGS, values, NULL);
    }
    return fault;
}

/* The patient whose pump it is. */
static enum records_fault note_place(struct records *records, int64_t implant, int64_t id, struct sealed_place *place)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(records, TABLE_IMPLANTS, implant, &reading);
    if (fault == RECORDS_OK)
        *place = (struct sealed_place){ reading.values[AT(IMPLANTS, PATIENT)].integer, TABLE_REFILLS, id, SEALED_NOTE };
    rows_done(&reading);
    return fault;
}

enum records_fault refills_add(struct records *records, const struct refill_record *refill, const char *note, int64_t *id)
{
    struct value values[ROW_VALUES_MAX] = { value_nothing() };
    struct sealed_place place;
    int64_t made = 0;
    enum records_fault fault = records_writable(records);
    if (fault == RECORDS_OK)
        fault = form_judge(records, refill);
    if (fault != RECORDS_OK)
        return fault;
    values[AT(REFILLS, IMPLANT)] = value_integer(refill->implant);
    values[AT(REFILLS, VISIT)] = value_integer(refill->visit);
    values[AT(REFILLS, USER)] = value_link(records->user);
    values[AT(REFILLS, AT)] = value_integer(records->at_ms);
    values[AT(REFILLS, EXPECTED)] = value_integer(refill->expected.nl);
    values[AT(REFILLS, FOUND)] = value_integer(refill->found.nl);
    values[AT(REFILLS, LEFT)] = value_integer(refill->left.nl);
    values[AT(REFILLS, FILLED)] = value_integer(refill->filled.nl);
    values[AT(REFILLS, DRAWN_UP)] = value_integer(refill->drawn_up.nl);
    values[AT(REFILLS, CAUSE)] = value_integer(refill->cause);
    fault = rows_insert(records, TABLE_REFILLS, values, &made);
    if (fault == RECORDS_OK)
        fault = drugs_add(records, refill, made);
    if (fault == RECORDS_OK && note != NULL) {
        fault = note_place(records, refill->implant, made, &place);
        fault = fault == RECORDS_OK ? sealed_put(records, &place, note) : fault;
    }
    if (fault == RECORDS_OK && id != NULL)
        *id = made;
    return fault;
}

static enum records_fault drugs_read(struct records *records, struct refill_record *refill)
{
    const struct value bound = value_integer(refill->id);
    struct rows_reading reading;
    enum records_fault fault =
        rows_read(records, TABLE_REFILL_DRUGS, "WHERE refill_id = ? ORDER BY place", &bound, 1, &reading);
    for (; fault == RECORDS_OK && refill->drugs < MIXTURE_DRUGS_MAX;
         fault = rows_next(records, TABLE_REFILL_DRUGS, &reading)) {
        refill->drug[refill->drugs].drug = (uint16_t)reading.values[AT(REFILL_DRUGS, DRUG)].integer;
        refill->drug[refill->drugs].conc.ng_ml = (int32_t)reading.values[AT(REFILL_DRUGS, CONC)].integer;
        rows_text(&reading.values[AT(REFILL_DRUGS, LOT)], refill->drug[refill->drugs].lot, REFILL_LOT_BYTES);
        refill->drugs++;
    }
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

enum records_fault refills_read(struct records *records, int64_t id, struct refill_record *refill)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(records, TABLE_REFILLS, id, &reading);
    const struct value *values = reading.values;
    if (fault == RECORDS_OK)
        *refill = (struct refill_record){ .id = id,
                                          .implant = values[AT(REFILLS, IMPLANT)].integer,
                                          .visit = values[AT(REFILLS, VISIT)].integer,
                                          .user = values[AT(REFILLS, USER)].integer,
                                          .at_ms = values[AT(REFILLS, AT)].integer,
                                          .expected = { values[AT(REFILLS, EXPECTED)].integer },
                                          .found = { values[AT(REFILLS, FOUND)].integer },
                                          .left = { values[AT(REFILLS, LEFT)].integer },
                                          .filled = { values[AT(REFILLS, FILLED)].integer },
                                          .drawn_up = { values[AT(REFILLS, DRAWN_UP)].integer },
                                          .cause = values[AT(REFILLS, CAUSE)].integer };
    rows_done(&reading);
    return fault == RECORDS_OK ? drugs_read(records, refill) : fault;
}

enum records_fault refills_note_read(struct records *records, int64_t id, char *text, size_t room)
{
    struct refill_record refill;
    struct sealed_place place;
    enum records_fault fault = refills_read(records, id, &refill);
    if (fault == RECORDS_OK)
        fault = note_place(records, refill.implant, id, &place);
    return fault == RECORDS_OK ? sealed_get(records, &place, text, room) : fault;
}

enum records_fault refills_trend(struct records *records, int64_t implant, struct refill_trend *trend)
{
    const struct value bound[] = { value_integer(implant), value_integer(implant), value_integer(WORD_OUTCOME_NOT_APPLIED) };
    struct rows_reading reading;
    *trend = (struct refill_trend){ .count = 0 };
    enum records_fault fault =
        rows_read(records, TABLE_REFILLS,
                  "WHERE implant_id = ? AND visit_id NOT IN (SELECT id FROM visits WHERE implant_id = ? AND outcome = ?) "
                  "ORDER BY at_ms, id",
                  bound, 3, &reading);
    for (; fault == RECORDS_OK; fault = rows_next(records, TABLE_REFILLS, &reading)) {
        int64_t nl = reading.values[AT(REFILLS, FOUND)].integer + reading.values[AT(REFILLS, LEFT)].integer -
                     reading.values[AT(REFILLS, EXPECTED)].integer;
        int64_t largest = trend->largest.nl < 0 ? -trend->largest.nl : trend->largest.nl;
        trend->count++;
        trend->sum.nl += nl;
        if ((nl < 0 ? -nl : nl) > largest)
            trend->largest.nl = nl;
    }
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

enum records_fault refills_drugs(struct records *records, int64_t implant, uint16_t *drugs, unsigned room, unsigned *count,
                                 bool *mixed)
{
    const struct value bound = value_integer(implant);
    struct rows_reading reading;
    *count = 0;
    *mixed = false;
    enum records_fault fault =
        rows_read(records, TABLE_REFILL_DRUGS, "WHERE refill_id IN (SELECT id FROM refills WHERE implant_id = ?) ORDER BY drug",
                  &bound, 1, &reading);
    for (; fault == RECORDS_OK; fault = rows_next(records, TABLE_REFILL_DRUGS, &reading)) {
        uint16_t drug = (uint16_t)reading.values[AT(REFILL_DRUGS, DRUG)].integer;
        *mixed |= reading.values[AT(REFILL_DRUGS, PLACE)].integer > 0;
        if (*count < room && (*count == 0 || drugs[*count - 1] != drug))
            drugs[(*count)++] = drug;
    }
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

enum records_fault refills_by_lot(struct records *records, const char *lot, int64_t *ids, unsigned room, unsigned *count)
{
    const struct value bound[] = { value_text(lot), value_integer(room) };
    struct rows_reading reading;
    enum records_fault fault =
        rows_read(records, TABLE_REFILL_DRUGS, "WHERE lot = ? ORDER BY refill_id LIMIT ?", bound, 2, &reading);
    for (*count = 0; fault == RECORDS_OK && *count < room; fault = rows_next(records, TABLE_REFILL_DRUGS, &reading)) {
        int64_t refill = reading.values[AT(REFILL_DRUGS, REFILL)].integer;
        if (*count == 0 || ids[*count - 1] != refill) /* one refill with the lot twice */
            ids[(*count)++] = refill;
    }
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}
