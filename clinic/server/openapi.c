/* openapi.c - the document of the routes. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/openapi.h"

#include <stdio.h>
#include <string.h>

#include "clinic/records/list.h"
#include "clinic/server/gate.h"
#include "clinic/server/schemaanswer.h"
#include "clinic/server/schemaplan.h"

enum { PATH_BYTES = 128 };

static json_t *reference(const char *folder, const char *name)
{
    char text[PATH_BYTES];
    snprintf(text, sizeof text, "#/components/%s/%s", folder, name);
    return json_pack("{s:s}", "$ref", text);
}

static json_t *parameter(const char *name, const char *where, int needed, const char *text, json_t *schema)
{
    return json_pack("{s:s, s:s, s:b, s:s, s:o}", "name", name, "in", where, "required", needed, "description", text,
                     "schema", schema);
}

static json_t *query_schema(const struct query_row *row)
{
    if (row->most > 0)
        return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", (json_int_t)row->least, "maximum",
                         (json_int_t)row->most);
    json_t *words = json_array();
    for (const char *at = row->text; *at != '\0'; at += strcspn(at, "|"), at += *at == '|')
        (void)json_array_append_new(words, json_stringn(at, strcspn(at, "|")));
    return json_pack("{s:s, s:o}", "type", "string", "enum", words);
}

/* The parameters of the path as it is told, the queries, and the token. */
static json_t *parameters_json(const struct route *route, const char *path)
{
    char name[PATH_BYTES];
    json_t *list = json_array();
    for (const char *at = strchr(path, '{'); at != NULL; at = strchr(at + 1, '{')) {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at + 1, "}"), at + 1);
        json_t *schema = strcmp(name, "id") == 0
                             ? json_pack("{s:s, s:i}", "type", "integer", "minimum", 1)
                             : json_pack("{s:s, s:i}", "type", "string", "maxLength", ROUTE_PARAMETER_BYTES - 1);
        (void)json_array_append_new(list, parameter(name, "path", 1, "of the path", schema));
    }
    for (unsigned i = 0; i < QUERIES; i++)
        if ((route->query >> i & 1) != 0)
            (void)json_array_append_new(
                list, parameter(query_row(i)->word, "query", 0, query_row(i)->text, query_schema(query_row(i))));
    if ((route->needs & NEEDS_CSRF) != 0)
        (void)json_array_append_new(list, reference("parameters", "csrf"));
    return list;
}

static json_t *roles_json(const struct route *route)
{
    json_t *roles = json_array();
    const char *word = NULL;
    for (unsigned i = 0; route->who != ROUTE_EVERYBODY && (word = list_at(LIST_ROLE, i)) != NULL; i++)
        if (route_allows(route, list_code(LIST_ROLE, word)))
            (void)json_array_append_new(roles, json_string(word));
    return roles;
}

/* A stream is a text; what stands in its events is told beside it. */
static json_t *content_json(enum answer_form form)
{
    if (form == ANSWER_EVENTS)
        return json_pack("{s:{s:{s:s}, s:o}}", "text/event-stream", "schema", "type", "string", "x-cisterna-events",
                         reference("schemas", answer_word(form)));
    if (form == ANSWER_PAPER)
        return json_pack("{s:{s:{s:s}}}", "application/pdf", "schema", "contentMediaType", "application/pdf");
    return json_pack("{s:{s:o}}", "application/json", "schema", reference("schemas", answer_word(form)));
}

/* What is answered when it is done, and the problems that the gate alone can answer with, and those of handlers. */
static json_t *responses_json(const struct route *route)
{
    json_t *all =
        json_pack("{s:o, s:o}", "4XX", reference("responses", "problem"), "5XX", reference("responses", "problem"));
    const struct reply_row *reply = NULL;
    char status[8];
    for (unsigned i = 0; (reply = reply_at(route->name, i)) != NULL; i++) {
        json_t *response = json_pack("{s:s}", "description", "done");
        if (reply->form != ANSWER_NOTHING)
            (void)json_object_set_new(response, "content", content_json(reply->form));
        snprintf(status, sizeof status, "%u", reply->status);
        (void)json_object_set_new(all, status, response);
    }
    return all;
}

