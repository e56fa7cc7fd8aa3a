/* session.h - one side of a session after its handshake: sealing and opening messages under counted nonces, with keys that move
 * on. Lost, repeated and reordered frames are ordinary: a nonce that is not above the last one is dropped. link/SPEC.md §6. */
// SPDX-License-Identifier: Apache-2.0
#ifndef LINK_SESSION_H
#define LINK_SESSION_H

#include "link/packet.h"

/* A key is rekeyed (Noise REKEY) after so many nonces; frames up to so many rekeys ahead are followed. */
enum { SESSION_REKEY_EVERY = 64, SESSION_REKEYS_AHEAD = 4 };

struct session_way {
    uint8_t key[KEY_BYTES];
    uint32_t nonce;  /* sending: of the last frame sent; receiving: of the last one taken. 0: none yet */
    uint32_t rekeys; /* done so far: nonce / SESSION_REKEY_EVERY */
};

struct session {
    uint32_t id; /* chosen by the pump, never 0; 0: no session */
    struct session_way out, in;
};

void session_begin(struct session *session, uint32_t id, const uint8_t out[KEY_BYTES], const uint8_t in[KEY_BYTES]);
/* Seals 1 to PACKET_PLAIN_MAX bytes into a DATA packet. False when there is no session, the size is wrong, or the nonces are
 * used up. */
bool session_seal(struct session *session, const uint8_t *plain, size_t size, struct packet *packet);
/* Opens a DATA packet of this session; returns the length of what it held, 0 when it is not for this session, not above the last
 * nonce, too far ahead, or not authentic. Nothing changes then. */
size_t session_open(struct session *session, const struct packet *packet, uint8_t plain[PACKET_PLAIN_MAX]);
/* Zeroes the keys. */
void session_end(struct session *session);

#endif
