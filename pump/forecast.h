/* forecast.h - would a change of program, a bolus or a change of civil time ever carry a drug over a limit? Reckons
 * what the governor will count, bucket by bucket: what stands in its windows, then what the pump would command from
 * now on, until every opening has ended and every drug boundary has left the tip. REQ-THER-08, HZ-31; DESIGN promise
 * 1.
 *
 * Because nothing is activated that the forecast refuses, the governor never has to hold back the base. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_FORECAST_H
#define PUMP_FORECAST_H

#include "pump/state.h"

/* Where the base flow comes from. */
struct base_source {
    const struct program *program; /* null: the fixed rate */
    rate_nl_day fixed;
    int64_t offset_ms;        /* of civil time */
    int64_t periodic_next_ms; /* start of the next periodic bolus, INT64_MAX without */
};

/* What is asked: this base from now on, with this course at its beginning. */
struct forecast_ask {
    struct base_source base;
    bool anew;        /* its periodic boluses are counted from the change */
    bool exclusive;   /* the course replaces the base while it lasts (prime, bridge) */
    vol_grain course; /* 0: none */
    rate_nl_day course_rate;
    const struct contents *contents;
    const struct limits *limits; /* null: no change of limits */
};

struct forecast {
    verdict reasons; /* VERDICT_HOUR_LIMIT, VERDICT_DAY_LIMIT, or 0 */
    instant_ms
        earliest; /* when refused: a time from which the same would pass if the pump goes on as it is; else NEVER */
};

/* The base source of the pump as it runs now. */
struct base_source forecast_base(const struct pump *pump);
/* `now` is not less than at the last step; the ledger is reckoned up to it. */
struct forecast forecast_judge(const struct pump *pump, const struct governor *governor, const struct ledger *ledger,
                               instant_ms now, const struct forecast_ask *ask);

#endif
