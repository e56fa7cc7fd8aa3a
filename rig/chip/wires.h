/* wires.h - the two lines of a chip: requests of its core are heard, bytes go back; with patience, and with an eye on whether
 * there is a chip at all. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CHIP_WIRES_H
#define RIG_CHIP_WIRES_H

#include "rig/chip/busline.h"

/* Where the chip's RAM begins, as the chip sees it. */
#define CHIP_MEMORY_AT UINT32_C(0x21000000)

/* The ways to a chip. */
struct chip_wires {
    int bus, radio;  /* sockets, one end each; closed with the chip */
    uint8_t *memory; /* what the chip has at CHIP_MEMORY_AT, shared with it */
    size_t memory_bytes;
    int64_t patience_ms; /* real time that the core may be silent in; negative: for ever, as somebody debugs it */
    void *context;       /* handed to these: */
    /* Stops the core where it is, empties both lines, and starts it again; memory stays. False: it cannot be done any more. */
    bool (*reset)(void *context);
    /* Null while there is a chip, else what became of it. */
    const char *(*ended)(void *context);
    void (*close)(void *context);
    bool revives; /* reset() makes a new chip, with the old one's memory, when that has ended: so its end is a hang */
};

struct wires {
    struct chip_wires ways;
    struct busline line;
    struct busline_request asked; /* the last request, sound or not */
    enum busline_fault wrong;     /* with it */
    const char *failed;           /* why WIRES_GONE */
    uint64_t deaths;              /* of a chip that revives */
};

enum wires_news {
    WIRES_DONE,
    WIRES_MALFORMED, /* a request that no core may make */
    WIRES_SILENT,    /* for longer than its patience, or the chip has ended and revives */
    WIRES_GONE       /* there is no chip any more */
};

void wires_open(struct wires *wires, const struct chip_wires *ways);
/* The next request. */
enum wires_news wires_hear(struct wires *wires);
/* Bytes that the core has sent on the radio's line: all of them and no more, else WIRES_MALFORMED. */
enum wires_news wires_frame(struct wires *wires, uint8_t *bytes, size_t size);
enum wires_news wires_answer(struct wires *wires, uint8_t byte);
enum wires_news wires_radio(struct wires *wires, const uint8_t *bytes, size_t size);
/* Has a request arrived, or its beginning? Nothing is taken off the line. */
bool wires_waits(const struct wires *wires);
void wires_close(struct wires *wires);

#endif
