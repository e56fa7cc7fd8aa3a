/* sensors.c - what the implant can feel, with noise, and the twin's chance. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/sensors.h"

#include <Random123/philox.h>
#include <string.h>

/* Guesses: readings stray evenly up to this far; a sound part leaks this much. */
static const double NOISE_C = 0.05;
static const double NOISE_FILL_M3 = 0.1e-6;
static const double NOISE_PA = 100.0;
static const double SOUND_LEAKAGE_NA = 2.0;

uint64_t chance_bits(uint64_t seed, uint64_t counter)
{
    philox4x64_ctr_t place = { { counter, 0, 0, 0 } };
    philox4x64_key_t key = { { seed, 0 } };
    return philox4x64(place, key).v[0];
}

/* -1 to 1: another number for each `which` of one draw. */
static double stray(uint64_t bits, unsigned which)
{
    uint64_t mixed = bits;
    for (unsigned i = 0; i < which; i++) {
        mixed = (mixed ^ mixed >> 29) * 0x9E3779B97F4A7C15u; /* the golden ratio: any odd number would do */
    }
    return (double)(mixed >> 11) * 0x1p-52 - 1.0;
}

static int64_t nearest(double value)
{
    return (int64_t)(value < 0.0 ? value - 0.5 : value + 0.5);
}

/* Takes a reading into `last`, member by member: the gaps between them stay as they are, so that two copies of a twin that
 * do the same stay the same byte for byte. */
static void reading(struct sensor_bank *bank, int32_t battery_mv, const double noise[3])
{
    struct sensors *last = &bank->last;
    last->temperature_mdeg = (int32_t)nearest((bank->temperature_c + NOISE_C * noise[0]) * 1000.0);
    last->battery_mv = battery_mv;
    last->reservoir_nl = -1;
    last->catheter_pa = INT32_MIN;
    last->leakage_na = (int32_t)nearest(SOUND_LEAKAGE_NA + bank->leakage_na);
    last->magnet = bank->magnet ? 1 : 0;
    last->field = bank->field ? 1 : 0;
    if (bank->fill_fitted) {
        double m3 = bank->reservoir_m3 * bank->fill_scale + NOISE_FILL_M3 * noise[1];
        last->reservoir_nl = m3 > 0.0 ? nearest(m3 * 1e12) : 0;
    }
    if (bank->pressure_fitted) {
        last->catheter_pa = (int32_t)nearest(bank->pressure_pa + NOISE_PA * noise[2]);
    }
}

void sensors_init(struct sensor_bank *bank, int32_t battery_mv)
{
    static const double silence[3] = { 0.0, 0.0, 0.0 };
    memset(bank, 0, sizeof *bank);
    bank->temperature_c = SENSORS_BODY_C;
    bank->fill_scale = 1.0;
    reading(bank, battery_mv, silence);
}

struct sensors sensors_read(struct sensor_bank *bank, int32_t battery_mv, uint64_t bits)
{
    if (!bank->stuck) {
        double noise[3] = { stray(bits, 0), stray(bits, 1), stray(bits, 2) };
        reading(bank, battery_mv, noise);
    }
    return bank->last;
}
