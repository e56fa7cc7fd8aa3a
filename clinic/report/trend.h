/* trend.h - the report of what refills found against what was expected, one after the other: one reading is noise, a trend is a
 * fault or a theft. REQ-RSVR-04, HZ-11, HZ-39. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_TREND_H
#define CLINIC_REPORT_TREND_H

#include "clinic/planner/residual.h"
#include "clinic/report/head.h"

struct trend_reading {
    struct moment at;
    vol_nl expected, found, metered; /* metered since the refill before; 0: not known */
};

struct report_trend {
    struct report_head head;
    vol_nl tolerance;                           /* of one reading; 0: the published one for the model's size */
    unsigned count;                             /* at least 1 */
    struct trend_reading reading[READINGS_MAX]; /* the newest last */
};

bool report_trend_write(const struct report_trend *trend, struct report_out *out);

#endif
