/* login.h - who is signed in: each with a token, a CSRF token, and an opened database of their own, whose keys go when the
 * session does. REQ-SECU-11.
 *
 * The token is 256 bits of chance and is kept only as its hash. A session ends at sign-out, after `idle_ms` without a request,
 * after `absolute_ms` in any case, and when its account is changed or disabled. Times are the caller's, and never go back. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_LOGIN_H
#define CLINIC_SERVER_LOGIN_H

#include <pthread.h>

#include "clinic/records/users.h"
#include "clinic/server/looks.h"

enum {
    SESSIONS_MAX = 64,    /* guess; each holds a connection to the database */
    SESSIONS_OF_ONE = 16, /* of one account: the oldest ends. Guess */
    STREAMS_OF_ONE = 16,  /* of one session: guess */
    SESSION_TOKEN_BYTES = 32,
    SESSION_TOKEN_TEXT = 2 * SESSION_TOKEN_BYTES + 1
};

struct login {
    uint64_t number; /* never used twice */
    uint8_t token_hash[HASH_BYTES];
    char csrf[SESSION_TOKEN_TEXT];
    int64_t begun_ms, used_ms;
    unsigned holds;   /* by requests and streams */
    unsigned streams; /* open */
    bool ended;
    struct user user;
    pthread_mutex_t lock;   /* of what follows */
    struct records records; /* opened with the account's password */
    struct looks looks;     /* at patients */
};

struct logins {
    int64_t idle_ms, absolute_ms;
    void (*gone)(void *context, uint64_t number); /* told of each that ends */
    void *context;
    uint64_t last;
    struct login *session[SESSIONS_MAX];
};

/* One that nobody has signed in to yet: the caller opens its records, in their place. Null without memory. */
struct login *login_new(void);
/* Of one whose records were never opened. */
void login_drop(struct login *session);
/* Its records are signed in to: tells the token. False, with the records still open, when all places are taken. */
bool logins_begin(struct logins *sessions, struct login *session, const struct user *user, int64_t now_ms,
                    char token[SESSION_TOKEN_TEXT]);
/* The session of a token, held until login_release(); null when there is none. `use`: it was used now, and is not idle. */
struct login *logins_find(struct logins *sessions, const char *token, bool use, int64_t now_ms);
/* One more hold. */
void login_hold(struct login *session);
/* Lets go; a session that has ended is closed by the last one. */
void login_release(struct login *session);
/* Ends it. Who holds it may go on with what was begun. */
void logins_end(struct logins *sessions, struct login *session);
/* Ends all that are over at `now_ms`, and those of this account (0: none). */
void logins_sweep(struct logins *sessions, int64_t now_ms, int64_t user);
/* Ends all of them. */
void logins_close(struct logins *sessions);

#endif
