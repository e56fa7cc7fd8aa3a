/* prime.h - filling tubing and catheter with drug quickly, once, at implant: how much, how long, when drug reaches the tip, and
 * what is given before and after. The constants are the model's alone. REQ-CLIN-08, REQ-RSVR-10, HZ-09, HZ-10. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_PRIME_H
#define CLINIC_PLANNER_PRIME_H

#include "clinic/planner/catheter.h"
#include "clinic/planner/drugdose.h"

struct prime_question {
    const struct model *model;
    struct implanted_catheter catheter;
    struct drugdose drugdose;
    bool pump_primed;    /* the tubing already holds the drug: the catheter alone is empty */
    bool catheter_empty; /* somebody has said that it holds no drug */
    conc_ng_ml holds;    /* what it holds of the same drug, when it is not empty */
    rate_nl_day rate;    /* of the prime; 0: the model's largest */
    bool has_tubing;     /* somebody brings a tubing volume along: */
    vol_nl tubing;       /* another than the model's is refused */
};

struct prime_plan {
    vol_nl volume; /* to be pushed */
    rate_nl_day rate;
    struct ratio duration; /* ms; drug stands at the tip at its end */
    struct ratio before;   /* fg that leave the tip while priming: what the catheter held */
    struct ratio waiting;  /* ms until drug reached the tip at the flow of the therapy, without a prime */
};

void prime_plan(const struct prime_question *question, struct prime_plan *plan);
/* Whether the catheter may hold drug, the tubing's volume, the rate. */
void prime_judge(struct findings *findings, const struct entry *entry, const struct prime_question *question);
void prime_sheet(const struct formulary *formulary, const struct prime_question *question, struct sheet *sheet);

#endif
