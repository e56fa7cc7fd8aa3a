/* antenna.h - where programmers reach a live implant: three Unix stream sockets in a folder, named after where the other
 * device is.
 *
 *   far     in the room
 *   near    held to the skin over the pump
 *   magnet  the same, with a magnet; it is held as long as anybody is connected there
 *
 * What goes over them are the frames of link/SPEC.md §2, one behind the other. Everybody who is connected hears everything the
 * pump sends. Nobody can make the pump wait: who does not read misses frames, who sends what is no frame is not heard. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ANTENNA_H
#define RIG_ANTENNA_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "board/board.h"
#include "core/result.h"
#include "link/frame.h"
#include "rig/listener.h"

enum {
    ANTENNA_CLIENTS_MAX = 64,    /* guess; whoever comes then is turned away */
    ANTENNA_OUT_BYTES = 4096,    /* guess: what waits for one client; what does not fit in whole is dropped */
    ANTENNA_IN_BYTES = 1024,     /* guess: what is read of one client at a time */
    ANTENNA_PATH_BYTES = LISTENER_PATH_BYTES
};

enum antenna_place { ANTENNA_FAR, ANTENNA_NEAR, ANTENNA_MAGNET, ANTENNA_PLACES };

struct antenna_client {
    int descriptor;
    enum antenna_place place;
    bool gone;               /* is taken off the list when nobody walks along it */
    struct frame_cutter cutter;
    size_t out;              /* bytes that wait */
    uint8_t waiting[ANTENNA_OUT_BYTES];
};

struct antenna {
    int listener[ANTENNA_PLACES]; /* -1: none */
    int also;                     /* ends a wait when it can be read, and is somebody else's to read; -1: none */
    char path[ANTENNA_PLACES][ANTENNA_PATH_BYTES];
    unsigned clients;        /* some of them gone */
    struct antenna_client client[ANTENNA_CLIENTS_MAX];
    struct antenna_count {
        uint64_t heard, sent, dropped; /* frames; sent and dropped once for each client */
        uint64_t turned_away;          /* clients */
    } count;
};

enum antenna_fault {
    ANTENNA_OK = 0,
    ANTENNA_FAILED,   /* the system refused; errno says why */
    ANTENNA_TOO_LONG, /* the path of a socket would be longer than a socket's path can be */
    ANTENNA_BUSY      /* somebody else listens there */
};

/* What is done with a frame that came; its closing zero is included. May send. */
typedef void antenna_heard(void *context, enum reach reach, const uint8_t *frame, size_t size);

/* The path of the socket that was refused is left in path[] of its place. Sockets nobody listens at any more are replaced. */
MUST_USE enum antenna_fault antenna_open(struct antenna *antenna, const char *folder, enum antenna_place *place);
/* Waits up to `wait_ms` (less than 0: as long as it takes) until somebody comes, sends, reads or leaves, or a signal comes that
 * `mask` lets through, and serves everybody once. */
void antenna_serve(struct antenna *antenna, int64_t wait_ms, const sigset_t *mask, antenna_heard *heard, void *context);
/* To everybody who is connected. */
void antenna_send(struct antenna *antenna, const uint8_t *frame, size_t size);
/* Is anybody there who holds a magnet? */
bool antenna_magnet(const struct antenna *antenna);
/* Everybody is cut off, and the sockets are removed. */
void antenna_close(struct antenna *antenna);

const char *antenna_word(enum antenna_place place);

#endif
