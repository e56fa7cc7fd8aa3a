/* wire.h - a Unix socket at which one line is asked and one is answered, again and again. Nobody can make its owner wait: it
 * never blocks, does one line of each client at a time, holds no more of anybody than a line and an answer, and lets whoever
 * has stood longest go when one too many comes. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_WIRE_H
#define RIG_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rig/listener.h"

enum {
    WIRE_CLIENTS_MAX = 16,   /* guess */
    WIRE_LINE_BYTES = 65536, /* of a line, its end included, either way */
};

struct wire_client {
    int descriptor;
    bool last;         /* gone once its answer is sent: what came was no line */
    uint64_t used;     /* when it asked last, counted in lines of all */
    size_t in;         /* bytes of `line` */
    char *answer;      /* what is being sent; null: nothing */
    size_t size, sent; /* of that */
    char line[WIRE_LINE_BYTES];
};

struct wire {
    int listener, watch; /* watch: can be read when there is something to do; -1: not open */
    bool more;           /* lines wait that were read already */
    uint64_t lines;
    unsigned clients;
    struct wire_client *client[WIRE_CLIENTS_MAX];
    char path[LISTENER_PATH_BYTES];
};

/* What is answered to a line (its end is cut off): to be given to free(), without a line's end in it. Null: no memory, and the
 * client is let go. */
typedef char *wire_heard(void *context, const char *line, size_t size);

/* LISTENER_FAILED with ENAMETOOLONG when "folder/name" is longer than a socket's path can be. */
MUST_USE enum listener_fault wire_open(struct wire *wire, const char *folder, const char *name);
/* Does what can be done at once: lets in, hears, answers, lets go. */
void wire_serve(struct wire *wire, wire_heard *heard, void *context);
void wire_close(struct wire *wire);

#endif
