/* figure.c - the numbers of the body. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/figure.h"

#include <Random123/philox.h>
#include <math.h>
#include <string.h>

static const struct figure_row ROWS[FIGURES_ALL] = {
#define FIGURE(name, word, value, unit, spread, distribution, guess, source)                                           \
    { word, value, unit, spread, DISTRIBUTION_##distribution, guess, source },
#include "twin/body/figure.def"
#undef FIGURE
};

const struct figure_row *figure_row(enum figure figure)
{
    return &ROWS[figure];
}

int figure_find(const char *word)
{
    for (int i = 0; i < FIGURES_ALL; i++) {
        if (strcmp(ROWS[i].word, word) == 0) {
            return i;
        }
    }
    return -1;
}

void figure_range(enum figure figure, double *low, double *high)
{
    static const struct {
        const char *unit;
        double low, high;
    } ranges[] = {
        { "cm2/h", 0.0, 1e6 }, /* dispersion: a jet of 10 cm/s over a canal of 1 cm mixes at 4e4 */
        { "mL/h", 0.0, 1e5 },  /* no organ's blood flow is left out: the heart gives 3e5 */
        { "mL", 1e-6, 1e4 },   /* never nothing, for the model divides by it */
        { "cm", 1e-3, 1e6 },   /* far beyond the canal: level along all of it */
        { "kg", 0.5, 500.0 },  { "min", 1e-3, 1e7 }, /* a few heartbeats' hundredth, to twenty years */
        { "1", 0.0, 1e4 },                           /* shares, partitions, exponents */
    };
    *low = 0.0;
    *high = 1e9;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (strcmp(ROWS[figure].unit, ranges[i].unit) == 0) {
            *low = ranges[i].low;
            *high = ranges[i].high;
        }
    }
}

enum figure_fault figures_put(struct figures *figures, const char *word, double value, const char *unit)
{
    double low = 0.0, high = 0.0;
    int figure = figure_find(word);
    if (figure < 0) {
        return FIGURE_UNKNOWN;
    }
    if (unit != NULL && strcmp(unit, ROWS[figure].unit) != 0) {
        return FIGURE_OTHER_UNIT;
    }
    figure_range((enum figure)figure, &low, &high);
    if (!(value >= low && value <= high)) {
        return FIGURE_BEYOND;
    }
    figures->value[figure] = value;
    return FIGURE_GOOD;
}

void figures_typical(struct figures *figures)
{
    for (int i = 0; i < FIGURES_ALL; i++) {
        figures->value[i] = ROWS[i].value;
    }
}

void figures_person(struct figures *figures, const double deviations[FIGURES_ALL])
{
    for (int i = 0; i < FIGURES_ALL; i++) {
        figures->value[i] = ROWS[i].value * pow(ROWS[i].spread, deviations[i]);
    }
}

/* Two numbers of 53 bits, from 0 (not itself) to 1, made into one that is normal (Box and Muller 1958). */
static double deviation(uint64_t seed, uint64_t person, uint64_t figure)
{
    philox4x64_ctr_t place = { { figure, person, 0, 0 } };
    philox4x64_key_t key = { { seed, 0x626f6479 } }; /* "body": apart from all other chance of the twin */
    philox4x64_ctr_t chance = philox4x64(place, key);
    double radius = (double)((chance.v[0] >> 11) + 1) * 0x1p-53, angle = (double)(chance.v[1] >> 11) * 0x1p-53;
    return sqrt(-2.0 * log(radius)) * cos(6.28318530717958647693 * angle);
}

void figures_drawn(struct figures *figures, uint64_t seed, uint64_t person)
{
    double deviations[FIGURES_ALL];
    for (int i = 0; i < FIGURES_ALL; i++) {
        deviations[i] = deviation(seed, person, (uint64_t)i);
    }
    figures_person(figures, deviations);
}
