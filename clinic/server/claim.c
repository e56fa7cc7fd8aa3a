/* claim.c - claims on pumps. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/claim.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static struct claim *standing(struct claims *claims, const char *serial, int64_t now_ms)
{
    for (unsigned i = 0; i < CLAIMS_MAX; i++)
        if (strcmp(claims->claim[i].serial, serial) == 0 && claims->claim[i].at.until_ms > now_ms)
            return &claims->claim[i];
    return NULL;
}

const struct claim *claims_find(const struct claims *claims, const char *serial, int64_t now_ms)
{
    for (unsigned i = 0; i < CLAIMS_MAX; i++)
        if (strcmp(claims->claim[i].serial, serial) == 0 && claims->claim[i].at.until_ms > now_ms)
            return &claims->claim[i];
    return NULL;
}

static bool is_owner(const struct claim_holder *holder, uint64_t session, const char *token)
{
    char text[CLAIM_TOKEN_TEXT];
    sodium_bin2hex(text, sizeof text, holder->token, sizeof holder->token);
    return holder->session == session && strlen(token) == sizeof text - 1 &&
           sodium_memcmp(text, token, sizeof text - 1) == 0;
}

bool claims_held(const struct claims *claims, const char *serial, uint64_t session, const char *token, int64_t now_ms)
{
    const struct claim *claim = claims_find(claims, serial, now_ms);
    return claim != NULL && is_owner(&claim->at, session, token);
}

enum claim_fault claims_take(struct claims *claims, const char *serial, uint64_t session, const char *owner,
                             const char *token, int64_t now_ms, char text[CLAIM_TOKEN_TEXT])
{
    struct claim *claim = standing(claims, serial, now_ms);
    if (claim != NULL && (token == NULL || !is_owner(&claim->at, session, token)))
        return CLAIM_HELD;
    if (claim == NULL && token != NULL) /* it ended: what was edited under it was edited by nobody's leave */
        return CLAIM_LOST;
    for (unsigned i = 0; i < CLAIMS_MAX && claim == NULL; i++) {
        if (claims->claim[i].at.until_ms > now_ms)
            continue;
        claim = &claims->claim[i];
        *claim = (struct claim){ .at.session = session };
        snprintf(claim->serial, sizeof claim->serial, "%s", serial);
        snprintf(claim->at.owner, sizeof claim->at.owner, "%s", owner);
        randombytes_buf(claim->at.token, sizeof claim->at.token);
    }
    if (claim == NULL)
        return CLAIM_FULL;
    claim->at.until_ms = now_ms + CLAIM_MS;
    sodium_bin2hex(text, CLAIM_TOKEN_TEXT, claim->at.token, sizeof claim->at.token);
    return CLAIM_OK;
}

enum claim_fault claims_seize(struct claims *claims, const char *serial, uint64_t session, const char *owner,
                              int64_t now_ms, char text[CLAIM_TOKEN_TEXT], char from[CLAIM_OWNER_BYTES])
{
    struct claim *claim = standing(claims, serial, now_ms);
    struct claim_holder before = { .session = 0 };
    *from = '\0';
    if (claim != NULL) {
        before = claim->emergency ? claim->before : claim->at;
        memcpy(from, claim->at.owner, CLAIM_OWNER_BYTES);
        *claim = (struct claim){ .emergency = false };
    }
    enum claim_fault fault = claims_take(claims, serial, session, owner, NULL, now_ms, text);
    claim = fault == CLAIM_OK ? standing(claims, serial, now_ms) : NULL;
    if (claim != NULL) {
        claim->emergency = true;
        claim->before = before;
    }
    return fault;
}

/* Whoever it was seized from has it again, while their time lasts. */
static void let_go(struct claim *claim)
{
    if (claim->before.session == 0) {
        *claim = (struct claim){ .emergency = false };
        return;
    }
    claim->at = claim->before;
    claim->before = (struct claim_holder){ .session = 0 };
    claim->emergency = false;
}

enum claim_fault claims_release(struct claims *claims, const char *serial, uint64_t session, const char *token,
                                int64_t now_ms)
{
    struct claim *claim = standing(claims, serial, now_ms);
    if (claim == NULL || !is_owner(&claim->at, session, token))
        return CLAIM_LOST;
    let_go(claim);
    return CLAIM_OK;
}

void claims_forget(struct claims *claims, uint64_t session)
{
    for (unsigned i = 0; i < CLAIMS_MAX; i++) {
        struct claim *claim = &claims->claim[i];
        if (claim->before.session == session)
            claim->before = (struct claim_holder){ .session = 0 };
        if (claim->at.session == session)
            let_go(claim);
    }
}
