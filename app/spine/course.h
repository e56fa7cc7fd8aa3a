/* course.h - one person's doses taken through the spine, and what is seen of it: concentrations by level and time,
 * peaks, areas, half-lives. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_COURSE_H
#define APP_SPINE_COURSE_H

#include "rig/dosing.h"
#include "twin/body/spine.h"

/* All that is seen at one moment; kg/m3. */
struct course_row {
    double at_s, reservoir;
    double csf[LEVELS_ALL], tissue[LEVELS_ALL]; /* in the middle of each level */
    double cell[CANAL_CELLS_MAX];               /* of the fluid, from the foramen */
};

/* One level over the whole course. */
struct course_level {
    double csf_peak, csf_peak_s, tissue_peak, tissue_peak_s; /* kg/m3 and s */
    double csf_area, tissue_area;                            /* kg s/m3, until the end */
    double csf_half_s, tissue_half_s; /* of the last half of the time after the last dose; 0: it does not fall */
};

struct course_wish {
    struct spine_setup setup;
    int cells;
    double every_s, until_s; /* rows; until_s 0: a day after the last event */
};

struct course {
    int cells;
    double end_m[CANAL_CELLS_MAX + 1]; /* lower ends of the cells, m, from 0 */
    double until_s;
    struct course_row *row;
    size_t rows, row_room;
    struct course_level level[LEVELS_ALL];
    struct spine_balance balance;
    unsigned long steps;
};

enum { COURSE_ROWS_MAX = 200000 };

/* Null, or why it cannot be run: the setup does not fit, too many rows, too many infusions at once. To be freed in
 * either case. A reset empties the canal and its balance; peaks and areas are of the whole course. */
const char *course_run(struct course *course, const struct dosing *dosing, const struct dosing_person *person,
                       const struct course_wish *wish);
void course_free(struct course *course);

#endif
