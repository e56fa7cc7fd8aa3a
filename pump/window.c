// SPDX-License-Identifier: Apache-2.0
#include "pump/window.h"

/* For the proof: no bucket holds more than all of them together, and their sum is far from overflowing. */
/*@ ghost
    /@ requires \valid_read(w) && at < WINDOW_RING && window_whole(w);
       assigns \nothing;
       ensures 0 <= w->bucket_fg[at] <= w->sum_fg; @/
    static void sum_bounds(const struct window *w, unsigned at)
    {
        /@ loop invariant 0 <= n <= WINDOW_RING;
           loop invariant (n > at ? w->bucket_fg[at] : 0) <= buckets_sum(w, n) <= n * LIMIT_FG_MAX;
           loop assigns n;
           loop variant WINDOW_RING - n; @/
        for (int n = 0; n < WINDOW_RING; n++) {}
    }
*/

void window_clear(struct window *window)
{
    /*@ loop invariant 0 <= at <= WINDOW_RING;
        loop invariant \forall integer i; 0 <= i < at ==> window->bucket_fg[i] == 0;
        loop assigns at, window->bucket_fg[0 .. WINDOW_RING - 1];
        loop variant WINDOW_RING - at; */
    for (unsigned at = 0; at < WINDOW_RING; at++) {
        window->bucket_fg[at] = 0;
    }
    window->sum_fg = 0;
    window->sum_inv = ~(int64_t)0;
    /*@ ghost
        /@ loop invariant 0 <= n <= WINDOW_RING && buckets_sum(window, n) == 0;
           loop assigns n;
           loop variant WINDOW_RING - n; @/
        for (int n = 0; n < WINDOW_RING; n++) {}
    */
}

void window_drop(struct window *window, unsigned at)
{
    //@ ghost sum_bounds(window, at);
    window->sum_fg -= window->bucket_fg[at];
    window->sum_inv = ~window->sum_fg;
    window->bucket_fg[at] = 0;
    /*@ ghost
        /@ loop invariant 0 <= n <= WINDOW_RING;
           loop invariant buckets_sum(window, n) ==
               buckets_sum{Pre}(window, n) - (n > at ? \at(window->bucket_fg[at], Pre) : 0);
           loop assigns n;
           loop variant WINDOW_RING - n; @/
        for (int n = 0; n < WINDOW_RING; n++) {}
    */
}

void window_book(struct window *window, unsigned at, int64_t charge_fg)
{
    //@ ghost sum_bounds(window, at);
    //@ assert 0 <= window->bucket_fg[at] + charge_fg <= LIMIT_FG_MAX;
    window->bucket_fg[at] += charge_fg;
    window->sum_fg += charge_fg;
    window->sum_inv = ~window->sum_fg;
    /*@ ghost
        /@ loop invariant 0 <= n <= WINDOW_RING;
           loop invariant buckets_sum(window, n) == buckets_sum{Pre}(window, n) + (n > at ? charge_fg : 0);
           loop assigns n;
           loop variant WINDOW_RING - n; @/
        for (int n = 0; n < WINDOW_RING; n++) {}
    */
    //@ assert buckets_in_range(window, WINDOW_RING);
    //@ assert window->sum_fg == window_total(window);
}

bool window_sound(const struct window *window)
{
    int64_t sum = 0;
    /*@ loop invariant 0 <= at <= WINDOW_RING;
        loop invariant buckets_in_range(window, at);
        loop invariant sum == buckets_sum(window, at) && 0 <= sum <= at * LIMIT_FG_MAX;
        loop assigns at, sum;
        loop variant WINDOW_RING - at; */
    for (unsigned at = 0; at < WINDOW_RING; at++) {
        if (window->bucket_fg[at] < 0 || window->bucket_fg[at] > LIMIT_FG_MAX) {
            return false;
        }
        sum += window->bucket_fg[at];
    }
    return sum == window->sum_fg && window->sum_inv == ~sum;
}
