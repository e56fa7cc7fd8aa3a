/* complication.h - what goes wrong with an implanted system in the course of years: competing hazards with published rates.
 * Each is drawn from its own place of one seed, so that the same seed gives the same life whichever others are drawn. What one
 * does is a fault of the twin: the pump sees of it what its sensors see, and nobody is told. Granulomas have a noun of their
 * own (twin/body/granuloma.h): theirs is a hazard that depends on what leaves the tip. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_HARDWARE_COMPLICATION_H
#define TWIN_HARDWARE_COMPLICATION_H

#include <stdbool.h>
#include <stdint.h>

#include "twin/hardware/trouble.h"

#define COMPLICATION_YEAR_S (365.25 * 86400.0)

enum complication {
#define COMPLICATION(name, word, part, rate, unit, from_d, until_d, shape, guess, source) COMPLICATION_##name,
#include "twin/hardware/complication.def"
#undef COMPLICATION
    COMPLICATIONS_ALL
};

/* Of what it is a failure: when that is new, the hazard begins anew. */
enum complication_part { PART_CATHETER, PART_PUMP, PART_WOUND, PART_REFILL };

struct complication_row {
    const char *word;
    enum complication_part part;
    double rate; /* 1/year, or a probability per refill */
    const char *unit;
    double from_d, until_d; /* days from when the part was new; until 0: for ever */
    double shape;           /* of Weibull; 1: exponential */
    bool guess;
    const char *source;
};

const struct complication_row *complication_row(enum complication kind);
/* The complication of a word; -1 when there is none. */
int complication_find(const char *word);

/* Cumulative hazard of a part that is so many seconds old, its rate multiplied by a factor (not negative): the chance that it
 * has not happened is exp(-hazard). 0 for what happens at refills. */
double complication_hazard(const struct complication_row *row, double factor, double seconds);
/* The inverse: the age in seconds at which the cumulative hazard reaches this; INFINITY when it never does. */
double complication_age(const struct complication_row *row, double factor, double hazard);

/* The age at which the `index`th part of this life fails in this way: one uniform number and one logarithm. */
double complication_drawn(enum complication kind, double factor, uint64_t seed, uint32_t index);
/* Does the `index`th refill of this life go beside the reservoir? */
bool complication_at_refill(double factor, uint64_t seed, uint32_t index);

/* What it does. How bad each is, no source tells: all amounts are guesses, drawn evenly from the ranges given. */
struct complication_effect {
    enum twin_fault fault; /* TWIN_FAULTS: none */
    double amount;         /* of twin_set_fault() */
    double drawn_back_m;   /* MIGRATION: so far the tip slides towards the sac; 20 to 250 mm */
    bool infected;         /* INFECTION: of the body; what the implant feels of it is the fever, 38 to 39.5 C */
};
/* KINK: 10 to 90 % pass; LEAK: 20 to 100 % are lost; OVER_INFUSION: 1.145 to 1.5 times the flow (above 14.5 %, ECRI 2014);
 * POCKET_FILL: 20 to 100 % of the fill; fracture is to the flow what a disconnection is; the others have no size. */
struct complication_effect complication_effect(enum complication kind, uint64_t seed, uint32_t index);

/* Where a tip lies that stood at `tip_m` and was drawn back; *out when it has left the canal by the way it came in: below the
 * middle of L4, a guess. Both from the foramen magnum, m (twin/body/canal.h). */
double complication_tip(double tip_m, double drawn_back_m, bool *out);

/* One implanted system: what is still to come. Plain: a copy goes on like the original. */
struct complications {
    uint64_t seed;
    uint32_t kinds;                    /* bit i: the complication i can happen */
    double factor;                     /* on every rate: 1 as published */
    double due_s[COMPLICATIONS_ALL];   /* INFINITY: not any more, or not at all */
    uint32_t index[COMPLICATIONS_ALL]; /* how many parts went before */
};

/* All parts are new at 0 s. False, and nothing done, when the factor is negative or no number. */
bool complications_start(struct complications *all, uint64_t seed, uint32_t kinds, double factor);
/* When the next one happens, s; INFINITY when none will. */
double complications_next(const struct complications *all);
/* Takes the earliest that has happened by `now_s`; false when there is none. The part stays broken until it is renewed. */
bool complications_take(struct complications *all, double now_s, enum complication *kind);
/* The part is new again at `now_s` in respect of this kind. */
void complications_renew(struct complications *all, enum complication kind, double now_s);

#endif
