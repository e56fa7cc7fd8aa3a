/* fallback.h - what a therapy does when something goes wrong: its safe rate, how bad too little is, how long it may have been
 * interrupted, and when its reservoir is low. Each is a choice of the formulary for the drug. REQ-LIBR-01, REQ-THER-16,
 * REQ-THER-20, REQ-ALRM-02, HZ-32. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_GUARD_FALLBACK_H
#define CLINIC_GUARD_FALLBACK_H

#include "clinic/guard/guard.h"
#include "core/therapy.h"

/* Hard: a stop where the formulary wants the least flow of a drug, an alarm less urgent than it says, a longer restart limit.
 * Soft: a safe rate that lowers nothing, and an alarm for a reservoir that is empty already. What is as safe or safer is not
 * told; a flow where the formulary would stop is a note, as a therapy may choose it against withdrawal. Drugs without an entry
 * are passed over: guard_drug() refuses them. */
void guard_fallback(struct findings *findings, const struct formulary *formulary, const struct model *model,
                    const struct therapy *therapy);

#endif
