/* visits.c - visits, their outcomes and their notes. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/visits.h"

#include "clinic/records/rows.h"
#include "clinic/records/sealed.h"

static void visit_of(const struct value *values, struct visit_record *visit)
{
    *visit = (struct visit_record){ .id = values[0].integer,
                                    .patient = values[AT(VISITS, PATIENT)].integer,
                                    .implant = values[AT(VISITS, IMPLANT)].integer,
                                    .user = values[AT(VISITS, USER)].integer,
                                    .workflow = values[AT(VISITS, WORKFLOW)].integer,
                                    .opened_ms = values[AT(VISITS, OPENED)].integer,
                                    .closed_ms = values[AT(VISITS, CLOSED)].integer,
                                    .outcome = values[AT(VISITS, OUTCOME)].integer,
                                    .reasons = (verdict)values[AT(VISITS, REASONS)].integer,
                                    .command_id = values[AT(VISITS, COMMAND_ID)].integer,
                                    .programmer = values[AT(VISITS, PROGRAMMER)].integer };
}

/* Is the pump this patient's? */
static enum records_fault implant_judge(struct records *records, int64_t patient, int64_t implant)
{
    struct rows_reading reading;
    if (implant == 0)
        return RECORDS_OK;
    enum records_fault fault = rows_by_id(records, TABLE_IMPLANTS, implant, &reading);
    if (fault == RECORDS_OK && reading.values[AT(IMPLANTS, PATIENT)].integer != patient)
        fault = records_fail(records, RECORDS_REFUSED, "implant %lld is not in patient %lld", (long long)implant,
                             (long long)patient);
    rows_done(&reading);
    return fault;
}

enum records_fault visits_open(struct records *records, int64_t patient, int64_t implant, int64_t workflow, int64_t *id)
{
    return visits_open_at(records, patient, implant, workflow, records->at_ms, id);
}

enum records_fault visits_open_at(struct records *records, int64_t patient, int64_t implant, int64_t workflow,
                                  int64_t opened_ms, int64_t *id)
{
    struct value values[ROW_VALUES_MAX] = { value_nothing() };
    enum records_fault fault = records_writable(records);
    if (fault == RECORDS_OK && list_word(LIST_WORKFLOW, workflow) == NULL)
        fault = records_fail(records, RECORDS_MALFORMED, "there is no workflow %lld", (long long)workflow);
    if (fault == RECORDS_OK)
        fault = implant_judge(records, patient, implant);
    if (fault != RECORDS_OK)
        return fault;
    values[AT(VISITS, PATIENT)] = value_integer(patient);
    values[AT(VISITS, IMPLANT)] = value_link(implant);
    values[AT(VISITS, USER)] = value_link(records->user);
    values[AT(VISITS, WORKFLOW)] = value_integer(workflow);
    values[AT(VISITS, OPENED)] = value_integer(opened_ms);
    values[AT(VISITS, OUTCOME)] = value_integer(WORD_OUTCOME_OPEN);
    return rows_insert(records, TABLE_VISITS, values, id);
}

static enum records_fault outcome_write(struct records *records, int64_t id, int64_t outcome, verdict reasons,
                                        int64_t command_id, bool settled)
{
    struct rows_reading reading;
    if (list_word(LIST_OUTCOME, outcome) == NULL || outcome == WORD_OUTCOME_OPEN)
        return records_fail(records, RECORDS_MALFORMED, "a visit ends applied, not applied or unknown");
    enum records_fault fault = rows_to_change(records, TABLE_VISITS, id, &reading);
    if (fault == RECORDS_OK && !settled && reading.values[AT(VISITS, OUTCOME)].integer != WORD_OUTCOME_OPEN &&
        reading.values[AT(VISITS, OUTCOME)].integer != WORD_OUTCOME_UNKNOWN)
        fault = records_fail(records, RECORDS_REFUSED, "visit %lld has ended already", (long long)id);
    if (fault == RECORDS_OK) {
        reading.values[AT(VISITS, CLOSED)] = value_integer(records->at_ms);
        reading.values[AT(VISITS, OUTCOME)] = value_integer(outcome);
        reading.values[AT(VISITS, REASONS)] = value_moment((int64_t)reasons);
        reading.values[AT(VISITS, COMMAND_ID)] = value_moment(command_id);
        fault = rows_update(records, TABLE_VISITS, reading.values, WORD_ACTION_UPDATE);
    }
    rows_done(&reading);
    return fault;
}

enum records_fault visits_close(struct records *records, int64_t id, int64_t outcome, verdict reasons,
                                int64_t command_id)
{
    return outcome_write(records, id, outcome, reasons, command_id, false);
}

enum records_fault visits_correct(struct records *records, int64_t id, int64_t outcome, verdict reasons,
                                  int64_t command_id)
{
    return outcome_write(records, id, outcome, reasons, command_id, true);
}

enum records_fault visits_sent_by(struct records *records, int64_t id, int64_t programmer)
{
    struct rows_reading reading;
    enum records_fault fault = rows_to_change(records, TABLE_VISITS, id, &reading);
    if (fault == RECORDS_OK) {
        reading.values[AT(VISITS, PROGRAMMER)] = value_moment(programmer);
        fault = rows_update(records, TABLE_VISITS, reading.values, WORD_ACTION_UPDATE);
    }
    rows_done(&reading);
    return fault;
}

/* Where the note of a visit is. */
static enum records_fault note_place(struct records *records, int64_t id, struct sealed_place *place)
{
    struct visit_record visit;
    enum records_fault fault = visits_read(records, id, &visit);
    if (fault == RECORDS_OK)
        *place = (struct sealed_place){ visit.patient, TABLE_VISITS, id, SEALED_NOTE };
    return fault;
}

enum records_fault visits_note(struct records *records, int64_t id, const char *text)
{
    struct sealed_place place;
    enum records_fault fault = note_place(records, id, &place);
    return fault == RECORDS_OK ? sealed_put(records, &place, text) : fault;
}

enum records_fault visits_note_read(struct records *records, int64_t id, char *text, size_t room)
{
    struct sealed_place place;
    enum records_fault fault = note_place(records, id, &place);
    return fault == RECORDS_OK ? sealed_get(records, &place, text, room) : fault;
}

enum records_fault visits_read(struct records *records, int64_t id, struct visit_record *visit)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(records, TABLE_VISITS, id, &reading);
    if (fault == RECORDS_OK)
        visit_of(reading.values, visit);
    rows_done(&reading);
    return fault;
}

enum records_fault visits_list(struct records *records, int64_t patient, struct visit_record *visits, unsigned room,
                               unsigned *count)
{
    const struct value bound[] = { value_integer(patient), value_integer(room) };
    struct rows_reading reading;
    enum records_fault fault = rows_read(
        records, TABLE_VISITS, "WHERE patient_id = ? ORDER BY opened_ms DESC, id DESC LIMIT ?", bound, 2, &reading);
    for (*count = 0; fault == RECORDS_OK && *count < room; fault = rows_next(records, TABLE_VISITS, &reading))
        visit_of(reading.values, &visits[(*count)++]);
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

enum records_fault visits_unknown(struct records *records, int64_t implant, int64_t *count)
{
    const struct value bound[] = { value_integer(implant), value_integer(WORD_OUTCOME_UNKNOWN) };
    bool found = false;
    return records_database(records, database_ask(&records->database,
                                                  "SELECT count(*) FROM visits WHERE implant_id = ? AND outcome = ?",
                                                  bound, 2, count, &found));
}
