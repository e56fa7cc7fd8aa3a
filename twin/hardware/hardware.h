/* hardware.h - the physical truth behind the pump's doors: rotor or valves, reservoir, catheter, battery, retained
 * memory, sensors, motor driver. Doubles, SI units (m3, s, kg/m3, kg, C), constants of its own. Plain data: a run
 * is forked by assignment. Knows nothing of the pump's software. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_HARDWARE_HARDWARE_H
#define TWIN_HARDWARE_HARDWARE_H

#include "board/board.h"
#include "core/quantity.h"
#include "twin/hardware/battery.h"
#include "twin/hardware/catheter.h"
#include "twin/hardware/driver.h"
#include "twin/hardware/flash.h"
#include "twin/hardware/fluid.h"
#include "twin/hardware/mechanism.h"
#include "twin/hardware/sensors.h"

/* What a scenario says of the implant. */
struct twin_setup {
    const char *model;      /* "C20", "C40", "V20": a row of the twin's own table */
    double calibration;     /* this unit's true quantum over its nominal one, 1.0 = exactly nominal */
    double catheter_m3;     /* volume of the implanted catheter */
    struct fluid dead_fluid;/* what stands in tubing and catheter at implant */
    uint64_t seed;
};

enum twin_fault {
    TWIN_FAULT_STALL,        /* the rotor does not turn (a magnet field, a worn shaft) */
    TWIN_FAULT_SLIP,         /* `amount` = share of quanta (0..1) the encoder confirms though nothing moved */
    TWIN_FAULT_OVERINFUSION, /* `amount` = displaced over nominal, such as 1.2 */
    TWIN_FAULT_KINK,         /* the catheter is narrowed: the mechanism still moves, `amount` = share that passes */
    TWIN_FAULT_OCCLUSION,    /* nothing passes the catheter: what is displaced is squeezed out and lost */
    TWIN_FAULT_LEAK,         /* `amount` = share of what passes the catheter that is lost before the tip */
    TWIN_FAULT_DISCONNECTION,/* all of it is lost between pump and catheter; the catheter stands still */
    TWIN_FAULT_SENSOR_STUCK, /* sensors keep showing what they showed when it began */
    TWIN_FAULTS
};

struct twin {
    struct mechanism_state mechanism; /* not `mechanism`: core/model.h has an enum of that tag */
    struct driver driver;
    struct catheter catheter;
    struct battery battery;
    struct sensor_bank sensors;
    double reservoir_m3;
    double reservoir_capacity_m3;
    struct fluid reservoir_fluid;
    double fault[TWIN_FAULTS]; /* amount while on, 0 while off; change it by twin_set_fault() only */
    bool troubled;             /* a fault is on that changes what a quantum moves */
    instant_ms now;
    uint64_t random_counter, seed;
    uint8_t tone;              /* the last tone asked for */
    uint32_t tones;            /* how many */
    struct twin_totals {       /* since manufacture, m3; balance: filled = reservoir + withdrawn + displaced */
        double filled, withdrawn, displaced, delivered, lost;
        double delivered_kg[FLUID_DRUGS_MAX]; /* at the tip, of drug[] in the same place */
        uint16_t drug[FLUID_DRUGS_MAX];       /* every drug this twin ever held, in order of coming; 0 a free place */
    } totals;
    uint64_t retained[RETAINED_BYTES / 8];
    struct flash flash; /* last: it is large */
};

/* False when the model is not in the twin's table, a number of the setup is not positive, or its fluid is
 * malformed. The reservoir starts empty; retained memory is all zero. */
bool twin_init(struct twin *twin, const struct twin_setup *setup);
/* The doors, opened onto this twin. Good until the twin is moved or copied: make it anew for each copy. */
struct board twin_board(struct twin *twin);
/* When the hardware will next have something for the core (a motor result, a tone's end); INSTANT_NEVER when
 * nothing. */
static inline instant_ms twin_next(const struct twin *twin);
/* Lets time pass up to `now`, never less than at the last call: call it before the pump's step. A quantum moves at the
 * instant it is confirmed. */
static inline void twin_advance(struct twin *twin, instant_ms now);
/* Switches a fault on (amount, kind above; 1 where it has no meaning) or off (0 or less). Shares above 1 count as 1. */
void twin_set_fault(struct twin *twin, enum twin_fault fault, double amount);
/* Takes out up to this volume through the port; returns what truly came. */
double twin_withdraw(struct twin *twin, double volume_m3);
/* Puts this in, mixing with what is left; false (and nothing done) when it would pass the capacity or bring a
 * fifth drug into this twin's life. */
bool twin_fill(struct twin *twin, double volume_m3, const struct fluid *fluid);
/* The core lost power: the motor stops where it is, so part of a quantum under way has moved, which its encoder
 * never confirms: it ends as a stall. The volatile state of the driver stays (it has its own supply), and so the
 * word of its last firing is still refused afterwards. */
void twin_power_cut(struct twin *twin);
/* What stands in tubing and catheter, m3. */
double twin_dead_volume(const struct twin *twin);
/* Concentration now leaving the tip for a drug code, kg/m3. */
double twin_tip_concentration(const struct twin *twin, uint16_t drug);

/* The motion under way has come to its end: for twin_advance() only. */
void twin_end_motion(struct twin *twin);

/* Here, not in hardware.c, because both run for every wake of every simulated year. */
static inline instant_ms twin_next(const struct twin *twin)
{
    return twin->driver.due;
}

static inline void twin_advance(struct twin *twin, instant_ms now)
{
    twin->now = now;
    if (now.ms >= twin->driver.due.ms) {
        twin_end_motion(twin);
    }
}

#endif
