/* history.c - doses and scores of a patient, out of the records. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/history.h"

#include "clinic/records/rows.h"
#include "clinic/records/scores.h"
#include "clinic/records/therapies.h"

/* The newest first: the number of each, to be read by itself. */
static enum records_fault therapies_of(struct records *records, int64_t patient, int64_t id[BENEFIT_THERAPIES_MAX],
                                       unsigned *count)
{
    const struct value bound[] = { value_integer(patient), value_integer(WORD_OUTCOME_APPLIED),
                                   value_integer(BENEFIT_THERAPIES_MAX) };
    struct rows_reading reading;
    enum records_fault fault = rows_read(records, TABLE_THERAPIES,
                                         "WHERE implant_id IN (SELECT id FROM implants WHERE patient_id = ?)"
                                         " AND visit_id IN (SELECT id FROM visits WHERE outcome = ?)"
                                         " ORDER BY at_ms DESC, id DESC LIMIT ?",
                                         bound, 3, &reading);
    for (*count = 0; fault == RECORDS_OK && *count < BENEFIT_THERAPIES_MAX;
         fault = rows_next(records, TABLE_THERAPIES, &reading))
        id[(*count)++] = reading.values[0].integer;
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

static enum records_fault therapy_take(struct records *records, int64_t id, struct benefit_history *history)
{
    struct therapy_record record;
    struct therapy therapy;
    enum records_fault fault = therapies_read(records, id, &record);
    if (fault != RECORDS_OK)
        return fault;
    if (therapy_decode(record.canonical, record.size, &therapy) != RESULT_OK)
        return records_fail(records, RECORDS_DAMAGED, "therapy %lld has no canonical bytes", (long long)id);
    const struct benefit_therapy given = benefit_of_therapy(&therapy, record.at_ms);
    benefit_therapy_add(history, &given);
    return RECORDS_OK;
}

enum records_fault history_of_patient(struct records *records, int64_t patient, struct benefit_history *history)
{
    struct score_record scores[BENEFIT_SCORES_MAX];
    int64_t id[BENEFIT_THERAPIES_MAX];
    unsigned therapies = 0, count = 0;
    *history = (struct benefit_history){ .therapies = 0 };
    enum records_fault fault = therapies_of(records, patient, id, &therapies);
    for (unsigned i = therapies; i > 0 && fault == RECORDS_OK; i--) /* the oldest first */
        fault = therapy_take(records, id[i - 1], history);
    if (fault == RECORDS_OK)
        fault = scores_list(records, patient, scores, BENEFIT_SCORES_MAX, &count);
    for (unsigned i = count; i > 0 && fault == RECORDS_OK; i--) {
        const struct benefit_score said = { scores[i - 1].at_ms, (int32_t)scores[i - 1].pain,
                                            (int32_t)scores[i - 1].relief_percent };
        benefit_score_add(history, &said);
    }
    return fault;
}
