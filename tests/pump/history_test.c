/* history_test.c - eight refills, their sum and when it is a trend. REQ-RSVR-04, HZ-11. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "pump/history.h"

static const vol_nl NOISE = { 50000 }, TOLERANCE = { 1000000 };

static struct history of(unsigned refills, int64_t found_nl, int64_t metered_nl)
{
    struct history history = { 0 };
    for (unsigned i = 0; i < refills; i++)
        history_add(&history, (vol_nl){ found_nl }, (vol_nl){ metered_nl });
    return history;
}

static bool trend(struct history history)
{
    return history_trend(&history, NOISE, TOLERANCE);
}

static void the_newest_eight_are_kept(void **state)
{
    (void)state;
    struct history history = { 0 };
    for (int64_t i = 1; i <= 20; i++)
        history_add(&history, (vol_nl){ i }, (vol_nl){ 100 });
    assert_int_equal(history.refills, 8);
    assert_int_equal(history_sum(&history).nl, 13 + 14 + 15 + 16 + 17 + 18 + 19 + 20);
    history_add(&history, (vol_nl){ INT64_MIN / 2 }, (vol_nl){ 0 });
    assert_int_equal(history.refill[7].found_nl, -VOL_NL_MAX);
}

/* 14.5 % of 4 mL is 0.58 mL, well below what a single reading alarms at. */
static void beyond_the_label_is_a_trend_from_the_third_refill_on(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        assert_false(trend(of(1, sign * 590000, 4000000)));
        assert_true(trend(of(3, sign * 590000, 4000000)));
        assert_false(trend(of(8, sign * 120000, 4000000)));
    }
    assert_false(trend(of(3, 49000, 1000))); /* a great share of next to nothing is noise */
    struct history mixed = of(2, 900000, 4000000);
    history_add(&mixed, (vol_nl){ -1700000 }, (vol_nl){ 4000000 });
    assert_int_equal(history_sum(&mixed).nl, 100000); /* signs count: 0.1 of 12 mL */
}

static void small_ones_add_up(void **state)
{
    (void)state;
    assert_false(trend(of(1, -900000, 18000000)));
    assert_true(trend(of(2, -600000, 18000000)));
    assert_false(trend(of(2, -500000, 18000000)));
    struct history one_large = of(1, -3000000, 30000000); /* had its own alarm */
    history_add(&one_large, (vol_nl){ -10000 }, (vol_nl){ 18000000 });
    assert_false(trend(one_large));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_eight_are_kept),
        cmocka_unit_test(beyond_the_label_is_a_trend_from_the_third_refill_on),
        cmocka_unit_test(small_ones_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
