/* route.c - the table of routes, and matching. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/route.h"

#include <stddef.h>
#include <string.h>

#include "clinic/records/list.h"
#include "clinic/server/about.h"
#include "clinic/server/accounts.h"
#include "clinic/server/auditing.h"
#include "clinic/server/heeding.h"
#include "clinic/server/logging.h"
#include "clinic/server/pages.h"
#include "clinic/server/pain.h"
#include "clinic/server/papers.h"
#include "clinic/server/past.h"
#include "clinic/server/people.h"
#include "clinic/server/planning.h"
#include "clinic/server/pumps.h"
#include "clinic/server/signing.h"
#include "clinic/server/tasking.h"
#include "clinic/server/training.h"
#include "clinic/server/typing.h"
#include "clinic/server/visitpaper.h"
#include "clinic/server/ward.h"

#define R(role) (UINT32_C(1) << WORD_ROLE_##role)
/* Who opens what is sealed, who changes what the pump and its alarms are, who reads the audit: clinic/records/list.def. */
#define EVERYBODY ROUTE_EVERYBODY
#define WRITERS (R(NURSE) | R(PHYSICIAN) | R(PHARMACIST))
#define OPENERS (WRITERS | R(ADMIN))
#define ALL (OPENERS | R(AUDITOR))
#define AUDITORS (R(AUDITOR) | R(ADMIN))
#define ADMINS R(ADMIN)
#define SESSION NEEDS_SESSION
#define CSRF NEEDS_CSRF
#define QUIET NEEDS_QUIET
#define FROM (1U << QUERY_FROM)
#define LIMIT (1U << QUERY_LIMIT)
#define RING (1U << QUERY_RING)
#define REGION (1U << QUERY_REGION)

static const struct route ROUTES[] = {
#define ROUTE(method_, path_, who_, needs_, body_, query_, handler_, summary_)                                         \
    { .method = METHOD_##method_,                                                                                      \
      .path = path_,                                                                                                   \
      .who = who_,                                                                                                     \
      .needs = needs_,                                                                                                 \
      .body = SCHEMA_##body_,                                                                                          \
      .query = query_,                                                                                                 \
      .handle = handler_,                                                                                              \
      .name = #handler_,                                                                                               \
      .summary = summary_ },
#include "clinic/server/route.def"
#undef ROUTE
};

static const struct query_row QUERY_ROWS[QUERIES] = {
#define QUERY(name, word_, least_, most_, text_) { .word = word_, .least = least_, .most = most_, .text = text_ },
#include "clinic/server/route.def"
#undef QUERY
};

static const char *const METHOD_WORDS[METHODS] = { "GET", "POST", "PUT", "DELETE" };

const struct route *route_at(unsigned index)
{
    return index < sizeof ROUTES / sizeof ROUTES[0] ? &ROUTES[index] : NULL;
}

const struct query_row *query_row(unsigned query)
{
    return &QUERY_ROWS[query];
}

const char *method_word(enum method method)
{
    return METHOD_WORDS[method];
}

enum method method_of(const char *word)
{
    unsigned method = 0;
    while (method < METHODS && strcmp(METHOD_WORDS[method], word) != 0)
        method++;
    return (enum method)method;
}

bool route_allows(const struct route *route, int64_t role)
{
    return route->who == ROUTE_EVERYBODY || (role > 0 && role < 32 && (route->who >> role & 1) != 0);
}

/* One segment of a path, up to its "/" or end. */
static size_t segment(const char *path)
{
    return strcspn(path, "/");
}

/* What a parameter may be made of: no escapes, no blanks, and never "." or "..". */
static bool parameter_good(const char *text, size_t size)
{
    static const char GOOD[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return size > 0 && size < ROUTE_PARAMETER_BYTES && strspn(text, GOOD) >= size && text[0] != '.';
}

static bool matches(const char *pattern, const char *path, char parameter[ROUTE_PARAMETERS_MAX][ROUTE_PARAMETER_BYTES])
{
    unsigned count = 0;
    for (;;) {
        size_t wanted = segment(pattern), size = segment(path);
        if (*pattern == '{') {
            if (count == ROUTE_PARAMETERS_MAX || !parameter_good(path, size))
                return false;
            memcpy(parameter[count], path, size);
            parameter[count++][size] = '\0';
        } else if (wanted != size || strncmp(pattern, path, size) != 0) {
            return false;
        }
        pattern += wanted;
        path += size;
        if (*pattern == '\0' || *path == '\0')
            return *pattern == *path;
        pattern++;
        path++;
    }
}

const struct route *route_find(enum method method, const char *path,
                               char parameter[ROUTE_PARAMETERS_MAX][ROUTE_PARAMETER_BYTES], unsigned *methods)
{
    *methods = 0;
    for (unsigned i = 0; i < sizeof ROUTES / sizeof ROUTES[0]; i++) {
        if (!matches(ROUTES[i].path, path, parameter))
            continue;
        if (ROUTES[i].method == method)
            return &ROUTES[i];
        *methods |= 1U << ROUTES[i].method;
    }
    return NULL;
}
