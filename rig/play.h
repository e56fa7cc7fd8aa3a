/* play.h - plays a scenario from the implant to its end: what clinic, patient and hardware do, what the pump makes of
 * it, and the files that tell of it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_PLAY_H
#define RIG_PLAY_H

#include "rig/appointment.h"
#include "rig/forgotten.h"
#include "rig/journal.h"
#include "rig/people.h"
#include "rig/scenario.h"
#include "rig/series.h"

/* Who wants to look on while it plays; either may be null. */
struct play_watch {
    void *context;
    void (*sample)(void *context, const struct sample *sample, const struct series_drugs *drugs);
    void (*progress)(void *context, instant_ms now, instant_ms end);
};

/* What the clinic and the patient asked for, and what came of it. */
struct asked {
    uint64_t applied, refused, not_done, must_failed;
    uint64_t bolus_requested, bolus_granted;
    uint64_t bolus_refused_because[VERDICT_COUNT];
    uint64_t refills;
    vol_nl filled, withdrawn;  /* as told to the pump */
    int64_t corrected_fl;      /* by which refills and resets changed the calculated remainder beyond that */
};

struct bedside;

struct play {
    const struct scenario *scenario;
    struct rig rig;
    struct people people;
    struct journal journal;
    struct series_drugs drugs;
    struct calendar calendar;  /* the pump's, when last looked at */
    uint64_t seen;             /* last log entry read */
    struct asked asked;
    struct forgotten forgotten;
    struct bedside *bedside;   /* the patient, rig/bedside.h; null where none is to be seen */
    struct appointment appointment; /* for refills, where the patient keeps them as people do */
    struct harm harm;
    int64_t pump_ahead_ms;     /* the pump's own time less its tick, when last looked at */
    bool reset_told;           /* the journal has the reset that comes or came */
    double dead_at_start_m3;
    uint64_t core_faults;      /* that a chip has told */
    FILE *messages;
};

/* The initial implant: clock, first fill, first therapy. False, with the reasons told on `messages`, when the pump
 * refuses. `chip`: what runs the pump's software; null: this program. */
MUST_USE bool play_implant(struct play *play, const struct scenario *scenario, struct chip *chip, FILE *messages);
/* Plays on to the end. Rows go to `series` and events to the journal's stream, each when there is one. False when the
 * rig found a fault of its own. */
MUST_USE bool play_run(struct play *play, FILE *series, const struct play_watch *watch);

/* Gives back what playing on has taken. */
void play_free(struct play *play);

/* For who plays: the instant of what happens outside the pump, by the pump's own time; such a thing, into the journal (`detail`
 * may be null, and is taken over); and what the pump has logged since it was last looked at, the same way. */
instant_ms play_outside_at(const struct play *play);
void play_outside(struct play *play, const char *who, const char *what, json_t *detail);
void play_drain(struct play *play);

/* What the pump tells, with what it has forgotten added. */
void play_status(struct play *play, struct pump_status *status);

#endif
