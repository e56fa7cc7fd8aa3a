/* accounts.c - who may sign in: for an admin. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/accounts.h"

#include <inttypes.h>
#include <string.h>

#include "clinic/server/moment.h"

enum { PAGE_USUAL = 20, PAGE_MAX = 100 };

void users_get(struct request *request, struct answer *answer)
{
    struct user users[PAGE_MAX];
    unsigned limit = (unsigned)request_query(request, QUERY_LIMIT, PAGE_USUAL), count = 0;
    struct records *records = request_records(request);
    enum records_fault fault = users_list(records, request_query(request, QUERY_FROM, 1), users, limit, &count);
    if (fault == RECORDS_OK) {
        json_t *list = json_array();
        for (unsigned i = 0; i < count; i++)
            (void)json_array_append_new(list, json_pack("{s:I, s:s, s:s, s:o, s:o}", "id", (json_int_t)users[i].id, "name",
                                                        users[i].name, "role", list_word(LIST_ROLE, users[i].role), "created",
                                                        moment_json(users[i].created_ms), "disabled",
                                                        moment_json(users[i].disabled_ms)));
        answer_page(answer, "users", list, count == limit ? users[count - 1].id + 1 : 0);
    } else {
        answer_records(answer, records, fault);
    }
    request_done(request);
}

void users_post(struct request *request, struct answer *answer)
{
    const char *password = request_text(request, "password");
    int64_t id = 0;
    (void)pthread_mutex_lock(&request->server->signing); /* a password costs memory */
    struct records *records = request_begin(request, answer);
    if (records != NULL) {
        enum records_fault fault =
            users_add(records, request_text(request, "name"), list_code(LIST_ROLE, request_text(request, "role")), password,
                      strlen(password), &VAULT_COST, &id);
        if (request_commit(request, fault, answer))
            answer_json(answer, 201, json_pack("{s:I}", "id", (json_int_t)id));
    }
    (void)pthread_mutex_unlock(&request->server->signing);
}

/* The account is not what it was when its sessions began. */
static void sessions_over(struct request *request, int64_t user, const char *why)
{
    struct server *server = request->server;
    (void)pthread_mutex_lock(&server->lock);
    logins_sweep(&server->sessions, request->now_ms, user);
    (void)pthread_mutex_unlock(&server->lock);
    feed_wake(&server->feed);
    server_log(6, "user %" PRId64 " %s by user %" PRId64, user, why, request->session->user.id);
}

void user_password(struct request *request, struct answer *answer)
{
    const char *password = request_text(request, "password");
    int64_t id = 0;
    if (!request_number(request, 0, &id, answer))
        return;
    (void)pthread_mutex_lock(&request->server->signing);
    struct records *records = request_begin(request, answer);
    bool kept = records != NULL && request_commit(request, users_password(records, id, password, strlen(password), &VAULT_COST),
                                                  answer);
    (void)pthread_mutex_unlock(&request->server->signing);
    if (!kept)
        return;
    sessions_over(request, id, "was given another password");
    answer->status = 204;
}

void user_disable(struct request *request, struct answer *answer)
{
    int64_t id = 0;
    if (!request_number(request, 0, &id, answer))
        return;
    if (id == request->session->user.id) {
        answer_problem(answer, 409, "refused", NULL, "nobody ends their own account: another admin does");
        return;
    }
    struct records *records = request_begin(request, answer);
    if (records == NULL || !request_commit(request, users_disable(records, id), answer))
        return;
    sessions_over(request, id, "was disabled");
    answer->status = 204;
}
