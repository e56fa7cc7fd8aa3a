/* clock_test.c - a tick's true instant is the first at which the clock shows it, for any rate, however often that changes. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/twin/dice.h"

static int64_t tick(const struct clock_map *clock, int64_t now)
{
    return clock_tick(clock, (instant_ms){ now }).ms;
}

static void a_sound_clock_shows_true_time(void **state)
{
    (void)state;
    const struct clock_map clock = { .odd = false };
    for (int64_t ms = 0; ms < INT64_C(1) << 60; ms = ms * 3 + 1) {
        assert_true(tick(&clock, ms) == ms);
        assert_true(clock_true(&clock, (instant_ms){ ms }).ms == ms);
    }
}

static void there_and_back(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct dice dice = { seed };
        struct clock_map clock = { .odd = false };
        int64_t now = 0;
        for (int change = 0; change < 10; change++) {
            now += dice_between(&dice, 0, 20 * INT64_C(366) * DAY_MS / 10);
            int64_t before = tick(&clock, now);
            if (dice_between(&dice, 0, 3) == 0) {
                clock_lose(&clock, (instant_ms){ now });
                assert_true(tick(&clock, now) == 0);
            } else {
                clock_drift(&clock, (instant_ms){ now }, (int32_t)dice_between(&dice, -CLOCK_PPM_MAX, CLOCK_PPM_MAX));
                assert_true(tick(&clock, now) == before);
            }
            for (int i = 0; i < 50; i++) {
                int64_t wanted = tick(&clock, now) + dice_between(&dice, 1, 1000 * INT64_C(1000));
                int64_t first = clock_true(&clock, (instant_ms){ wanted }).ms;
                assert_true(tick(&clock, first) >= wanted && tick(&clock, first - 1) < wanted);
            }
            assert_true(clock_true(&clock, INSTANT_NEVER).ms == INT64_MAX);
            assert_true(clock_true(&clock, (instant_ms){ tick(&clock, now) - 5 }).ms <= now);
        }
    }
}

static void a_rate_is_what_it_says(void **state)
{
    (void)state;
    struct clock_map clock = { .odd = false };
    clock_drift(&clock, (instant_ms){ 1000 }, 20); /* 1.728 s a day */
    assert_int_equal(tick(&clock, 1000 + DAY_MS), 1000 + DAY_MS + 1728);
    clock_drift(&clock, (instant_ms){ 1000 + DAY_MS }, -20);
    assert_int_equal(tick(&clock, 1000 + 2 * DAY_MS), 1000 + 2 * DAY_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_sound_clock_shows_true_time),
                                        cmocka_unit_test(there_and_back), cmocka_unit_test(a_rate_is_what_it_says) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
