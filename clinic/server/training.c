/* training.c - requests to a simulation, handed on. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/training.h"

#include <stdlib.h>
#include <string.h>

#include "clinic/records/implants.h"
#include "clinic/records/list.h"
#include "clinic/records/twinacts.h"
#include "clinic/server/journal.h"

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

/* Asks, and answers what came; the words of an error are the simulation's own. What became of it: WORD_ACT_... */
static enum list_word ask(struct request *request, struct answer *answer, const char *text)
{
    const struct server_twin *twin = &request->server->twin;
    char *told = twin->ask(twin->context, request->parameter[0], text);
    json_t *json = told != NULL ? json_loads(told, 0, NULL) : NULL;
    const char *error = json_string_value(json_object_get(json, "error"));
    enum list_word outcome = error != NULL          ? WORD_ACT_REFUSED
                             : json_is_object(json) ? WORD_ACT_DONE
                                                    : WORD_ACT_UNANSWERED;
    if (error != NULL)
        answer_problem(answer, 422, "refused", NULL, "%s", error);
    else if (outcome == WORD_ACT_DONE)
        answer_json(answer, 200, json_incref(json));
    else if (!is_known(request)) /* one that is still in its box may answer */
        answer_problem(answer, 404, "missing", "path", "no record knows this pump, and no simulation answers for it");
    else
        answer_problem(answer, 503, "silent", NULL,
                       "the simulation of this pump does not answer: ask again in a moment");
    free(told);
    json_decref(json);
    return outcome;
}

void twin_get(struct request *request, struct answer *answer)
{
    if (door_pass(request, answer))
        (void)ask(request, answer, "{\"do\":\"look\"}");
}

/* How much of what, in the words that were sent: "fault kink, on, amount 20 %". Members that hold no text are on or off. */
static void act_say(json_t *body, char said[TWIN_ACT_SAID_BYTES])
{
    const char *name = NULL;
    json_t *value = NULL;
    size_t size = 0;
    said[0] = '\0';
    json_object_foreach(body, name, value)
    {
        const char *text = json_string_value(value);
        int wrote = 0;
        if (strcmp(name, "do") == 0 || size >= TWIN_ACT_SAID_BYTES - 1)
            continue;
        if (text != NULL)
            wrote = snprintf(said + size, TWIN_ACT_SAID_BYTES - size, "%s%s %s", size > 0 ? ", " : "", name, text);
        else
            wrote = snprintf(said + size, TWIN_ACT_SAID_BYTES - size, "%s%s", size > 0 ? ", " : "",
                             json_is_true(value) ? "on" : "off");
        size += wrote > 0 ? (size_t)wrote : 0;
    }
    if (size == 0)
        snprintf(said, TWIN_ACT_SAID_BYTES, "nothing more was said");
}

/* A row before anything is done: who did what, and how much, to this pump. False, answered, when there is none. */
static bool act_begin(struct request *request, struct answer *answer, int64_t action, int64_t *id)
{
    struct implant implant;
    struct twin_act act = { .action = action };
    struct records *records = request_begin(request, answer);
    if (records == NULL)
        return false;
    act_say(request->body.value, act.said);
    enum records_fault fault = implants_find(records, request->parameter[0], &implant);
    if (fault == RECORDS_OK) {
        act.implant = implant.id;
        fault = twinacts_add(records, &act, id);
    }
    return request_commit(request, fault, answer);
}

/* What became of it. It is done, whether the records can be told or not: then the row says that it has begun. */
static void act_end(struct request *request, int64_t id, enum list_word outcome)
{
    struct records *records = request_records(request);
    enum records_fault fault = records_begin(records, request->utc_ms);
    if (fault == RECORDS_OK) {
        fault = twinacts_end(records, id, outcome);
        if (fault == RECORDS_OK)
            fault = records_commit(records);
        else
            records_rollback(records);
    }
    if (fault != RECORDS_OK)
        server_log(3, "what became of act %lld upon a simulation is not recorded: %s", (long long)id, records->error);
    request_done(request);
}

void twin_post(struct request *request, struct answer *answer)
{
    char word[ACTION_BYTES];
    int64_t id = 0;
    if (!door_pass(request, answer))
        return;
    snprintf(word, sizeof word, "twin_%s", request_text(request, "do"));
    char *text = json_dumps(request->body.value, JSON_COMPACT);
    if (text == NULL)
        answer_problem(answer, 503, "busy", NULL, "no memory for the request");
    else if (act_begin(request, answer, list_code(LIST_ACTION, word), &id))
        act_end(request, id, ask(request, answer, text));
    free(text);
}
