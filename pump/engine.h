/* engine.h - when is the next quantum due, and whose is it? Integrates the program's flows exactly and never early.
 * REQ-THER-01, -04, -14, -15, -19, REQ-TIME-06. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_ENGINE_H
#define PUMP_ENGINE_H

#include "pump/state.h"

/* Reckons the volume in hand up to `now` with the flows in force until now, works out the flows from `now` on (mode,
 * civil time, course) and the instants of the next quantum and the next change. Call it before and after anything
 * that changes a flow: before, to reckon (engine_reckon), after, to set. */
void engine_reckon(struct pump *pump, struct kept *kept, instant_ms now);
void engine_flows(struct pump *pump, struct kept *kept, instant_ms now);

/* A flow may change now: a day step, the end of a course, a periodic bolus. */
void engine_change(struct pump *pump, struct kept *kept, instant_ms now);

/* A quantum is due: takes it, asks the governor, books the intent and fires. */
void engine_fire(struct pump *pump, const struct board *board, instant_ms now);

/* Begins a bolus, prime or bridge; none may be under way. Volume and rate positive. */
void course_begin(struct pump *pump, struct kept *kept, enum course_kind kind, vol_nl volume, rate_nl_day rate,
                  instant_ms now);
/* Ends the one under way, if any. What it has not prescribed yet is gone: a new request is needed (REQ-THER-06). */
void course_end(struct pump *pump, struct kept *kept, enum course_cause cause, instant_ms now);
/* True while the course replaces the base. */
bool course_exclusive(uint8_t kind);
/* A quantum of the course did not flow: a prime or bridge gets its volume back (they end by volume, REQ-THER-14). */
void course_missed(struct pump *pump, struct kept *kept, instant_ms now);

/* Drops the fraction in hand, logged: at a stop or a reset. */
void engine_drop(struct pump *pump, struct kept *kept, instant_ms now);

/* The metered count at which contents, reservoir or its alarms want a look; from the standing facts. */
void engine_milestone(struct pump *pump, const struct ledger *ledger);
/* Charges the governor for what leaves the tip next, and forgets stretches that have gone. */
void engine_charge(struct pump *pump, struct kept *kept, instant_ms now);
/* The reservoir's calculated remainder. */
vol_fl engine_remaining(const struct pump *pump, const struct ledger *ledger);

#endif
