/* busline.h - requests of the board bus (board/SPEC.md) as they come in, byte by byte, and what is wrong with them. Plain
 * data. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CHIP_BUSLINE_H
#define RIG_CHIP_BUSLINE_H

#include <stdbool.h>

#include "board/bus.h"

enum { BUSLINE_BYTES_MAX = BUS_HEAD_BYTES + BUS_BODY_MAX + BUS_CHECK_BYTES };

/* What is wrong with a request. */
enum busline_fault {
    BUSLINE_SOUND = 0,
    BUSLINE_NO_SYNC,
    BUSLINE_UNKNOWN,
    BUSLINE_SIZE,
    BUSLINE_SEQUENCE,
    BUSLINE_CHECK
};

struct busline {
    bool hunting;     /* for the HELLO of a core that starts: all else is passed over */
    uint8_t sequence; /* of the next request */
    uint16_t have;    /* bytes of it */
    uint8_t bytes[BUSLINE_BYTES_MAX];
};

/* A request that has come whole. The body lies in the line until its next byte. */
struct busline_request {
    uint8_t number, sequence;
    uint16_t size;
    const uint8_t *body;
};

/* A core that has been reset says HELLO first, whatever was on the line before. */
void busline_start(struct busline *line);
/* So many bytes are missing at least before busline_take() can tell more; never 0. */
size_t busline_wants(const struct busline *line);

enum busline_news { BUSLINE_MORE, BUSLINE_REQUEST, BUSLINE_MALFORMED };
/* The next byte. BUSLINE_REQUEST: `request` is whole and sound. BUSLINE_MALFORMED: `fault` tells why, the sequence that it
 * claims is in the request, and the line hunts for a start from now on, which is all that such a core may do. */
enum busline_news busline_take(struct busline *line, uint8_t byte, struct busline_request *request,
                               enum busline_fault *fault);

const char *busline_fault_text(enum busline_fault fault);
/* "RADIO_SEND", or null for a number that is no request. */
const char *busline_request_word(uint8_t number);

#endif
