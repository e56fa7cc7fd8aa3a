/* residual.h - what a refill found against what was expected: the one true measurement of what a pump has given. One reading is
 * noise, a trend is a fault or a theft. REQ-RSVR-03 to -05, HZ-05, HZ-11, HZ-25, HZ-39. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_RESIDUAL_H
#define CLINIC_PLANNER_RESIDUAL_H

#include "clinic/guard/guard.h"
#include "clinic/planner/readings.h"
#include "clinic/planner/sheet.h"

enum {
    RESIDUAL_TREND_READINGS = 3,    /* fewer are no trend: guess, as the pump's */
    RESIDUAL_SHORT_READINGS = 3,    /* so many short in a row are not chance: guess; a published case of theft had four */
    RESIDUAL_BOUND_PER_MILLE = 145, /* labelled bound of over-infusion, clinical facts 1.1 */
    RESIDUAL_MISSING_PER_CENT = 50, /* short by more of what was metered is no matter of accuracy: guess */
    RESIDUAL_TOLERANCE_TIMES = 5    /* so many times the published tolerance is the widest that is taken: guess */
};

enum residual_verdict {
    RESIDUAL_WITHIN,        /* as accurate as such readings are */
    RESIDUAL_TREND,         /* each within, but together not */
    RESIDUAL_OVER_INFUSION, /* less found than expected */
    RESIDUAL_NOT_INFUSING,  /* more found than expected */
    RESIDUAL_MISSING,       /* so much less, or so often, that it may have gone into the pocket or been taken */
    RESIDUAL_VERDICTS
};

struct residual_question {
    const struct model *model;
    struct readings readings;
    vol_nl tolerance; /* of a single reading; 0: the published one for the model's size */
};

struct residual_plan {
    vol_nl tolerance;
    int64_t difference_nl;  /* expected less found, of the newest: above zero, less was found */
    struct ratio share;     /* of what was metered; no number when that is not known */
    int64_t sum_nl;         /* of all differences */
    struct ratio sum_share; /* of all that was metered */
    unsigned short_row;     /* how many of the newest, without a break, were short beyond the tolerance */
    enum residual_verdict verdict;
};

/* 1 mL for reservoirs up to 20 mL, 2 mL above (clinical facts 2.1, 221 refills). */
vol_nl residual_tolerance(const struct model *model);
/* The widest that a site may take instead. */
vol_nl residual_tolerance_most(const struct model *model);
/* At least one reading. */
void residual_plan(const struct residual_question *question, struct residual_plan *plan);
const char *residual_verdict_word(enum residual_verdict verdict);
/* What to do next, in a sentence. */
const char *residual_verdict_next(enum residual_verdict verdict);
/* What to do next, as a finding: hard where the refill may not go on until a cause is recorded. */
void residual_judge(struct findings *findings, const struct residual_plan *plan);
void residual_sheet(const struct residual_question *question, struct sheet *sheet);

#endif
