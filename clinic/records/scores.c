/* scores.c - what patients report of their pain. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/scores.h"

#include "clinic/records/rows.h"
#include "clinic/records/sealed.h"

static void score_of(const struct value *values, struct score_record *score)
{
    const struct value *relief = &values[AT(SCORES, RELIEF)];
    *score =
        (struct score_record){ .id = values[0].integer,
                               .patient = values[AT(SCORES, PATIENT)].integer,
                               .visit = values[AT(SCORES, VISIT)].integer,
                               .user = values[AT(SCORES, USER)].integer,
                               .at_ms = values[AT(SCORES, AT)].integer,
                               .scale = values[AT(SCORES, SCALE)].integer,
                               .pain = values[AT(SCORES, PAIN)].integer,
                               .relief_percent = relief->kind == VALUE_INTEGER ? relief->integer : SCORE_NOT_SAID };
}

static enum records_fault form_judge(struct records *records, const struct score_record *score)
{
    if (list_word(LIST_SCALE, score->scale) == NULL)
        return records_fail(records, RECORDS_MALFORMED, "there is no scale %lld of pain", (long long)score->scale);
    if (score->pain < 0 || score->pain > SCORE_NRS_MAX)
        return records_fail(records, RECORDS_MALFORMED, "pain is a whole number from 0 to %d", SCORE_NRS_MAX);
    if (score->relief_percent < SCORE_NOT_SAID || score->relief_percent > SCORE_RELIEF_MAX)
        return records_fail(records, RECORDS_MALFORMED, "relief is from 0 to %d %%, or not said", SCORE_RELIEF_MAX);
    if (score->at_ms < 0 || score->at_ms > records->at_ms)
        return records_fail(records, RECORDS_MALFORMED, "a score is said now or was said before");
    return RECORDS_OK;
}

/* Is there this patient, and was the visit theirs? */
static enum records_fault place_judge(struct records *records, const struct score_record *score)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(records, TABLE_PATIENTS, score->patient, &reading);
    rows_done(&reading);
    if (fault != RECORDS_OK || score->visit == 0)
        return fault;
    fault = rows_by_id(records, TABLE_VISITS, score->visit, &reading);
    if (fault == RECORDS_OK && reading.values[AT(VISITS, PATIENT)].integer != score->patient)
        fault = records_fail(records, RECORDS_REFUSED, "visit %lld is not one of patient %lld", (long long)score->visit,
                             (long long)score->patient);
    rows_done(&reading);
    return fault;
}

enum records_fault scores_add(struct records *records, const struct score_record *score, const char *note, int64_t *id)
{
    struct value values[ROW_VALUES_MAX] = { value_nothing() };
    int64_t made = 0;
    enum records_fault fault = records_writable(records);
    if (fault == RECORDS_OK)
        fault = form_judge(records, score);
    if (fault == RECORDS_OK)
        fault = place_judge(records, score);
    if (fault != RECORDS_OK)
        return fault;
    values[AT(SCORES, PATIENT)] = value_integer(score->patient);
    values[AT(SCORES, VISIT)] = value_link(score->visit);
    values[AT(SCORES, USER)] = value_link(records->user);
    values[AT(SCORES, AT)] = value_integer(score->at_ms == 0 ? records->at_ms : score->at_ms);
    values[AT(SCORES, SCALE)] = value_integer(score->scale);
    values[AT(SCORES, PAIN)] = value_integer(score->pain);
    if (score->relief_percent != SCORE_NOT_SAID)
        values[AT(SCORES, RELIEF)] = value_integer(score->relief_percent);
    fault = rows_insert(records, TABLE_SCORES, values, &made);
    const struct sealed_place place = { score->patient, TABLE_SCORES, made, SEALED_NOTE };
    if (fault == RECORDS_OK && note != NULL)
        fault = sealed_put(records, &place, note);
    if (fault == RECORDS_OK && id != NULL)
        *id = made;
    return fault;
}

enum records_fault scores_read(struct records *records, int64_t id, struct score_record *score)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(records, TABLE_SCORES, id, &reading);
    if (fault == RECORDS_OK)
        score_of(reading.values, score);
    rows_done(&reading);
    return fault;
}

enum records_fault scores_note_read(struct records *records, int64_t id, char *text, size_t room)
{
    struct score_record score;
    enum records_fault fault = scores_read(records, id, &score);
    if (fault != RECORDS_OK)
        return fault;
    const struct sealed_place place = { score.patient, TABLE_SCORES, id, SEALED_NOTE };
    return sealed_get(records, &place, text, room);
}

enum records_fault scores_list(struct records *records, int64_t patient, struct score_record *scores, unsigned room,
                               unsigned *count)
{
    const struct value bound[] = { value_integer(patient), value_integer(room) };
    struct rows_reading reading;
    enum records_fault fault = rows_read(
        records, TABLE_SCORES, "WHERE patient_id = ? ORDER BY at_ms DESC, id DESC LIMIT ?", bound, 2, &reading);
    for (*count = 0; fault == RECORDS_OK && *count < room; fault = rows_next(records, TABLE_SCORES, &reading))
        score_of(reading.values, &scores[(*count)++]);
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}
