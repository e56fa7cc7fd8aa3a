/* columns.h - drug along the spine through time, for a map: a column of levels every so often, a few dozen at most however long
 * it runs. When there is no place left every second one goes, and from then on they come half as often. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_COLUMNS_H
#define RIG_COLUMNS_H

#include "rig/body.h"

enum { COLUMNS_MAX = 72 };

struct column {
    instant_ms at;
    unsigned drugs;
    uint16_t drug[BODY_DRUGS_MAX];
    float csf_kg_m3[BODY_DRUGS_MAX][LEVELS_ALL]; /* for a picture: seven digits are plenty */
};

struct columns {
    int64_t every_ms;
    unsigned count;
    struct column column[COLUMNS_MAX];
};

struct columns columns_none(void);
/* When the next one is due. */
instant_ms columns_next(const struct columns *columns);
/* Adds one of what is to be seen, unless it is not due yet. */
void columns_add(struct columns *columns, const struct body_view *view);

#endif
