/* bench.h - a pump on the bench for unit tests: C20, exactly nominal, morphine 1 mg/mL at 1.2 mL/day with a patient
 * bolus, wide limits. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_PUMP_BENCH_H
#define TESTS_PUMP_BENCH_H

#include <string.h>

#include "pump/standing.h"
#include "tests/core/check.h"
#include "tests/model/stand.h"

enum { BENCH_RATE = 1200000, BENCH_QUANTUM_MS = 18000 }; /* 250 nL each 18 s */

static inline struct mixture bench_drug(int32_t ng_ml)
{
    return (struct mixture){ .count = 1, .component = { { DRUG_MORPHINE, { ng_ml } } } };
}

static inline struct therapy bench_therapy(const struct stand *stand)
{
    struct therapy therapy = { .name = "bench", .mixture = bench_drug(1000000), .restart_limit_hours = 24,
                               .dead_volume = stand->dead, .model = stand->unit.model.code,
                               .revision = stand->unit.model.revision, .calibration = stand->unit.calibration,
                               .under_delivery = PRIORITY_MEDIUM, .mri_rule = MRI_KEEP_PROGRAM,
                               .reservoir_low = { 2000000 }, .safe_rate = { 48000 } };
    memcpy(therapy.serial, stand->unit.serial, SERIAL_BYTES);
    therapy.program = (struct program){ .kind = PROGRAM_CONTINUOUS, .base = { BENCH_RATE } };
    therapy.program.patient = (struct patient_bolus){ .allowed = 1, .volume = { 10000 }, .rate = { 14400000 },
                                                      .lockout_minutes = 30, .max_per_day = 4, .expiry_days = 10 };
    therapy.limits = (struct limits){ .count = 1, .bolus_max = { 100000 }, .rate_max = stand->unit.model.rate_max };
    therapy.limits.drug[0] = (struct drug_limit){ DRUG_MORPHINE, { { 1000000000000 }, { 10000000000000 } } };
    return therapy;
}

/* New, with 19 mL of the drug, nothing activated. */
static inline void bench_new(struct stand *stand)
{
    struct mixture drug = bench_drug(1000000);
    stand_start(stand, model_named("C20"), 0, 400, 5);
    assert_int_equal(stand_refill(stand, &drug, (vol_nl){ 19000000 }, NULL).reasons, 0);
}

/* And the therapy above running since instant 0. */
static inline void bench_running(struct stand *stand)
{
    bench_new(stand);
    struct therapy therapy = bench_therapy(stand);
    assert_int_equal(stand_activate(stand, &therapy, false).reasons, 0);
}

static inline struct receipt bench_tell(struct stand *stand, uint8_t kind)
{
    struct command command = { .kind = kind };
    return stand_tell(stand, kind == COMMAND_PATIENT_BOLUS ? ROLE_PATIENT : ROLE_CLINICIAN, command);
}

static inline struct receipt bench_bolus(struct stand *stand, int64_t nl, int32_t nl_day)
{
    struct command command = { .kind = COMMAND_CLINICIAN_BOLUS, .volume = { nl }, .rate = { nl_day } };
    return stand_tell(stand, ROLE_CLINICIAN, command);
}

static inline struct kept *bench_kept(struct stand *stand)
{
    struct board board = stand_board(stand);
    return kept_of(&board);
}

/* Everything in a region of the flash becomes unreadable. */
static inline void bench_ruin(struct stand *stand, enum region region)
{
    struct region_span span = region_span(region);
    memset(stand->twin.flash.byte + (size_t)span.first * FLASH_SECTOR_BYTES, 0x11,
           (size_t)span.count * FLASH_SECTOR_BYTES);
}

/* How often an event of this code stands in the log; the last one is copied when `last` is not null. */
static inline unsigned bench_events(const struct stand *stand, uint16_t code, struct event *last)
{
    unsigned count = 0;
    for (uint64_t at = 1; at <= pump_log_last(&stand->pump); at++) {
        struct event event;
        if (pump_log_read(&stand->pump, at, &event) && event.code == code) {
            count++;
            if (last != NULL)
                *last = event;
        }
    }
    return count;
}

static inline bool bench_alarm(struct stand *stand, enum alarm_index alarm)
{
    return (stand_status(stand).alarms & ((uint32_t)1 << alarm)) != 0;
}

#endif
