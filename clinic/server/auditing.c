/* auditing.c - the audit, read and verified. HZ-33, REQ-SECU-12. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/auditing.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "clinic/records/rows.h"
#include "clinic/records/twinacts.h"
#include "clinic/records/verify.h"
#include "clinic/server/moment.h"

enum { PAGE_USUAL = 50, FAULTS_TOLD_MAX = 100 };

static json_t *row_json(const struct value *values)
{
    char hash[2 * HASH_BYTES + 1] = "";
    enum table home = table_by_code(values[AT(AUDIT, HOME)].integer);
    const struct value *kept = &values[AT(AUDIT, ROW_HASH)];
    const char *action = list_word(LIST_ACTION, values[AT(AUDIT, ACTION)].integer);
    if (kept->size == HASH_BYTES)
        sodium_bin2hex(hash, sizeof hash, kept->bytes, HASH_BYTES);
    json_t *object = json_pack(
        "{s:I, s:o, s:I, s:s, s:s, s:I}", "id", (json_int_t)values[0].integer, "at",
        moment_json(values[AT(AUDIT, AT)].integer), "user", (json_int_t)values[AT(AUDIT, USER)].integer, "action",
        action != NULL ? action : "unknown", "table", home != TABLE_END ? table_name(home) : "unknown", "row",
        (json_int_t)values[AT(AUDIT, HOME_ID)].integer);
    (void)json_object_set_new(object, "row_hash", kept->size == HASH_BYTES ? json_string(hash) : json_null());
    return object;
}

/* To each row of an act upon a simulation, what that is: after the rows were read, for a connection has one reading at a time. */
static enum records_fault acts_tell(struct records *records, json_t *list)
{
    enum records_fault fault = RECORDS_OK;
    size_t i = 0;
    json_t *row = NULL;
    json_array_foreach(list, i, row)
    {
        struct twin_act act;
        if (strcmp(json_string_value(json_object_get(row, "table")), table_name(TABLE_TWIN_ACTS)) != 0)
            continue;
        fault = twinacts_read(records, json_integer_value(json_object_get(row, "row")), &act);
        if (fault != RECORDS_OK)
            return fault;
        const char *outcome = list_word(LIST_ACT, act.outcome);
        (void)json_object_set_new(row, "twin",
                                  json_pack("{s:I, s:s, s:s}", "implant", (json_int_t)act.implant, "said", act.said,
                                            "outcome",
                                            outcome != NULL ? outcome : list_word(LIST_ACT, WORD_ACT_BEGUN)));
    }
    return fault;
}

void audit_get(struct request *request, struct answer *answer)
{
    int64_t limit = request_query(request, QUERY_LIMIT, PAGE_USUAL), count = 0, next = 0;
    const struct value bound[] = { value_integer(request_query(request, QUERY_FROM, 1)), value_integer(limit + 1) };
    struct rows_reading reading;
    json_t *list = json_array();
    struct records *records = request_records(request);
    enum records_fault fault = rows_read(records, TABLE_AUDIT, "WHERE id >= ? ORDER BY id LIMIT ?", bound, 2, &reading);
    for (; fault == RECORDS_OK; fault = rows_next(records, TABLE_AUDIT, &reading)) {
        if (count++ == limit)
            next = reading.values[0].integer;
        else
            (void)json_array_append_new(list, row_json(reading.values));
    }
    rows_done(&reading);
    if (fault == RECORDS_MISSING)
        fault = acts_tell(records, list);
    if (fault == RECORDS_OK)
        answer_page(answer, "rows", json_incref(list), next);
    else
        answer_records(answer, records, fault);
    request_done(request);
    json_decref(list);
}

static void fault_take(void *context, const char *text)
{
    json_t *list = context;
    if (json_array_size(list) < FAULTS_TOLD_MAX)
        (void)json_array_append_new(list, json_string(text));
}

static bool limit_pass(struct request *request, struct answer *answer)
{
    struct server *server = request->server;
    (void)pthread_mutex_lock(&server->lock);
    int64_t wait_ms = limiter_take(&server->limiter, LIMIT_VERIFY, &request->session->number,
                                   sizeof request->session->number, request->now_ms);
    (void)pthread_mutex_unlock(&server->lock);
    if (wait_ms == 0)
        return true;
    answer_problem(answer, 429, "rate", NULL, "too many %s; wait as Retry-After says", limit_text(LIMIT_VERIFY));
    answer->retry_s = wait_ms / 1000 + 1;
    return false;
}

void audit_verify(struct request *request, struct answer *answer)
{
    struct verify verify;
    json_t *list = json_array();
    if (!limit_pass(request, answer)) {
        json_decref(list);
        return;
    }
    struct records *records = request_records(request);
    enum records_fault fault = verify_run(&verify, records, NULL, fault_take, list);
    if (fault == RECORDS_OK || fault == RECORDS_DAMAGED)
        answer_json(answer, 200,
                    json_pack("{s:b, s:I, s:I, s:I, s:I, s:O}", "whole", fault == RECORDS_OK, "audit_rows",
                              (json_int_t)verify.audit_rows, "rows", (json_int_t)verify.rows, "log_rows",
                              (json_int_t)verify.log_rows, "faults", (json_int_t)verify.faults, "told", list));
    else
        answer_records(answer, records, fault);
    if (fault == RECORDS_DAMAGED)
        server_log(3, "verification found %" PRIu64 " faults in the records", verify.faults);
    request_done(request);
    json_decref(list);
}
