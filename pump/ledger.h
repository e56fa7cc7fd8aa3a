/* ledger.h - the working ledger: quanta, and the volume in hand that is not yet one. It lives twice in retained
 * memory, each copy with a check word. The intent of a quantum is written before the motor moves, the metered result
 * after. REQ-THER-01, REQ-STOR-03; docs/decisions/0003-ledger.md.
 *
 * Conservation, at every instant: prescribed = commanded * quantum + in hand (base + course) + what was dropped or
 * withheld. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_LEDGER_H
#define PUMP_LEDGER_H

#include <stdbool.h>

#include "core/quantity.h"
#include "core/result.h"

/* Whose quantum is under way. */
enum ledger_intent { INTENT_NONE = 0, INTENT_BASE = 1, INTENT_COURSE = 2 };

struct ledger {
    int64_t commanded;        /* quanta told to the motor, ever */
    int64_t commanded_course; /* of these, attributed to boluses, primes and bridges */
    int64_t metered;          /* quanta confirmed, ever */
    int64_t base_grain;       /* the base's part of the volume in hand; may be negative: it owes the course */
    int64_t course_grain; /* the course's part, likewise; both together: 0 to a quantum and what falls due in 1 ms */
    int64_t course_left_grain; /* what the bolus, prime or bridge under way has still to prescribe */
    int64_t accrued_ms;        /* up to this instant the volume in hand is reckoned */
    int64_t intent;            /* enum ledger_intent: a quantum is under way */
};

struct ledger_copy {
    struct ledger ledger;
    uint64_t check;
};

struct ledger_pair {
    struct ledger_copy copy[2];
};

/*@ // Each part of the volume in hand is far smaller than this: a quantum and what sixty days can prescribe.
    predicate ledger_in_range(struct ledger l) =
        -4000000000000000000 <= l.base_grain <= 4000000000000000000 &&
        -4000000000000000000 <= l.course_grain <= 4000000000000000000 &&
        0 <= l.course_left_grain <= 4000000000000000000;

    // What a flow prescribes in a span, in grains.
    logic integer prescribed_grain(rate_nl_day rate, integer ms) = 5 * rate.nl_day * ms;

    // What a course with so much left prescribes: what its flow says, but no more than is left.
    logic integer course_due_grain(rate_nl_day rate, integer ms, integer left) =
        prescribed_grain(rate, ms) < left ? prescribed_grain(rate, ms) : left; */

/* Zero quanta at an instant. */
/*@ requires \valid(ledger);
    assigns *ledger;
    ensures ledger->commanded == 0 && ledger->commanded_course == 0 && ledger->metered == 0;
    ensures ledger->base_grain == 0 && ledger->course_grain == 0 && ledger->course_left_grain == 0;
    ensures ledger->accrued_ms == now.ms && ledger->intent == INTENT_NONE;
    ensures ledger_in_range(*ledger); */
void ledger_clear(struct ledger *ledger, instant_ms now);
/* The first copy whose check word holds; RESULT_DAMAGED (and *ledger untouched) when neither does. */
/*@ requires \valid_read(pair) && \valid(ledger) && \separated(pair, ledger);
    assigns *ledger;
    ensures \result == RESULT_OK || \result == RESULT_DAMAGED;
    ensures \result == RESULT_OK ==> *ledger == pair->copy[0].ledger || *ledger == pair->copy[1].ledger;
    ensures \result == RESULT_DAMAGED ==> *ledger == \old(*ledger); */
MUST_USE enum result ledger_load(const struct ledger_pair *pair, struct ledger *ledger);
/* Is this what one of the copies says? Asked of what was loaded: a core that is struck on its way may have loaded nothing. */
/*@ requires \valid_read(pair) && \valid_read(ledger);
    assigns \nothing; */
bool ledger_kept(const struct ledger_pair *pair, const struct ledger *ledger);
/* Writes both copies, one after the other, each whole with its check word. */
/*@ requires \valid(pair) && \valid_read(ledger) && \separated(pair, ledger);
    assigns *pair;
    ensures pair->copy[0].ledger == *ledger && pair->copy[1].ledger == *ledger;
    ensures pair->copy[0].check == pair->copy[1].check; */
void ledger_store(struct ledger_pair *pair, const struct ledger *ledger);

/* Adds what base and course prescribe from accrued_ms to `now` (at most 60 days later, never earlier); the course
 * gives at most what it has left. Flows 0 to RATE_NL_DAY_MAX. */
