/* watch.h - one kind of window, the hour or the day, for all drugs: its buckets, its limits, and whether one more
 * quantum fits. REQ-THER-09; docs/decisions/0004-governor.md.
 *
 * Lowered limits. A window that straddles an activation is held to the larger limit, one that does not to the new
 * one. So when limits are lowered a new *era* begins: its own deliveries, counted from its start, are held to the
 * limits from it on, while the window as a whole is held to the largest limit of the eras it reaches into (the
 * ceiling). An era ends when the window has left it behind. Raised limits need no era. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_WATCH_H
#define PUMP_WATCH_H

#include "core/limits.h"
#include "pump/window.h"

enum { WATCH_DRUGS = 6, WATCH_ERAS = 4 };

struct era {
    int64_t bucket; /* number of the bucket in which it began */
    int64_t limit_fg[WATCH_DRUGS];
    int64_t spent_fg[WATCH_DRUGS]; /* charged since it began; not kept for the oldest, which the window itself counts */
};

struct watch {
    int64_t newest;                  /* number of the bucket being filled: instant / bucket span */
    int64_t turn_ms;                 /* the instant at which it is full */
    uint32_t at;                     /* its place in the ring */
    uint32_t eras;                   /* 1 to WATCH_ERAS; the last is the therapy in force */
    int64_t ceiling_fg[WATCH_DRUGS]; /* largest limit of the eras in force */
    int64_t ceiling_inv[WATCH_DRUGS];
    struct window window[WATCH_DRUGS];
    uint64_t check[WINDOW_RING]; /* one check word per bucket, over the drugs in use: linear, so it can be added to */
    struct era era[WATCH_ERAS];
};

/* High-Hamming answers: no single flipped bit turns one into another. */
enum watch_answer { WATCH_FITS = 0x5AC3, WATCH_FULL = 0xA53C, WATCH_DAMAGED = 0x3CA5 };

/*@ // Memory as it was written, but for words that stand beside their complement: one that is damaged shows.
    predicate window_honest(struct window *w) =
        buckets_in_range(w, WINDOW_RING) && (w->sum_inv == ~w->sum_fg ==> window_whole(w));

    // The largest limit of the eras in force from era e on, written out: WATCH_ERAS is 4.
    logic integer larger(integer a, integer b) = a >= b ? a : b;
    logic integer era_limit(struct watch *w, integer slot, integer e) =
        e < w->eras ? w->era[e].limit_fg[slot] : 0;
    logic integer limit_from_2(struct watch *w, integer slot) =
        larger(era_limit(w, slot, 2), era_limit(w, slot, 3));
    logic integer limit_from_1(struct watch *w, integer slot) = larger(era_limit(w, slot, 1), limit_from_2(w, slot));
    logic integer limit_from(struct watch *w, integer slot, integer e) =
        e <= 0 ? larger(era_limit(w, slot, 0), limit_from_1(w, slot)) : e == 1 ? limit_from_1(w, slot) :
        e == 2 ? limit_from_2(w, slot) : e == 3 ? era_limit(w, slot, 3) : 0;

    predicate ceiling_right(struct watch *w, integer slot) =
        w->ceiling_fg[slot] == limit_from(w, slot, 0) && 0 <= w->ceiling_fg[slot] <= LIMIT_FG_MAX;
    predicate eras_in_range(struct watch *w) =
        1 <= w->eras <= WATCH_ERAS &&
        (\forall integer e, s; 0 <= e < w->eras && 0 <= s < WATCH_DRUGS ==>
            0 <= w->era[e].limit_fg[s] <= LIMIT_FG_MAX) &&
        (\forall integer e, s; 1 <= e < w->eras && 0 <= s < WATCH_DRUGS ==>
            0 <= w->era[e].spent_fg[s] <= LIMIT_FG_MAX);
    predicate slot_honest(struct watch *w, integer s) =
        window_honest(&w->window[s]) && (w->ceiling_inv[s] == ~w->ceiling_fg[s] ==> ceiling_right(w, s));
    predicate watch_honest(struct watch *w, integer drugs) =
        w->at < WINDOW_RING && eras_in_range(w) && \forall integer s; 0 <= s < drugs ==> slot_honest(w, s);

    // Room for a charge: in the window under the ceiling, and in each later era under the largest limit from it on.
    predicate eras_have_room(struct watch *w, integer slot, integer charge) =
        \forall integer e; 1 <= e < w->eras ==> w->era[e].spent_fg[slot] + charge <= limit_from(w, slot, e);
    predicate slot_has_room(struct watch *w, integer s, integer charge) =
        window_whole(&w->window[s]) && ceiling_right(w, s) &&
        window_total(&w->window[s]) + charge <= w->ceiling_fg[s] && eras_have_room(w, s, charge);
    predicate watch_has_room(struct watch *w, int64_t *charge_fg, integer drugs) =
        \forall integer s; 0 <= s < drugs ==> slot_has_room(w, s, charge_fg[s]);
    predicate charges_in_range(int64_t *charge_fg, integer drugs) =
        \forall integer s; 0 <= s < drugs ==> 0 <= charge_fg[s] <= 300000000000;

    // The same eras with the same limits at two moments; the same windows, and the same spent, of all slots but one.
    predicate limits_same{A, B}(struct watch *w) = \at(w->eras, A) == \at(w->eras, B) &&
        \forall integer e, s; 0 <= e < WATCH_ERAS && 0 <= s < WATCH_DRUGS ==>
            \at(w->era[e].limit_fg[s], A) == \at(w->era[e].limit_fg[s], B);
    predicate windows_same{A, B}(struct watch *w, integer slot) =
        \forall integer s; 0 <= s < WATCH_DRUGS && s != slot ==> window_same{A, B}(\at(&w->window[s], A));
    predicate others_same{A, B}(struct watch *w, integer slot) =
        \forall integer e, s; 0 <= e < WATCH_ERAS && 0 <= s < WATCH_DRUGS && s != slot ==>
            \at(w->era[e].spent_fg[s], A) == \at(w->era[e].spent_fg[s], B);
    lemma limit_from_same{A, B}: \forall struct watch *w, integer slot, e;
        0 <= slot < WATCH_DRUGS ==> limits_same{A, B}(w) ==> limit_from{A}(w, slot, e) == limit_from{B}(w, slot, e);

    lemma window_same_twice{A, B, C}: \forall struct window *w;
        window_same{A, B}(w) ==> window_same{B, C}(w) ==> window_same{A, C}(w);

    // Of one slot nothing has changed but perhaps limits; with the same limits it has the same room.
    predicate slot_same{A, B}(struct watch *w, integer s) = window_same{A, B}(\at(&w->window[s], A)) &&
        \at(w->ceiling_fg[s], A) == \at(w->ceiling_fg[s], B) &&
        \forall integer e; 0 <= e < WATCH_ERAS ==> \at(w->era[e].spent_fg[s], A) == \at(w->era[e].spent_fg[s], B);
    lemma slot_same_room{A, B}: \forall struct watch *w, integer s, charge;
        0 <= s < WATCH_DRUGS ==> \at(w->eras, A) <= WATCH_ERAS ==> limits_same{A, B}(w) ==> slot_same{A, B}(w, s) ==>
        slot_has_room{A}(w, s, charge) ==> slot_has_room{B}(w, s, charge);

    // THE PROMISE, for one kind of window: room for nothing more is still kept to.
    predicate watch_within(struct watch *w, integer drugs) =
        \forall integer s; 0 <= s < drugs ==> slot_has_room(w, s, 0); */

