/* starting.h - what the label says of beginning with a drug, and one step of titration from a dose in force. Nothing here
 * converts a dose from another route: published ratios are hundreds of times apart. REQ-LIBR-07, REQ-LIBR-08. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_STARTING_H
#define CLINIC_PLANNER_STARTING_H

#include "clinic/guard/guard.h"
#include "clinic/planner/sheet.h"

struct starting_question {
    uint16_t drug;
    bool opioid_naive;
    bool published_ratios;   /* show what is published on other routes, to be read */
    const char *other_route; /* a dose by another route that somebody wants converted, or null: always refused */
};
void starting_sheet(const struct formulary *formulary, const struct starting_question *question, struct sheet *sheet);

struct titrating_question {
    uint16_t drug;
    mass_fg dose;       /* in force, a day */
    bool has_wanted;    /* another dose is asked about: */
    mass_fg wanted;     /* a day; 0: a stop */
    struct ratio since; /* ms since the last step; no number: not told */
};
void titrating_sheet(const struct formulary *formulary, const struct titrating_question *question, struct sheet *sheet);

#endif
