/* casebook.c - what the records know before a workflow, and how it ended. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/casebook.h"

#include <stdio.h>

#include "clinic/casebook/history.h"
#include "clinic/records/audit.h"
#include "clinic/records/catheters.h"
#include "clinic/records/implants.h"
#include "clinic/records/patients.h"
#include "clinic/records/refills.h"
#include "clinic/records/rows.h"
#include "clinic/records/visits.h"
#include "core/calendar.h"
#include "link/cipher.h"
#include "link/hash.h"

_Static_assert((int)TYPED_BYTES >= (int)PATIENT_NAME_BYTES, "who a patient is can be typed whole");

/* Who it is, and what was given to them. */
static enum records_fault patient_read(struct records *records, struct casebook *book)
{
    struct patient patient;
    enum records_fault fault = patients_read(records, book->patient, &patient);
    if (fault == RECORDS_OK && patient.purged_ms != 0)
        fault =
            records_fail(records, RECORDS_REFUSED, "patient %lld was purged: nobody can say any more whose pump %s is",
                         (long long)book->patient, book->serial);
    if (fault == RECORDS_OK)
        memcpy(book->name, patient.name, sizeof patient.name);
    cipher_forget(&patient, sizeof patient);
    return fault == RECORDS_OK ? history_of_patient(records, book->patient, &book->history) : fault;
}

