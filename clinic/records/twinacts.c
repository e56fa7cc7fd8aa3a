/* twinacts.c - acts upon simulations. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/twinacts.h"

#include <string.h>

#include "clinic/records/audit.h"
#include "clinic/records/rows.h"

static bool is_act(int64_t action)
{
    const char *word = list_word(LIST_ACTION, action);
    return word != NULL && strncmp(word, "twin_", 5) == 0;
}

enum records_fault twinacts_add(struct records *records, const struct twin_act *act, int64_t *id)
{
    struct value values[ROW_VALUES_MAX] = { value_nothing() };
    enum records_fault fault = records_writable(records);
    if (fault == RECORDS_OK && (!is_act(act->action) || !rows_text_good(act->said, 1, TWIN_ACT_SAID_BYTES - 1)))
        fault =
            records_fail(records, RECORDS_MALFORMED, "an act upon a simulation needs its action and how much was said");
    if (fault != RECORDS_OK)
        return fault;
    values[AT(TWIN_ACTS, IMPLANT)] = value_integer(act->implant);
    values[AT(TWIN_ACTS, USER)] = value_link(records->user);
    values[AT(TWIN_ACTS, AT)] = value_integer(records->at_ms);
    values[AT(TWIN_ACTS, ACTION)] = value_integer(act->action);
    values[AT(TWIN_ACTS, SAID)] = value_text(act->said);
    values[AT(TWIN_ACTS, OUTCOME)] = value_integer(WORD_ACT_BEGUN);
    fault = rows_insert(records, TABLE_TWIN_ACTS, values, id);
    return fault == RECORDS_OK ? audit_append(records, (enum list_word)act->action, TABLE_TWIN_ACTS, *id, NULL) : fault;
}

enum records_fault twinacts_end(struct records *records, int64_t id, enum list_word outcome)
{
    struct rows_reading reading;
    if (list_word(LIST_ACT, outcome) == NULL || outcome == WORD_ACT_BEGUN)
        return records_fail(records, RECORDS_MALFORMED, "an act upon a simulation ends done, refused or unanswered");
    enum records_fault fault = rows_to_change(records, TABLE_TWIN_ACTS, id, &reading);
    if (fault == RECORDS_OK && reading.values[AT(TWIN_ACTS, OUTCOME)].integer != WORD_ACT_BEGUN)
        fault = records_fail(records, RECORDS_REFUSED, "act %lld upon a simulation has ended already", (long long)id);
    if (fault == RECORDS_OK) {
        reading.values[AT(TWIN_ACTS, OUTCOME)] = value_integer(outcome);
        fault = rows_update(records, TABLE_TWIN_ACTS, reading.values, WORD_ACTION_UPDATE);
    }
    rows_done(&reading);
    return fault;
}

enum records_fault twinacts_read(struct records *records, int64_t id, struct twin_act *act)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(records, TABLE_TWIN_ACTS, id, &reading);
    const struct value *values = reading.values;
    if (fault == RECORDS_OK) {
        *act = (struct twin_act){ .id = values[0].integer,
                                  .implant = values[AT(TWIN_ACTS, IMPLANT)].integer,
                                  .user = values[AT(TWIN_ACTS, USER)].integer,
                                  .at_ms = values[AT(TWIN_ACTS, AT)].integer,
                                  .action = values[AT(TWIN_ACTS, ACTION)].integer,
                                  .outcome = values[AT(TWIN_ACTS, OUTCOME)].integer };
        rows_text(&values[AT(TWIN_ACTS, SAID)], act->said, sizeof act->said);
    }
    rows_done(&reading);
    return fault;
}
