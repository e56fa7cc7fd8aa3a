/* catheter.h - tubing and catheter as an exact plug-flow queue: what enters at the pump pushes the same volume out
 * at the tip, and a change of drug arrives when volume says so. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_HARDWARE_CATHETER_H
#define TWIN_HARDWARE_CATHETER_H

#include "twin/hardware/fluid.h"

enum { CATHETER_SLUGS_MAX = 8 };

/* A length of one fluid. */
struct slug {
    double volume_m3;
    struct fluid fluid;
};

/* Always full. slug[0] stands at the tip; the last slug is the fluid that enters now. All fluids have their drugs
 * in the same places (fluid_arrange). Volumes stand on the grid (volume_on_grid). */
struct catheter {
    uint32_t slugs;
    uint32_t merges;                      /* times two unlike slugs had to be mixed for want of places */
    double tip_run_m3;                    /* delivered of the fluid at the tip since it got there */
    double tip_base_kg[FLUID_DRUGS_MAX];  /* delivered before that, by place */
    struct slug slug[CATHETER_SLUGS_MAX];
};

/* Fills the whole volume with one fluid. */
void catheter_init(struct catheter *catheter, double volume_m3, const struct fluid *fluid);
/* From now on this fluid enters. When all places are taken, the two slugs nearest the tip are mixed (mass is kept) and
 * counted in `merges`. */
void catheter_inflow(struct catheter *catheter, const struct fluid *fluid);
/* Pushes `volume_m3` in at the pump and the same volume out at the other end; `share` (0 to 1) of that leaves the
 * tip, the rest is lost on the way. Sets kg[] to the mass delivered at the tip since catheter_init, by place. */
void catheter_push_slugs(struct catheter *catheter, double volume_m3, double share, double kg[FLUID_DRUGS_MAX]);
/* Volume of tubing and catheter. */
double catheter_volume(const struct catheter *catheter);
/* Mass standing in it, by place. */
void catheter_mass(const struct catheter *catheter, double kg[FLUID_DRUGS_MAX]);

/* catheter_push_slugs() with share 1, quick when one fluid fills everything. The mass is a product, not a sum of small
 * ones, so that millions of quanta add no rounding. */
static inline void catheter_push(struct catheter *catheter, double volume_m3, double kg[FLUID_DRUGS_MAX])
{
    if (catheter->slugs != 1) {
        catheter_push_slugs(catheter, volume_m3, 1.0, kg);
        return;
    }
    double run_m3 = catheter->tip_run_m3 + volume_m3;
    double delivered_kg[FLUID_DRUGS_MAX];
    catheter->tip_run_m3 = run_m3;
    for (int i = 0; i < FLUID_DRUGS_MAX; i++) {
        delivered_kg[i] = catheter->tip_base_kg[i] + run_m3 * catheter->slug[0].fluid.kg_m3[i];
    }
    for (int i = 0; i < FLUID_DRUGS_MAX; i++) {
        kg[i] = delivered_kg[i];
    }
}

#endif
