/* doors.h - a request of the board bus that is a door of the board: it is opened, and what comes out is the answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CHIP_DOORS_H
#define RIG_CHIP_DOORS_H

#include "board/board.h"
#include "rig/chip/busline.h"

/* What goes back. */
struct doors_answer {
    uint16_t size; /* of the result */
    uint8_t bytes[BUS_WINDOW_BYTES];
    struct radio_heard heard; /* goes on the radio's own line; size 0: nothing */
};

/* `frame`: what the core has put on the radio's line for RADIO_SEND, as many bytes as it said. False, and no door opened, when
 * the request is no door or asks for what no door gives. May not return at all: power can go in the door. */
bool doors_open(const struct board *board, const struct busline_request *request, const uint8_t *frame,
                struct doors_answer *answer);

/* How many bytes the request says have gone before on the radio's line. */
uint16_t doors_frame_size(const struct busline_request *request);

#endif
