/* ledger.h - the working ledger: quanta, and the volume in hand that is not yet one. It lives twice in retained memory, each copy with
 * a check word. The intent of a quantum is written before the motor moves, the metered result after.
 * REQ-THER-01, REQ-STOR-03; docs/decisions/0003-ledger.md.
 *
 * Conservation, at every instant: prescribed = commanded * quantum + in hand (base + course) + what was dropped or withheld. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_LEDGER_H
#define PUMP_LEDGER_H

#include "core/quantity.h"
#include "core/result.h"

/* Whose quantum is under way. */
enum ledger_intent { INTENT_NONE = 0, INTENT_BASE = 1, INTENT_COURSE = 2 };

struct ledger {
    int64_t commanded;        /* quanta told to the motor, ever */
    int64_t commanded_course; /* of these, attributed to boluses, primes and bridges */
    int64_t metered;          /* quanta confirmed, ever */
    int64_t base_grain;       /* the base's part of the volume in hand; may be negative: it owes the course */
    int64_t course_grain;     /* the course's part, likewise; the sum of both is 0 to a quantum and what falls due in 1 ms */
    int64_t course_left_grain;/* what the bolus, prime or bridge under way has still to prescribe */
    int64_t accrued_ms;       /* up to this instant the volume in hand is reckoned */
    int64_t intent;           /* enum ledger_intent: a quantum is under way */
};

struct ledger_copy {
    struct ledger ledger;
    uint64_t check;
};

struct ledger_pair {
    struct ledger_copy copy[2];
};

/* Zero quanta at an instant. */
void ledger_clear(struct ledger *ledger, instant_ms now);
/* The first copy whose check word holds; RESULT_DAMAGED (and *ledger untouched) when neither does. */
MUST_USE enum result ledger_load(const struct ledger_pair *pair, struct ledger *ledger);
/* Writes both copies, one after the other, each whole with its check word. */
void ledger_store(struct ledger_pair *pair, const struct ledger *ledger);

/* Adds what base and course prescribe from accrued_ms to `now` (at most 60 days later, never earlier); the course gives at most what it
 * has left. Flows 0 to RATE_NL_DAY_MAX. */
void ledger_accrue(struct ledger *ledger, rate_nl_day base, rate_nl_day course, instant_ms now);
/* Takes one quantum (its volume in grains, positive) out of the volume in hand, for whoever has more in hand; ties go to the course.
 * Returns whose it was. */
enum ledger_intent ledger_take(struct ledger *ledger, vol_grain quantum);
/* The volume in hand. */
vol_grain ledger_in_hand(const struct ledger *ledger);
/* Books the quantum taken as told to the motor. */
void ledger_command(struct ledger *ledger, enum ledger_intent whose);
/* Books its result: confirmed or not. Returns whose it was. */
enum ledger_intent ledger_settle(struct ledger *ledger, bool confirmed);

#endif
