/* mutant.h - frames made up by chance, or out of sound ones: what a fuzzer sends. The same dice give the same frames. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ATTACK_MUTANT_H
#define RIG_ATTACK_MUTANT_H

#include "link/packet.h"
#include "rig/attack/tape.h"
#include "rig/dice.h"

/* How a frame is made. */
enum mutant_form {
    MUTANT_NOISE,   /* any bytes, perhaps several frames, perhaps longer than any */
    MUTANT_BODY,    /* any body in a sound frame */
    MUTANT_PACKET,  /* a well-formed packet of things made up */
    MUTANT_CHANGED, /* bytes of a sound body changed, framed anew */
    MUTANT_RESIZED, /* a sound body cut short or drawn out, framed anew */
    MUTANT_SPLICED, /* the beginning of one sound body, the end of another */
    MUTANT_DAMAGED, /* bits of a sound frame turned over */
    MUTANT_FORMS
};

enum { MUTANT_BYTES_MAX = 2 * FRAME_BYTES_MAX };

/* A packet of a kind that others send to a pump, all its members within their ranges. */
void mutant_packet(struct dice *dice, struct packet *packet);
/* One by this form; bodies come from the tape when it holds packets, else they are made up. Returns its length, 1 to
 * MUTANT_BYTES_MAX; the last byte is zero. */
size_t mutant_make(struct dice *dice, enum mutant_form form, const struct tape *tape, uint8_t bytes[MUTANT_BYTES_MAX]);

#endif
