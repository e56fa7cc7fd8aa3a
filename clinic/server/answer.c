/* answer.c - documents and problems. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void answer_json(struct answer *answer, unsigned status, json_t *json)
{
    json_decref(answer->json);
    answer->status = status;
    answer->json = json;
    answer->problem = false;
}

void answer_problem(struct answer *answer, unsigned status, const char *kind, const char *where, const char *format, ...)
{
    char text[ANSWER_TEXT_BYTES], type[64];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    snprintf(type, sizeof type, "urn:cisterna:problem:%s", kind);
    json_t *json = json_pack("{s:s, s:s, s:i}", "type", type, "title", kind, "status", (int)status);
    /* A text of the records may be cut within a character; a problem without words is better than none. */
    json_t *detail = json_string(text);
    (void)json_object_set_new(json, "detail", detail != NULL ? detail : json_string(""));
    if (where != NULL)
        (void)json_object_set_new(json, "where", json_string(where));
    answer_json(answer, status, json);
    answer->problem = true;
}

void answer_bytes(struct answer *answer, char *bytes, size_t size, const char *type)
{
    answer->status = 200;
    answer->bytes = bytes;
    answer->size = size;
    answer->type = type;
}

void answer_complaints(struct answer *answer, const struct reader *reader)
{
    json_t *list = json_array();
    unsigned kept = reader->count < COMPLAINTS_MAX ? reader->count : COMPLAINTS_MAX;
    for (unsigned i = 0; i < kept; i++) {
        const struct complaint *complaint = &reader->complaint[i];
        json_t *one = json_pack("{s:s, s:s, s:i}", "where", complaint->path, "detail", complaint->text, "line", complaint->line);
        json_t *offers = json_array();
        for (unsigned j = 0; j < 2; j++)
            if (*complaint->offer[j] != '\0')
                (void)json_array_append_new(offers, json_string(complaint->offer[j]));
        if (json_array_size(offers) > 0)
            (void)json_object_set(one, "nearest", offers);
        json_decref(offers);
        if (one != NULL) /* null: a name in the body was cut within a character */
            (void)json_array_append_new(list, one);
    }
    bool malformed = reader->malformed || !reader->refused;
    answer_problem(answer, malformed ? 400 : 422, malformed ? "malformed" : "refused", NULL, "%s: %u fault%s, each told",
                   malformed ? "the body is not as it should be" : "a safety limit forbids it", reader->count,
                   reader->count == 1 ? "" : "s");
    (void)json_object_set_new(answer->json, "faults", list);
}

void answer_records(struct answer *answer, const struct records *records, enum records_fault fault)
{
    static const struct {
        unsigned status;
        const char *kind;
    } ANSWERS[] = {
        [RECORDS_OK] = { 200, "" },
        [RECORDS_MISSING] = { 404, "missing" },
        [RECORDS_EXISTS] = { 409, "exists" },
        [RECORDS_REFUSED] = { 409, "refused" },
        [RECORDS_MALFORMED] = { 400, "malformed" },
        [RECORDS_PASSWORD] = { 401, "password" },
        [RECORDS_VERSION] = { 500, "version" },
        [RECORDS_DAMAGED] = { 500, "damaged" },
        [RECORDS_BUSY] = { 503, "busy" },
        [RECORDS_UNKNOWN] = { 500, "unknown-outcome" },
        [RECORDS_FAILED] = { 500, "failed" },
    };
    const char *text = records->error, *place = records->database.place;
    size_t size = strlen(place);
    if (size > 0 && strncmp(text, place, size) == 0 && strncmp(text + size, ": ", 2) == 0)
        text += size + 2;
    answer_problem(answer, ANSWERS[fault].status, ANSWERS[fault].kind, NULL, "%s", text);
    if (fault == RECORDS_BUSY)
        answer->retry_s = 1;
}