/*@ requires \valid(ledger) && ledger_in_range(*ledger);
    requires 0 <= ledger->accrued_ms <= now.ms <= ledger->accrued_ms + 5184000000;
    requires 0 <= base.nl_day <= RATE_NL_DAY_MAX && 0 <= course.nl_day <= RATE_NL_DAY_MAX;
    assigns ledger->base_grain, ledger->course_grain, ledger->course_left_grain, ledger->accrued_ms;
    ensures ledger->accrued_ms == now.ms;
    ensures ledger->base_grain ==
            \old(ledger->base_grain) + prescribed_grain(base, now.ms - \old(ledger->accrued_ms));
    ensures ledger->course_grain == \old(ledger->course_grain) +
            course_due_grain(course, now.ms - \old(ledger->accrued_ms), \old(ledger->course_left_grain));
    ensures ledger->course_grain + ledger->course_left_grain ==
            \old(ledger->course_grain + ledger->course_left_grain);
    ensures 0 <= ledger->course_left_grain <= \old(ledger->course_left_grain); */
void ledger_accrue(struct ledger *ledger, rate_nl_day base, rate_nl_day course, instant_ms now);
/* Takes one quantum (its volume in grains, positive) out of the volume in hand, for whoever has more in hand; ties go
 * to the course. Returns whose it was. */
/*@ requires \valid(ledger) && ledger_in_range(*ledger);
    requires 0 < quantum.grain <= 1296000000000;
    assigns ledger->base_grain, ledger->course_grain;
    ensures ledger->base_grain + ledger->course_grain ==
            \old(ledger->base_grain + ledger->course_grain) - quantum.grain;
    ensures \old(ledger->course_grain) >= \old(ledger->base_grain) ==>
            \result == INTENT_COURSE && ledger->base_grain == \old(ledger->base_grain);
    ensures \old(ledger->course_grain) < \old(ledger->base_grain) ==>
            \result == INTENT_BASE && ledger->course_grain == \old(ledger->course_grain); */
enum ledger_intent ledger_take(struct ledger *ledger, vol_grain quantum);
/* The volume in hand. */
/*@ requires \valid_read(ledger) && ledger_in_range(*ledger);
    assigns \nothing;
    ensures \result.grain == ledger->base_grain + ledger->course_grain; */
vol_grain ledger_in_hand(const struct ledger *ledger);
/* Books the quantum taken as told to the motor. */
/*@ requires \valid(ledger) && whose \in { INTENT_BASE, INTENT_COURSE };
    requires 0 <= ledger->commanded_course <= ledger->commanded < INT64_MAX;
    assigns ledger->commanded, ledger->commanded_course, ledger->intent;
    ensures ledger->commanded == \old(ledger->commanded) + 1;
    ensures ledger->commanded_course == \old(ledger->commanded_course) + (whose == INTENT_COURSE ? 1 : 0);
    ensures ledger->intent == whose;
    ensures 0 <= ledger->commanded_course <= ledger->commanded; */
void ledger_command(struct ledger *ledger, enum ledger_intent whose);
/* Books its result: confirmed or not. */
/*@ requires \valid(ledger) && ledger->intent \in { INTENT_NONE, INTENT_BASE, INTENT_COURSE };
    requires 0 <= ledger->metered < INT64_MAX;
    assigns ledger->metered, ledger->intent;
    ensures ledger->metered == \old(ledger->metered) + (confirmed ? 1 : 0);
    ensures ledger->intent == INTENT_NONE; */
void ledger_settle(struct ledger *ledger, bool confirmed);

/*@ // One quantum more is metered, none is under way, and nothing else has changed.
    predicate settled{L1, L2}(struct ledger *l) =
        \at(l->metered, L2) == \at(l->metered, L1) + 1 && \at(l->intent, L2) == INTENT_NONE &&
        \at(l->commanded, L2) == \at(l->commanded, L1) &&
        \at(l->commanded_course, L2) == \at(l->commanded_course, L1) &&
        \at(l->base_grain, L2) == \at(l->base_grain, L1) && \at(l->course_grain, L2) == \at(l->course_grain, L1) &&
        \at(l->course_left_grain, L2) == \at(l->course_left_grain, L1) &&
        \at(l->accrued_ms, L2) == \at(l->accrued_ms, L1); */
/* The short way for the usual result: books the quantum under way as confirmed in both copies, where they lie. A copy
 * that is damaged stays damaged, as the next ledger_load() will find. Returns the metered count, unchecked. */
/*@ requires \valid(pair);
    assigns pair->copy[0 .. 1];
    ensures \forall integer i; 0 <= i < 2 && 0 <= \old(pair->copy[i].ledger.metered) < INT64_MAX ==>
            settled{Pre, Post}(&pair->copy[i].ledger);
    ensures \result == pair->copy[0].ledger.metered; */
int64_t ledger_confirm(struct ledger_pair *pair);

#endif
