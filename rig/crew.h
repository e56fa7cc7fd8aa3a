/* crew.h - pieces of work by number, shared out over several processes; what came of each comes back in order. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CREW_H
#define RIG_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CREW_JOBS_MAX = 256, CREW_REPORT_MAX = 4000 /* bytes: a report is written into a pipe in one piece */ };

struct crew_work {
    uint64_t first, count; /* pieces with these numbers */
    unsigned jobs;         /* processes; 1 to CREW_JOBS_MAX, others are taken as the nearest */
    void *context;
    size_t room_size;      /* memory of each process, zeroed once; */
    size_t report_size;    /* and what it fills in for each piece, at most CREW_REPORT_MAX */
    /* In a process of its own: does one piece. True: nothing behind it is wanted any more. */
    bool (*work)(void *context, void *room, uint64_t number, void *report);
    /* In this process, in order of number, up to the first piece behind which nothing is wanted; may be null. */
    void (*told)(void *context, const void *report);
    /* In this process, whenever one is done; may be null. */
    void (*progress)(void *context, uint64_t done, uint64_t count);
};

/* Does them all, or those up to the first behind which nothing is wanted: all with a smaller number are still done, so what is
 * told does not depend on the number of processes. False when memory is short, or a process could not be started or died. */
bool crew_run(const struct crew_work *work);

#endif
