/* exchange.h - the campaign of sessions: many lives of rig/calls.h, over several processes, and what they came to. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_EXCHANGE_H
#define RIG_EXCHANGE_H

#include <stdio.h>

#include "rig/calls.h"

enum { EXCHANGE_SESSIONS = 64 }; /* in a life; the last holds what is left */

struct exchange_ask {
    uint64_t seed, sessions; /* of all lives together */
    uint32_t loss_percent;
    unsigned jobs;
};

struct exchange_sum {
    uint64_t lives, broken[WRONGS]; /* lives, by the kind of their first breach */
    struct calls_report total;      /* counts added up */
    struct calls_report worst;      /* the first broken life, by index; breach WRONG_NONE: none broke */
};

/* Who wants to know of each life, in order of index; may be null. */
struct exchange_watch {
    void *context;
    void (*life)(void *context, const struct calls_report *report);
    void (*progress)(void *context, uint64_t done, uint64_t lives);
};

/* How many lives that makes; and what is asked of one of them. */
uint64_t exchange_lives(const struct exchange_ask *ask);
struct calls_ask exchange_life(const struct exchange_ask *ask, uint64_t index);
/* Lives them all, also behind a breach. False when a process could not be started or died. */
bool exchange_run(const struct exchange_ask *ask, const struct exchange_watch *watch, struct exchange_sum *sum);
/* One line that lives exactly this life again, with its journal. */
void exchange_replay(char *line, size_t room, const struct exchange_ask *ask, const struct calls_report *report);

#endif
