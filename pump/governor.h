/* governor.h - the last gate before the motor: no quantum passes that would carry any drug over its limit in any rolling hour or
 * day. It shares no decision with the engine, counts what was really commanded, and works in constant time per
 * quantum. REQ-THER-09, REQ-LIBR-05, HZ-11, HZ-31; docs/decisions/0004-governor.md.
 *
 * Charges. Each quantum is charged, for each drug, with the mass it may push out of the tip (pump/contents.h says which).
 *
 * Lowered limits. A window that straddles an activation is held to the larger limit, one that does not to the new one. So
 * when limits are lowered a new *era* begins: its own deliveries, counted from its start, are held to its own limits, while
 * the window as a whole is held to the largest limit of the eras it reaches into. An era ends when the window has left
 * it behind. Raised limits need no era.
 *
 * Lost memory. Any mismatch of a check word empties the windows and starts a *recovery* of a whole day window: base quanta
 * pass at least `pace` apart (the program's own fastest pace), boluses and increases are refused elsewhere. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_GOVERNOR_H
#define PUMP_GOVERNOR_H

#include "core/limits.h"
#include "pump/window.h"

enum { GOVERNOR_DRUGS = 6, GOVERNOR_ERAS = 4 };

struct era {
    int64_t bucket;                     /* number of the bucket in which it began */
    int64_t limit_fg[GOVERNOR_DRUGS];
    int64_t spent_fg[GOVERNOR_DRUGS];   /* charged since it began */
};

/* One kind of window: the hour, or the day. */
struct watch {
    int64_t newest;                        /* number of the bucket being filled: instant / bucket span */
    int64_t turn_ms;                       /* the instant at which it is full */
    int64_t ceiling_fg[GOVERNOR_DRUGS];    /* largest limit of the eras in force */
    int64_t ceiling_inv[GOVERNOR_DRUGS];
    struct window window[GOVERNOR_DRUGS];
    uint64_t check[WINDOW_RING];           /* one check word per bucket, over all drugs: linear, so it can be added to */
    uint8_t era_count;                     /* 1 to GOVERNOR_ERAS; the last is the therapy in force */
    struct era era[GOVERNOR_ERAS];
};

struct governor {
    uint8_t drugs;                         /* slots in use */
    uint16_t drug[GOVERNOR_DRUGS];
    int64_t charge_fg[GOVERNOR_DRUGS];     /* of the next quantum */
    int64_t charge_inv[GOVERNOR_DRUGS];
    struct watch watch[WINDOW_KINDS];
    int64_t recovered_ms;                  /* until then in recovery; 0 when not */
    int64_t pace_ms;                       /* least time between quanta during recovery */
    int64_t last_ms;                       /* when the last quantum passed */
};

/* High-Hamming answers: no single flipped bit turns one into another. */
enum governor_answer { GOVERNOR_PASS = 0x5AC3, GOVERNOR_WITHHOLD = 0xA53C, GOVERNOR_DAMAGED = 0x3CA5 };

struct governor_ruling {
    uint32_t answer;     /* enum governor_answer */
    uint8_t window;      /* when withheld: the window kind, WINDOW_KINDS for pace */
    uint8_t slot;        /* and the drug slot */
    int64_t retry_ms;    /* and the earliest instant at which a bucket falls out */
};

