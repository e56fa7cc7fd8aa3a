/* battery.h - the primary cell: charge taken by counted operations and by time, never by measured computing time. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_HARDWARE_BATTERY_H
#define TWIN_HARDWARE_BATTERY_H

#include <stdint.h>

#include "core/quantity.h"

/* What is counted. A wake is one watchdog service: the software gives it once a step. A quantum includes its two
 * keys. */
enum battery_operation { BATTERY_WAKE, BATTERY_QUANTUM, BATTERY_TONE, BATTERY_SENSE, BATTERY_OPERATIONS };

struct battery {
    uint64_t count[BATTERY_OPERATIONS];
    double quantum_coulomb; /* by make */
};

void battery_init(struct battery *battery, double quantum_coulomb);

static inline void battery_count(struct battery *battery, enum battery_operation operation)
{
    battery->count[operation]++;
}

/* Charge used since manufacture (instant 0), coulomb. */
double battery_used(const struct battery *battery, instant_ms now);
/* Share of the charge that is left, 0 to 1. */
double battery_left(const struct battery *battery, instant_ms now);
/* Voltage, millivolt: falls linearly with the charge used (guess). */
int32_t battery_mv(const struct battery *battery, instant_ms now);

#endif
