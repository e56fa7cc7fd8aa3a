/* soak.h - many lives, over several processes; what they came to; and where the first promise was broken. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_SOAK_H
#define RIG_SOAK_H

#include <stdio.h>

#include "rig/life.h"

struct soak_ask {
    uint64_t seed, first, lives; /* lives with these indices */
    unsigned jobs;
    struct mix mix;
    int64_t until_ms;            /* of each life */
    struct chip *(*chip)(const void *context); /* makes, once a process, what runs the pump's software; null: this program */
    const void *context;         /* handed to it */
};

struct soak_sum {
    uint64_t lives, broken;
    int64_t lived_ms;
    struct life_report total;    /* counts added up */
    struct life_report worst;    /* the first broken life, by index */
};

/* Who wants to know of each life, in order of index; may be null. */
struct soak_watch {
    void *context;
    void (*life)(void *context, const struct life_report *report);
    void (*progress)(void *context, uint64_t done, uint64_t lives);
};

/* Lives them all, or up to the first that breaks a promise (all with a smaller index are still lived, so the answer does
 * not depend on the number of jobs). False when a process could not be started or died. */
bool soak_run(const struct soak_ask *ask, const struct soak_watch *watch, struct soak_sum *sum);

/* One line that plays exactly this life again, up to just after its breach. */
void soak_replay(char *line, size_t room, const struct soak_ask *ask, const char *faults, const struct life_report *report);

#endif
