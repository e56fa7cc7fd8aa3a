/* handlers.h - the functions behind the routes; each answers one request. clinic/server/request.h */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_HANDLERS_H
#define CLINIC_SERVER_HANDLERS_H

struct request;
struct answer;

#define ROUTE(method, path, who, needs, body, query, handler, summary)                                                         \
    void handler(struct request *request, struct answer *answer);
#include "clinic/server/route.def"
#undef ROUTE

#endif
