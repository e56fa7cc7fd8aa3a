/* route.h - the ways into the server, by method and path. clinic/server/route.def */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_ROUTE_H
#define CLINIC_SERVER_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "clinic/server/schema.h"

struct request;
struct answer;

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_DELETE, METHODS };
enum { ROUTE_PARAMETERS_MAX = 2, ROUTE_PARAMETER_BYTES = 48 };
enum { NEEDS_SESSION = 1, NEEDS_CSRF = 2, NEEDS_QUIET = 4 /* asked by a page alone: nobody used the session */ };
/* In `who`, beside a bit for each role. */
#define ROUTE_EVERYBODY UINT32_C(1)

#define QUERY(name, ...) QUERY_##name,
enum query {
#include "clinic/server/route.def"
    QUERIES
};
#undef QUERY

struct query_row {
    const char *word;
    int64_t least, most; /* most 0: a word of `text`, "a|b" */
    const char *text;
};

struct route {
    enum method method;
    const char *path;
    uint32_t who;
    unsigned needs;
    enum schema body;
    unsigned query; /* bit set of enum query */
    void (*handle)(struct request *request, struct answer *answer);
    const char *name, *summary;
};

/* Null after the last. */
const struct route *route_at(unsigned index);
const struct query_row *query_row(unsigned query);
const char *method_word(enum method method);
/* METHODS when it is none of ours. */
enum method method_of(const char *word);
bool route_allows(const struct route *route, int64_t role);

/* The route of a path; its parameters, in their order. Null: no such path, when *methods is 0, or not by this method, when it
 * is the bit set of those that there are. */
const struct route *route_find(enum method method, const char *path,
                               char parameter[ROUTE_PARAMETERS_MAX][ROUTE_PARAMETER_BYTES], unsigned *methods);

#endif