/*@ logic integer bucket_ms(integer kind) = kind == WINDOW_HOUR ? HOUR_MS / WINDOW_BUCKETS : DAY_MS / WINDOW_BUCKETS;
    predicate instant_in_range(integer ms) = 0 <= ms <= 4000000000000000000;

    // Memory as it was written, but for words that stand beside their complement: one that is damaged shows.
    predicate window_honest(struct window *w) =
        buckets_in_range(w, WINDOW_RING) && (w->sum_inv == ~w->sum_fg ==> window_whole(w));

    // The largest limit of the eras in force from era e on, written out: GOVERNOR_ERAS is 4.
    logic integer larger(integer a, integer b) = a >= b ? a : b;
    logic integer era_limit(struct watch *w, integer slot, integer e) =
        e < w->era_count ? w->era[e].limit_fg[slot] : 0;
    logic integer limit_from_2(struct watch *w, integer slot) =
        larger(era_limit(w, slot, 2), era_limit(w, slot, 3));
    logic integer limit_from_1(struct watch *w, integer slot) = larger(era_limit(w, slot, 1), limit_from_2(w, slot));
    logic integer limit_from_0(struct watch *w, integer slot) = larger(era_limit(w, slot, 0), limit_from_1(w, slot));
    logic integer limit_from(struct watch *w, integer slot, integer e) =
        e <= 0 ? limit_from_0(w, slot) : e == 1 ? limit_from_1(w, slot) :
        e == 2 ? limit_from_2(w, slot) : e == 3 ? era_limit(w, slot, 3) : 0;

    // The same eras at two moments have the same limits.
    predicate limits_same{A, B}(struct watch *w, integer slot) =
        \at(w->era_count, A) == \at(w->era_count, B) &&
        (\forall integer e; 0 <= e < GOVERNOR_ERAS ==>
            \at(w->era[e].limit_fg[slot], A) == \at(w->era[e].limit_fg[slot], B));
    lemma limit_from_same{A, B}: \forall struct watch *w, integer slot, e;
        limits_same{A, B}(w, slot) ==> limit_from{A}(w, slot, e) == limit_from{B}(w, slot, e);

    // The ceiling of a slot is the largest limit of the eras in force.
    predicate ceiling_right(struct watch *w, integer slot) =
        w->ceiling_fg[slot] == limit_from(w, slot, 0) && 0 <= w->ceiling_fg[slot] <= LIMIT_FG_MAX;
    predicate ceilings_honest(struct watch *w) =
        \forall integer s; 0 <= s < GOVERNOR_DRUGS ==>
            w->ceiling_inv[s] == ~w->ceiling_fg[s] ==> ceiling_right(w, s);
    predicate eras_in_range(struct watch *w) =
        1 <= w->era_count <= GOVERNOR_ERAS &&
        (\forall integer e, s; 0 <= e < w->era_count && 0 <= s < GOVERNOR_DRUGS ==>
            0 <= w->era[e].limit_fg[s] <= LIMIT_FG_MAX && 0 <= w->era[e].spent_fg[s] <= LIMIT_FG_MAX);
    predicate watch_on_time(struct watch *w, integer kind) =
        0 <= w->newest && instant_in_range(w->newest * bucket_ms(kind)) &&
        w->turn_ms == (w->newest + 1) * bucket_ms(kind);
    predicate windows_honest(struct watch *w) =
        \forall integer s; 0 <= s < GOVERNOR_DRUGS ==> window_honest(&w->window[s]);
    predicate watch_honest(struct watch *w, integer kind) =
        watch_on_time(w, kind) && eras_in_range(w) && ceilings_honest(w) && windows_honest(w);
    // A watch that nobody touched between two moments stays what it was.
    predicate windows_same{A, B}(struct watch *w) =
        \forall integer s; 0 <= s < GOVERNOR_DRUGS ==> window_same{A, B}(\at(&w->window[s], A));
    predicate eras_same{A, B}(struct watch *w) =
        \at(w->era_count, A) == \at(w->era_count, B) &&
        (\forall integer e, s; 0 <= e < GOVERNOR_ERAS && 0 <= s < GOVERNOR_DRUGS ==>
            \at(w->era[e].limit_fg[s], A) == \at(w->era[e].limit_fg[s], B) &&
            \at(w->era[e].spent_fg[s], A) == \at(w->era[e].spent_fg[s], B));
    predicate watch_same{A, B}(struct watch *w) =
        \at(w->newest, A) == \at(w->newest, B) && \at(w->turn_ms, A) == \at(w->turn_ms, B) &&
        windows_same{A, B}(w) && eras_same{A, B}(w) &&
        (\forall integer s; 0 <= s < GOVERNOR_DRUGS ==> \at(w->ceiling_fg[s], A) == \at(w->ceiling_fg[s], B) &&
            \at(w->ceiling_inv[s], A) == \at(w->ceiling_inv[s], B));
    lemma limits_same_eras{A, B}: \forall struct watch *w, integer s;
        0 <= s < GOVERNOR_DRUGS ==> eras_same{A, B}(w) ==> limits_same{A, B}(w, s);
    lemma window_same_honest{A, B}: \forall struct window *w;
        window_same{A, B}(w) ==> window_honest{A}(w) ==> window_honest{B}(w);
    lemma eras_same_in_range{A, B}: \forall struct watch *w;
        eras_same{A, B}(w) ==> eras_in_range{A}(w) ==> eras_in_range{B}(w);
    lemma windows_same_honest{A, B}: \forall struct watch *w;
        windows_same{A, B}(w) ==> windows_honest{A}(w) ==> windows_honest{B}(w);
    lemma ceilings_same_honest{A, B}: \forall struct watch *w;
        watch_same{A, B}(w) ==> ceilings_honest{A}(w) ==> ceilings_honest{B}(w);
    lemma watch_same_honest{A, B}: \forall struct watch *w, integer k;
        watch_same{A, B}(w) ==> watch_honest{A}(w, k) ==> watch_honest{B}(w, k);
    predicate charges_honest(struct governor *g) =
        \forall integer s; 0 <= s < GOVERNOR_DRUGS ==>
            g->charge_inv[s] == ~g->charge_fg[s] ==> 0 <= g->charge_fg[s] <= 300000000000;
    predicate governor_honest(struct governor *g) =
        g->drugs <= GOVERNOR_DRUGS && charges_honest(g) &&
        watch_honest(&g->watch[WINDOW_HOUR], WINDOW_HOUR) && watch_honest(&g->watch[WINDOW_DAY], WINDOW_DAY) &&
        -1 <= g->last_ms <= 4000000000000000000 && 0 <= g->pace_ms <= 4000000000000000000;
    predicate governor_reached(struct governor *g, integer now) =
        g->last_ms <= now && g->watch[WINDOW_HOUR].newest * bucket_ms(WINDOW_HOUR) <= now &&
        g->watch[WINDOW_DAY].newest * bucket_ms(WINDOW_DAY) <= now;

    // THE PROMISE, for one kind of window and one slot. What all buckets of the ring hold is at most the largest limit of
    // the eras in force; and what was spent since each later era began is at most the largest limit from that era on.
    predicate window_within(struct watch *w, integer slot) =
        window_total(&w->window[slot]) <= w->ceiling_fg[slot] && ceiling_right(w, slot);
    predicate eras_within(struct watch *w, integer slot) =
        \forall integer e; 1 <= e < w->era_count ==> w->era[e].spent_fg[slot] <= limit_from(w, slot, e);
    predicate watch_within(struct watch *w, integer drugs) =
        \forall integer s; 0 <= s < drugs ==> window_within(w, s) && eras_within(w, s);

    lemma window_same_within{A, B}: \forall struct watch *w, integer s; 0 <= s < GOVERNOR_DRUGS ==>
        watch_same{A, B}(w) ==> window_within{A}(w, s) ==> window_within{B}(w, s);

    // The mass a ring holds for bucket number b, one of the last WINDOW_RING.
    logic integer held(struct watch *w, integer slot, integer b) = w->window[slot].bucket_fg[b % WINDOW_RING];

    // Between two moments nothing but time passed: each bucket that the window still reaches holds what it held, or
    // nothing if it is new. Whatever was dropped is older than the window.
    predicate kept{A, B}(struct watch *w, integer slot) =
        \forall integer b; 0 <= b && \at(w->newest, B) - WINDOW_BUCKETS <= b <= \at(w->newest, B) ==>
            held{B}(w, slot, b) == (b <= \at(w->newest, A) ? held{A}(w, slot, b) : 0);
    // The same, and the bucket being filled was charged.
    predicate charged{A, B}(struct watch *w, integer slot, integer charge) =
        \forall integer b; 0 <= b && \at(w->newest, B) - WINDOW_BUCKETS <= b <= \at(w->newest, B) ==>
            held{B}(w, slot, b) == (b <= \at(w->newest, A) ? held{A}(w, slot, b) : 0) +
                                   (b == \at(w->newest, B) ? charge : 0);

    // One bucket was charged, and no other changed.
    predicate booked{A, B}(struct watch *w, integer slot, integer charge) =
        \at(w->newest, B) == \at(w->newest, A) && 0 <= \at(w->newest, A) &&
        (\forall integer i; 0 <= i < WINDOW_RING ==> \at(w->window[slot].bucket_fg[i], B) ==
            \at(w->window[slot].bucket_fg[i], A) + (i == \at(w->newest, A) % WINDOW_RING ? charge : 0));
    predicate watch_kept{A, B}(struct watch *w, integer drugs) =
        \forall integer s; 0 <= s < drugs ==> kept{A, B}(w, s);
    predicate watch_charged{A, B}(struct watch *w, struct governor *g) =
        \forall integer s; 0 <= s < \at(g->drugs, B) ==> charged{A, B}(w, s, \at(g->charge_fg[s], B));

    // Why 33 buckets are a whole window: every instant that is less than or exactly one window old lies in one of them ...
    lemma window_covered_hour: \forall integer now, t; 0 <= t <= now && now - t <= HOUR_MS ==>
        now / bucket_ms(WINDOW_HOUR) - WINDOW_BUCKETS <= t / bucket_ms(WINDOW_HOUR) <= now / bucket_ms(WINDOW_HOUR);
    lemma window_covered_day: \forall integer now, t; 0 <= t <= now && now - t <= DAY_MS ==>
        now / bucket_ms(WINDOW_DAY) - WINDOW_BUCKETS <= t / bucket_ms(WINDOW_DAY) <= now / bucket_ms(WINDOW_DAY);
    // ... and no two of them share a place in the ring.
    lemma ring_places_differ: \forall integer a, b; 0 <= a < b && b - a < WINDOW_RING ==>
        a % WINDOW_RING != b % WINDOW_RING;
    lemma kept_then_booked{A, B, C}: \forall struct watch *w, integer slot, charge;
        kept{A, B}(w, slot) ==> booked{B, C}(w, slot, charge) ==> charged{A, C}(w, slot, charge);
*/

