/* daily.h - what a therapy amounts to in a day: volume and dose of its parts, exact. REQ-CLIN-02, screen rule W5. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_DAILY_H
#define CLINIC_REPORT_DAILY_H

#include "amount/ratio.h"
#include "core/therapy.h"

/* nL that the program itself (base and periodic boluses) gives in any 24 hours at most. */
struct ratio daily_program(const struct therapy *therapy);
/* The same with every bolus that the patient may ask for. Openings, which come once, are not in it. */
struct ratio daily_most(const struct therapy *therapy);
/* fg in a volume of nL. */
struct ratio daily_mass(struct ratio nl, conc_ng_ml conc);

#endif
