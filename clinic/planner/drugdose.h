/* drugdose.h - one drug at one concentration and one daily dose, and the flow that carries it: what most plans begin with. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_DRUGDOSE_H
#define CLINIC_PLANNER_DRUGDOSE_H

#include "clinic/guard/guard.h"
#include "clinic/planner/sheet.h"

struct drugdose {
    uint16_t drug;
    conc_ng_ml conc;
    mass_fg dose; /* a day; 0: nothing flows */
};

/* Q = dose / concentration, in nL/day, exact (clinical facts 2.1: programmingrefillingofintrathecaldrugdeliverypumps, in
 * words). No number when the concentration is zero. */
struct ratio drugdose_flow(const struct drugdose *given);
/* The largest flow of whole nL/day that gives no more than the dose; false when there is none. */
bool drugdose_flow_below(const struct drugdose *given, rate_nl_day *flow);
/* What a flow gives in a day, fg: exact. */
mass_fg drugdose_of_flow(rate_nl_day flow, conc_ng_ml conc);

/* The same dose reckoned back by another way (long division, digit by digit) must come out the same: else a hard finding.
 * REQ-CLIN-04 */
void drugdose_agree(struct findings *findings, const struct drugdose *given, rate_nl_day flow);

/* Judges drug, concentration, dose and flow; null when the drug has no entry. */
const struct entry *drugdose_judge(struct findings *findings, const struct formulary *formulary, const struct model *model,
                                   const struct drugdose *given);

/* Rows of inputs, each key with this prefix ("" or "from_"). */
void drugdose_inputs(struct sheet *sheet, const struct entry *entry, const struct drugdose *given, const char *prefix);

#endif
