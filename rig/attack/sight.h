/* sight.h - what a witness with a key sees of a pump before an attack and after it, and whether anything has changed that nobody
 * with a key has asked for. What a pump does by its own program is no change. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ATTACK_SIGHT_H
#define RIG_ATTACK_SIGHT_H

#include "core/event.h"
#include "link/cisterna.pb.h"

enum { SIGHT_EVENTS_MAX = 256, SIGHT_CHANGES_MAX = 16, SIGHT_CHANGE_BYTES = 160 };

/* As the pump told it, at one time. */
struct sight {
    cisterna_Status status;
    cisterna_Ledger ledger;
    cisterna_Energy energy;
};

/* What it wrote into its log between the two. */
struct sight_log {
    unsigned count;
    bool more; /* there were more than fit, or gaps: what is missing is a change */
    struct event event[SIGHT_EVENTS_MAX];
};

/* What else is allowed to have happened. */
struct sight_pardon {
    uint8_t slot;   /* the witness's own: it opens sessions */
    bool magnet;    /* a magnet was held: the dose may have been lowered, and that is told by an alarm */
    bool refusals;  /* the witness itself has asked for what is refused */
};

struct sight_judgement {
    bool lowered;      /* as a magnet may */
    bool weighed;      /* the flow between the two could be compared with the base flow */
    int64_t flowed_nl; /* commanded between the two */
    int64_t due_nl;    /* of the base flow in that time, when it was weighed */
    unsigned count;    /* of changes; more are only counted */
    char change[SIGHT_CHANGES_MAX][SIGHT_CHANGE_BYTES];
};

/* Lists every change, in words. None: the state is unchanged. */
void sight_judge(const struct sight *before, const struct sight *after, const struct sight_log *log,
                 const struct sight_pardon *pardon, struct sight_judgement *judgement);

#endif
