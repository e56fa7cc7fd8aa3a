/* figure.c - the numbers of the body. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/figure.h"

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
