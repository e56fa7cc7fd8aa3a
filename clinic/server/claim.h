/* claim.h - one writer per pump: who holds a pump, until when, and the token that shows it. HZ-24, HZ-28; screen rule W9.
 *
 * A claim belongs to a session, and within it to whoever was told its token: a second window of the same person is another
 * writer. Before anything is sent to a pump, and again when a plan is confirmed, claims_held() has to say yes. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_CLAIM_H
#define CLINIC_SERVER_CLAIM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/therapy.h"

enum {
    CLAIMS_MAX = 256,
    CLAIM_TOKEN_BYTES = 16,
    CLAIM_TOKEN_TEXT = 2 * CLAIM_TOKEN_BYTES + 1,
    CLAIM_OWNER_BYTES = 64,
    CLAIM_MS = 5 * 60 * 1000 /* without a word of its owner: guess */
};

struct claim_holder {
    uint64_t session;
    char owner[CLAIM_OWNER_BYTES]; /* the account's name, for the others to see */
    uint8_t token[CLAIM_TOKEN_BYTES];
    int64_t until_ms;
};

struct claim {
    char serial[SERIAL_BYTES]; /* empty: free */
    struct claim_holder at;
    bool emergency; /* seized: workflow emergency, and no other, may be begun with it */
    struct claim_holder
        before; /* of one that was seized: whoever it was taken from, who gets it back; session 0: nobody */
};

struct claims {
    struct claim claim[CLAIMS_MAX];
};

enum claim_fault {
    CLAIM_OK = 0,
    CLAIM_HELD /* by another */,
    CLAIM_LOST /* this token holds it not (any more) */,
    CLAIM_FULL
};

/* The claim on a pump that stands at `now_ms`, or null. */
const struct claim *claims_find(const struct claims *claims, const char *serial, int64_t now_ms);
/* With a token: stays its owner for CLAIM_MS more. Without: becomes it, unless there is one; the token is then in `text`. */
enum claim_fault claims_take(struct claims *claims, const char *serial, uint64_t session, const char *owner,
                             const char *token, int64_t now_ms, char text[CLAIM_TOKEN_TEXT]);
/* For an emergency: becomes its owner, whoever was it. As claims_take() without a token. `from` is told who was, or
 * empty. What is let go again, or ends with its session, is theirs again for what was left of their time: seizing is no way to
 * become the owner for anything else. */
enum claim_fault claims_seize(struct claims *claims, const char *serial, uint64_t session, const char *owner,
                              int64_t now_ms, char text[CLAIM_TOKEN_TEXT], char from[CLAIM_OWNER_BYTES]);
/* Does this session hold the pump with this token? */
bool claims_held(const struct claims *claims, const char *serial, uint64_t session, const char *token, int64_t now_ms);
enum claim_fault claims_release(struct claims *claims, const char *serial, uint64_t session, const char *token,
                                int64_t now_ms);
/* All claims of a session end with it. */
void claims_forget(struct claims *claims, uint64_t session);

#endif
