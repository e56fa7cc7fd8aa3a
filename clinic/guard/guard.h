/* guard.h - single judgements on amounts: each says what is wrong, why, and how much would pass. A refusal here is a courtesy;
 * the pump refuses again by itself. REQ-LIBR-03 to -05, REQ-CLIN-05, -06, screen rules N6, N7, L1, L2. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_GUARD_GUARD_H
#define CLINIC_GUARD_GUARD_H

#include "amount/ratio.h"
#include "clinic/formulary/formulary.h"
#include "clinic/guard/finding.h"
#include "core/model.h"

/* What passes a soft finding about this amount of a drug: masses are typed to the nanogram. */
struct finding_ask guard_ask(const struct entry *entry, enum dimension dimension, struct ratio value);

/* A value in the integer unit of its field against the four bounds of the entry. Within them, or where none is known, that is
 * said. */
void guard_field(struct findings *findings, const struct entry *entry, enum entry_field field, struct ratio value);

/* Has the library the drug, and may it stand in a pump at this concentration? Null, and a hard finding, when it has not. */
const struct entry *guard_drug(struct findings *findings, const struct formulary *formulary, uint16_t drug, conc_ng_ml conc);
/* Whether the drug is declared for the materials of this model: where not, a reason is asked for, once. `here`: this pump
 * holds it already, and that was said when it came; now it is noted. REQ-LIBR-10 */
void guard_compatibility(struct findings *findings, const struct entry *entry, const struct model *model, bool here);

/* Can the model give this flow: in its range, and a whole number of nL/day? What it cannot is refused with the two nearest that
 * it can, as flow and as dose; nothing is rounded. Zero is stopped, and passes. */
void guard_flow(struct findings *findings, const struct model *model, const struct entry *entry, conc_ng_ml conc,
                struct ratio flow);

/* The dose in force against a new one, fg/day: ten times or more is a hard stop, also where the digits are those of the old
 * dose moved by the factor of a unit (24, 60, 1000, 1440), twice or more and half or less are told (divided by such a factor, as
 * the slip it may be), and a decrease with the drug's withdrawal; then the steps of the entry. A dose of zero before is a
 * start, after it a stop: never held up. */
void guard_change(struct findings *findings, const struct entry *entry, struct ratio before, struct ratio after);

/* A drug that was given at this dose, fg/day, ends: that is told, and the change to zero. */
void guard_end(struct findings *findings, const struct entry *entry, struct ratio dose);
/* A drug that was not given begins at this dose, fg/day: against the highest of the entry's starting ranges, whomever they are
 * for. REQ-LIBR-07 */
void guard_start(struct findings *findings, const struct entry *entry, struct ratio dose);

/* After an interruption longer than the drug allows, or of unknown length (none), the same dose needs a new titration. */
void guard_restart(struct findings *findings, const struct entry *entry, struct ratio interruption, bool retitrated);

/* A fill against the reservoir, and against what the syringe held where that is told (else below zero). */
void guard_fill(struct findings *findings, const struct model *model, vol_nl fill, vol_nl drawn_up);
/* A tubing volume that somebody brings along must be the model's own. The excess is told as volume and, with a drug, as mass.
 */
void guard_tubing(struct findings *findings, const struct model *model, const struct entry *entry, conc_ng_ml conc,
                  vol_nl tubing);

#endif
