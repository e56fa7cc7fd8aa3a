/* sample.h - therapies made by chance, whole and in range, for properties that must hold of every therapy. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_CORE_SAMPLE_H
#define TESTS_CORE_SAMPLE_H

#include "core/therapy.h"
#include "tests/core/check.h"

static inline rate_nl_day sample_rate(uint64_t *seed, int32_t least)
{
    return (rate_nl_day){ (int32_t)chance_between(seed, least, RATE_NL_DAY_MAX) };
}

static inline vol_nl sample_volume(uint64_t *seed)
{
    return (vol_nl){ chance_between(seed, 1, VOL_NL_MAX) };
}

static inline void sample_text(uint64_t *seed, char *field, int64_t size, int64_t least)
{
    static const char LETTERS[] = "abcXYZ019 ,-";
    int64_t length = chance_between(seed, least, size - 1);
    for (int64_t i = 0; i < size; i++)
        field[i] = i < length ? LETTERS[chance_between(seed, 0, (int64_t)sizeof LETTERS - 2)] : '\0';
    if (length >= 2 && chance_next(seed) % 4 == 0) { /* U+00B5, the micro sign */
        field[0] = '\xC2';
        field[1] = '\xB5';
    }
}

static inline struct mixture sample_mixture(uint64_t *seed)
{
    struct mixture mixture = { .count = (uint8_t)chance_between(seed, 0, MIXTURE_DRUGS_MAX) };
    uint16_t adjuvant = 0;
    for (unsigned i = 1; i < mixture.count; i++) { /* rising codes, each leaving room for those to come */
        adjuvant = (uint16_t)(adjuvant + chance_between(seed, 1, 2));
        mixture.component[i].drug = adjuvant;
    }
    if (mixture.count > 0)
        mixture.component[0].drug = (uint16_t)chance_between(seed, adjuvant + 1, 8);
    for (unsigned i = 0; i < mixture.count; i++)
        mixture.component[i].conc.ng_ml = (int32_t)chance_between(seed, 1, CONC_NG_ML_MAX);
    return mixture;
}

static inline struct day_set sample_day_set(uint64_t *seed)
{
    struct day_set set = { .count = (uint8_t)chance_between(seed, 1, PROGRAM_STEPS_MAX) };
    for (unsigned i = 0; i < set.count; i++) {
        int64_t room = DAY_MINUTES - set.count + i; /* the last minute that leaves one for each later step */
        int64_t least = i == 0 ? 0 : set.step[i - 1].minute + 1;
        set.step[i].minute = (uint16_t)(i == 0 ? 0 : chance_between(seed, least, least + (room - least) / 4));
        set.step[i].rate = sample_rate(seed, 0);
    }
    return set;
}

static inline void sample_week(uint64_t *seed, struct program *program)
{
    program->day_set_count = (uint8_t)chance_between(seed, 1, PROGRAM_DAY_SETS_MAX);
    for (unsigned i = 0; i < program->day_set_count; i++)
        program->day_set[i] = sample_day_set(seed);
    for (unsigned day = 0; day < WEEK_DAYS; day++)
        program->weekday_set[day] = (uint8_t)chance_between(seed, 0, program->day_set_count - 1);
}

static inline struct program sample_program(uint64_t *seed, enum program_kind kind)
{
    struct program program = { .kind = (uint8_t)kind };
    if (kind == PROGRAM_STOPPED)
        return program;
    if (kind == PROGRAM_FLEX)
        sample_week(seed, &program);
    else
        program.base = sample_rate(seed, kind == PROGRAM_PERIODIC ? 0 : 1);
    if (kind == PROGRAM_PERIODIC)
        program.periodic = (struct periodic_bolus){ .volume = sample_volume(seed),
                                                    .rate = sample_rate(seed, 1),
                                                    .interval_minutes = (uint16_t)chance_between(seed, 30, 10080),
                                                    .first_minutes = (uint16_t)chance_between(seed, 0, 10080) };
    uint8_t opening = (uint8_t)chance_between(seed, 0, 3);
    if (opening != OPENING_NONE)
        program.opening =
            (struct opening){ .kind = opening, .volume = sample_volume(seed), .rate = sample_rate(seed, 1) };
    if (chance_next(seed) % 2 == 0)
        program.patient = (struct patient_bolus){ .allowed = 1,
                                                  .volume = sample_volume(seed),
                                                  .rate = sample_rate(seed, 1),
                                                  .lockout_minutes = (uint16_t)chance_between(seed, 1, 1440),
                                                  .max_per_day = (uint8_t)chance_between(seed, 1, 48),
                                                  .expiry_days = (uint16_t)chance_between(seed, 1, 366) };
    return program;
}

static inline struct therapy sample_therapy(uint64_t *seed)
{
    struct therapy therapy = { .model = (uint8_t)chance_between(seed, 1, 3), .revision = 1 };
    sample_text(seed, therapy.name, NAME_BYTES, 0);
    sample_text(seed, therapy.serial, SERIAL_BYTES, 1);
    sample_text(seed, therapy.region, REGION_BYTES, 0);
    therapy.calibration.ppm = (int32_t)chance_between(seed, -CALIB_PPM_MAX, CALIB_PPM_MAX);
    therapy.dead_volume = sample_volume(seed);
    therapy.formulary_version = (uint16_t)chance_between(seed, 0, UINT16_MAX);
    therapy.mixture = sample_mixture(seed);
    therapy.program = sample_program(seed, (enum program_kind)chance_between(seed, 0, 4));
    therapy.limits.count = therapy.mixture.count;
    for (unsigned i = 0; i < therapy.limits.count; i++) {
        struct drug_limit *limit = &therapy.limits.drug[i];
        limit->drug = therapy.mixture.component[i].drug;
        limit->window[WINDOW_DAY].fg = chance_between(seed, 1, LIMIT_FG_MAX);
        limit->window[WINDOW_HOUR].fg = chance_between(seed, 1, limit->window[WINDOW_DAY].fg);
    }
    therapy.limits.bolus_max = (vol_nl){ chance_between(seed, 0, VOL_NL_MAX) };
    therapy.limits.rate_max = sample_rate(seed, 0);
    therapy.safe_rate = sample_rate(seed, 0);
    therapy.restart_limit_hours = (uint16_t)chance_between(seed, 1, 720);
    therapy.under_delivery = (uint8_t)chance_between(seed, 1, 3);
    therapy.reservoir_low = (vol_nl){ chance_between(seed, 0, VOL_NL_MAX) };
    therapy.mri_rule = (uint8_t)chance_between(seed, 1, 2);
    return therapy;
}

#endif
