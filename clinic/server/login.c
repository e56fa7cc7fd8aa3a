/* login.c - sessions. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/login.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static void token_hash(const char *token, uint8_t hash[HASH_BYTES])
{
    (void)crypto_generichash(hash, HASH_BYTES, (const uint8_t *)token, strlen(token), NULL, 0);
}

static void chance(char text[SESSION_TOKEN_TEXT])
{
    uint8_t bytes[SESSION_TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(text, SESSION_TOKEN_TEXT, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
}

struct login *login_new(void)
{
    struct login *session = calloc(1, sizeof *session);
    if (session != NULL && pthread_mutex_init(&session->lock, NULL) == 0)
        return session;
    free(session);
    return NULL;
}

void login_drop(struct login *session)
{
    (void)pthread_mutex_destroy(&session->lock);
    sodium_memzero(session, sizeof *session);
    free(session);
}

static void login_close(struct login *session)
{
    records_close(&session->records);
    login_drop(session);
}

void login_hold(struct login *session)
{
    session->holds++;
}

void login_release(struct login *session)
{
    if (--session->holds == 0 && session->ended)
        login_close(session);
}

void logins_end(struct logins *sessions, struct login *session)
{
    for (unsigned i = 0; i < SESSIONS_MAX; i++)
        if (sessions->session[i] == session)
            sessions->session[i] = NULL;
    session->ended = true;
    sessions->gone(sessions->context, session->number);
    if (session->holds == 0)
        login_close(session);
}

static bool is_over(const struct logins *sessions, const struct login *session, int64_t now_ms)
{
    return now_ms - session->used_ms >= sessions->idle_ms || now_ms - session->begun_ms >= sessions->absolute_ms;
}

/* The oldest of an account that has as many as it may; null while it has fewer. */
static struct login *one_too_many(const struct logins *sessions, int64_t user)
{
    struct login *oldest = NULL;
    unsigned count = 0;
    for (unsigned i = 0; i < SESSIONS_MAX; i++) {
        struct login *session = sessions->session[i];
        if (session == NULL || session->user.id != user)
            continue;
        count++;
        if (oldest == NULL || session->number < oldest->number)
            oldest = session;
    }
    return count < SESSIONS_OF_ONE ? NULL : oldest;
}

bool logins_begin(struct logins *sessions, struct login *session, const struct user *user, int64_t now_ms,
                    char token[SESSION_TOKEN_TEXT])
{
    struct login *oldest = one_too_many(sessions, user->id);
    unsigned at = 0;
    if (oldest != NULL)
        logins_end(sessions, oldest);
    while (at < SESSIONS_MAX && sessions->session[at] != NULL)
        at++;
    if (at == SESSIONS_MAX)
        return false;
    session->number = ++sessions->last;
    session->begun_ms = session->used_ms = now_ms;
    session->user = *user;
    chance(token);
    chance(session->csrf);
    token_hash(token, session->token_hash);
    sessions->session[at] = session;
    return true;
}

struct login *logins_find(struct logins *sessions, const char *token, bool use, int64_t now_ms)
{
    uint8_t hash[HASH_BYTES];
    token_hash(token, hash);
    for (unsigned i = 0; i < SESSIONS_MAX; i++) {
        struct login *session = sessions->session[i];
        if (session == NULL || sodium_memcmp(session->token_hash, hash, HASH_BYTES) != 0)
            continue;
        if (is_over(sessions, session, now_ms))
            return NULL;
        if (use)
            session->used_ms = now_ms;
        login_hold(session);
        return session;
    }
    return NULL;
}

void logins_sweep(struct logins *sessions, int64_t now_ms, int64_t user)
{
    for (unsigned i = 0; i < SESSIONS_MAX; i++) {
        struct login *session = sessions->session[i];
        if (session != NULL && (is_over(sessions, session, now_ms) || session->user.id == user))
            logins_end(sessions, session);
    }
}

void logins_close(struct logins *sessions)
{
    for (unsigned i = 0; i < SESSIONS_MAX; i++)
        if (sessions->session[i] != NULL)
            logins_end(sessions, sessions->session[i]);
}
