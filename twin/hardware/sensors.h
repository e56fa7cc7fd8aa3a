/* sensors.h - what the implant can feel, with noise; and the twin's chance: every number is a pure function of
 * (seed, counter), so a run repeats exactly and a copy goes on like the original. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_HARDWARE_SENSORS_H
#define TWIN_HARDWARE_SENSORS_H

#include <stdbool.h>
#include <stdint.h>

#include "board/board.h"

#define SENSORS_BODY_C 37.0

struct sensor_bank {
    double temperature_c;   /* true temperature of the implant */
    double leakage_na;      /* true leakage current beyond a sound part's */
    double fill_scale;      /* what the fill sensor shows over what is there: 1 when sound */
    double reservoir_m3;    /* what is there, as it was when last looked at: set before each reading */
    double pressure_pa;     /* in the catheter: the same */
    bool fill_fitted, pressure_fitted;
    bool magnet;            /* a magnet is held over it */
    bool field;             /* it is in a scanner */
    bool stuck;             /* shows `last` for ever */
    struct sensors last;    /* what was shown last */
};

/* 64 random bits: Philox4x64-10 (Salmon et al., SC 2011) of this counter under this seed. */
uint64_t chance_bits(uint64_t seed, uint64_t counter);

/* None is fitted for reservoir and catheter pressure. */
void sensors_init(struct sensor_bank *bank, int32_t battery_mv);
/* Takes a reading: `bits` is its noise. While stuck, the last reading. */
struct sensors sensors_read(struct sensor_bank *bank, int32_t battery_mv, uint64_t bits);

#endif
