/* calls.h - one life of the campaign of sessions: a pump, its clinician, patient and reader, and a bad air between them.
 * Sessions open and break off, programmers die and are started again from their kept keys, the pump is reset in the middle of a
 * wake, hangs and loses its memory; in the end contact returns, and the umpire has the last word. A function of (seed, index,
 * ask) alone. docs/calls.md. HZ-17, HZ-28, REQ-LINK-02, -03, -07. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CALLS_H
#define RIG_CALLS_H

#include "rig/caller.h"
#include "rig/dice.h"
#include "rig/journal.h"
#include "rig/tap.h"
#include "rig/umpire.h"

struct calls_ask {
    uint64_t seed;
    uint32_t sessions;  /* of each life */
    uint32_t loss_percent; /* most of a direction in a session, 0 to 100 */
};

/* What became of a command, as its sender was told. */
enum call_fate {
    FATE_APPLIED,       /* at once */
    FATE_REFUSED,
    FATE_UNSENT,
    FATE_LATER_APPLIED, /* after it was unknown, or its programmer had died */
    FATE_LATER_REFUSED,
    FATE_LATER_NEVER,   /* the pump has never seen it */
    FATE_FORGOTTEN,     /* its programmer was restored from an older backup before it was known */
    FATE_OPEN,          /* still unknown when contact had returned */
    FATES
};
const char *fate_word(enum call_fate fate); /* for machines */
const char *fate_text(enum call_fate fate); /* for people */

enum { CALLS_KINDS = 32 };
_Static_assert((int)COMMAND_UPDATE_CONFIRM < (int)CALLS_KINDS, "every command is counted");

struct calls_report {
    uint64_t index;
    int64_t lived_ms;
    uint64_t sessions, opened;  /* those after contact had returned not counted */
    uint64_t died, restored, unkept; /* programmers: their process ended; went on from a backup; could not keep their key */
    uint64_t fate[FATES], unknown; /* commands; unknown: of them, at first */
    uint64_t gone;              /* asked for by a programmer restored from a backup: the pump keeps its receipt no more */
    uint64_t wish[CALLS_KINDS]; /* commands given, by enum command_kind */
    uint64_t courses, modes;    /* as the pump logged them */
    uint64_t replayed;          /* frames that a stranger played once more */
    uint64_t resets, cuts, hangs, lost; /* lost: starts without retained memory */
    uint64_t quanta;
    struct ether_count to_pump, from_pump;
    struct umpire_breach breach;
};

/* What will befall the pump. */
struct blow {
    int64_t at_ms; /* INT64_MAX: nothing */
    bool hang;     /* else a reset: */
    struct rig_reset reset;
};

struct calls {
    struct rig rig;
    struct umpire umpire;
    struct tap tap;
    struct caller caller[CALLERS];
    struct echo echo;
    struct dice dice;
    struct blow blow;
    struct calls_ask ask;
    struct calls_report report;
    struct journal *journal;       /* may be null */
    /* the clinic's records */
    struct mixture mixture;
    struct therapy therapy;        /* last staged */
    struct rig_transfer transfer;  /* of the refill told last: */
    bool transfer_waits;           /* moved when that is known to be booked */
    bool calm;                     /* nothing more goes wrong */
    /* what was seen last of the pump */
    uint64_t sequence, quanta;
    uint64_t counter[PEER_SLOTS + 1];
    uint32_t resets;
    bool lose_at_cut;              /* the next cut takes the retained memory, too */
};

/* Lives it. The report stays in calls->report. `calls` is cleared first, but for its journal. */
void calls_live(struct calls *calls, const struct calls_ask *ask, uint64_t index);

/* For its parts. Looks at everything; call it after every wake. */
void calls_observe(struct calls *calls);
/* Lets time pass, and all that is planned happen. */
void calls_pass(struct calls *calls, int64_t until_ms);
/* The next thing that is planned happens, if it is due; when it is due, INT64_MAX when nothing is. */
void calls_blow(struct calls *calls);
/* A line in the journal. */
void calls_tell(struct calls *calls, const char *who, const char *what, json_t *detail);

#endif
