/* attack.h - somebody on the air of a pump who wants to hurt its patient: what they send, and what they hear. Which attacks there
 * are: rig/attack/kind.def. Everything an attack makes up comes from its dice. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ATTACK_ATTACK_H
#define RIG_ATTACK_ATTACK_H

#include "rig/attack/answers.h"
#include "rig/attack/kind.h"
#include "rig/attack/tape.h"
#include "rig/dice.h"

/* The way to the pump. What is heard is handed to answers_hear() by whoever listens. */
struct aerial {
    void *context;
    /* Sends bytes as they are. False when nobody is there any more, or time is up. */
    bool (*send)(void *context, enum place place, const uint8_t *bytes, size_t size);
    /* Lets time pass. False when time is up. */
    bool (*pass)(void *context, int64_t for_ms);
};

/* What is asked for, as far as the kind of attack has a use for it. */
struct attack_wish {
    enum place place;
    bool placed;             /* place was told: a replay then does not go by what was recorded */
    uint64_t count;          /* frames */
    int64_t every_ms;        /* a frame every so often; 0: one behind the other */
    int64_t span_ms;         /* to listen */
    const uint8_t *bytes;    /* to inject */
    size_t size;
    bool raw;                /* they are no body: sent as they are */
    bool reflect;            /* what the pump sent is sent to it, too */
    uint32_t only;           /* ANSWERS_BIT of the kinds to replay; 0: all */
    uint32_t speed;          /* so many times as fast as recorded; 0: without pauses */
    uint8_t slot;            /* 0: all in turn */
    uint32_t session;        /* 0: those overheard, else made up */
    uint8_t pump_id[PUMP_ID_BYTES];
};

struct attack {
    const struct kind_row *kind;
    struct attack_wish wish;
    struct aerial aerial;
    struct dice dice;
    struct tape tape;        /* what was recorded; empty: nothing */
    struct answers answers;
    uint64_t frames, bytes;  /* sent */
};

/* Sends bytes as one frame, and waits as long as is wished. False when the attack is over. */
bool attack_send(struct attack *attack, enum place place, const uint8_t *bytes, size_t size);
/* The same with a body, framed; and with a packet. */
bool attack_body(struct attack *attack, enum place place, const uint8_t *body, size_t size);
bool attack_packet(struct attack *attack, const struct packet *packet);
/* Made up by chance. */
void attack_draw(struct attack *attack, uint8_t *bytes, size_t size);
/* What was heard and must not have been: ANSWERS_BIT. Holds when nobody else has talked to the pump. */
uint32_t attack_unheard(const struct attack *attack);

#endif
