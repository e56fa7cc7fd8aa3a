/* tap.h - overhears everything on the air between the campaign's programmers and the pump, opens it with the keys of the
 * sessions, and tells the umpire which commands were sent and what the pump answered; and judges by itself what may never be
 * sent twice: counters of knocks and nonces of sessions. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_TAP_H
#define RIG_TAP_H

#include "link/session.h"
#include "rig/umpire.h"
#include "twin/hardware/ether.h"

enum { TAP_LINES = 8, TAP_NONCES = 256 };

struct tap {
    struct ether_ear ear;
    unsigned next;
    struct tap_line {     /* sessions, the newest; those before are heard no more */
        uint32_t id;      /* 0: none */
        uint8_t slot;
        uint32_t sent;    /* nonce of the last frame of the programmer */
        struct session_way to_pump, from_pump;
        uint64_t print[TAP_NONCES]; /* of the pump's frames, by nonce; 0: none heard */
        uint32_t nonce[TAP_NONCES];
    } line[TAP_LINES];
    struct tap_knock {
        uint64_t counter, print;
    } knock[PEER_SLOTS + 1];
};

void tap_start(struct tap *tap, const struct ether *ether, instant_ms now);
/* A programmer in this slot sends a frame, in this session (which it has begun to use, or uses already). `restored`: it goes on
 * from a backup and does not know yet which counters it has used. */
void tap_sent(struct tap *tap, struct umpire *umpire, uint8_t slot, const struct session *session, bool restored,
              const uint8_t *frame, size_t size);
/* The programmer of this slot is restored from a backup. The counters above the highest that the pump has taken may come again:
 * it never heard of them, so no session and no command came of them. */
void tap_restored(struct tap *tap, uint8_t slot, uint64_t taken);
/* What of the pump's frames has arrived by now. */
void tap_listen(struct tap *tap, struct umpire *umpire, const struct ether *ether, instant_ms now);

#endif
