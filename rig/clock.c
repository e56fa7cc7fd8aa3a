/* clock.c - from true time to the pump's tick and back. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/clock.h"

enum { MILLION = 1000000 };

/* Beyond any run (20 years are 2^39 ms), and still within 64 bits when multiplied by a million. */
#define FAR_MS (INT64_C(1) << 42)

instant_ms clock_tick(const struct clock_map *clock, instant_ms now)
{
    if (!clock->odd)
        return now;
    int64_t passed = now.ms - clock->zero.ms;
    return (instant_ms){ clock->at_zero.ms + passed * (MILLION + clock->ppm) / MILLION };
}

instant_ms clock_true(const struct clock_map *clock, instant_ms tick)
{
    if (!clock->odd)
        return tick;
    if (tick.ms > FAR_MS)
        return INSTANT_NEVER;
    int64_t ticks = tick.ms - clock->at_zero.ms;
    int64_t rate = MILLION + clock->ppm;
    if (ticks <= 0)
        return clock->zero; /* it is past */
    return (instant_ms){ clock->zero.ms + (ticks * MILLION + rate - 1) / rate };
}

void clock_drift(struct clock_map *clock, instant_ms now, int32_t ppm)
{
    *clock = (struct clock_map){ .odd = true, .ppm = ppm, .zero = now, .at_zero = clock_tick(clock, now) };
}

void clock_lose(struct clock_map *clock, instant_ms now)
{
    *clock = (struct clock_map){ .odd = true, .ppm = clock->ppm, .zero = now, .at_zero = { 0 } };
}
