/* energy.h - the energy ledger: charge by counted operations and by time, never by measured computing time, and from
 * it and the cell's voltage under load the moment to replace the pump (ERI) and the end of service. REQ-PWR-01, -08,
 * REQ-TIME-07, HZ-04, HZ-06; docs/decisions/0013-energy.md.
 *
 * Every instant told is a moment that was or will be, or INSTANT_NEVER, which means unknown. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_ENERGY_H
#define PUMP_ENERGY_H

#include "core/model.h"
#include "core/quantity.h"

#define ENERGY(name, charge_nc, per, provenance) ENERGY_##name,
enum energy_operation {
#include "pump/energy.def"
    ENERGY_OPERATIONS
};
#undef ENERGY

enum {
    ENERGY_NOTICE_DAYS = 90,  /* from ERI to the end of service: REQ-PWR-01 */
    ENERGY_MARGIN_DAYS = 7,   /* guess: one reading a day, and a median lags two to three of them */
    ENERGY_FLOOR_MV = 2350,   /* guess: the core needs 2200, and a tone draws more than a quantum */
    ENERGY_LOW_MV = 2850,     /* guess: below any healthy cell's; a fast film needs 90 days from here to the floor */
    ENERGY_LEAST_MV = 1500,   /* outside these two it is no reading: below, no core would run to take it; */
    ENERGY_MOST_MV = 4000,    /* above, no lithium primary cell goes */
    ENERGY_READINGS = 5,      /* these four: guesses */
    ENERGY_ANCHORS = 4,
    ENERGY_ANCHOR_DAYS = 10,
    ENERGY_AVERAGE_DAYS = 30,
    ENERGY_WAKES_PER_QUANTUM = 2 /* one to fire it, one to fetch its result */
};

/* What operations were counted since the last look, by those who do them. Wakes, quanta and standing time need no
 * counting: they follow from the ledger, the looks and the clock. Lost with the volatile memory, an hour's worth. */
struct energy_tally {
    uint32_t count[ENERGY_OPERATIONS];
};

/* Kept in retained memory. All zero is a new cell, never looked at. */
struct energy {
    int64_t used_nc;    /* charge used since manufacture, up to at_ms */
    int64_t at_ms;
    int64_t quanta;     /* the ledger's commanded count then */
    int64_t day_nc;     /* charge used since day_ms */
    int64_t day_ms;
    int64_t daily_nc;   /* charge a day, smoothed over 30 days; 0 before the first is over */
    int64_t replace_ms; /* ERI; 0: not reached */
    int64_t end_ms;     /* end of service; 0: unknown. Once ERI is reached it only comes nearer */
    int64_t reading_ms; /* when the voltage was last read */
    int64_t anchor_ms;  /* when the newest anchor was set */
    int16_t reading[ENERGY_READINGS]; /* millivolt under load, newest first */
    int16_t anchor[ENERGY_ANCHORS];   /* their median as it was every ten days, newest first */
    uint8_t readings, anchors;        /* used entries */
    uint8_t strange;                  /* impossible readings in a row */
    uint8_t ended;                    /* end of service was reached */
};
_Static_assert(sizeof(struct energy) < 120, "the energy ledger is small: it is stored with every standing fact");

/* What a look knows. */
struct energy_facts {
    int64_t commanded;      /* the ledger's count */
    int64_t quanta_per_day; /* what the program in force can ask for in a day, all its boluses counted */
    int32_t battery_mv;     /* under the load of a quantum; ENERGY_NO_READING when none was taken */
    uint8_t mechanism;      /* enum mechanism */
};
enum { ENERGY_NO_READING = INT32_MIN };

enum energy_state {
    ENERGY_GOOD = 0,
    ENERGY_REPLACE = 1, /* ERI: replacement is due within 90 days */
    ENERGY_ENDED = 2    /* the cell can no longer be relied on; therapy goes on while it still can */
};

/* As the last look left it. */
enum energy_state energy_state(const struct energy *energy);
/* Whether a day has gone by since the voltage was read. */
bool energy_reading_due(const struct energy *energy, instant_ms now);
/* Books what was used since the last look (this look included) and judges anew. `now` never goes back; should it, no time
 * is charged. */
enum energy_state energy_look(struct energy *energy, const struct energy_facts *facts, const struct energy_tally *tally,
                              instant_ms now);
/* Memory was lost, and a stored record says what was used up to its time, when the ledger had commanded so many quanta.
 * Taken when it is later and says more than is known: charge never goes back. Call it before the first look. */
void energy_restore(struct energy *energy, int64_t used_mc, int64_t commanded, instant_ms at);

/* How long the cell lasts from the last look on if this is the program, by charge and by voltage: to be asked before an
 * activation, because the indicator, once reached, stays. Whole hours, never too long. */
span_ms energy_lasts(const struct energy *energy, const struct energy_facts *facts);

/* Charge of one operation, and of a day of full therapy, nanocoulomb. */
int64_t energy_charge(enum energy_operation operation);
int64_t energy_day(uint8_t mechanism, int64_t quanta_per_day);

/* What an interrogation tells of the cell. Days are whole and rounded down. The true end lies between least and most:
 * the capacity of cells spreads by 10 %, some lose a sixth of the standing current by themselves, and the last tenth of a
 * cell cannot be relied on. */
struct energy_report {
    uint8_t state;     /* enum energy_state */
    int64_t used_mc;   /* millicoulomb */
    int32_t used_ppm;  /* of the rated capacity */
    int32_t loaded_mv; /* median of the last readings; -1: unknown */
    instant_ms replace;/* when ERI was reached, or will be by today's reckoning; NEVER: unknown */
    instant_ms end;    /* end of service at the latest; never later than replace + 90 days; NEVER: unknown */
    int32_t days_least, days_most; /* to the end of service: -1 unknown */
};
struct energy_report energy_report(const struct energy *energy, const struct energy_facts *facts, instant_ms now);

#endif
