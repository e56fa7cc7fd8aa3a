/* claim.c - claims on pumps. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/claim.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static struct claim *standing(struct claims *claims, const char *serial, int64_t now_ms)
{
    for (unsigned i = 0; i < CLAIMS_MAX; i++)
        if (strcmp(claims->claim[i].serial, serial) == 0 && claims->claim[i].until_ms > now_ms)
            return &claims->claim[i];
    return NULL;
}

const struct claim *claims_find(const struct claims *claims, const char *serial, int64_t now_ms)
{
    for (unsigned i = 0; i < CLAIMS_MAX; i++)
        if (strcmp(claims->claim[i].serial, serial) == 0 && claims->claim[i].until_ms > now_ms)
            return &claims->claim[i];
    return NULL;
}

static bool is_owner(const struct claim *claim, uint64_t session, const char *token)
{
    char text[CLAIM_TOKEN_TEXT];
    sodium_bin2hex(text, sizeof text, claim->token, sizeof claim->token);
    return claim->session == session && strlen(token) == sizeof text - 1 &&
           sodium_memcmp(text, token, sizeof text - 1) == 0;
}

bool claims_held(const struct claims *claims, const char *serial, uint64_t session, const char *token, int64_t now_ms)
{
    const struct claim *claim = claims_find(claims, serial, now_ms);
    return claim != NULL && is_owner(claim, session, token);
}

enum claim_fault claims_take(struct claims *claims, const char *serial, uint64_t session, const char *owner,
                             const char *token, int64_t now_ms, char text[CLAIM_TOKEN_TEXT])
{
    struct claim *claim = standing(claims, serial, now_ms);
    if (claim != NULL && (token == NULL || !is_owner(claim, session, token)))
        return CLAIM_HELD;
    if (claim == NULL && token != NULL) /* it ended: what was edited under it was edited by nobody's leave */
        return CLAIM_LOST;
    for (unsigned i = 0; i < CLAIMS_MAX && claim == NULL; i++) {
        if (claims->claim[i].until_ms > now_ms)
            continue;
        claim = &claims->claim[i];
        *claim = (struct claim){ .session = session };
        snprintf(claim->serial, sizeof claim->serial, "%s", serial);
        snprintf(claim->owner, sizeof claim->owner, "%s", owner);
        randombytes_buf(claim->token, sizeof claim->token);
    }
    if (claim == NULL)
        return CLAIM_FULL;
    claim->until_ms = now_ms + CLAIM_MS;
    sodium_bin2hex(text, CLAIM_TOKEN_TEXT, claim->token, sizeof claim->token);
    return CLAIM_OK;
}

enum claim_fault claims_seize(struct claims *claims, const char *serial, uint64_t session, const char *owner,
                              int64_t now_ms, char text[CLAIM_TOKEN_TEXT])
{
    struct claim *claim = standing(claims, serial, now_ms);
    if (claim != NULL)
        *claim = (struct claim){ .session = 0 };
    return claims_take(claims, serial, session, owner, NULL, now_ms, text);
}

enum claim_fault claims_release(struct claims *claims, const char *serial, uint64_t session, const char *token,
                                int64_t now_ms)
{
    struct claim *claim = standing(claims, serial, now_ms);
    if (claim == NULL || !is_owner(claim, session, token))
        return CLAIM_LOST;
    *claim = (struct claim){ .session = 0 };
    return CLAIM_OK;
}

void claims_forget(struct claims *claims, uint64_t session)
{
    for (unsigned i = 0; i < CLAIMS_MAX; i++)
        if (claims->claim[i].session == session)
            claims->claim[i] = (struct claim){ .session = 0 };
}
