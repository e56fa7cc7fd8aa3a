/* request.c - what handlers ask of a request. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/request.h"

#include <stdlib.h>
#include <string.h>

struct records *request_records(struct request *request)
{
    (void)pthread_mutex_lock(&request->session->lock);
    return &request->session->records;
}

void request_done(struct request *request)
{
    (void)pthread_mutex_unlock(&request->session->lock);
}

struct records *request_begin(struct request *request, struct answer *answer)
{
    struct records *records = request_records(request);
    enum records_fault fault = records_begin(records, request->utc_ms);
    if (fault == RECORDS_OK)
        return records;
    answer_records(answer, records, fault);
    request_done(request);
    return NULL;
}

bool request_commit(struct request *request, enum records_fault fault, struct answer *answer)
{
    struct records *records = &request->session->records;
    if (fault == RECORDS_OK)
        fault = records_commit(records);
    else
        records_rollback(records);
    if (fault != RECORDS_OK)
        answer_records(answer, records, fault);
    request_done(request);
    return fault == RECORDS_OK;
}

/* Digits alone, without a zero before them; -1 when it is anything else, or more than JSON's numbers hold exactly. */
static int64_t number_of(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 15 || text[digits] != '\0' || (digits > 1 && *text == '0'))
        return -1;
    return strtoll(text, NULL, 10);
}

bool request_number(const struct request *request, unsigned at, int64_t *number, struct answer *answer)
{
    int64_t value = number_of(request->parameter[at]);
    if (value > 0) {
        *number = value;
        return true;
    }
    answer_problem(answer, 404, "missing", NULL, "\"%s\" is no number of a row; numbers are whole and above zero",
                   request->parameter[at]);
    return false;
}

int64_t request_query(const struct request *request, enum query query, int64_t otherwise)
{
    return request->query[query] != NULL ? number_of(request->query[query]) : otherwise;
}

const char *request_text(const struct request *request, const char *name)
{
    const char *text = json_string_value(json_object_get(request->body.value, name));
    return text != NULL ? text : "";
}

void answer_page(struct answer *answer, const char *name, json_t *list, int64_t next)
{
    json_t *page = json_object();
    (void)json_object_set_new(page, name, list);
    (void)json_object_set_new(page, "next", next > 0 ? json_integer(next) : json_null());
    answer_json(answer, 200, page);
}
