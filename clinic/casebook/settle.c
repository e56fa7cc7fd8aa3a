/* settle.c - visits whose outcome was unknown, closed by what the pump tells later. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/settle.h"

#include "clinic/records/implants.h"
#include "clinic/records/rows.h"
#include "clinic/records/visits.h"
#include "core/catalog.h"
#include "core/text.h"

enum { UNKNOWN_MAX = 16 }; /* at once; the next call goes on */

struct kept_hash {
    int64_t id; /* of the row; 0: there is none */
    uint8_t hash[TOKEN_BYTES];
};

static enum records_fault hash_read(struct records *records, const char *tail, const struct value *bound,
                                    unsigned count, struct kept_hash *kept)
{
    struct rows_reading reading;
    *kept = (struct kept_hash){ .id = 0 };
    enum records_fault fault = rows_read(records, TABLE_THERAPIES, tail, bound, count, &reading);
    const struct value *hash = &reading.values[AT(THERAPIES, HASH)];
    if (fault == RECORDS_OK && hash->size == TOKEN_BYTES) {
        kept->id = reading.values[0].integer;
        memcpy(kept->hash, hash->bytes, TOKEN_BYTES);
    }
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

/* Has this visit brought the therapy in force? A pump's token is the hash of its therapy's bytes; one that may have been in force
 * before tells nothing. */
static enum records_fault in_force(struct records *records, const struct visit_record *visit,
                                   const struct interrogation *seen, bool *is)
{
    const struct value own = value_integer(visit->id);
    struct kept_hash kept, before;
    *is = false;
    enum records_fault fault = hash_read(records, "WHERE visit_id = ? ORDER BY id DESC LIMIT 1", &own, 1, &kept);
    if (fault != RECORDS_OK || kept.id == 0 || !seen->has_therapy || memcmp(kept.hash, seen->token, TOKEN_BYTES) != 0)
        return fault;
    const struct value earlier[] = { value_integer(visit->implant), value_integer(kept.id) };
    fault = hash_read(records, "WHERE implant_id = ? AND id < ? ORDER BY id DESC LIMIT 1", earlier, 2, &before);
    *is = fault == RECORDS_OK && (before.id != 0 ? memcmp(before.hash, kept.hash, TOKEN_BYTES) != 0
                                                 : visit->workflow == WORD_WORKFLOW_IMPLANT);
    return fault;
}

/* Was the command the last of its visit's? Two workflows give several, and what is half done is not done. */
static bool is_last(const struct visit_record *visit, uint8_t kind, const struct interrogation *seen)
{
    if (visit->workflow == WORD_WORKFLOW_EXPLANT)
        return kind == COMMAND_REFILL || seen->stretches == 0;
    return visit->workflow != WORD_WORKFLOW_MRI_BEFORE || kind == COMMAND_MRI_BEGIN;
}

static bool is_of(const struct receipt *receipt, const struct visit_record *visit)
{
    return receipt->id != 0 && receipt->id <= INT64_MAX && (int64_t)receipt->id == visit->command_id &&
           receipt->outcome != 0;
}

/* What became of the visit's last command; outcome 0: nobody here knows. */
static struct receipt receipt_of(const struct visit_record *visit, const struct interrogation *seen,
                                 const struct key *key)
{
    struct receipt none = { .outcome = 0 };
    bool own = key != NULL && visit->programmer == casebook_mark(key);
    if (visit->programmer != 0 && !own)
        return none; /* another programmer counts from the beginning: its numbers say nothing of this one's */
    if (is_of(&seen->settled, visit))
        return seen->settled;
    if (own && is_of(&key->last, visit))
        return key->last;
    if (own && visit->command_id > 0 && key->pending.id == 0 && key->command_id < (uint64_t)visit->command_id)
        none.outcome = OUTCOME_NOT_APPLIED; /* never sent */
    return none;
}

static enum records_fault one_settle(struct records *records, const struct visit_record *visit,
                                     const struct interrogation *seen, const struct key *key)
{
    const struct receipt receipt = receipt_of(visit, seen, key);
    bool applied = false;
    enum records_fault fault = in_force(records, visit, seen, &applied);
    if (fault != RECORDS_OK || (!applied && receipt.outcome == 0))
        return fault;
    applied = applied || (receipt.outcome == OUTCOME_APPLIED && is_last(visit, receipt.kind, seen));
    fault = visits_close(records, visit->id, applied ? WORD_OUTCOME_APPLIED : WORD_OUTCOME_NOT_APPLIED,
                         !applied ? receipt.reasons : 0, visit->command_id);
    if (fault == RECORDS_OK && visit->workflow == WORD_WORKFLOW_EXPLANT && applied)
        fault = implants_explant(records, visit->implant, records->at_ms);
    return fault;
}

/* The newest of them first: a therapy in force is that of the last that may have brought it. */
static enum records_fault unknown_list(struct records *records, int64_t implant, int64_t ids[UNKNOWN_MAX],
                                       unsigned *count)
{
    const struct value bound[] = { value_integer(implant), value_integer(WORD_OUTCOME_UNKNOWN),
                                   value_integer(UNKNOWN_MAX) };
    struct rows_reading reading;
    enum records_fault fault = rows_read(
        records, TABLE_VISITS, "WHERE implant_id = ? AND outcome = ? ORDER BY id DESC LIMIT ?", bound, 3, &reading);
    for (*count = 0; fault == RECORDS_OK && *count < UNKNOWN_MAX; fault = rows_next(records, TABLE_VISITS, &reading))
        ids[(*count)++] = reading.values[0].integer;
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

static enum records_fault all_settle(struct records *records, const struct casebook *casebook,
                                     const struct interrogation *seen, const struct key *key)
{
    int64_t ids[UNKNOWN_MAX];
    unsigned count = 0;
    struct visit_record visit;
    enum records_fault fault = unknown_list(records, casebook->implant, ids, &count);
    for (unsigned i = 0; i < count && fault == RECORDS_OK; i++) {
        fault = visits_read(records, ids[i], &visit);
        if (fault == RECORDS_OK)
            fault = one_settle(records, &visit, seen, key);
    }
    return fault;
}

enum records_fault casebook_settle(struct records *records, const struct casebook *casebook,
                                   const struct interrogation *seen, const struct key *key, int64_t at_ms,
                                   int64_t *left)
{
    int64_t unknown = 0;
    if (!text_same(seen->serial, casebook->serial))
        return records_fail(records, RECORDS_REFUSED, "pump %s answered, and the record is of pump %s", seen->serial,
                            casebook->serial);
    enum records_fault fault = RECORDS_OK;
    if (casebook->implant != 0)
        fault = visits_unknown(records, casebook->implant, &unknown);
    if (fault == RECORDS_OK && unknown > 0) {
        fault = records_begin(records, at_ms);
        if (fault != RECORDS_OK)
            return fault;
        fault = all_settle(records, casebook, seen, key);
        if (fault == RECORDS_OK)
            fault = visits_unknown(records, casebook->implant, &unknown);
        if (fault == RECORDS_OK)
            fault = records_commit(records);
        else
            records_rollback(records);
    }
    if (fault == RECORDS_OK && left != NULL)
        *left = unknown;
    return fault;
}
