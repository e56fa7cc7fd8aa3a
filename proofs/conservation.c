/* conservation.c - proof only: the ledger's functions in the order in which the engine calls them, to show that the equation of
 * pump/ledger.h follows from their contracts alone. Never compiled into anything. */
// SPDX-License-Identifier: Apache-2.0
#include "pump/ledger.h"

/* What a ledger accounts for, in grains: what was commanded, what is in hand, and what the course has still to prescribe. */
/*@ logic integer accounted_grain(struct ledger l, integer quantum) =
        l.commanded * quantum + l.base_grain + l.course_grain + l.course_left_grain; */

/* Time passes: what is accounted for grows by exactly what the base prescribed; the course only moves from left to in hand. */
/*@ requires \valid(l) && ledger_in_range(*l);
    requires 0 <= l->accrued_ms <= now.ms <= l->accrued_ms + 5184000000;
    requires 0 <= base.nl_day <= RATE_NL_DAY_MAX && 0 <= course.nl_day <= RATE_NL_DAY_MAX;
    requires 0 < quantum.grain <= 1296000000000;
    assigns *l;
    ensures accounted_grain(*l, quantum.grain) == \old(accounted_grain(*l, quantum.grain)) +
            prescribed_grain(base, now.ms - \old(l->accrued_ms)); */
void prove_time(struct ledger *l, rate_nl_day base, rate_nl_day course, instant_ms now, vol_grain quantum);
void prove_time(struct ledger *l, rate_nl_day base, rate_nl_day course, instant_ms now, vol_grain quantum)
{
    ledger_accrue(l, base, course, now);
}

/* A quantum is delivered: nothing appears, nothing is lost, and each quantum is attributed once. */
/*@ requires \valid(l) && ledger_in_range(*l);
    requires 0 <= l->commanded_course <= l->commanded < INT64_MAX;
    requires 0 <= l->metered < INT64_MAX;
    requires 0 < quantum.grain <= 1296000000000;
    assigns *l;
    ensures accounted_grain(*l, quantum.grain) == \old(accounted_grain(*l, quantum.grain));
    ensures l->commanded == \old(l->commanded) + 1;
    ensures \result == INTENT_COURSE ==> l->commanded_course == \old(l->commanded_course) + 1;
    ensures \result == INTENT_BASE ==> l->commanded_course == \old(l->commanded_course);
    ensures l->metered == \old(l->metered) + (confirmed ? 1 : 0);
    ensures l->intent == INTENT_NONE; */
enum ledger_intent prove_quantum(struct ledger *l, vol_grain quantum, bool confirmed);
enum ledger_intent prove_quantum(struct ledger *l, vol_grain quantum, bool confirmed)
{
    enum ledger_intent whose = ledger_take(l, quantum);
    ledger_command(l, whose);
    ledger_settle(l, confirmed);
    //@ assert l->commanded * quantum.grain == \at(l->commanded, Pre) * quantum.grain + quantum.grain;
    /*@ assert l->base_grain + l->course_grain ==
               \at(l->base_grain, Pre) + \at(l->course_grain, Pre) - quantum.grain; */
    return whose;
}
