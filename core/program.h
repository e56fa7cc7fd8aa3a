/* program.h - a prescription's course over time: which flow at which moment. Pure; no state. REQ-THER-02, -03, -12.
 *
 * A program has a base (one of five kinds), at most one opening (prime, bridge or single bolus, with an end given by
 * volume) and at most one permission for patient boluses. Every field not used by its kind is zero. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_PROGRAM_H
#define CORE_PROGRAM_H

#include "core/calendar.h"
#include "core/model.h"
#include "core/quantity.h"
#include "core/verdict.h"

enum { PROGRAM_STEPS_MAX = 16, PROGRAM_DAY_SETS_MAX = 4, PATIENT_BOLUSES_MAX = 48, INTERVAL_MINUTES_MIN = 30 };

enum program_kind {
    PROGRAM_STOPPED = 0,    /* nothing flows, no opening, no patient bolus; a clinician chose it */
    PROGRAM_CONTINUOUS = 1, /* `base` always */
    PROGRAM_FLEX = 2,       /* day sets of rate steps, by weekday */
    PROGRAM_PERIODIC = 3,   /* `base` (may be zero) and a bolus every interval */
    PROGRAM_MINIMUM = 4     /* the model's least flow, which `base` holds */
};

/* From this minute of the civil day until the next step (or midnight). The first step of a set starts at minute 0, so
 * every minute belongs to exactly one step. */
struct program_step {
    uint16_t minute; /* 0 to 1439, rising */
    rate_nl_day rate;
};

struct day_set {
    uint8_t count; /* 1 to PROGRAM_STEPS_MAX */
    struct program_step step[PROGRAM_STEPS_MAX];
};

/* The first bolus starts `first` minutes after activation, the next ones one interval after another, counted on the
 * monotonic clock: no clock change can bring one nearer (HZ-01, HZ-29). The interval is in minutes, always. */
struct periodic_bolus {
    vol_nl volume;
    rate_nl_day rate;
    uint16_t interval_minutes; /* INTERVAL_MINUTES_MIN to 10080 */
    uint16_t first_minutes;    /* 0 to 10080 */
};

enum opening_kind {
    OPENING_NONE = 0,
    OPENING_PRIME = 1,  /* instead of the base, until `volume` has been metered */
    OPENING_BRIDGE = 2, /* the same, at the old drug's rate: ends when the new drug reaches the tip */
    OPENING_SINGLE = 3  /* a bolus on top of the base, once */
};

struct opening {
    uint8_t kind; /* enum opening_kind */
    vol_nl volume;
    rate_nl_day rate;
};

struct patient_bolus {
    uint8_t allowed; /* 0 or 1 */
    vol_nl volume;
    rate_nl_day rate;
    uint16_t lockout_minutes; /* from the start of one to the start of the next: 1 to 1440 */
    uint8_t max_per_day;      /* in any 24 hours: 1 to PATIENT_BOLUSES_MAX */
    uint16_t expiry_days;     /* after activation the permission ends: 1 to 366 */
};

struct program {
    uint8_t kind; /* enum program_kind */
    rate_nl_day base;
    uint8_t day_set_count;
    struct day_set day_set[PROGRAM_DAY_SETS_MAX];
    uint8_t weekday_set[WEEK_DAYS]; /* which day set each weekday uses; Monday first */
    struct periodic_bolus periodic;
    struct opening opening;
    struct patient_bolus patient;
};

/* Structure only (counts, order, ranges as above, zero where unused): is this the canonical form of a program? The
 * other functions here expect one; program_judge answers VERDICT_THERAPY_FORM to anything else. */
bool program_canonical(const struct program *program);

/* All the reasons for which this model cannot run this program (0 when there are none): rates outside its range, base
 * plus bolus above its flow, a prime larger than the dead volume, intervals too short to hold their bolus, a first
 * periodic bolus before the opening has ended, a bolus that would take longer than a day. */
verdict program_judge(const struct program *program, const struct model *model, vol_nl dead_volume);

/* The base flow at a civil moment, and how long it stays unchanged (INT64_MAX when it never changes). Periodic boluses
 * and openings are not in it. */
rate_nl_day program_rate(const struct program *program, civil_ms civil, span_ms *unchanged);

/* The exact volume the base prescribes over a span from a civil moment on; span 0 to 60 days. */
vol_grain program_base_volume(const struct program *program, civil_ms from, span_ms span);

/* The least that the program itself (base and periodic boluses) prescribes on any civil day. */
vol_grain program_least_day(const struct program *program);

/* The most that the program itself (base and periodic boluses; no opening, no patient) can prescribe within any window
 * of this length (up to 3 days), whatever the civil time at which it starts. */
vol_grain program_worst_volume(const struct program *program, span_ms window);

/* The largest flow of the base alone. */
rate_nl_day program_base_peak(const struct program *program);

/* The largest flow the program itself can ask for at any moment, opening and periodic bolus included. */
rate_nl_day program_peak(const struct program *program);

#endif
