/* request.h - one request as handlers see it: checked, its session found, its body held to its schema; and the server they
 * are part of. Handlers run on several threads at once. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_REQUEST_H
#define CLINIC_SERVER_REQUEST_H

#include "clinic/server/answer.h"
#include "clinic/server/route.h"
#include "clinic/server/server.h"

struct request {
    struct server *server;
    const struct route *route;
    char parameter[ROUTE_PARAMETERS_MAX][ROUTE_PARAMETER_BYTES];
    const char *query[QUERIES]; /* null: not given; judged by request_query() */
    const char *address;        /* whom it came from, for limits */
    const char *known;          /* the tag of the bytes that the asker has (If-None-Match), or null */
    struct login *session;    /* held; null where none is needed */
    struct reader *reader;      /* of the body; null where there is none */
    struct node body;
    int64_t now_ms; /* of the clock that never goes back */
    int64_t utc_ms; /* since 1970 */
};

/* The records of the session, for this thread alone until request_done(). */
struct records *request_records(struct request *request);
void request_done(struct request *request);
/* The same, in a transaction that begins now: to be ended by request_commit() in every case, which answers when it is not kept.
 * Null, answered, when it cannot begin. */
struct records *request_begin(struct request *request, struct answer *answer);
/* Ends it: kept when `fault` is RECORDS_OK. True when it was kept; otherwise it is answered. */
bool request_commit(struct request *request, enum records_fault fault, struct answer *answer);

/* The number that a parameter is; false, answered 404, when it is none. */
bool request_number(const struct request *request, unsigned at, int64_t *number, struct answer *answer);
/* A query's number, or what it is otherwise. */
int64_t request_query(const struct request *request, enum query query, int64_t otherwise);
/* A text of the body; empty when it is not there. */
const char *request_text(const struct request *request, const char *name);
/* {"name": [...], "next": N or null}: a page; takes the list over. `next` 0: that was all. */
void answer_page(struct answer *answer, const char *name, json_t *list, int64_t next);

#endif
