/* standin.h - what stands in for an emulated chip: a child that runs the pump's software of this program and speaks the board bus
 * (board/SPEC.md) as a core would, and can be told to do it wrongly. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_RIG_STANDIN_H
#define TESTS_RIG_STANDIN_H

#include "rig/chip/chip.h"

enum misdeed {
    MISDEED_NONE = 0,
    MISDEED_CHECK,    /* a request with a wrong check value, */
    MISDEED_SEQUENCE, /* another sequence, */
    MISDEED_SIZE,     /* a body of another size, */
    MISDEED_UNKNOWN,  /* a number that is none, */
    MISDEED_NO_SYNC,  /* or a byte that begins none */
    MISDEED_BEYOND,   /* reads beyond the flash */
    MISDEED_FRAME,    /* says that a frame has gone before, which has not */
    MISDEED_SILENCE,  /* hangs */
    MISDEED_DEATH,    /* ends */
    MISDEED_START     /* starts by itself, and tells of a fault */
};

/* What the child shares with the test beside the chip's memory. */
struct standin_orders {
    struct bus_hello hello; /* as it says it; begins with what is right */
    enum misdeed misdeed;   /* at the next door, once; */
    enum misdeed at_start;  /* and this at each start, in the place of HELLO */
    uint32_t answered;      /* the answer byte to the last misdeed */
};

/* A new one, not yet running; null: the system refused. To be handed to chip_make(), and closed by its wires. */
struct standin_orders *standin_wires(struct chip_wires *wires);

#endif
