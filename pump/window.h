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

/* Forgets everything. */
void window_clear(struct window *window);
/* Empties the bucket that leaves the window; `at` is 0 to WINDOW_RING - 1. */
void window_drop(struct window *window, unsigned at);
/* Adds a charge (0 to LIMIT_FG_MAX) to a bucket. */
void window_book(struct window *window, unsigned at, int64_t charge_fg);
/* Is the sum what the buckets say, and its complement what it should be? */
bool window_sound(const struct window *window);

#endif
