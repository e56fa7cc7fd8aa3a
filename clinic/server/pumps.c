/* pumps.c - one writer a pump, and what pumps tell. HZ-24, HZ-28, HZ-38. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/pumps.h"

#include <string.h>

#include "clinic/records/audit.h"
#include "clinic/records/implants.h"
#include "clinic/records/list.h"
#include "clinic/server/journal.h"
#include "clinic/server/moment.h"
#include "clinic/server/stream.h"

enum { NOTE_PATIENCE_MS = 200 }; /* guess */

static json_t *claim_json(const struct request *request, const struct claim *claim)
{
    return json_pack("{s:s, s:o}", "owner", claim->at.owner, "until",
                     moment_json(request->utc_ms + claim->at.until_ms - request->now_ms));
}

void pumps_get(struct request *request, struct answer *answer)
{
    struct server *server = request->server;
    json_t *claims = json_object();
    (void)pthread_mutex_lock(&server->lock);
    for (unsigned i = 0; i < CLAIMS_MAX; i++) {
        const struct claim *claim = &server->claims.claim[i];
        if (*claim->serial != '\0' && claim->at.until_ms > request->now_ms)
            (void)json_object_set_new(claims, claim->serial, claim_json(request, claim));
    }
    (void)pthread_mutex_unlock(&server->lock);
    answer_json(answer, 200,
                json_pack("{s:o, s:o}", "watched", feed_json(&server->feed, request->now_ms), "claims", claims));
}

static bool serial_good(const struct request *request, struct answer *answer)
{
    if (strlen(request->parameter[0]) < SERIAL_BYTES)
        return true;
    answer_problem(answer, 404, "missing", "path", "a serial has at most %d characters", SERIAL_BYTES - 1);
    return false;
}

/* Who has it, and until when: for the one who came second. */
static void held_answer(struct answer *answer, json_t *owner)
{
    answer_problem(answer, 409, "claimed", NULL,
                   "somebody else works at this pump; \"claim\" says who, and until when at least");
    (void)json_object_set_new(answer->json, "claim", owner);
}

/* Both rows of a seizure, in one transaction: what the records know of pump and person. */
static enum records_fault seizure_append(struct records *records, const char *serial, const char *from)
{
    struct implant implant;
    struct user user;
    enum records_fault fault = implants_find(records, serial, &implant);
    if (fault == RECORDS_OK)
        fault = audit_append(records, WORD_ACTION_CLAIM_SEIZED, TABLE_IMPLANTS, implant.id, NULL);
    if (fault != RECORDS_OK && fault != RECORDS_MISSING)
        return fault;
    fault = users_find(records, from, &user);
    return fault == RECORDS_OK ? audit_append(records, WORD_ACTION_CLAIM_SEIZED, TABLE_USERS, user.id, NULL) : fault;
}

/* A pump was taken from whoever worked at it. The journal is told in any case: the way down does not wait long for records that
 * somebody else writes into. */
static void seizure_note(struct request *request, const char *from)
{
    struct records *records = request_records(request);
    (void)database_patience(&records->database, NOTE_PATIENCE_MS);
    enum records_fault fault = records_begin_note(records, request->utc_ms);
    if (fault == RECORDS_OK) {
        fault = seizure_append(records, request->parameter[0], from);
        if (fault == RECORDS_OK)
            fault = records_commit(records);
        else
            records_rollback(records);
    }
    (void)database_patience(&records->database, DATABASE_PATIENCE_MS);
    server_log(4, "pump %s was taken from %s by %s, for an emergency%s%s", request->parameter[0], from,
               request->session->user.name, fault != RECORDS_OK ? "; NOT IN THE AUDIT: " : "",
               fault != RECORDS_OK ? records->error : "");
    request_done(request);
}

void pump_claim(struct request *request, struct answer *answer)
{
    struct server *server = request->server;
    const char *serial = request->parameter[0], *token = request_text(request, "claim");
    char text[CLAIM_TOKEN_TEXT], from[CLAIM_OWNER_BYTES] = "";
    json_t *owner = NULL;
    if (!serial_good(request, answer))
        return;
    (void)pthread_mutex_lock(&server->lock);
    bool emergency = json_is_true(json_object_get(request->body.value, "emergency"));
    enum claim_fault fault =
        request->session->ended ? CLAIM_LOST
        : emergency ? claims_seize(&server->claims, serial, request->session->number, request->session->user.name,
                                   request->now_ms, text, from)
                    : claims_take(&server->claims, serial, request->session->number, request->session->user.name,
                                  *token != '\0' ? token : NULL, request->now_ms, text);
    if (emergency && fault == CLAIM_OK)
        tasks_take(&server->tasks, serial, request->session);
    const struct claim *claim = claims_find(&server->claims, serial, request->now_ms);
    if (claim != NULL)
        owner = claim_json(request, claim);
    (void)pthread_mutex_unlock(&server->lock);
    if (*from != '\0')
        seizure_note(request, from);
    switch (fault) {
    case CLAIM_OK:
        (void)json_object_set_new(owner, "claim", json_string(text));
        answer_json(answer, 200, owner);
        return;
    case CLAIM_HELD:
        held_answer(answer, owner);
        return;
    case CLAIM_LOST:
        answer_problem(answer, 409, "claim-lost", "claim",
                       "this claim has ended: look at the pump again, and claim it anew");
        break;
    case CLAIM_FULL:
        answer_problem(answer, 503, "busy", NULL, "%d pumps are claimed already", CLAIMS_MAX);
        break;
    }
    json_decref(owner);
}

void pump_release(struct request *request, struct answer *answer)
{
    struct server *server = request->server;
    if (!serial_good(request, answer))
        return;
    (void)pthread_mutex_lock(&server->lock);
    enum claim_fault fault = claims_release(&server->claims, request->parameter[0], request->session->number,
                                            request_text(request, "claim"), request->now_ms);
    (void)pthread_mutex_unlock(&server->lock);
    if (fault == CLAIM_OK)
        answer->status = 204;
    else
        answer_problem(answer, 409, "claim-lost", "claim", "this token does not hold the pump");
}

void pump_events(struct request *request, struct answer *answer)
{
    if (!serial_good(request, answer))
        return;
    answer->stream = stream_new(request->server, request->session, request->parameter[0]);
    if (answer->stream != NULL)
        answer->status = 200;
    else
        answer_problem(answer, 503, "busy", NULL, "%d streams of this session are open already, or %d in all",
                       STREAMS_OF_ONE, FEED_STREAMS_MAX);
}
