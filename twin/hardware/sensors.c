/* sensors.c - what the implant can feel, with noise, and the twin's chance. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/sensors.h"

#include <Random123/philox.h>

static const double BODY_C = 37.0;
static const double NOISE_C = 0.05; /* guess: readings stray evenly up to this far */

uint64_t chance_bits(uint64_t seed, uint64_t counter)
{
    philox4x64_ctr_t place = { { counter, 0, 0, 0 } };
    philox4x64_key_t key = { { seed, 0 } };
    return philox4x64(place, key).v[0];
}

static struct sensors reading(const struct sensor_bank *bank, int32_t battery_mv, double stray)
{
    double mdeg = (bank->temperature_c + NOISE_C * stray) * 1000.0;
    return (struct sensors){ .temperature_mdeg = (int32_t)(mdeg < 0.0 ? mdeg - 0.5 : mdeg + 0.5),
                             .battery_mv = battery_mv,
                             .reservoir_nl = -1,
                             .catheter_pa = INT32_MIN,
                             .magnet = bank->magnet ? 1 : 0 };
}

void sensors_init(struct sensor_bank *bank, int32_t battery_mv)
{
    *bank = (struct sensor_bank){ .temperature_c = BODY_C };
    bank->last = reading(bank, battery_mv, 0.0);
}

struct sensors sensors_read(struct sensor_bank *bank, int32_t battery_mv, uint64_t bits)
{
    if (!bank->stuck) {
        double stray = (double)(bits >> 11) * 0x1p-52 - 1.0; /* -1 to 1 */
        bank->last = reading(bank, battery_mv, stray);
    }
    return bank->last;
}
