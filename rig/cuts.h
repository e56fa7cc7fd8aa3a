/* cuts.h - power goes at every flash operation, in every phase, and at every door, of everything that is done to a pump; the
 * oracle says whether what comes after is the old or the new, and nothing twice. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CUTS_H
#define RIG_CUTS_H

#include "rig/clinic.h"

struct cuts_ask {
    uint64_t seed, lives; /* each life is another therapy, three days old */
    bool doors;           /* also at every door */
    bool pairs;           /* also at every second operation after the first, for a new therapy */
};

struct cuts_row {
    uint64_t operations, doors; /* of the thing itself, uncut */
    uint64_t runs, cut, broken; /* runs; in so many power really went; broken promises */
};

struct cuts_report {
    struct cuts_row row[CLINIC_DEEDS];
    uint64_t broken;
    /* the first broken run */
    uint64_t life, at, second;
    enum clinic_deed deed;
    bool door;
    enum flash_cut phase;
    struct oracle_breach breach;
};

/* `progress` may be null. False when memory is short, or a first therapy was not taken. */
bool cuts_run(const struct cuts_ask *ask, struct cuts_report *report,
              void (*progress)(void *context, uint64_t done, uint64_t total), void *context);

#endif
