/* fluid.h - what a volume holds: up to four drugs in solution, mixed by volume. Also the grid on which volumes
 * stand. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_HARDWARE_FLUID_H
#define TWIN_HARDWARE_FLUID_H

#include <stdbool.h>
#include <stdint.h>

enum { FLUID_DRUGS_MAX = 4 };

/* Concentration by drug code; a free place has drug 0 and concentration 0. 1 mg/mL is 1 kg/m3. All zero: plain
 * saline. */
struct fluid {
    double kg_m3[FLUID_DRUGS_MAX];
    uint16_t drug[FLUID_DRUGS_MAX];
};

/* Adds to the concentration of one drug, giving it a place when it has none. False, and nothing done, when four
 * other drugs hold all places, when drug is 0, or when the concentration is negative or not a number. */
bool fluid_add(struct fluid *fluid, uint16_t drug, double kg_m3);
/* Concentration of a drug, kg/m3; 0 when it is not in it. */
double fluid_concentration(const struct fluid *fluid, uint16_t drug);
/* Whether both hold the same drugs at the same concentrations, in whatever order. */
bool fluid_same(const struct fluid *a, const struct fluid *b);
/* What two volumes make together. False, and *mixed untouched, when it would hold more than four drugs. Two volumes of
 * nothing make the first fluid. */
bool fluid_mix(const struct fluid *a, double a_m3, const struct fluid *b, double b_m3, struct fluid *mixed);
/* The same fluid with its drugs in the places this table gives them; drugs new to the table take its free places
 * (drug 0). False, and nothing done, when the table has no place left for one. */
bool fluid_arrange(const struct fluid *fluid, uint16_t table[FLUID_DRUGS_MAX], struct fluid *arranged);

/* Every volume of the twin is a whole number of 2^-60 m3 (0.9 femtolitre, a 288 millionth of a rotor's quantum).
 * Sums and differences of such volumes are exact in a double up to 7.8 litres, so the twin's volume balances hold
 * without any rounding error, however long the run. Rounds to nearest; for volumes up to 1.9 litres. */
static inline double volume_on_grid(double m3)
{
    const double shift = 0.005859375; /* 1.5 * 2^-8: doubles of this size stand 2^-60 apart */
    return (m3 + shift) - shift;
}

#endif
