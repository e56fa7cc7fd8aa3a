/* due.h - when the next refill is due under a therapy, and why: the earliest of volume, stability of each drug, replacement of
 * the pump and what is advised; each with its date. REQ-RSVR-07. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_DUE_H
#define CLINIC_REPORT_DUE_H

#include "clinic/planner/refilling.h"
#include "clinic/report/words.h"
#include "core/therapy.h"

struct due_question {
    const struct formulary *formulary;
    const struct model *model;
    const struct therapy *therapy;
    vol_nl volume; /* calculated to be in the reservoir at `from` */
    struct moment from;
    struct moment filled; /* stability and advice count from here */
    enum fill_state state;
    bool has_replacement;
    struct moment replacement;
};

struct due {
    bool any;
    enum refilling_reason first; /* meaningless without any */
    struct {
        bool known;
        struct moment at;
    } by[REFILLING_REASONS];
};

void due_dates(const struct due_question *question, struct due *due);
/* "2026-Dec-24, by volume", or that nothing bounds it. */
void due_words(phrase text, const struct due *due);

#endif
