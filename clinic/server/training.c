/* training.c - requests to a simulation, handed on. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/training.h"

#include <stdlib.h>
#include <string.h>

#include "clinic/records/audit.h"
#include "clinic/records/implants.h"
#include "clinic/records/list.h"

enum { ACTION_BYTES = 32 };

/* Is there a simulation at all, and may this be the serial of one? */
static bool door_pass(const struct request *request, struct answer *answer)
{
    if (request->server->twin.ask == NULL)
        answer_problem(answer, 404, "missing", "path", "this server knows no simulation: only those of a demo do");
    else if (strlen(request->parameter[0]) >= SERIAL_BYTES)
        answer_problem(answer, 404, "missing", "path", "a serial has at most %d characters", SERIAL_BYTES - 1);
    else
        return true;
    return false;
}

/* Do the records know this pump? A fault of theirs is no answer to that: then the simulation is what does not answer. */
static bool is_known(struct request *request)
{
    struct implant implant;
    bool known = implants_find(request_records(request), request->parameter[0], &implant) != RECORDS_MISSING;
    request_done(request);
    return known;
}

/* Asks, and answers what came; the words of an error are the simulation's own. */
static void ask(struct request *request, struct answer *answer, const char *text)
{
    const struct server_twin *twin = &request->server->twin;
    char *told = twin->ask(twin->context, request->parameter[0], text);
    json_t *json = told != NULL ? json_loads(told, 0, NULL) : NULL;
    const char *error = json_string_value(json_object_get(json, "error"));
    if (error != NULL)
        answer_problem(answer, 422, "refused", NULL, "%s", error);
    else if (json_is_object(json))
        answer_json(answer, 200, json_incref(json));
    else if (!is_known(request)) /* one that is still in its box may answer */
        answer_problem(answer, 404, "missing", "path", "no record knows this pump, and no simulation answers for it");
    else
        answer_problem(answer, 503, "silent", NULL,
                       "the simulation of this pump does not answer: ask again in a moment");
    free(told);
    json_decref(json);
}

void twin_get(struct request *request, struct answer *answer)
{
    if (door_pass(request, answer))
        ask(request, answer, "{\"do\":\"look\"}");
}

/* A row of the audit before anything is done: who did what to the pump behind this row. False, answered, when there is none. */
static bool act_note(struct request *request, struct answer *answer, int64_t action)
{
    struct implant implant;
    struct records *records = request_records(request);
    enum records_fault fault = implants_find(records, request->parameter[0], &implant);
    if (fault == RECORDS_OK)
        fault = records_begin_note(records, request->utc_ms);
    if (fault == RECORDS_OK) {
        fault = audit_append(records, (enum list_word)action, TABLE_IMPLANTS, implant.id, NULL);
        if (fault == RECORDS_OK)
            fault = records_commit(records);
        else
            records_rollback(records);
    }
    if (fault != RECORDS_OK)
        answer_records(answer, records, fault);
    request_done(request);
    return fault == RECORDS_OK;
}

void twin_post(struct request *request, struct answer *answer)
{
    char word[ACTION_BYTES];
    if (!door_pass(request, answer))
        return;
    snprintf(word, sizeof word, "twin_%s", request_text(request, "do"));
    char *text = json_dumps(request->body.value, JSON_COMPACT);
    if (text == NULL)
        answer_problem(answer, 503, "busy", NULL, "no memory for the request");
    else if (act_note(request, answer, list_code(LIST_ACTION, word)))
        ask(request, answer, text);
    free(text);
}
