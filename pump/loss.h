/* loss.h - what the pump does when part of its memory is lost: pessimistic for boluses, gentle for the base. DESIGN
 * promise 1: neither overdose nor withdrawal can follow from a reset. REQ-STOR-02, REQ-TIME-04, HZ-03. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_LOSS_H
#define PUMP_LOSS_H

#include "pump/state.h"

/* Fits the governor with the drugs between reservoir and tip and the limits that stand for them. */
void loss_fit_governor(struct pump *pump, struct kept *kept, instant_ms now);
/* Notes the governor's limits among the standing facts, for the day it loses them. */
void loss_note_limits(struct pump *pump, const struct kept *kept);
/* Notes the ledger's counts. */
void loss_note_ledger(struct pump *pump, struct kept *kept, instant_ms now);

/* The least time between quanta while the governor recovers: that of the program in force at its fastest, rounded down so
 * that pacing never lags behind the program. */
span_ms loss_pace(const struct pump *pump);
/* The governor's memory does not match its check words: rebuilds it and starts recovery. */
void loss_of_governor(struct pump *pump, struct kept *kept, instant_ms now);
/* Both ledger copies were damaged and a new one was begun: takes the counts noted last, and as commanded since then
 * the most that can have been; the reservoir then holds the least it can. */
void loss_of_ledger(struct pump *pump, struct kept *kept, instant_ms now);
/* The therapy's bytes are damaged in both copies: the safe rate, which stands elsewhere too, goes on. */
void loss_of_therapy(struct pump *pump, instant_ms now);

#endif
