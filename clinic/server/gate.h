/* gate.h - who may pass: the checks every request goes through before a handler sees it, in this order: Host, path and method,
 * where it was called from, session, CSRF token, role, rate, form of the body. REQ-SECU-01, REQ-SECU-13. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_GATE_H
#define CLINIC_SERVER_GATE_H

#include "clinic/server/request.h"

/* What the gate looks at; null: not there. */
struct gate_headers {
    const char *method, *path;
    const char *host, *origin, *fetch_site;
    const char *token; /* of the session's cookie */
    const char *csrf, *type;
    bool has_body;
};

#define GATE_COOKIE "cisterna_session"

/* True when the request may go on: its route, parameters and session are then set. Otherwise it is answered. The session has
 * to be given back with login_release() in either case, when there is one. */
bool gate_pass(struct request *request, const struct gate_headers *headers, struct answer *answer);
/* Holds the queries to the route's: request->query is set already. `stray`: a name that no query has, or null. */
bool gate_query(struct request *request, const char *stray, struct answer *answer);
/* Reads the body that the route wants into request->reader and body. */
bool gate_body(struct request *request, const char *text, size_t size, struct answer *answer);

#endif
