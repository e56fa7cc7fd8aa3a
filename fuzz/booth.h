/* booth.h - one pump on the test stand, the air around it, and what a hand can do to it: hold a magnet or a device, cut its
 * power, spoil its memory. Plain data: a start is made once and copied for each input. */
// SPDX-License-Identifier: Apache-2.0
#ifndef FUZZ_BOOTH_H
#define FUZZ_BOOTH_H

#include "link/packet.h"
#include "tests/model/stand.h"

enum { BOOTH_TOLD_MAX = 4 };

struct booth {
    struct stand stand; /* first: what the doors are handed is a pointer to it */
    uint8_t reach;      /* enum reach: where the devices of this air are */
    uint8_t listening;  /* enum reach: as the pump told its radio */
    bool magnet, field;
    bool hearing;              /* within pump_radio(): the only time at which a pump may speak */
    struct radio_heard coming; /* size 0: nothing */
    struct booth_told {        /* what the pump said to the last frame */
        uint16_t size;
        uint8_t bytes[RADIO_FRAME_MAX];
    } told[BOOTH_TOLD_MAX];
    unsigned tolds;
};

/* A new pump, nothing in it; `stand.unit` may be filled in and the stand reset afterwards. */
void booth_start(struct booth *booth, const struct model *model);
/* The pump hears this frame, and nothing else happens. False when it does not listen there. */
bool booth_deliver(struct booth *booth, const uint8_t *frame, size_t size);
/* The pump does what is due. */
void booth_step(struct booth *booth);
/* Power goes and comes back. */
void booth_reset(struct booth *booth, uint8_t cause);

#endif
