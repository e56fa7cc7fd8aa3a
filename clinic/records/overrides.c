/* overrides.c - limits that were shown, and what was answered. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/overrides.h"

#include "clinic/records/rows.h"

static enum records_fault form_judge(struct records *records, const struct override_record *shown)
{
    bool overridden = shown->answer == WORD_ANSWER_OVERRIDDEN;
    if (!rows_text_good(shown->rule, 1, OVERRIDE_RULE_BYTES - 1) || list_word(LIST_LEVEL, shown->level) == NULL ||
        list_word(LIST_ANSWER, shown->answer) == NULL || list_word(LIST_REASON, shown->reason) == NULL)
        return records_fail(records, RECORDS_MALFORMED,
                            "a limit that was shown needs a rule, a level, an answer and a reason");
    if (overridden && shown->level == WORD_LEVEL_HARD)
        return records_fail(records, RECORDS_REFUSED, "%s is a hard limit: nobody passes it", shown->rule);
    if (overridden && shown->reason == WORD_REASON_NONE)
        return records_fail(records, RECORDS_REFUSED, "%s is passed only with a reason", shown->rule);
    if (shown->second != 0 && shown->second == records->user)
        return records_fail(records, RECORDS_REFUSED, "%s is confirmed by another than who entered it", shown->rule);
    return RECORDS_OK;
}

enum records_fault overrides_add(struct records *records, const struct override_record *shown, int64_t *id)
{
    struct value values[ROW_VALUES_MAX] = { value_nothing() };
    enum records_fault fault = records_writable(records);
    if (fault == RECORDS_OK)
        fault = form_judge(records, shown);
    if (fault != RECORDS_OK)
        return fault;
    values[AT(OVERRIDES, VISIT)] = value_integer(shown->visit);
    values[AT(OVERRIDES, USER)] = value_link(records->user);
    values[AT(OVERRIDES, AT)] = value_integer(records->at_ms);
    values[AT(OVERRIDES, RULE)] = value_text(shown->rule);
    values[AT(OVERRIDES, LEVEL)] = value_integer(shown->level);
    values[AT(OVERRIDES, VALUE)] = value_integer(shown->value);
    values[AT(OVERRIDES, BOUND)] = value_integer(shown->bound);
    values[AT(OVERRIDES, ANSWER)] = value_integer(shown->answer);
    values[AT(OVERRIDES, REASON)] = value_integer(shown->reason);
    values[AT(OVERRIDES, SECOND)] = value_link(shown->second);
    return rows_insert(records, TABLE_OVERRIDES, values, id);
}

enum records_fault overrides_read(struct records *records, int64_t id, struct override_record *shown)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(records, TABLE_OVERRIDES, id, &reading);
    const struct value *values = reading.values;
    if (fault == RECORDS_OK) {
        *shown = (struct override_record){ .id = id,
                                           .visit = values[AT(OVERRIDES, VISIT)].integer,
                                           .user = values[AT(OVERRIDES, USER)].integer,
                                           .at_ms = values[AT(OVERRIDES, AT)].integer,
                                           .level = values[AT(OVERRIDES, LEVEL)].integer,
                                           .value = values[AT(OVERRIDES, VALUE)].integer,
                                           .bound = values[AT(OVERRIDES, BOUND)].integer,
                                           .answer = values[AT(OVERRIDES, ANSWER)].integer,
                                           .reason = values[AT(OVERRIDES, REASON)].integer,
                                           .second = values[AT(OVERRIDES, SECOND)].integer };
        rows_text(&values[AT(OVERRIDES, RULE)], shown->rule, sizeof shown->rule);
    }
    rows_done(&reading);
    return fault;
}

enum records_fault overrides_table(struct records *records, const char *after, struct override_count *counts, unsigned room,
                                   unsigned *count)
{
    *count = 0;
    struct statement *statement =
        statement_begin(&records->database, "SELECT rule, count(*), count(CASE WHEN answer = ? THEN 1 END) "
                                            "FROM overrides WHERE rule > ? GROUP BY rule ORDER BY rule LIMIT ?");
    if (statement == NULL)
        return records_database(records, DATABASE_FAILED);
    statement_bind(statement, value_integer(WORD_ANSWER_OVERRIDDEN));
    statement_bind(statement, value_text(after));
    statement_bind(statement, value_integer(room));
    enum database_fault found = statement_step(statement);
    for (; found == DATABASE_ROW && *count < room; found = statement_step(statement)) {
        const struct value rule = statement_column(statement, 0);
        struct override_count *at = &counts[(*count)++];
        *at = (struct override_count){ .shown = statement_integer(statement, 1),
                                       .overridden = statement_integer(statement, 2) };
        rows_text(&rule, at->rule, sizeof at->rule);
    }
    statement_end(statement);
    return records_database(records, found);
}
