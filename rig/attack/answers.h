/* answers.h - what somebody on the air hears of a pump: how many packets of which kind, and the numbers of the sessions that
 * talk, which stand in the clear in each DATA (link/SPEC.md §3). */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ATTACK_ANSWERS_H
#define RIG_ATTACK_ANSWERS_H

#include "link/packet.h"

enum { ANSWERS_KINDS = PACKET_IDENTITY + 1, ANSWERS_SESSIONS_MAX = 8 };

struct answers {
    uint64_t frames, bytes;
    uint64_t kind[ANSWERS_KINDS];           /* by enum packet_kind; [0] counts what is no packet */
    uint32_t session[ANSWERS_SESSIONS_MAX]; /* heard last: a ring */
    uint64_t sessions;                      /* different ones put there so far */
    struct packet identity;                 /* the last IDENTITY; kind 0 when none came */
};

/* One frame, with or without its closing zero. */
void answers_hear(struct answers *answers, const uint8_t *frame, size_t size);
/* Counts anew from here on; the sessions are still known. */
void answers_forget(struct answers *answers);
/* The name of a kind in link/SPEC.md; "damaged" for 0. Never null. */
const char *answers_word(unsigned kind);
/* The kind of this name, in any case; 0 when there is none. */
unsigned answers_kind(const char *word);

/* One bit for each kind, for sets of them. */
#define ANSWERS_BIT(kind) (UINT32_C(1) << (kind))

#endif
