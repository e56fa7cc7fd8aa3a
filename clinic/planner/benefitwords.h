/* benefitwords.h - what is said of a rising dose and its benefit: findings, and a sheet. REQ-CLIN-10, HZ-41. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_BENEFITWORDS_H
#define CLINIC_PLANNER_BENEFITWORDS_H

#include "clinic/formulary/formulary.h"
#include "clinic/guard/finding.h"
#include "clinic/planner/benefit.h"
#include "clinic/planner/sheet.h"

/* The findings of RULE_BENEFIT for every drug that is given at `now`: an alert, soft where this change raises the dose
 * further (`in_force` null or less of it) and a note else; the steps with dose and concentration; and for opioids what is
 * known of masses at the tip. Nothing where the dose is steady or the benefit gained. `history` ends with what is to be
 * judged. */
void benefit_judge(struct findings *findings, const struct formulary *formulary, const struct benefit_history *history,
                   const struct benefit_therapy *in_force, int64_t now_ms);

struct benefit_question {
    uint16_t drug;
    int64_t now_ms;
    bool has_wanted;
    struct benefit_dose wanted; /* the next dose, to be judged as if it came now */
    struct benefit_history history;
};
/* At least one therapy. */
void benefit_sheet(const struct formulary *formulary, const struct benefit_question *question, struct sheet *sheet);

#endif
