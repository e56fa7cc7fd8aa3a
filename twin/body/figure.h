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
/* From where to where a figure may be set, in its unit: what its unit can mean in a human body and its drugs, decades beyond
 * any person, so that a slip of the unit shows. A guess. */
void figure_range(enum figure figure, double *low, double *high);

enum figure_fault {
    FIGURE_GOOD,
    FIGURE_UNKNOWN,    /* there is no figure of that word */
    FIGURE_OTHER_UNIT, /* it is counted in another unit */
    FIGURE_BEYOND      /* no number, or out of figure_range() */
};

/* Those of a typical adult. */
void figures_typical(struct figures *figures);
/* Those of a person who stands so many standard deviations from the typical one in each. */
void figures_person(struct figures *figures, const double deviations[FIGURES_ALL]);
/* Those of one person of a crowd, drawn by chance: the same for the same seed and person, whoever else is drawn. */
void figures_drawn(struct figures *figures, uint64_t seed, uint64_t person);
/* Another value of one figure, by its word. `unit` is the row's own, letter for letter; null when nobody said one. On any
 * fault nothing is done. */
enum figure_fault figures_put(struct figures *figures, const char *word, double value, const char *unit);

#endif
