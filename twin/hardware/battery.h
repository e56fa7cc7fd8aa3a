/* battery.h - the primary cell: charge taken by counted operations and by time, never by measured computing time; and
 * the voltage that is left under load, with a film that can grow on the electrode (HZ-04). */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_HARDWARE_BATTERY_H
#define TWIN_HARDWARE_BATTERY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/quantity.h"

/* What is counted. A wake is one watchdog service: the software gives it once a step. A quantum includes its two
 * keys. */
enum battery_operation {
    BATTERY_WAKE,
    BATTERY_QUANTUM,
    BATTERY_TONE,
    BATTERY_SENSE,
    BATTERY_FLASH_WORD,
    BATTERY_FLASH_ERASE,
    BATTERY_RADIO_BYTE,
    BATTERY_PUBLIC_KEY,
    BATTERY_OPERATIONS
};

struct battery {
    uint64_t count[BATTERY_OPERATIONS];
    double quantum_coulomb; /* by make */
    double capacity_coulomb;
    double drained_coulomb; /* taken by something that is not counted */
    double ohm;             /* of a new cell without film */
    double leak_per_year;   /* self-discharge beyond that in the standing current, as a share of the capacity */
    /* the film, as it was when last settled */
    double film_ohm;
    double film_ohm_day;    /* how fast it grows where no current flows; 0: no film */
    int64_t film_ms;
    uint64_t film_quanta;   /* quanta counted then */
};

/* A cell exactly as rated, without film. */
void battery_init(struct battery *battery, double quantum_coulomb);
/* Makes it one of many: capacity 10 % up or down, resistance by half, self-discharge of up to another 1 % a year; all
 * guesses, drawn evenly. */
void battery_spread(struct battery *battery, uint64_t seed);

static inline void battery_count(struct battery *battery, enum battery_operation operation)
{
    battery->count[operation]++;
}

static inline void battery_count_many(struct battery *battery, enum battery_operation operation, uint64_t times)
{
    battery->count[operation] += times;
}

/* Charge used since manufacture (instant 0), coulomb. */
double battery_used(const struct battery *battery, instant_ms now);
/* Share of the charge that is left, 0 to 1. */
double battery_left(const struct battery *battery, instant_ms now);

/* From now on this share of the charge is left, 0 to 1: the rest has gone some way that nobody counted. False, and nothing
 * done, when less than that is left already: the cell is not charged. */
bool battery_drain(struct battery *battery, double share, instant_ms now);

/* A film begins to grow at this speed (ohm a day at rest), or with 0 stays as it is. It grows the slower the more current
 * flows, and does not go away. */
void battery_film(struct battery *battery, double ohm_per_day, instant_ms now);
/* Brings the film up to now, at the flow since it was last settled. Call it when the flow changes; readings between
 * assume an even one. */
void battery_settle(struct battery *battery, instant_ms now);

/* Voltage while a quantum moves, millivolt: what a reading right after one shows. */
int32_t battery_mv(const struct battery *battery, instant_ms now);
/* Whether the voltage falls below what the core needs while a quantum moves or a tone sounds, whichever draws more: the
 * core then resets. */
bool battery_brown_out(const struct battery *battery, instant_ms now);

#endif
