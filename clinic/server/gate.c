/* gate.c - the checks before a handler. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/gate.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_one_of(const char *text, const char *names, size_t stride, unsigned count)
{
    for (unsigned i = 0; text != NULL && i < count; i++)
        if (strcasecmp(text, names + i * stride) == 0)
            return true;
    return false;
}

/* A page of another site that has bound its name to this address is told so here (DNS rebinding). */
static bool host_pass(const struct request *request, const struct gate_headers *headers, struct answer *answer)
{
    const struct server *server = request->server;
    if (is_one_of(headers->host, server->host[0], sizeof server->host[0], server->hosts))
        return true;
    answer_problem(answer, 421, "host", "Host", "this server answers to %s and to no other name", server->host[0]);
    return false;
}

static bool route_pass(struct request *request, const struct gate_headers *headers, struct answer *answer)
{
    unsigned methods = 0;
    enum method method = method_of(headers->method);
    request->route = route_find(method, headers->path, request->parameter, &methods);
    if (request->route != NULL)
        return true;
    if (methods == 0) {
        answer_problem(answer, 404, "missing", "path", "there is nothing here; GET /api/openapi.json tells what there is");
        return false;
    }
    answer_problem(answer, 405, "method", "method", "this path has other methods; the header Allow names them");
    answer->allow = methods;
    return false;
}

/* Other sites may send requests, with cookies where a browser lets them; they may not be served. */
static bool origin_pass(const struct request *request, const struct gate_headers *headers, struct answer *answer)
{
    const struct server *server = request->server;
    bool safe = request->route->method == METHOD_GET;
    bool known = is_one_of(headers->origin, server->origin[0], sizeof server->origin[0], server->hosts);
    bool foreign = headers->fetch_site != NULL && strcmp(headers->fetch_site, "same-origin") != 0 &&
                   strcmp(headers->fetch_site, "none") != 0;
    if (!foreign && (known || (safe && headers->origin == NULL)))
        return true;
    answer_problem(answer, 403, "origin", "Origin", "a request that changes something comes from %s, and says so",
                   server->origin[0]);
    return false;
}

static bool session_pass(struct request *request, const struct gate_headers *headers, struct answer *answer)
{
    struct server *server = request->server;
    if ((request->route->needs & NEEDS_SESSION) == 0)
        return true;
    (void)pthread_mutex_lock(&server->lock);
    if (headers->token != NULL)
        request->session = logins_find(&server->sessions, headers->token,
                                       (request->route->needs & NEEDS_QUIET) == 0, request->now_ms);
    (void)pthread_mutex_unlock(&server->lock);
    if (request->session == NULL) {
        answer_problem(answer, 401, "session", "Cookie", "nobody is signed in, or not any more: POST /api/sign-in");
        return false;
    }
    const char *csrf = request->session->csrf;
    if ((request->route->needs & NEEDS_CSRF) != 0 &&
        (headers->csrf == NULL || strlen(headers->csrf) != strlen(csrf) ||
         sodium_memcmp(headers->csrf, csrf, strlen(csrf)) != 0)) {
        answer_problem(answer, 403, "csrf", "X-CSRF-Token", "needs the session's CSRF token: GET /api/me tells it");
        return false;
    }
    int64_t role = request->session->user.role;
    if (!route_allows(request->route, role)) {
        answer_problem(answer, 403, "role", NULL, "the role %s may not do this", list_word(LIST_ROLE, role));
        return false;
    }
    return true;
}

static bool rate_pass(struct request *request, struct answer *answer)
{
    struct server *server = request->server;
    if (request->session == NULL)
        return true;
    enum limit limit = request->route->method == METHOD_GET ? LIMIT_READ : LIMIT_WRITE;
    (void)pthread_mutex_lock(&server->lock);
    int64_t wait_ms = limiter_take(&server->limiter, limit, &request->session->number, sizeof request->session->number,
                                  request->now_ms);
    (void)pthread_mutex_unlock(&server->lock);
    if (wait_ms == 0)
        return true;
    answer_problem(answer, 429, "rate", NULL, "too many %s; wait as Retry-After says", limit_text(limit));
    answer->retry_s = wait_ms / 1000 + 1;
    return false;
}

static bool type_pass(const struct request *request, const struct gate_headers *headers, struct answer *answer)
{
    if (request->route->body == SCHEMA_NONE) {
        if (!headers->has_body)
            return true;
        answer_problem(answer, 400, "malformed", "body", "this request takes no body");
        return false;
    }
    if (headers->type != NULL && (strcasecmp(headers->type, "application/json") == 0 ||
                                  strcasecmp(headers->type, "application/json; charset=utf-8") == 0))
        return true;
    answer_problem(answer, 415, "type", "Content-Type", "a body is application/json");
    return false;
}

bool gate_pass(struct request *request, const struct gate_headers *headers, struct answer *answer)
{
    return host_pass(request, headers, answer) && route_pass(request, headers, answer) &&
           origin_pass(request, headers, answer) && session_pass(request, headers, answer) && rate_pass(request, answer) &&
           type_pass(request, headers, answer);
}

/* Is it one of the words "a|b" of a query? */
static bool word_good(const char *words, const char *word)
{
    size_t size = strcspn(word, "|");
    for (const char *at = words; size > 0 && word[size] == '\0' && at != NULL; at = strchr(at, '|')) {
        at += *at == '|';
        if (strncmp(at, word, size) == 0 && (at[size] == '|' || at[size] == '\0'))
            return true;
    }
    return false;
}

bool gate_query(struct request *request, const char *stray, struct answer *answer)
{
    for (unsigned i = 0; i < QUERIES && stray == NULL; i++) {
        const struct query_row *row = query_row(i);
        const char *given = request->query[i];
        if (given == NULL)
            continue;
        if ((request->route->query >> i & 1) == 0) {
            stray = row->word;
            break;
        }
        int64_t number = row->most > 0 ? request_query(request, (enum query)i, 0) : 0;
        if (row->most == 0 ? word_good(row->text, given) : number >= row->least && number <= row->most)
            continue;
        if (row->most == 0)
            answer_problem(answer, 400, "malformed", row->word, "must be one of %s", row->text);
        else
            answer_problem(answer, 400, "malformed", row->word, "must be a whole number from %" PRId64 " to %" PRId64,
                           row->least, row->most);
        return false;
    }
    if (stray == NULL)
        return true;
    answer_problem(answer, 400, "malformed", "query",
                   "a parameter that this path does not take, or takes once; GET /api/openapi.json tells those it takes");
    return false;
}

bool gate_body(struct request *request, const char *text, size_t size, struct answer *answer)
{
    if (request->route->body == SCHEMA_NONE)
        return true;
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        answer_problem(answer, 503, "busy", NULL, "no memory for the body");
        return false;
    }
    request->reader = reader;
    reader->file = "body";
    reader->text = text;
    reader->size = size;
    request->body = reader_document(reader);
    bool good = request->body.value != NULL;
    if (good && request->route->body != SCHEMA_PLAN) /* whose fields depend on the question */
        good = schema_read(&request->body, request->route->body);
    if (!good)
        answer_complaints(answer, reader);
    return good;
}
