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
#include "twin/hardware/cut.h"
#include "twin/hardware/driver.h"
#include "twin/hardware/flash.h"
#include "twin/hardware/fluid.h"
#include "twin/hardware/mechanism.h"
#include "twin/hardware/ether.h"
#include "twin/hardware/sensors.h"
#include "twin/hardware/trouble.h"

/* What a scenario says of the implant. */
struct twin_setup {
    const char *model;      /* "C20", "C40", "V20": a row of the twin's own table */
    double calibration;     /* this unit's true quantum over its nominal one, 1.0 = exactly nominal */
    double catheter_m3;     /* volume of the implanted catheter */
    struct fluid dead_fluid;/* what stands in tubing and catheter at implant */
    uint64_t seed;
    bool fill_sensor, pressure_sensor; /* fitted */
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
    double trapped_m3;         /* what a kinked or occluded catheter did not let pass and presses upon */
    struct twin_cut cut;
    uint8_t tone;              /* the last tone heard */
    uint32_t tones;            /* how many */
    bool restart;              /* the core asked to be started again at the end of its wake; whoever does so clears it */
    struct twin_totals {       /* since manufacture, m3; balance: filled = reservoir + withdrawn + displaced */
        double filled, withdrawn, displaced, delivered, lost;
        double pocket;         /* what was meant to be filled and went beside the reservoir */
        double spilled;        /* what was meant to be filled and did not fit: it went nowhere */
        double pocket_kg[FLUID_DRUGS_MAX];    /* and its drugs, by place */
        double delivered_kg[FLUID_DRUGS_MAX]; /* at the tip, of drug[] in the same place */
        uint16_t drug[FLUID_DRUGS_MAX];       /* every drug this twin ever held, in order of coming; 0 a free place */
    } totals;
    uint64_t retained[RETAINED_BYTES / 8];
    struct ether ether;
    struct flash flash; /* last: it is large */
};

/* False when the model is not in the twin's table, a number of the setup is not positive, or its fluid is
 * malformed. The reservoir starts empty; retained memory is all zero. */
bool twin_init(struct twin *twin, const struct twin_setup *setup);
/* Takes the place of another of the same model, at its time: mechanism, catheter, reservoir, cell, sensors, totals and what is
 * wrong with them are that one's; memory, flash, radio and motor driver are not. `twin` is new. */
void twin_succeed(struct twin *twin, const struct twin *before);
/* The doors, opened onto this twin. Good until the twin is moved or copied: make it anew for each copy. */
struct board twin_board(struct twin *twin);
/* When the hardware will next have something for the core (a motor result, a frame); INSTANT_NEVER when nothing. */
static inline instant_ms twin_next(const struct twin *twin);
/* Lets time pass up to `now`, never less than at the last call: call it before the pump's step. A quantum moves at the
 * instant it is confirmed. */
static inline void twin_advance(struct twin *twin, instant_ms now);
/* The motor load rises evenly to `factor` times a new motor's, in this time. */
void twin_set_load(struct twin *twin, double factor, int64_t over_ms);
/* Takes out up to this volume through the port; returns what truly came. */
double twin_withdraw(struct twin *twin, double volume_m3);
/* Puts this in, mixing with what is left; false (and nothing done) when it would pass the capacity or bring a
 * fifth drug into this twin's life. While TWIN_FAULT_POCKET is on, its share of the volume goes into the pocket. */
bool twin_fill(struct twin *twin, double volume_m3, const struct fluid *fluid);
/* The same by somebody who presses on whatever stands against it: what fits goes in, the rest is counted as spilled. Where the
 * fluid brings a fifth drug all of it is. Returns what was spilled. */
double twin_fill_pressed(struct twin *twin, double volume_m3, const struct fluid *fluid);
/* Would that go, after a withdrawal of so much? Changes nothing. */
bool twin_can_fill(const struct twin *twin, double withdrawn_m3, double volume_m3, const struct fluid *fluid);
/* The core lost power: the motor stops where it is, so part of a quantum under way has moved, which its encoder
 * never confirms: it ends as a stall. The volatile state of the driver stays (it has its own supply), and so the
 * word of its last firing is still refused afterwards. An erase under way leaves its sector half done. The radio
 * listens to both reaches again. */
void twin_power_cut(struct twin *twin);
/* What stands in tubing and catheter, m3. */
double twin_dead_volume(const struct twin *twin);
/* Concentration now leaving the tip for a drug code, kg/m3. */
double twin_tip_concentration(const struct twin *twin, uint16_t drug);

/* A frame sets out for the pump, now. False, and nothing done, when it is empty or longer than RADIO_FRAME_MAX. */
bool twin_transmit(struct twin *twin, const uint8_t *bytes, size_t size, enum reach reach);
/* The frames that have arrived are gone: the core was off, hung, or has started again. */
void twin_miss_frames(struct twin *twin);

/* The motion under way has come to its end: for twin_advance() only. */
void twin_end_motion(struct twin *twin);

/* The rest is for the other files of this folder.
 * Something stops the motion under way: what has moved so far has moved, and the encoder never confirms the rest. */
void twin_block_motion(struct twin *twin);
/* So much, or what is there, leaves the reservoir by itself, and goes the way of a quantum. */
void twin_let_out(struct twin *twin, double volume_m3);
extern const struct board_doors twin_doors;

/* Here, not in hardware.c, because both run for every wake of every simulated year. */
static inline instant_ms twin_next(const struct twin *twin)
{
    return instant_min(twin->driver.due, twin->ether.due);
}

static inline void twin_advance(struct twin *twin, instant_ms now)
{
    twin->now = now;
    if (now.ms >= twin->driver.due.ms) {
        twin_end_motion(twin);
    }
    if (now.ms >= twin->ether.due.ms) {
        ether_arrive(&twin->ether, now);
    }
}

#endif
