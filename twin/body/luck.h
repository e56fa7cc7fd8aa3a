/* luck.h - chance in a body: each draw is a function of a seed, a stream and an index, so that no draw depends on which
 * others were made. Philox4x64-10 (Salmon 2011). */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_BODY_LUCK_H
#define TWIN_BODY_LUCK_H

#include <stdint.h>

/* One for each noun that draws. Streams of figures are their people's numbers, under a key of their own. */
enum luck {
    LUCK_PAIN_HOURS = 1, /* how pain varies within a day */
    LUCK_PAIN_DAYS,      /* and from day to day */
    LUCK_ASKS,           /* when a patient presses the button */
    LUCK_HEARS,          /* whether an alarm is heard */
    LUCK_KEEPS,          /* whether an appointment is kept */
    LUCK_DOSE            /* how much somebody of a crowd is given */
};

/* Evenly from 0 (included) to 1 (not included). */
double luck_share(uint64_t seed, enum luck stream, uint64_t index);
/* Exponential with mean 1: positive. */
double luck_wait(uint64_t seed, enum luck stream, uint64_t index);
/* Normal: mean 0, standard deviation 1 (Box and Muller 1958). */
double luck_normal(uint64_t seed, enum luck stream, uint64_t index);

#endif
