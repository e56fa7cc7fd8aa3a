/* battery.c - charge taken from the cell, and the voltage that is left. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/battery.h"

/* All guesses, chosen together so that a C20 at 1 mL/day (4000 quanta a day) lasts about six years; measured
 * pumps: median 5.4 to 5.9 years (Bolash 2015, PMID 25250852). */
static const double CAPACITY_COULOMB = 10800.0;  /* 3.0 Ah */
static const double STANDBY_AMPERE = 20e-6;      /* clock, radio listening, self-discharge */
static const double WAKE_COULOMB = 2e-6;
static const double TONE_COULOMB = 5e-3;
static const double SENSE_COULOMB = 1e-6;
static const double FULL_MV = 3200.0;
static const double EMPTY_MV = 2200.0;

void battery_init(struct battery *battery, double quantum_coulomb)
{
    *battery = (struct battery){ .quantum_coulomb = quantum_coulomb };
}

double battery_used(const struct battery *battery, instant_ms now)
{
    return (double)now.ms / 1000.0 * STANDBY_AMPERE
           + (double)battery->count[BATTERY_WAKE] * WAKE_COULOMB
           + (double)battery->count[BATTERY_QUANTUM] * battery->quantum_coulomb
           + (double)battery->count[BATTERY_TONE] * TONE_COULOMB
           + (double)battery->count[BATTERY_SENSE] * SENSE_COULOMB;
}

double battery_left(const struct battery *battery, instant_ms now)
{
    double left = 1.0 - battery_used(battery, now) / CAPACITY_COULOMB;
    return left > 0.0 ? left : 0.0;
}

int32_t battery_mv(const struct battery *battery, instant_ms now)
{
    return (int32_t)(EMPTY_MV + (FULL_MV - EMPTY_MV) * battery_left(battery, now) + 0.5);
}
