/* scenario.h - a scenario file, read strictly and wholly judged before anything is delivered. The format:
 * docs/scenario.md and docs/scenario.schema.json. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_SCENARIO_H
#define RIG_SCENARIO_H

#include <stdbool.h>

#include "core/calendar.h"
#include "core/therapy.h"
#include "document/reader.h"
#include "rig/harm.h"
#include "rig/rig.h"

enum who { WHO_CLINIC, WHO_PATIENT, WHO_HARDWARE };

enum action_kind {
    ACTION_PROGRAM,
    ACTION_REFILL,
    ACTION_CLINICIAN_BOLUS,
    ACTION_CANCEL,
    ACTION_STOP,
    ACTION_MINIMUM,
    ACTION_RESUME,
    ACTION_SET_CLOCK,
    ACTION_CLEAR_ALARM,
    ACTION_SILENCE,
    ACTION_BOLUS,
    ACTION_MRI_BEGIN,
    ACTION_MRI_END,
    ACTION_FAULT,
    ACTION_RESET,
    ACTION_POWER_CUT,
    ACTION_FLASH_FLIP,
    ACTION_FLASH_WORN,
    ACTION_HANG,
    ACTION_CLOCK_DRIFT,
    ACTION_RADIO,
    ACTION_GRANULOMA,
    ACTION_INFECTION,
    ACTION_MIGRATION
};

/* One thing that happens. Members that its kind does not use are zero. */
struct action {
    instant_ms at;
    enum who who;
    enum action_kind kind;
    bool must_apply;          /* a refusal fails the run */
    bool retitrated;
    int32_t therapy;          /* index of the therapy to activate; -1 none */
    struct refill refill;     /* withdrawn -1: all; left -1: by the pump's calculation */
    vol_nl volume;            /* CLINICIAN_BOLUS */
    rate_nl_day rate;
    struct calendar calendar; /* SET_CLOCK */
    uint16_t minutes;         /* SILENCE */
    uint8_t alarm;            /* CLEAR_ALARM: code */
    enum twin_fault fault;
    double amount;            /* FAULT, INFECTION: 0 switches it off; GRANULOMA: its size */
    int level;                /* MIGRATION: where the tip lies from now on; LEVELS_ALL: outside */
    span_ms span;             /* FAULT: over which the motor load rises */
    struct rig_reset reset;
    struct rig_cut cut;       /* POWER_CUT */
    struct flash_wear wear;   /* FLASH_WORN */
    int64_t bit, count;       /* FLASH_FLIP: so many by the seed; 0: this one */
    int32_t ppm;              /* CLOCK_DRIFT */
    struct ether_trouble trouble; /* RADIO, both ways */
    int line;                 /* where it stands in the file */
};

enum expect_kind { EXPECT_EQUALS, EXPECT_AT_LEAST, EXPECT_AT_MOST };

struct expectation {
    char path[LOCATOR_PATH_BYTES]; /* into the summary: "totals.delivered", "events.refused" */
    enum expect_kind kind;
    char value[64];                /* an amount, a whole number or a word, as text */
    int line;
};

struct patient;

struct scenario {
    char title[128];
    uint64_t seed;
    struct calendar calendar; /* at instant 0 */
    span_ms until, series;
    struct pump_unit unit;
    calib_ppm true_calibration;
    bool fill_sensor, pressure_sensor; /* fitted */
    vol_nl catheter;          /* as recorded */
    vol_nl true_catheter;
    vol_nl dead_volume;       /* tubing plus catheter, as the pump's record has it */
    struct harm_setup harm;   /* complications by chance */
    struct refill implant;    /* the first fill */
    struct patient *patient;  /* rig/patient.h; null: nothing is said */
    struct therapy *therapy;  /* [0] is the first */
    size_t therapies, therapy_room;
    struct action *action;    /* in time order */
    size_t actions, action_room;
    struct expectation *expectation;
    size_t expectations;
};

/* Reads and judges a scenario's text. 0, or the exit code of what is wrong (2 malformed, 3 refused), told by the
 * reader's complaints. `reader->file`, `text` and `size` are set by the caller. Free it in either case. */
int scenario_read(struct reader *reader, struct scenario *scenario);
void scenario_free(struct scenario *scenario);

/* Frozen words of the format. */
const char *scenario_fault_word(enum twin_fault fault);
const char *scenario_action_word(enum action_kind kind);
/* Splits "2026-03-01T08:00:00+01:00" into the civil time shown there and the label of its offset from UTC. */
bool scenario_date_read(const char *text, civil_ms *civil, char zone[ZONE_LABEL_BYTES]);

#endif
