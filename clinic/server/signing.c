/* signing.c - signing in and out. REQ-SECU-11. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/signing.h"

#include <inttypes.h>
#include <string.h>

#include "clinic/server/gate.h"
#include "clinic/server/moment.h"

/* Who it is, what they may, and until when at most. */
static json_t *session_json(const struct request *request, const struct login *session)
{
    const struct logins *sessions = &request->server->sessions;
    return json_pack("{s:{s:I, s:s, s:s}, s:s, s:o, s:o}", "user", "id", (json_int_t)session->user.id, "name",
                     session->user.name, "role", list_word(LIST_ROLE, session->user.role), "csrf", session->csrf, "ends_if_idle",
                     moment_json(request->utc_ms + sessions->idle_ms), "ends",
                     moment_json(request->utc_ms + session->begun_ms + sessions->absolute_ms - request->now_ms));
}

static bool limits_pass(struct request *request, const char *name, struct answer *answer)
{
    struct server *server = request->server;
    (void)pthread_mutex_lock(&server->lock);
    int64_t address = limiter_take(&server->limiter, LIMIT_SIGN_IN_ADDRESS, request->address, strlen(request->address),
                                  request->now_ms);
    int64_t account = 0;
    if (address == 0)
        account = limiter_take(&server->limiter, LIMIT_SIGN_IN_ACCOUNT, name, strlen(name), request->now_ms);
    (void)pthread_mutex_unlock(&server->lock);
    if (address == 0 && account == 0)
        return true;
    answer_problem(answer, 429, "rate", NULL, "too many %s; wait as Retry-After says",
                   limit_text(address > 0 ? LIMIT_SIGN_IN_ADDRESS : LIMIT_SIGN_IN_ACCOUNT));
    answer->retry_s = (address > account ? address : account) / 1000 + 1;
    server_log(4, "sign-in refused from %s: too many %s", request->address,
               limit_text(address > 0 ? LIMIT_SIGN_IN_ADDRESS : LIMIT_SIGN_IN_ACCOUNT));
    return false;
}

/* Opens the records with the password: as long for a name that nobody has as for one that somebody has. */
static enum records_fault keys_open(struct request *request, struct login *session, struct user *user)
{
    const char *name = request_text(request, "name"), *password = request_text(request, "password");
    (void)pthread_mutex_lock(&request->server->signing);
    enum records_fault fault = records_open(&session->records, request->server->options.database, false);
    if (fault == RECORDS_OK) {
        fault = users_sign_in(&session->records, name, password, strlen(password));
        if (fault == RECORDS_OK)
            fault = users_read(&session->records, session->records.user, user);
        if (fault != RECORDS_OK)
            records_close(&session->records);
    }
    (void)pthread_mutex_unlock(&request->server->signing);
    return fault;
}

static void sign_in_refuse(struct request *request, const struct login *session, enum records_fault fault,
                           struct answer *answer)
{
    if (fault != RECORDS_PASSWORD && fault != RECORDS_REFUSED) { /* REFUSED: the account is disabled */
        answer_records(answer, &session->records, fault);
        return;
    }
    server_log(4, "sign-in failed from %s", request->address);
    answer_problem(answer, 401, "password", NULL, "no account has this name and this password, or it may not sign in");
}

/* A few at once: the threads that wait for a password answer nobody else. */
static bool turn_take(struct server *server, struct answer *answer)
{
    (void)pthread_mutex_lock(&server->lock);
    bool taken = server->signing_in < SERVER_SIGNING_MAX;
    server->signing_in += taken;
    (void)pthread_mutex_unlock(&server->lock);
    if (taken)
        return true;
    answer_problem(answer, 503, "busy", NULL, "others are signing in: try again in a second");
    answer->retry_s = 1;
    return false;
}

static void turn_end(struct server *server)
{
    (void)pthread_mutex_lock(&server->lock);
    server->signing_in--;
    (void)pthread_mutex_unlock(&server->lock);
}

void sign_in(struct request *request, struct answer *answer)
{
    struct server *server = request->server;
    struct user user;
    char token[SESSION_TOKEN_TEXT];
    if (!limits_pass(request, request_text(request, "name"), answer) || !turn_take(server, answer))
        return;
    struct login *session = login_new();
    if (session == NULL) {
        turn_end(server);
        answer_problem(answer, 503, "busy", NULL, "no memory for another session");
        return;
    }
    enum records_fault fault = keys_open(request, session, &user);
    turn_end(server);
    if (fault != RECORDS_OK) {
        sign_in_refuse(request, session, fault, answer);
        login_drop(session);
        return;
    }
    (void)pthread_mutex_lock(&server->lock);
    logins_sweep(&server->sessions, request->now_ms, 0);
    bool begun = logins_begin(&server->sessions, session, &user, request->now_ms, token);
    if (begun) {
        answer_json(answer, 200, session_json(request, session));
        snprintf(answer->cookie, sizeof answer->cookie, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s", GATE_COOKIE, token,
                 server->options.public_host != NULL ? "; Secure" : "");
    }
    (void)pthread_mutex_unlock(&server->lock);
    if (begun) {
        server_log(6, "user %" PRId64 " signed in from %s", user.id, request->address);
        return;
    }
    records_close(&session->records);
    login_drop(session);
    answer_problem(answer, 503, "busy", NULL, "%d people are signed in already", SESSIONS_MAX);
}

void sign_out(struct request *request, struct answer *answer)
{
    struct server *server = request->server;
    (void)pthread_mutex_lock(&server->lock);
    if (!request->session->ended)
        logins_end(&server->sessions, request->session);
    (void)pthread_mutex_unlock(&server->lock);
    feed_wake(&server->feed);
    snprintf(answer->cookie, sizeof answer->cookie, "%s=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0", GATE_COOKIE);
    answer->status = 204;
    server_log(6, "user %" PRId64 " signed out", request->session->user.id);
}

void me_get(struct request *request, struct answer *answer)
{
    answer_json(answer, 200, session_json(request, request->session));
}
