/* invent.h - implants, mixtures and therapies made up by chance for a soak: every kind of program, a mixture of flows,
 * limits from just enough to ample. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_INVENT_H
#define RIG_INVENT_H

#include "core/therapy.h"
#include "rig/dice.h"

struct invent {
    const struct model *model;
    calib_ppm calibration;
    char serial[SERIAL_BYTES];
    vol_nl dead_volume;
    uint16_t first_drug; /* drugs of this life: this code and the three after it */
    int32_t pace;        /* flows lie around this, nL/day */
};

/* A model, a calibration, a catheter, a pace: most lives deliver 0.09 to 0.6 mL a day. */
void invent_implant(struct dice *dice, struct invent *implant, int32_t *catheter_mm);
/* One to three drugs of this life. */
void invent_mixture(struct dice *dice, const struct invent *implant, struct mixture *mixture);
/* A therapy that this implant can run with this in its reservoir. With `bridge_rate` above 0 it opens with a bridge: one
 * dead volume at that flow. False when chance made none that fits. */
bool invent_therapy(struct dice *dice, const struct invent *implant, const struct mixture *mixture, int32_t bridge_rate,
                    struct therapy *therapy);

#endif