/* Empty windows and no limits, so nothing fits. */
void watch_clear(struct watch *watch, enum window_kind kind, instant_ms now);
/* Forgets what was charged; limits and eras stay. */
void watch_forget(struct watch *watch, enum window_kind kind, instant_ms now);
/* A slot starts anew for another drug: empty and without limit. */
void watch_open(struct watch *watch, unsigned slot);
/* Would these limits, one a slot, begin a new era? */
bool watch_lowers(const struct watch *watch, const int64_t limit_fg[WATCH_DRUGS], unsigned drugs);
/* Puts limits in force at `now`. When they begin an era there must be room for it (eras < WATCH_ERAS). */
void watch_limit(struct watch *watch, const int64_t limit_fg[WATCH_DRUGS], unsigned drugs, enum window_kind kind,
                 instant_ms now);
/* Does a quantum with these charges fit? When it does not, *slot is the drug. Looks only. `drugs` at most
 * WATCH_DRUGS. */
/*@ requires \valid_read(watch) && drugs <= WATCH_DRUGS && \valid_read(charge_fg + (0 .. WATCH_DRUGS - 1));
    requires \valid(slot) && \separated(slot, watch) && \separated(slot, charge_fg + (0 .. WATCH_DRUGS - 1));
    requires watch_honest(watch, drugs) && charges_in_range(charge_fg, drugs);
    assigns *slot;
    ensures \result \in { WATCH_FITS, WATCH_FULL, WATCH_DAMAGED };
    ensures \result == WATCH_FITS ==> watch_has_room(watch, charge_fg, drugs);
    ensures \result == WATCH_FULL ==> *slot < drugs && !slot_has_room(watch, *slot, charge_fg[*slot]); */
enum watch_answer watch_judge(const struct watch *watch, const int64_t charge_fg[WATCH_DRUGS], unsigned drugs,
                              unsigned *slot);
/* Books a quantum that fits. */
/*@ requires \valid(watch) && drugs <= WATCH_DRUGS && \valid_read(charge_fg + (0 .. WATCH_DRUGS - 1));
    requires \separated(watch, charge_fg + (0 .. WATCH_DRUGS - 1));
    requires watch->at < WINDOW_RING && eras_in_range(watch) && charges_in_range(charge_fg, drugs);
    requires watch_has_room(watch, charge_fg, drugs);
    assigns watch->window[0 .. WATCH_DRUGS - 1], watch->check[watch->at],
            watch->era[0 .. WATCH_ERAS - 1];
    ensures watch_within(watch, drugs) && eras_in_range(watch);
    ensures \forall integer s; 0 <= s < drugs ==>
        window_total(&watch->window[s]) == \old(window_total(&watch->window[s])) + charge_fg[s];
    ensures \forall integer s; drugs <= s < WATCH_DRUGS ==> window_same{Pre, Post}(&watch->window[s]); */
void watch_book(struct watch *watch, const int64_t charge_fg[WATCH_DRUGS], unsigned drugs);
/* Lets the window move on to `now`: empties the buckets that leave it, each checked first, and ends eras. False when
 * a check word does not match. */
bool watch_turn(struct watch *watch, unsigned drugs, enum window_kind kind, instant_ms now);
/* All buckets, sums, ceilings and the place in time against their check words. */
bool watch_sound(const struct watch *watch, unsigned drugs, enum window_kind kind);

#endif
