/* window.h - the mass of one drug commanded during a rolling window, in buckets that may be too careful by one bucket and
 * are never too generous. REQ-THER-09, DESIGN promise 1.
 *
 * A window of length W is counted in WINDOW_BUCKETS buckets of W / WINDOW_BUCKETS each, plus the one being filled: whatever the
 * phase, the buckets together reach back at least W. The sum is kept beside its complement, so a flipped bit shows
 * before the next quantum. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_WINDOW_H
#define PUMP_WINDOW_H

#include "core/limits.h"

enum { WINDOW_RING = WINDOW_BUCKETS + 1 };

struct window {
    int64_t bucket_fg[WINDOW_RING];
    int64_t sum_fg;
    int64_t sum_inv; /* ~sum_fg */
};

/*@ // The sum over the first n buckets, and over the whole ring.
    logic integer buckets_sum(struct window *w, integer n) =
        n <= 0 ? 0 : buckets_sum(w, n - 1) + w->bucket_fg[n - 1];
    logic integer window_total(struct window *w) = buckets_sum(w, WINDOW_RING);

    // Every bucket holds a mass that can be real, and the sum beside them is theirs.
    predicate buckets_in_range(struct window *w, integer n) =
        \forall integer i; 0 <= i < n ==> 0 <= w->bucket_fg[i] <= LIMIT_FG_MAX;
    predicate window_whole(struct window *w) =
        buckets_in_range(w, WINDOW_RING) && w->sum_fg == window_total(w) && w->sum_inv == ~w->sum_fg &&
        0 <= w->sum_fg <= WINDOW_RING * LIMIT_FG_MAX;

    // The same buckets at two moments.
    predicate buckets_same{A, B}(struct window *w, integer n) =
        \forall integer i; 0 <= i < n ==> \at(w->bucket_fg[i], A) == \at(w->bucket_fg[i], B);
    predicate window_same{A, B}(struct window *w) =
        buckets_same{A, B}(w, WINDOW_RING) && \at(w->sum_fg, A) == \at(w->sum_fg, B) &&
        \at(w->sum_inv, A) == \at(w->sum_inv, B);

    // Proved, not admitted: the same buckets have the same sum.
    lemma window_total_same{A, B}: \forall struct window *w;
        buckets_same{A, B}(w, WINDOW_RING) ==> window_total{A}(w) == window_total{B}(w);
    lemma window_whole_same{A, B}: \forall struct window *w;
        window_same{A, B}(w) ==> window_whole{A}(w) ==> window_whole{B}(w);
*/

/* Forgets everything. */
/*@ requires \valid(window);
    assigns *window;
    ensures window_whole(window) && window->sum_fg == 0;
    ensures \forall integer i; 0 <= i < WINDOW_RING ==> window->bucket_fg[i] == 0; */
void window_clear(struct window *window);
/* Empties the bucket that leaves the window; `at` is 0 to WINDOW_RING - 1. */
/*@ requires \valid(window) && at < WINDOW_RING && window_whole(window);
    assigns window->bucket_fg[at], window->sum_fg, window->sum_inv;
    ensures window_whole(window);
    ensures window->bucket_fg[at] == 0;
    ensures window->sum_fg == \old(window->sum_fg) - \old(window->bucket_fg[at]); */
void window_drop(struct window *window, unsigned at);
/* Adds a charge to a bucket: at least 0, and with the sum at most LIMIT_FG_MAX. */
/*@ requires \valid(window) && at < WINDOW_RING && window_whole(window);
    requires 0 <= charge_fg && window->sum_fg + charge_fg <= LIMIT_FG_MAX;
    assigns window->bucket_fg[at], window->sum_fg, window->sum_inv;
    ensures window_whole(window);
    ensures window->bucket_fg[at] == \old(window->bucket_fg[at]) + charge_fg;
    ensures window->sum_fg == \old(window->sum_fg) + charge_fg; */
void window_book(struct window *window, unsigned at, int64_t charge_fg);
/* Is the sum what the buckets say, and its complement what it should be? */
/*@ requires \valid_read(window);
    assigns \nothing;
    ensures \result <==> window_whole(window); */
bool window_sound(const struct window *window);

#endif
