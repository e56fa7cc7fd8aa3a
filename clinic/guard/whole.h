/* whole.h - a whole therapy against the formulary, and against the one in force: every drug of a mixture, every quantity that
 * is bounded, all of them said at once. REQ-LIBR-03 to -06, -09, REQ-CLIN-06, screen rules L2, L6. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_GUARD_WHOLE_H
#define CLINIC_GUARD_WHOLE_H

#include "clinic/guard/guard.h"
#include "core/therapy.h"

/* What a program gives of a drug of this concentration in any 24 hours, fg: base and periodic boluses. */
struct ratio whole_dose(const struct program *program, conc_ng_ml conc);
/* The same, with an opening bolus and with every bolus the patient may ask for. */
struct ratio whole_total(const struct program *program, conc_ng_ml conc);

/* `old` null: there is none in force. Drugs that `old` gave and the new therapy does not are told, with their withdrawal. */
void guard_whole(struct findings *findings, const struct formulary *formulary, const struct model *model,
                 const struct therapy *old, const struct therapy *new);

#endif
