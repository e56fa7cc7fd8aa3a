/* finish.h - the finish screen: every setting of a therapy, changed or not, as old, new and change, in fixed units; with what a
 * day amounts to, drug by drug, as mass and as volume, and when the next refill is due and why. The command line prints the same
 * rows. REQ-CLIN-02, HZ-01, HZ-22, screen rule W1. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_FINISH_H
#define CLINIC_WORKFLOW_FINISH_H

#include "clinic/workflow/workflow.h"

enum { FINISH_ROWS_MAX = 160, FINISH_LABEL_BYTES = 48, FINISH_TEXT_BYTES = 96, FINISH_CHANGE_BYTES = 24 };

struct finish_row {
    char label[FINISH_LABEL_BYTES];
    char old[FINISH_TEXT_BYTES], new[FINISH_TEXT_BYTES]; /* "-": there is none */
    char change[FINISH_CHANGE_BYTES];                    /* "unchanged", "+20 %", "changes", "new", "ends" */
    bool changes;
};

struct finish {
    unsigned count;
    struct finish_row row[FINISH_ROWS_MAX];
};

/* One side. */
struct finish_side {
    const struct therapy *therapy; /* null: none */
    bool has_reservoir;            /* then the row of the refill is made; */
    vol_nl reservoir;              /* what is in it, */
    civil_ms from;                 /* at this moment, */
    bool first_fill;               /* which is its first; */
    bool has_replacement;
    civil_ms replacement; /* when the pump is due */
};

/* The rows of two sides; `formulary` null: none is at hand, drugs are in mg, and no refill is reckoned. */
void finish_make(struct finish *finish, const struct formulary *formulary, const struct finish_side *old,
                 const struct finish_side *new);
/* What a workflow would change: by its draft, and from STAGE on by what the pump has stored. */
void finish_workflow(struct finish *finish, const struct workflow *workflow, const struct practice *practice);

#endif