/* The newest READINGS_MAX, the oldest of them first. */
static enum records_fault readings_make(struct records *records, struct casebook *book)
{
    struct rows_reading reading;
    const struct value bound[] = { value_integer(book->implant), value_integer(book->implant),
                                   value_integer(WORD_OUTCOME_NOT_APPLIED), value_integer(READINGS_MAX) };
    struct readings *readings = &book->readings;
    enum records_fault fault = rows_read(
        records, TABLE_REFILLS,
        "WHERE implant_id = ? AND visit_id NOT IN (SELECT id FROM visits WHERE implant_id = ? AND outcome = ?) "
        "ORDER BY at_ms DESC, id DESC LIMIT ?",
        bound, 4, &reading);
    for (; fault == RECORDS_OK && readings->count < READINGS_MAX; fault = rows_next(records, TABLE_REFILLS, &reading)) {
        const struct value *values = reading.values;
        struct civil_date date = civil_date((civil_ms){ values[AT(REFILLS, AT)].integer });
        struct reading *one = &readings->reading[readings->count++];
        one->expected.nl = values[AT(REFILLS, EXPECTED)].integer;
        one->found.nl = values[AT(REFILLS, FOUND)].integer + values[AT(REFILLS, LEFT)].integer;
        (void)snprintf(one->date, sizeof one->date, "%04d-%02u-%02u", (int)date.year % 10000, date.month % 100U,
                       date.day % 100U);
    }
    rows_done(&reading);
    for (unsigned i = 0; i < readings->count / 2; i++) {
        struct reading swapped = readings->reading[i];
        readings->reading[i] = readings->reading[readings->count - 1 - i];
        readings->reading[readings->count - 1 - i] = swapped;
    }
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

enum records_fault casebook_of_pump(struct records *records, const char *serial, struct casebook *casebook)
{
    struct casebook book = { .patient = 0 };
    struct implant implant;
    struct catheter catheter;
    enum records_fault fault = implants_find(records, serial, &implant);
    if (fault != RECORDS_OK)
        return fault;
    book.patient = implant.patient;
    book.implant = implant.id;
    book.model = implant.model;
    book.explanted_ms = implant.explanted_ms;
    memcpy(book.serial, implant.serial, sizeof book.serial);
    fault = patient_read(records, &book);
    if (fault == RECORDS_OK) {
        fault = catheters_in_place(records, implant.id, &catheter);
        book.dead_volume.nl = fault == RECORDS_OK ? catheter.dead_volume.nl : 0;
        fault = fault == RECORDS_MISSING ? RECORDS_OK : fault;
    }
    if (fault == RECORDS_OK)
        fault = readings_make(records, &book);
    if (fault == RECORDS_OK)
        fault = visits_unknown(records, implant.id, &book.unknown);
    if (fault == RECORDS_OK)
        *casebook = book;
    return fault;
}

enum records_fault casebook_of_patient(struct records *records, int64_t patient, const char *serial,
                                       struct casebook *casebook)
{
    struct casebook book = { .patient = patient };
    struct implant implant;
    if (!rows_text_good(serial, 1, SERIAL_BYTES - 1))
        return records_fail(records, RECORDS_MALFORMED, "a serial has 1 to %d bytes", SERIAL_BYTES - 1);
    enum records_fault fault = implants_find(records, serial, &implant);
    if (fault == RECORDS_OK)
        return records_fail(records, RECORDS_EXISTS, "%s: the pump %s is there already, as implant %lld",
                            records->database.place, serial, (long long)implant.id);
    if (fault != RECORDS_MISSING)
        return fault;
    memcpy(book.serial, serial, strlen(serial));
    fault = patient_read(records, &book);
    if (fault == RECORDS_OK) {
        fault = implants_in_place(records, patient, &implant);
        if (fault == RECORDS_OK)
            memcpy(book.other, implant.serial, sizeof book.other);
        fault = fault == RECORDS_MISSING ? RECORDS_OK : fault;
    }
    if (fault == RECORDS_OK)
        *casebook = book;
    return fault;
}

int64_t casebook_mark(const struct key *key)
{
    uint8_t mark[HASH_BYTES];
    int64_t number = 0;
    hash_keyed(key->secret, key->pump_id, PUMP_ID_BYTES, mark, sizeof mark);
    for (unsigned i = 0; i < 7; i++)
        number = number << 8 | mark[i];
    return number + 1;
}

void casebook_practice(const struct casebook *casebook, struct practice *practice)
{
    practice->readings = &casebook->readings;
    practice->history = &casebook->history;
    practice->has_record = true;
    memcpy(practice->patient, casebook->name, sizeof practice->patient);
    memcpy(practice->serial, casebook->serial, sizeof practice->serial);
    practice->model = casebook->model;
    memcpy(practice->other, casebook->other, sizeof practice->other);
    practice->dead_volume = casebook->dead_volume;
    practice->accounts = true;
}

static enum list_word action_of(const struct workflow *workflow)
{
    switch ((enum ending)workflow->ending) {
    case ENDING_NONE:
        break;
    case ENDING_DONE:
        return workflow->change == CHANGE_UNKNOWN ? WORD_ACTION_WORKFLOW_UNKNOWN : WORD_ACTION_WORKFLOW_DONE;
    case ENDING_ABANDONED:
        return WORD_ACTION_WORKFLOW_ABANDONED;
    case ENDING_IDLE:
        return WORD_ACTION_WORKFLOW_IDLE;
    case ENDING_OTHER_PUMP:
        return WORD_ACTION_WORKFLOW_OTHER_PUMP;
    case ENDING_NOT_APPLIED:
        return WORD_ACTION_WORKFLOW_NOT_APPLIED;
    case ENDING_UNSETTLED:
        return WORD_ACTION_WORKFLOW_UNKNOWN;
    case ENDING_NO_CONTACT:
        return WORD_ACTION_WORKFLOW_NO_CONTACT;
    }
    return LIST_WORD_NONE;
}

enum records_fault casebook_audit(struct records *records, const struct casebook *casebook,
                                  const struct workflow *workflow, int64_t at_ms)
{
    enum list_word action = action_of(workflow);
    struct implant implant = { .id = casebook->implant };
    if (action == LIST_WORD_NONE)
        return records_fail(records, RECORDS_REFUSED, "the workflow has not ended yet");
    enum records_fault fault = RECORDS_OK;
    if (casebook->implant == 0) /* unless it was recorded by this very workflow */
        fault = implants_find(records, casebook->serial, &implant);
    bool there = fault == RECORDS_OK && (casebook->implant != 0 || implant.patient == casebook->patient);
    if (fault != RECORDS_OK && fault != RECORDS_MISSING)
        return fault;
    fault = records_begin_note(records, at_ms);
    if (fault != RECORDS_OK)
        return fault;
    fault = audit_append(records, action, there ? TABLE_IMPLANTS : TABLE_PATIENTS,
                         there ? implant.id : casebook->patient, NULL);
    if (fault == RECORDS_OK)
        return records_commit(records);
    records_rollback(records);
    return fault;
}
