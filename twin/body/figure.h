/* figure.h - the numbers of the body: what a typical adult's are, how far people differ, and where that comes from. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_BODY_FIGURE_H
#define TWIN_BODY_FIGURE_H

#include <stdbool.h>
#include <stdint.h>

enum figure {
#define FIGURE(name, word, value, unit, spread, distribution, guess, source) FIGURE_##name,
#include "twin/body/figure.def"
#undef FIGURE
    FIGURES_ALL
};

enum distribution { DISTRIBUTION_FIXED, DISTRIBUTION_LOGNORMAL };

struct figure_row {
    const char *word; /* "morphine.clearance" */
    double value;     /* in the row's unit */
    const char *unit;
    double spread; /* of LOGNORMAL, the factor of one standard deviation; of FIXED, 1 */
    enum distribution distribution;
    bool guess;
    const char *source;
};

/* One person's numbers, each in the unit of its row. */
struct figures {
    double value[FIGURES_ALL];
};

const struct figure_row *figure_row(enum figure figure);
/* The figure of a word; -1 when there is none. */
int figure_find(const char *word);
/* Those of a typical adult. */
void figures_typical(struct figures *figures);
/* Those of a person who stands so many standard deviations from the typical one in each. */
void figures_person(struct figures *figures, const double deviations[FIGURES_ALL]);
/* Those of one person of a crowd, drawn by chance: the same for the same seed and person, whoever else is drawn. */
void figures_drawn(struct figures *figures, uint64_t seed, uint64_t person);

#endif
