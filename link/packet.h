/* packet.h - the bodies of frames: knock, answer, counter, pairing, data, emergency. Byte by byte: link/SPEC.md §3.
 * REQ-LINK-10: what is not one of them, whole and of its exact form, is dropped. */
// SPDX-License-Identifier: Apache-2.0
#ifndef LINK_PACKET_H
#define LINK_PACKET_H

#include "link/frame.h"
#include "link/gate.h"

/* Of link/SPEC.md. */
enum { LINK_VERSION = 1 };

enum packet_kind {
    PACKET_KNOCK = 1,     /* programmer: opens a session */
    PACKET_ANSWER = 2,    /* pump: the session stands */
    PACKET_COUNTER = 3,   /* pump: that counter was used; this is the highest */
    PACKET_DATA = 4,      /* both */
    PACKET_PAIR_1 = 5,    /* programmer, with the card's secret */
    PACKET_PAIR_2 = 6,    /* pump */
    PACKET_PAIR_3 = 7,    /* programmer */
    PACKET_PAIRED = 8,    /* pump */
    PACKET_EMERGENCY = 9, /* anybody, magnet held */
    PACKET_IDENTITY = 10  /* pump */
};

enum { PACKET_HEAD_MAX = 26, PACKET_NOISE_MAX = 160, PACKET_DATA_HEAD = 9,
       PACKET_PLAIN_MAX = FRAME_BODY_MAX - PACKET_DATA_HEAD - TAG_BYTES };
enum emergency_wish { EMERGENCY_IDENTIFY = 1, EMERGENCY_LOWER = 2 };

/* Members that a kind does not use are zero. */
struct packet {
    uint8_t kind;             /* enum packet_kind */
    uint8_t slot;             /* KNOCK, ANSWER, COUNTER */
    uint8_t wish;             /* EMERGENCY */
    uint64_t counter;         /* KNOCK, COUNTER, PAIR_1 */
    uint8_t tag[TAG_BYTES];   /* KNOCK, COUNTER, PAIR_1 */
    uint32_t session, nonce;  /* DATA */
    uint64_t challenge;       /* EMERGENCY, IDENTITY */
    uint16_t size;            /* of `bytes`: a Noise message, a sealed message, or what IDENTITY tells */
    uint8_t bytes[FRAME_BODY_MAX];
};

/* The body's length; 0 when a member lies outside the form. */
size_t packet_write(const struct packet *packet, uint8_t body[FRAME_BODY_MAX]);
/* False, and *packet untouched, for anything that is not exactly a packet. */
bool packet_read(const uint8_t *body, size_t size, struct packet *packet);

#endif
