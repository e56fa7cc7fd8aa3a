/* published.h - published figures as a document: what was given to whom, what was measured, and how far it spread
 * (docs/spine.md). */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_PUBLISHED_H
#define APP_SPINE_PUBLISHED_H

#include "document/reader.h"
#include "twin/body/agent.h"

enum { PUBLISHED_MAX = 200 };

/* What a row measures, each with its unit. */
enum published_quantity {
    PUBLISHED_CSF,    /* ng/mL, at a time */
    PUBLISHED_TISSUE, /* ng/mL, at a time */
    PUBLISHED_RATIO,  /* of fluid at a level over that at another, at a time */
    PUBLISHED_TISSUE_RATIO,
    PUBLISHED_HALF_LIFE, /* min, of the last half of what follows the dose */
    PUBLISHED_CLEARANCE, /* mL/h: dose over area, which is continued with that half-life */
    PUBLISHED_VOLUME,    /* mL: clearance times half-life over ln 2 */
    PUBLISHED_PEAK_TIME  /* min */
};

/* Whose value a row tells of. */
enum published_of {
    PUBLISHED_PERSON,     /* a person's: the typical adult is to lie within the spread of people */
    PUBLISHED_MEDIAN,     /* of a crowd */
    PUBLISHED_MEAN,       /* of a crowd */
    PUBLISHED_RANGE,      /* the largest over the smallest of `group` people; without a unit */
    PUBLISHED_CORRELATION /* Pearson's, of the dose and the value; without a unit */
};

struct published_row {
    const char *id, *what, *source;
    enum agent drug;
    enum level tip, level, over;
    enum regime regime;
    enum published_quantity quantity;
    enum published_of of;
    int64_t group;          /* people, of a range */
    double dose_kg, span_s; /* span_s 0: a bolus */
    double dose_low_kg,
        dose_high_kg; /* of a crowd whose doses differ, with dose_kg their mean; 0: all are given the same */
    double run_s;     /* how long is looked at; a concentration is that at its end */
    double published, low, high;
    bool fit;                /* parameters may be fitted to it */
    double set[FIGURES_ALL]; /* other typical values; 0: as the table has it */
};

struct published {
    json_t *root;
    size_t count;
    struct published_row row[PUBLISHED_MAX];
};

const char *published_unit(const struct published_row *row);
/* What somebody of a crowd is given, kg; share from 0 to 1, even between people. The least and the most are given, and the
 * mean over even shares is the row's dose: low + (high - low) share^p, 1/(p + 1) = (mean - low)/(high - low). */
double published_dose(const struct published_row *row, double share);
/* 0, or the exit code of what is wrong, told by the reader's complaints. To be freed in either case. */
int published_read(struct reader *reader, struct published *rows);
void published_free(struct published *rows);

#endif
