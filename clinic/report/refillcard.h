/* refillcard.h - the card of a refill: what was found against what was expected, what was filled, when the new drug arrives, when
 * the next refill is due and why. REQ-RSVR-04, -07, screen rule W6, HZ-05. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_REFILLCARD_H
#define CLINIC_REPORT_REFILLCARD_H

#include "clinic/planner/residual.h"
#include "clinic/report/due.h"
#include "clinic/report/head.h"

struct report_refill {
    struct report_head head;
    const char *clinician;
    struct moment at; /* of the refill */
    vol_nl expected, found, filled;
    vol_nl metered;                /* since the refill before; 0: not known */
    const struct mixture *before;  /* what was in it */
    const struct therapy *therapy; /* in force; its mixture is what was filled */
    enum fill_state state;
    span_ms observed; /* how long the patient was watched for a fill beside the pump */
    bool has_replacement;
    struct moment replacement;
};

bool report_refill_write(const struct report_refill *refill, struct report_out *out);

#endif
