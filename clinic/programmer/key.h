/* key.h - what a programmer knows of one pump: who it is there, its keys, its counters, the command whose outcome it does not
 * know yet, and what became of the one before. Plain data, kept by clinic/programmer/keystore.h or by whoever simulates a
 * programmer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PROGRAMMER_KEY_H
#define CLINIC_PROGRAMMER_KEY_H

#include "core/command.h"
#include "link/gate.h"

struct key {
    uint8_t pump_id[PUMP_ID_BYTES]; /* the pump's serial, padded with zeros */
    uint8_t slot;                   /* 1 to PEER_SLOTS; 0: not paired yet */
    uint8_t role;                   /* enum role */
    char label[16];                 /* for people, last byte zero */
    uint8_t secret[KEY_BYTES];      /* own static key */
    uint8_t pump_key[KEY_BYTES];    /* the pump's static public key, from the pairing */
    uint8_t gate_key[KEY_BYTES];
    uint64_t counter;               /* of the last knock (or PAIR_1 while not paired) sent */
    uint64_t command_id;            /* of the last command sent */
    struct pending {
        uint64_t id;  /* 0: none. Its outcome is not known: nothing but queries may be sent before it is */
        uint8_t kind; /* enum command_kind */
    } pending;
    /* What became of the last command that was pending, kept in one with the end of that: a process that dies before it could
     * show this to somebody must not take it along. Meaning as programmer->settled; id 0: there was none. */
    struct receipt last;
};

#endif
