/* ordeal.h - a short stretch of therapy in which everything happens that a pump is for: base flow, a patient's bolus,
 * another therapy, a refill, a clinician's bolus, all over the air; and a record of what the twin physically saw
 * meanwhile. The ground of the campaign of faults in the core (docs/faults.md). */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CHIP_ORDEAL_H
#define RIG_CHIP_ORDEAL_H

#include "rig/people.h"
#include "rig/rig.h"

enum {
    ORDEAL_SLICE_MS = 300000,
    ORDEAL_DEEDS_MS = 6600000, /* so long after its begin there are deeds, and faults strike; */
    ORDEAL_MS =
        12600000, /* and then it goes on for an hour and forty minutes more: the pump looks at itself every hour */
    ORDEAL_SLICES = ORDEAL_MS / ORDEAL_SLICE_MS,
    ORDEAL_POINTS = 4096,
    ORDEAL_EVENTS = 512,
    ORDEAL_WAKES_MAX = 5000 /* in a slice; undisturbed about fifty */
};

/* What has moved until an instant, since implant. */
struct ordeal_point {
    int64_t at_ms;
    uint64_t fired;
    double displaced_m3, delivered_m3;
};

struct ordeal_record {
    bool whole;                      /* nothing had to be left out for want of room */
    unsigned points, events, undone; /* undone: deeds without a receipt that says applied */
    uint64_t seen;                   /* the last entry of the log that was read */
    uint32_t resets;
    uint32_t tones;                    /* that have sounded */
    uint32_t refused[DRIVER_REFUSALS]; /* by the motor driver, for whatever reason */
    struct ordeal_point point[ORDEAL_POINTS];
    struct event event[ORDEAL_EVENTS];
};

struct ordeal {
    int64_t begun_ms;
    int64_t passed_ms; /* since then */
    unsigned deed;     /* the next */
    struct ordeal_record record;
    struct people people;
    struct rig rig; /* last: it is large */
};

/* What the therapy allows and prescribes, for the judge. */
struct ordeal_bounds {
    double hour_m3, day_m3; /* the limits of the one drug, as volumes of what is in the reservoir */
    double rate_m3_ms;      /* the model's largest flow */
    double quantum_m3;
    int64_t interval_ms; /* between quanta at the slowest base flow of the ordeal, rounded up */
};
struct ordeal_bounds ordeal_bounds(void);

/* Implants, pairs both programmers, sets the clock, fills and starts therapy, all over the air, and waits until the catheter is
 * primed and an hour more has gone by. `chip`: what runs the pump's
 * software; null: this program. False when the pump refuses any of it. */
MUST_USE bool ordeal_begin(struct ordeal *ordeal, struct chip *chip, uint64_t seed);
/* A slice on, or to the end. False when the rig is stuck. */
MUST_USE bool ordeal_pass(struct ordeal *ordeal);

#endif
