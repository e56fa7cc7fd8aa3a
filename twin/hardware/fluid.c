/* fluid.c - what a volume holds, mixed by volume. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/fluid.h"

/* The place of a drug in a list, or the first free one, or -1. */
static int place_of(const uint16_t drugs[FLUID_DRUGS_MAX], uint16_t drug)
{
    int vacant = -1;
    for (int i = 0; i < FLUID_DRUGS_MAX; i++) {
        if (drugs[i] == drug) {
            return i;
        }
        if (drugs[i] == 0 && vacant < 0) {
            vacant = i;
        }
    }
    return vacant;
}

bool fluid_add(struct fluid *fluid, uint16_t drug, double kg_m3)
{
    int place = place_of(fluid->drug, drug);
    if (drug == 0 || place < 0 || !(kg_m3 >= 0.0)) {
        return false;
    }
    fluid->drug[place] = drug;
    fluid->kg_m3[place] += kg_m3;
    return true;
}

double fluid_concentration(const struct fluid *fluid, uint16_t drug)
{
    int place = drug == 0 ? -1 : place_of(fluid->drug, drug);
    return place >= 0 && fluid->drug[place] == drug ? fluid->kg_m3[place] : 0.0;
}

bool fluid_same(const struct fluid *a, const struct fluid *b)
{
    for (int i = 0; i < FLUID_DRUGS_MAX; i++) {
        if (fluid_concentration(a, a->drug[i]) != fluid_concentration(b, a->drug[i])
            || fluid_concentration(a, b->drug[i]) != fluid_concentration(b, b->drug[i])) {
            return false;
        }
    }
    return true;
}

bool fluid_mix(const struct fluid *a, double a_m3, const struct fluid *b, double b_m3, struct fluid *mixed)
{
    struct fluid mix = *a;
    double whole_m3 = a_m3 + b_m3;
    for (int i = 0; i < FLUID_DRUGS_MAX; i++) {
        if (b->drug[i] != 0 && !fluid_add(&mix, b->drug[i], 0.0)) {
            return false;
        }
    }
    for (int i = 0; i < FLUID_DRUGS_MAX && whole_m3 > 0.0; i++) {
        double in_a = fluid_concentration(a, mix.drug[i]);
        double in_b = fluid_concentration(b, mix.drug[i]);
        /* Equal concentrations stay equal to the last bit, or a refill of the same drug would look like a new one. */
        mix.kg_m3[i] = in_a == in_b ? in_a : (in_a * a_m3 + in_b * b_m3) / whole_m3;
    }
    *mixed = mix;
    return true;
}

bool fluid_arrange(const struct fluid *fluid, uint16_t table[FLUID_DRUGS_MAX], struct fluid *arranged)
{
    struct fluid ordered = { { 0.0 }, { 0 } };
    for (int i = 0; i < FLUID_DRUGS_MAX; i++) {
        ordered.drug[i] = table[i];
    }
    for (int i = 0; i < FLUID_DRUGS_MAX; i++) {
        if (fluid->drug[i] != 0 && !fluid_add(&ordered, fluid->drug[i], fluid->kg_m3[i])) {
            return false;
        }
    }
    for (int i = 0; i < FLUID_DRUGS_MAX; i++) {
        table[i] = ordered.drug[i];
    }
    *arranged = ordered;
    return true;
}
