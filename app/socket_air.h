/* socket_air.h - the air of a programmer on the command line: the sockets of a virtual pump, which carry frames as they would go
 * over the air; and the file of keys. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SOCKET_AIR_H
#define APP_SOCKET_AIR_H

#include "clinic/programmer/air.h"
#include "clinic/programmer/keystore.h"

struct socket_air {
    int socket;             /* -1: not connected */
    struct frame_cutter cutter;
    uint8_t waiting[512];   /* bytes that came and are not cut yet */
    size_t first, end;
    struct keystore *store; /* where keys are kept; null: nowhere */
};

/* Connects to DIR/NAME. False, with errno, when nobody is there. */
bool socket_air_open(struct socket_air *socket_air, const char *dir, const char *name, struct keystore *store);
/* The same as a programmer wants it. Good as long as `socket_air` stays where it is. */
struct air socket_air_of(struct socket_air *socket_air);
void socket_air_close(struct socket_air *socket_air);

#endif
