/* catheter.c - tubing and catheter as an exact plug-flow queue. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/catheter.h"

/* The mass delivered so far moves into the base: the fluid at the tip is about to change. */
static void tip_settle(struct catheter *catheter)
{
    for (int i = 0; i < FLUID_DRUGS_MAX; i++) {
        catheter->tip_base_kg[i] += catheter->tip_run_m3 * catheter->slug[0].fluid.kg_m3[i];
    }
    catheter->tip_run_m3 = 0.0;
}

/* Closes the gap that the slug after `index` leaves. */
static void slug_remove(struct catheter *catheter, uint32_t index)
{
    for (uint32_t i = index; i + 1 < catheter->slugs; i++) {
        catheter->slug[i] = catheter->slug[i + 1];
    }
    catheter->slugs--;
}

void catheter_init(struct catheter *catheter, double volume_m3, const struct fluid *fluid)
{
    *catheter = (struct catheter){ .slugs = 1 };
    catheter->slug[0] = (struct slug){ .volume_m3 = volume_on_grid(volume_m3), .fluid = *fluid };
}

void catheter_inflow(struct catheter *catheter, const struct fluid *fluid)
{
    if (catheter->slug[catheter->slugs - 1].volume_m3 == 0.0) {
        catheter->slugs--; /* the fluid before this one never got in */
    }
    if (fluid_same(&catheter->slug[catheter->slugs - 1].fluid, fluid)) {
        return;
    }
    if (catheter->slugs == CATHETER_SLUGS_MAX) {
        struct slug *tip = &catheter->slug[0];
        const struct slug *next = &catheter->slug[1];
        tip_settle(catheter);
        /* Cannot fail: all fluids here have their drugs in the places of one table. */
        (void)fluid_mix(&tip->fluid, tip->volume_m3, &next->fluid, next->volume_m3, &tip->fluid);
        tip->volume_m3 += next->volume_m3;
        slug_remove(catheter, 1);
        catheter->merges++;
    }
    catheter->slug[catheter->slugs] = (struct slug){ .volume_m3 = 0.0, .fluid = *fluid };
    catheter->slugs++;
}

void catheter_push_slugs(struct catheter *catheter, double volume_m3, double share, double kg[FLUID_DRUGS_MAX])
{
    double left_m3 = volume_m3;
    catheter->slug[catheter->slugs - 1].volume_m3 += volume_m3;
    while (catheter->slugs > 1 && left_m3 >= catheter->slug[0].volume_m3) {
        left_m3 -= catheter->slug[0].volume_m3;
        catheter->tip_run_m3 += catheter->slug[0].volume_m3 * share;
        tip_settle(catheter);
        slug_remove(catheter, 0);
    }
    catheter->slug[0].volume_m3 -= left_m3;
    catheter->tip_run_m3 += left_m3 * share;
    for (int i = 0; i < FLUID_DRUGS_MAX; i++) {
        kg[i] = catheter->tip_base_kg[i] + catheter->tip_run_m3 * catheter->slug[0].fluid.kg_m3[i];
    }
}

double catheter_volume(const struct catheter *catheter)
{
    double volume_m3 = 0.0;
    for (uint32_t i = 0; i < catheter->slugs; i++) {
        volume_m3 += catheter->slug[i].volume_m3;
    }
    return volume_m3;
}

void catheter_mass(const struct catheter *catheter, double kg[FLUID_DRUGS_MAX])
{
    for (int i = 0; i < FLUID_DRUGS_MAX; i++) {
        kg[i] = 0.0;
        for (uint32_t k = 0; k < catheter->slugs; k++) {
            kg[i] += catheter->slug[k].volume_m3 * catheter->slug[k].fluid.kg_m3[i];
        }
    }
}
