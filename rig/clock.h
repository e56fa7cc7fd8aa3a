/* clock.h - the pump's monotonic clock as against true time: it may run fast or slow, and may begin again at 0. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CLOCK_H
#define RIG_CLOCK_H

#include <stdbool.h>

#include "core/quantity.h"

enum { CLOCK_PPM_MAX = 100000 };

/* All zero: tick and true time are one. */
struct clock_map {
    bool odd;           /* they are not: look at the rest */
    int32_t ppm;        /* how much the tick runs fast (or slow, below 0), at most CLOCK_PPM_MAX either way */
    instant_ms zero;    /* true time at which the tick */
    instant_ms at_zero; /* was this */
};

/* What the pump's clock shows, rounded down. Never falls while time goes on, but at clock_lose(). */
instant_ms clock_tick(const struct clock_map *clock, instant_ms now);
/* The first true millisecond at which the clock shows `tick` or more; INSTANT_NEVER for an instant that never comes. */
instant_ms clock_true(const struct clock_map *clock, instant_ms tick);
/* From now on it runs so. */
void clock_drift(struct clock_map *clock, instant_ms now, int32_t ppm);
/* It begins again at 0. */
void clock_lose(struct clock_map *clock, instant_ms now);

#endif