/* An empty governor at an instant: no drugs, no limits, so it passes nothing. */
void governor_clear(struct governor *governor, instant_ms now);
/* The slot of a drug; opens one (closing a slot whose drug has left every window and has no charge) when needed; -1 when all are
 * taken. */
int governor_slot(struct governor *governor, uint16_t drug);
/* The slot of a drug without opening one; -1 when it has none. */
int governor_find(const struct governor *governor, uint16_t drug);
/* Would governor_limit() have room for another lowering of limits? */
bool governor_can_limit(const struct governor *governor, const struct limits *limits);
/* Puts the limits of an activated therapy in force at `now`. Drugs without a row keep the limits they had. Every drug must have
 * a slot, and governor_can_limit() must have said yes. */
void governor_limit(struct governor *governor, const struct limits *limits, instant_ms now);
/* Sets what the next quanta are charged with for a slot, 0 to 300,000,000,000 fg (mass_of_quantum). */
void governor_charge(struct governor *governor, unsigned slot, mass_fg charge);
/* The gate. Books the next quantum at `now` (never less than at the last call) in every window and passes it, or withholds it
 * and books nothing. */
/*@ requires \valid(governor) && governor_honest(governor);
    requires instant_in_range(now.ms) && governor_reached(governor, now.ms);
    assigns *governor;
    ensures \result.answer \in { GOVERNOR_PASS, GOVERNOR_WITHHOLD, GOVERNOR_DAMAGED };
    ensures governor_honest(governor) && governor_reached(governor, now.ms);
    ensures governor->drugs == \old(governor->drugs);
    ensures \result.answer == GOVERNOR_PASS ==> watch_within(&governor->watch[WINDOW_HOUR], governor->drugs);
    ensures \result.answer == GOVERNOR_PASS ==> watch_within(&governor->watch[WINDOW_DAY], governor->drugs);
    ensures \result.answer == GOVERNOR_PASS ==>
        watch_charged{Pre, Post}(&governor->watch[WINDOW_HOUR], governor) &&
        watch_charged{Pre, Post}(&governor->watch[WINDOW_DAY], governor);
    ensures \result.answer != GOVERNOR_PASS ==>
        watch_kept{Pre, Post}(&governor->watch[WINDOW_HOUR], governor->drugs) &&
        watch_kept{Pre, Post}(&governor->watch[WINDOW_DAY], governor->drugs); */
struct governor_ruling governor_pass(struct governor *governor, instant_ms now);
/* Lets the windows move on to `now` and checks all check words; false when one does not match. */
/*@ requires \valid(governor) && governor_honest(governor);
    requires instant_in_range(now.ms) && governor_reached(governor, now.ms);
    assigns governor->watch[0 .. WINDOW_KINDS - 1];
    ensures governor_honest(governor) && governor_reached(governor, now.ms);
    ensures watch_kept{Pre, Post}(&governor->watch[WINDOW_HOUR], governor->drugs) &&
        watch_kept{Pre, Post}(&governor->watch[WINDOW_DAY], governor->drugs);
    ensures \result ==> governor->watch[WINDOW_HOUR].newest == now.ms / bucket_ms(WINDOW_HOUR) &&
        governor->watch[WINDOW_DAY].newest == now.ms / bucket_ms(WINDOW_DAY); */
bool governor_turn(struct governor *governor, instant_ms now);
/* After damage: forgets the windows and starts recovery at `now` with this pace (ms between quanta, at least 1). */
void governor_recover(struct governor *governor, instant_ms now, span_ms pace);
/* True until a whole day window has passed since the last loss of memory. */
bool governor_recovering(const struct governor *governor, instant_ms now);

#endif
