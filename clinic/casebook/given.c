/* given.c - a command outside of a workflow. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/casebook/given.h"

#include <stdio.h>

#include "amount/amount.h"
#include "clinic/records/audit.h"
#include "clinic/records/rows.h"
#include "clinic/records/visits.h"
#include "core/catalog.h"

enum { GIVEN_NOTE_BYTES = 160 };

static const struct {
    uint8_t kind;
    int64_t word;
} WORDS[] = {
    { COMMAND_PATIENT_BOLUS, WORD_WORKFLOW_BOLUS },
    { COMMAND_CLINICIAN_BOLUS, WORD_WORKFLOW_BOLUS },
    { COMMAND_STOP, WORD_WORKFLOW_STOP },
    { COMMAND_MINIMUM, WORD_WORKFLOW_MINIMUM },
    { COMMAND_RESUME, WORD_WORKFLOW_RESUME },
    { COMMAND_CANCEL_COURSE, WORD_WORKFLOW_CANCEL },
    { COMMAND_MRI_BEGIN, WORD_WORKFLOW_MRI_BEFORE },
    { COMMAND_MRI_END, WORD_WORKFLOW_MRI_AFTER },
    { COMMAND_CLEAR_ALARM, WORD_WORKFLOW_OTHER },
    { COMMAND_SET_CLOCK, WORD_WORKFLOW_OTHER },
};

int64_t given_word(uint8_t kind)
{
    for (unsigned i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (WORDS[i].kind == kind)
            return WORDS[i].word;
    return 0;
}

static int64_t outcome_of(const struct given_command *given)
{
    return given->change == CHANGE_APPLIED   ? WORD_OUTCOME_APPLIED
           : given->change == CHANGE_UNKNOWN ? WORD_OUTCOME_UNKNOWN
                                             : WORD_OUTCOME_NOT_APPLIED;
}

/* "commands: clinician_bolus, 0.01 mL at 1 mL/day" */
static void note_write(const struct given_command *given, char note[GIVEN_NOTE_BYTES])
{
    const struct command *command = &given->command;
    const char *word = command_word(command->kind);
    char volume[AMOUNT_TEXT_BYTES], rate[AMOUNT_TEXT_BYTES];
    (void)snprintf(note, GIVEN_NOTE_BYTES, "commands: %s%s", word != NULL ? word : "?",
                   command->retitrated ? "; the dose was found anew" : "");
    if (command->kind != COMMAND_CLINICIAN_BOLUS)
        return;
    amount_write_volume(volume, command->volume.nl);
    amount_write_of(rate, DIMENSION_FLOW, command->rate.nl_day);
    (void)snprintf(note, GIVEN_NOTE_BYTES, "commands: %s, %s at %s", word, volume, rate);
}

static enum records_fault there(struct records *records, const struct casebook *casebook,
                                const struct given_command *given, int64_t *visit)
{
    const struct value bound[] = { value_integer(casebook->implant), value_integer((int64_t)given->receipt.id),
                                   value_integer(given->begun_ms) };
    bool found = false;
    return records_database(
        records, database_ask(&records->database,
                              "SELECT id FROM visits WHERE implant_id = ? AND command_id = ? AND opened_ms = ?", bound,
                              3, visit, &found));
}

static enum records_fault visit_add(struct records *records, const struct casebook *casebook,
                                    const struct given_command *given, int64_t *visit)
{
    static const enum list_word ACTIONS[] = { [CHANGE_APPLIED] = WORD_ACTION_WORKFLOW_DONE,
                                              [CHANGE_NOT_APPLIED] = WORD_ACTION_WORKFLOW_NOT_APPLIED,
                                              [CHANGE_UNKNOWN] = WORD_ACTION_WORKFLOW_UNKNOWN };
    char note[GIVEN_NOTE_BYTES];
    note_write(given, note);
    enum records_fault fault = visits_open_at(records, casebook->patient, casebook->implant,
                                              given_word(given->command.kind), given->begun_ms, visit);
    if (fault == RECORDS_OK && casebook->programmer != 0)
        fault = visits_sent_by(records, *visit, casebook->programmer);
    if (fault == RECORDS_OK)
        fault = visits_note(records, *visit, note);
    if (fault == RECORDS_OK)
        fault =
            visits_close(records, *visit, outcome_of(given),
                         given->change == CHANGE_NOT_APPLIED ? given->receipt.reasons : 0, (int64_t)given->receipt.id);
    if (fault == RECORDS_OK)
        fault = audit_append(records, ACTIONS[given->change], TABLE_IMPLANTS, casebook->implant, NULL);
    return fault;
}

enum records_fault casebook_given(struct records *records, const struct casebook *casebook,
                                  const struct given_command *given, int64_t at_ms, int64_t *visit)
{
    int64_t id = 0;
    if (casebook->implant == 0)
        return records_fail(records, RECORDS_REFUSED, "pump %s is not recorded", casebook->serial);
    if (given->change == CHANGE_NONE || given->change > CHANGE_UNKNOWN || given->begun_ms <= 0 ||
        given_word(given->command.kind) == 0 || given->receipt.id > INT64_MAX)
        return records_fail(records, RECORDS_MALFORMED,
                            "this command is no visit of its own, or has no moment or outcome");
    enum records_fault fault = records_begin(records, at_ms);
    if (fault != RECORDS_OK)
        return fault;
    fault = there(records, casebook, given, &id);
    if (fault == RECORDS_OK && id == 0)
        fault = visit_add(records, casebook, given, &id);
    if (fault == RECORDS_OK)
        fault = records_commit(records);
    else
        records_rollback(records);
    if (fault == RECORDS_OK && visit != NULL)
        *visit = id;
    return fault;
}
