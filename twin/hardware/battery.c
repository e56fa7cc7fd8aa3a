/* battery.c - charge taken from the cell, and the voltage that is left under load. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/battery.h"

#include "twin/hardware/sensors.h"

/* All guesses, chosen together so that a C20 at 1 mL/day (4000 quanta a day) lasts about six years; measured
 * pumps: median 5.4 to 5.9 years (Bolash 2015, PMID 25250852). */
static const double CAPACITY_COULOMB = 10800.0;  /* 3.0 Ah */
static const double STANDBY_AMPERE = 20e-6;      /* clock, radio listening, self-discharge */
static const double SECONDS_A_YEAR = 365.25 * 86400.0;
static const double COULOMB[BATTERY_OPERATIONS] = {
    [BATTERY_WAKE] = 0.3e-6, /* this and PUBLIC_KEY: instructions as bench/chip.py counts them, at a guess of what one takes */
    [BATTERY_TONE] = 5e-3,
    [BATTERY_SENSE] = 1e-6,
    [BATTERY_FLASH_WORD] = 0.2e-6,
    [BATTERY_FLASH_ERASE] = 250e-6,
    [BATTERY_RADIO_BYTE] = 0.5e-6,
    [BATTERY_PUBLIC_KEY] = 400e-6,
}; /* a quantum's is by make */

/* The shape of the open-circuit voltage: a plateau that slopes a little, then a knee in which the last of the charge goes.
 * Shaped like a lithium primary cell's; every number is a guess. */
static const double NEW_MV = 3250.0;
static const double KNEE_MV = 3150.0;
static const double EMPTY_MV = 2200.0;
static const double KNEE_LEFT = 0.08;

/* Resistance, and how it rises toward the end: guesses. */
static const double NEW_OHM = 5.0;
static const double OHM_RISE = 2.0;
/* What the motor and the sounder draw while they run, and the least the core runs on: guesses. */
static const double QUANTUM_MA = 10.0;
static const double TONE_MA = 11.0;
static const double CORE_MV = 2200.0;
/* The mean current of the quanta at which a film grows half as fast as at rest: guess; 1.4 mL/day by the rotor. */
static const double FILM_HALF_AMPERE = 50e-6;

void battery_init(struct battery *battery, double quantum_coulomb)
{
    *battery = (struct battery){ .quantum_coulomb = quantum_coulomb,
                                 .capacity_coulomb = CAPACITY_COULOMB,
                                 .ohm = NEW_OHM };
}

/* Evenly from 0 to 1. */
static double share(uint64_t bits)
{
    return (double)(bits >> 11) * 0x1p-53;
}

void battery_spread(struct battery *battery, uint64_t seed)
{
    const uint64_t place = UINT64_C(1) << 62; /* far from where the twin draws its noise */
    battery->capacity_coulomb = CAPACITY_COULOMB * (0.9 + 0.2 * share(chance_bits(seed, place)));
    battery->ohm = NEW_OHM * (0.5 + share(chance_bits(seed, place + 1)));
    battery->leak_per_year = 0.01 * share(chance_bits(seed, place + 2));
}

double battery_used(const struct battery *battery, instant_ms now)
{
    double seconds = (double)now.ms / 1000.0;
    double used = seconds * (STANDBY_AMPERE + battery->leak_per_year * battery->capacity_coulomb / SECONDS_A_YEAR)
                  + (double)battery->count[BATTERY_QUANTUM] * battery->quantum_coulomb + battery->drained_coulomb;
    for (int i = 0; i < BATTERY_OPERATIONS; i++) {
        used += (double)battery->count[i] * COULOMB[i];
    }
    return used;
}

double battery_left(const struct battery *battery, instant_ms now)
{
    double left = 1.0 - battery_used(battery, now) / battery->capacity_coulomb;
    return left > 0.0 ? left : 0.0;
}

bool battery_drain(struct battery *battery, double share, instant_ms now)
{
    double more = battery->capacity_coulomb * (1.0 - share) - battery_used(battery, now);
    if (!(share >= 0.0) || !(more >= 0.0)) {
        return false;
    }
    battery->drained_coulomb += more;
    return true;
}

/* The film by now. */
static double film(const struct battery *battery, instant_ms now)
{
    double seconds = (double)(now.ms - battery->film_ms) / 1000.0;
    if (!(battery->film_ohm_day > 0.0) || !(seconds > 0.0)) {
        return battery->film_ohm;
    }
    double coulomb = (double)(battery->count[BATTERY_QUANTUM] - battery->film_quanta) * battery->quantum_coulomb;
    double slowed = 1.0 + coulomb / seconds / FILM_HALF_AMPERE;
    return battery->film_ohm + battery->film_ohm_day * (seconds / 86400.0) / slowed;
}

void battery_settle(struct battery *battery, instant_ms now)
{
    battery->film_ohm = film(battery, now);
    battery->film_ms = now.ms;
    battery->film_quanta = battery->count[BATTERY_QUANTUM];
}

void battery_film(struct battery *battery, double ohm_per_day, instant_ms now)
{
    battery_settle(battery, now);
    battery->film_ohm_day = ohm_per_day > 0.0 ? ohm_per_day : 0.0;
}

static double voltage_mv(const struct battery *battery, double load_ma, instant_ms now)
{
    double left = battery_left(battery, now);
    double open_mv = left > KNEE_LEFT ? KNEE_MV + (NEW_MV - KNEE_MV) * (left - KNEE_LEFT) / (1.0 - KNEE_LEFT)
                                      : EMPTY_MV + (KNEE_MV - EMPTY_MV) * left / KNEE_LEFT;
    double gone = 1.0 - left;
    double ohm = battery->ohm * (1.0 + OHM_RISE * gone * gone * gone * gone) + film(battery, now);
    double mv = open_mv - load_ma * ohm;
    return mv > 0.0 ? mv : 0.0;
}

int32_t battery_mv(const struct battery *battery, instant_ms now)
{
    return (int32_t)(voltage_mv(battery, QUANTUM_MA, now) + 0.5);
}

bool battery_brown_out(const struct battery *battery, instant_ms now)
{
    return voltage_mv(battery, QUANTUM_MA > TONE_MA ? QUANTUM_MA : TONE_MA, now) < CORE_MV;
}