static json_t *operation_json(const struct route *route, const char *path, const char *name, const char *summary,
                              const char *schema)
{
    json_t *security = json_array();
    if ((route->needs & NEEDS_SESSION) != 0)
        (void)json_array_append_new(security, json_pack("{s:[]}", "session"));
    json_t *operation = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "operationId", name, "summary", summary,
                                  "parameters", parameters_json(route, path), "responses", responses_json(route),
                                  "security", security, "x-cisterna-roles", roles_json(route));
    if (schema != NULL)
        (void)json_object_set_new(operation, "requestBody",
                                  json_pack("{s:b, s:{s:{s:o}}}", "required", 1, "content", "application/json",
                                            "schema", reference("schemas", schema)));
    return operation;
}

static void operation_add(json_t *paths, const char *path, const struct route *route, json_t *operation)
{
    char method[8];
    json_t *there = json_object_get(paths, path);
    if (there == NULL) {
        there = json_object();
        (void)json_object_set_new(paths, path, there);
    }
    snprintf(method, sizeof method, "%s", method_word(route->method));
    for (char *at = method; *at != '\0'; at++)
        *at = (char)(*at | 0x20); /* lower case of A to Z */
    (void)json_object_set_new(there, method, operation);
}

/* Each question has a body of its own: told as paths of their own. */
static void questions_add(json_t *paths, json_t *schemas, const struct route *route)
{
    const struct question_row *row = NULL;
    char path[PATH_BYTES], name[PATH_BYTES];
    size_t stem = strcspn(route->path, "{");
    for (unsigned i = 0; (row = question_at(i)) != NULL; i++) {
        snprintf(path, sizeof path, "%.*s%s", (int)stem, route->path, row->word);
        snprintf(name, sizeof name, "plan_%s", row->word);
        operation_add(paths, path, route, operation_json(route, path, name, row->text, name));
        (void)json_object_set_new(schemas, name, schema_plan_json(row));
    }
}

static json_t *components_json(json_t *schemas)
{
    json_t *problem = json_pack("{s:s, s:{s:{s:o}}}", "description", "not done", "content", "application/problem+json",
                                "schema", reference("schemas", answer_word(ANSWER_PROBLEM)));
    json_t *csrf = parameter("X-CSRF-Token", "header", 1, "of the session, as sign-in and GET /api/me tell it",
                             json_pack("{s:s}", "type", "string"));
    json_t *session = json_pack("{s:s, s:s, s:s}", "type", "apiKey", "in", "cookie", "name", GATE_COOKIE);
    for (unsigned i = ANSWER_NOTHING + 1; i < ANSWERS; i++)
        (void)json_object_set_new(schemas, answer_word((enum answer_form)i), answer_schema((enum answer_form)i));
    return json_pack("{s:o, s:{s:o}, s:{s:o}, s:{s:o}}", "schemas", schemas, "responses", "problem", problem,
                     "parameters", "csrf", csrf, "securitySchemes", "session", session);
}

json_t *openapi_json(const char *version)
{
    json_t *paths = json_object(), *schemas = json_object();
    const struct route *route = NULL;
    for (unsigned i = 0; (route = route_at(i)) != NULL; i++) {
        if (strncmp(route->path, "/api/", 5) != 0)
            continue; /* the pages: for browsers, not for programs */
        if (route->body == SCHEMA_PLAN) {
            questions_add(paths, schemas, route);
            continue;
        }
        const char *schema = route->body != SCHEMA_NONE ? schema_word(route->body) : NULL;
        operation_add(paths, route->path, route,
                      operation_json(route, route->path, route->name, route->summary, schema));
        if (schema != NULL)
            (void)json_object_set_new(schemas, schema, schema_json(route->body));
    }
    json_t *info =
        json_pack("{s:s, s:s, s:s, s:{s:s, s:s}}", "title", "Cisterna clinic", "version", version, "description",
                  "SIMULATION. Not a medical device; never for use in people. Requests that change something name "
                  "their Origin.",
                  "license", "name", "Apache 2.0", "identifier", "Apache-2.0");
    return json_pack("{s:s, s:o, s:[{s:s}], s:o, s:o}", "openapi", "3.1.0", "info", info, "servers", "url", "/",
                     "paths", paths, "components", components_json(schemas));
}
