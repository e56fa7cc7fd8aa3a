/* radio.h - the sockets of a pump (rig/antenna.h) as an attacker uses them: bytes as they are, everything heard, nothing waited
 * for longer than a given time. A signal to end (SIGINT, SIGTERM) counts as time that is up. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_ATTACK_RADIO_H
#define APP_ATTACK_RADIO_H

#include <stdio.h>

#include "rig/attack/attack.h"

struct attack_radio {
    const char *dir;
    int64_t begun_ms, end_ms; /* by the machine's monotonic clock */
    struct radio_ear {
        int socket;           /* -1: not connected */
        struct frame_cutter in, out;
    } at[PLACES];
    int ear;                  /* the place whose frames are told: each hears the same; -1: none */
    bool gone;                /* the pump hung up, or did not come to the end of what was sent */
    FILE *capture;            /* where what goes over the air is written down; null: nowhere */
    void (*heard)(void *context, const uint8_t *frame, size_t size);
    void *context;
};

/* Nothing is connected yet. */
void radio_begin(struct attack_radio *radio, const char *dir, int64_t for_ms);
/* The clock begins anew; connections stay. */
void radio_restart(struct attack_radio *radio, int64_t for_ms);
/* Connects to one of the sockets, if it is not yet. False, with errno, when nobody is there. */
bool radio_join(struct attack_radio *radio, enum place place);
/* Lets go of it; of a magnet, that takes it away. */
void radio_leave(struct attack_radio *radio, enum place place);
/* The same as an attack wants it; joins as places are used. Good as long as `radio` stays where it is. */
struct aerial radio_aerial(struct attack_radio *radio);
/* Sends no more, and hears the pump out: when this returns true it has dealt with all that was sent. */
bool radio_finish(struct attack_radio *radio);
/* Closes everything. */
void radio_end(struct attack_radio *radio);
/* Has a signal come that ends the attack? */
bool radio_stopped(void);

#endif
