/* bedside.h - what every hazard test needs: a virtual patient with a pump, a therapy that is in order, and a count of
 * all that the pump said. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_HAZARD_BEDSIDE_H
#define TESTS_HAZARD_BEDSIDE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/catalog.h"
#include "rig/rig.h"

enum { EVENT_CODES = 256, CATHETER_MM = 400, NL_PER_ML = 1000000, NG_PER_MG = 1000000 };

struct bedside {
    struct rig rig;
    uint64_t seen;                  /* last log entry counted */
    unsigned count[EVENT_CODES];    /* events by code */
    struct event last[EVENT_CODES]; /* and the newest of each */
    unsigned raised[ALARM_COUNT];   /* how often each alarm was raised */
};

/* One drug at a concentration in ng/mL. */
struct mixture bedside_drug(uint16_t drug, int32_t ng_ml);

/* An implant of this model with an exact calibration, a catheter of CATHETER_MM and nothing in it but saline; the
 * reservoir full with this mixture; mode NEW. */
void bedside_implant(struct bedside *bed, const char *model, const struct mixture *mixture);
/* The same with a unit of one's own making (a wrong constant); false when the pump refuses the first fill. */
bool bedside_implant_unit(struct bedside *bed, const struct pump_unit *unit, const struct twin_setup *setup,
                          const struct mixture *mixture, int64_t fill_nl);
struct pump_unit bedside_unit(const char *model);
struct twin_setup bedside_setup(const char *model);

/* A therapy in order for this pump: continuous at a rate, safe rate zero, restart limit 24 h, largest bolus 0.1 mL,
 * low at 2 mL; limits of 0.2 mL an hour and 2 mL a day of the mixture. Tests change what they are about. */
struct therapy bedside_therapy(const struct bedside *bed, const struct mixture *mixture, int32_t nl_day);
/* Limits of every drug, as volumes of this mixture. */
void bedside_limit(struct therapy *therapy, int64_t hour_nl, int64_t day_nl);
/* Permission for patient boluses: 50 in a day at most. */
void bedside_permit(struct therapy *therapy, int64_t volume_nl, int32_t nl_day, uint16_t lockout_minutes,
                    uint8_t a_day);

/* Each returns the receipt and counts what the pump said. */
struct receipt bedside_activate(struct bedside *bed, const struct therapy *therapy, bool retitrated);
struct receipt bedside_give(struct bedside *bed, enum role role, struct command command);
struct receipt bedside_do(struct bedside *bed, enum command_kind kind);
struct receipt bedside_resume(struct bedside *bed, bool retitrated);
struct receipt bedside_bolus(struct bedside *bed, int64_t volume_nl, int32_t nl_day); /* a clinician's */
struct receipt bedside_press(struct bedside *bed);                                    /* the patient's */
/* Aspirates all there is and fills; drawn up is what is filled. */
struct receipt bedside_refill(struct bedside *bed, const struct mixture *mixture, int64_t fill_nl,
                              const struct therapy *activate, bool retitrated);

/* Activates and fails the test when it is refused. */
void bedside_treat(struct bedside *bed, const struct therapy *therapy);

/* Lets time pass. */
void bedside_pass(struct bedside *bed, int64_t ms);
void bedside_reset(struct bedside *bed, enum rig_memory memory);
/* The core starts again because it was told to: not one of the resets of which three in a day hold the safe state. */
void bedside_restart(struct bedside *bed);

struct pump_status bedside_status(struct bedside *bed);
bool bedside_alarmed(struct bedside *bed, enum alarm_index alarm);
/* What the mechanism has really moved, in the pump's nominal quanta (to the nearest). */
int64_t bedside_moved(const struct bedside *bed);
/* The mass that truly left the tip, femtograms. */
int64_t bedside_dose_fg(const struct bedside *bed, uint16_t drug);

#define assert_applied(receipt) assert_int_equal((receipt).reasons, 0)
/* Refused, for this reason at least. */
#define assert_refused(receipt, reason)                                                                                \
    do {                                                                                                               \
        assert_int_equal((receipt).outcome, OUTCOME_NOT_APPLIED);                                                      \
        assert_int_equal((receipt).reasons &(reason), (reason));                                                       \
    } while (0)

#endif
