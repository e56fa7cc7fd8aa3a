/* governor.h - the last gate before the motor: no quantum passes that would carry any drug over its limit in any
 * rolling hour or day. It shares no decision with the engine, counts what was really commanded, and works in constant
 * time per quantum. REQ-THER-09, REQ-LIBR-05, HZ-11, HZ-31; docs/decisions/0004-governor.md.
 *
 * Charges. Each quantum is charged, for each drug, with the mass it may push out of the tip (pump/contents.h says
 * which).
 *
 * Check words. Sums, ceilings and charges stand beside their complement and are looked at for every quantum; a bucket
 * has a check word, looked at before it is taken out of a sum; a window's place in time is told in three ways that
 * must agree; everything else is sealed by one word, looked at for every quantum while eras or a recovery lean on it.
 * governor_turn() looks at all of them, every hour at the latest.
 *
 * Lost memory. Any mismatch makes the owner empty the windows and start a *recovery* of a whole day window: base
 * quanta pass at least `pace` apart (the program's own fastest pace), boluses and increases are refused elsewhere. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_GOVERNOR_H
#define PUMP_GOVERNOR_H

#include "pump/watch.h"

enum { GOVERNOR_DRUGS = WATCH_DRUGS, GOVERNOR_ERAS = WATCH_ERAS };

struct governor {
    uint32_t drugs; /* slots in use */
    uint16_t drug[GOVERNOR_DRUGS];
    int64_t charge_fg[GOVERNOR_DRUGS]; /* of the next quantum */
    int64_t charge_inv[GOVERNOR_DRUGS];
    struct watch watch[WINDOW_KINDS];
    int64_t recovered_ms; /* until then in recovery; 0 when not */
    int64_t pace_ms;      /* least time between quanta during recovery */
    int64_t last_ms;      /* when the last quantum passed; -1 when none has since the memory was made or lost */
    uint64_t seal;        /* over drugs, eras and recovery */
};

/* High-Hamming answers: no single flipped bit turns one into another. */
enum governor_answer { GOVERNOR_PASS = WATCH_FITS, GOVERNOR_WITHHOLD = WATCH_FULL, GOVERNOR_DAMAGED = WATCH_DAMAGED };

struct governor_ruling {
    uint32_t answer;  /* enum governor_answer */
    uint8_t window;   /* when withheld: the window kind, WINDOW_KINDS for pace */
    uint8_t slot;     /* and the drug slot */
    int64_t retry_ms; /* and the earliest instant at which a bucket falls out */
};

/* An empty governor at an instant: no drugs, no limits, so it passes nothing. */
void governor_clear(struct governor *governor, instant_ms now);
/* The slot of a drug; opens one (closing a slot whose drug has left every window and has no charge) when needed; -1
 * when all are taken. */
int governor_slot(struct governor *governor, uint16_t drug);
/* The slot of a drug without opening one; -1 when it has none. */
int governor_find(const struct governor *governor, uint16_t drug);
/* Would governor_limit() have room for another lowering of limits? */
bool governor_can_limit(const struct governor *governor, const struct limits *limits);
/* Puts the limits of an activated therapy in force at `now`. Drugs without a row keep the limits they had. Every drug
 * must have a slot, and governor_can_limit() must have said yes. */
void governor_limit(struct governor *governor, const struct limits *limits, instant_ms now);
/* Sets what the next quanta are charged with for a slot, 0 to 300,000,000,000 fg (mass_of_quantum). */
void governor_charge(struct governor *governor, unsigned slot, mass_fg charge);
/* The gate. Books the next quantum at `now` (never less than at the last call) in every window and passes it, or
 * withholds it and books nothing. */
struct governor_ruling governor_pass(struct governor *governor, instant_ms now);
/* Lets the windows move on to `now` and looks at every check word; false when one does not match. To be called, and
 * its answer heeded, before slots or limits are changed. */
bool governor_turn(struct governor *governor, instant_ms now);
/* After damage: forgets what was charged and starts recovery at `now` with this pace (ms between quanta, at least 1). */
void governor_recover(struct governor *governor, instant_ms now, span_ms pace);
/* Another pace for a recovery that goes on: another program is in force. */
void governor_pace(struct governor *governor, span_ms pace);
/* True until a whole day window has passed since the last loss of memory. */
bool governor_recovering(const struct governor *governor, instant_ms now);

#endif
