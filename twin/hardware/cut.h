/* cut.h - power that goes while the core is inside a door: the core stops there and then, and never learns what became
 * of the door. How the rig makes it stop: docs/decisions/0011-power-cuts.md. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_HARDWARE_CUT_H
#define TWIN_HARDWARE_CUT_H

#include <stdbool.h>

#include "board/board.h"

struct twin;

struct twin_cut {
    uint64_t doors;                /* power goes at this door from now, before the door does anything; 0: at none */
    bool struck;                   /* it has gone, until twin_power_cut() */
    void (*strike)(void *context); /* how the core is stopped: does not return. Null but around a call into the core, */
    void *context;                 /* so that a twin is plain data whenever somebody can copy it */
};

/* Power goes now. Returns when there is no hook: the core then runs on against a flash chip that is off. */
void cut_strike(struct twin *twin);

/* The doors of hardware.c, each counted before it is opened: in use only while a cut at a door is asked for. */
extern const struct board_doors cut_doors;

#endif
