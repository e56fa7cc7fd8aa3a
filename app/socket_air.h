/* socket_air.h - the air of a programmer on the command line: the sockets of a virtual pump, which carry frames as they would go
 * over the air. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SOCKET_AIR_H
#define APP_SOCKET_AIR_H

#include "clinic/programmer/air.h"

/* Keeps keys, as air->keep() does. */
struct keeper {
    void *context; /* handed back to it */
    bool (*keep)(void *context, const struct key *key);
};

enum { PATIENCE_MS_MAX = 60000 }; /* for one answer: nobody waits longer for a radio */

struct socket_air {
    int socket;           /* -1: not connected */
    struct frame_cutter cutter;
    uint8_t waiting[512]; /* bytes that came and are not cut yet */
    size_t first, end;
    struct keeper keeper;
};

/* Connects to DIR/NAME. False, with errno, when nobody is there. */
bool socket_air_open(struct socket_air *socket_air, const char *dir, const char *name, const struct keeper *keeper);
/* Where a key of this role talks from when nobody says where: "near", held to the skin, or "far". */
const char *socket_air_reach(uint8_t role);
/* The same as a programmer wants it. Good as long as `socket_air` stays where it is. */
struct air socket_air_of(struct socket_air *socket_air);
void socket_air_close(struct socket_air *socket_air);

#endif
