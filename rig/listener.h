/* listener.h - a Unix stream socket that only its owner may connect to, at a path of its own: in place of one that nobody listens
 * at any more, and of nothing else. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_LISTENER_H
#define RIG_LISTENER_H

#include "core/result.h"

enum { LISTENER_PATH_BYTES = 108 /* of a socket's path, its closing zero included */ };

enum listener_fault {
    LISTENER_OK = 0,
    LISTENER_FAILED, /* the system refused; errno says why */
    LISTENER_BUSY    /* somebody else listens there */
};

/* Listens, without ever blocking; `*listener` is to be closed, and the path unlinked, even when it failed but is not -1. */
MUST_USE enum listener_fault listener_open(const char path[LISTENER_PATH_BYTES], int *listener);
/* The next who knocks, non-blocking too; -1 when there is none. */
int listener_accept(int listener);

#endif
