/* mechanism.h - what moves the fluid: a peristaltic rotor with its encoder, or two valves around an accumulator.
 * Holds the twin's own table of pump models (docs/decisions/0005-twin-constants.md). */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_HARDWARE_MECHANISM_H
#define TWIN_HARDWARE_MECHANISM_H

#include <stdbool.h>
#include <stdint.h>

#include "twin/hardware/fluid.h"

enum mechanism_kind { MECHANISM_IS_ROTOR = 1, MECHANISM_IS_VALVES = 2 };

/* One row of the twin's own table: how a pump of this make truly is. */
struct mechanism_make {
    const char *name;
    enum mechanism_kind kind;
    double quantum_m3;       /* nominal */
    double reservoir_m3;     /* capacity */
    double tubing_m3;        /* inside the pump, between mechanism and catheter port */
    int64_t quantum_ms;      /* time a quantum takes */
    int64_t stall_ms;        /* time after which the driver gives a quantum up */
    double quantum_coulomb;  /* charge a quantum takes from the battery */
};

/* Null when there is no such make. */
const struct mechanism_make *mechanism_find(const char *name);

struct mechanism_state {
    double quantum_m3;       /* what a quantum truly moves now: nominal * calibration * over-infusion */
    double carry_m3;         /* moved volume not yet a whole step of the volume grid */
    double calibrated_m3;    /* nominal * calibration */
    double slip_share;       /* share of quanta the encoder confirms though nothing moved */
    double slip_sum;         /* running sum of that share; at 1 a quantum slips */
    enum mechanism_kind kind;
    int64_t quantum_ms;
};

void mechanism_init(struct mechanism_state *mechanism, const struct mechanism_make *make, double calibration);
/* `factor` = displaced over calibrated, 1 when sound. */
void mechanism_set_overinfusion(struct mechanism_state *mechanism, double factor);
/* `share` 0 to 1; starts counting anew. Of n quanta, the whole part of n * share slips: no chance in it. */
void mechanism_set_slip(struct mechanism_state *mechanism, double share);
/* Whether the quantum now confirmed slipped. */
bool mechanism_slips(struct mechanism_state *mechanism);
/* The share of a quantum that has moved after this much of its time: a rotor moves evenly, the valves fill the
 * accumulator in the first half and empty it evenly in the second. */
double mechanism_share_after(const struct mechanism_state *mechanism, int64_t elapsed_ms);

/* The volume on the grid that `share` of a quantum moves; what the grid cannot hold is carried to the next. */
static inline double mechanism_displace(struct mechanism_state *mechanism, double share)
{
    double moved_m3 = mechanism->quantum_m3 * share + mechanism->carry_m3;
    double displaced_m3 = volume_on_grid(moved_m3);
    mechanism->carry_m3 = moved_m3 - displaced_m3;
    return displaced_m3;
}

#endif
