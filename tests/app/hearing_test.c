/* hearing_test.c - a session is used as long as the pump's clock lets it stand, whatever its pace. HZ-30. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "app/hearing.h"
#include "core/quantity.h"

/* Heard `times` times, every so many milliseconds of ours, by a pump whose clock runs so fast. Returns our time. */
static int64_t heard(struct hearing *hearing, int64_t pace, int64_t every_ms, unsigned times)
{
    int64_t now_ms = 5000;
    hearing_open(hearing);
    for (unsigned i = 0; i < times; i++) {
        now_ms += every_ms;
        hearing_take(hearing, now_ms, 7000000 + now_ms * pace);
    }
    return now_ms;
}

static void it_ends_by_the_pumps_clock(void **state)
{
    (void)state;
    static const int64_t paces[] = { 1, 10, 60 };
    for (unsigned i = 0; i < sizeof paces / sizeof paces[0]; i++) {
        struct hearing hearing = { 0 };
        int64_t now_ms = heard(&hearing, paces[i], 1500, 3);
        assert_true(hearing_stands(&hearing, now_ms + 99000 / paces[i]));
        assert_false(hearing_stands(&hearing, now_ms + 101000 / paces[i]));
        assert_false(hearing_stands(&hearing, now_ms + 120000));
    }
}

static void it_ends_for_good_after_its_time(void **state)
{
    (void)state;
    struct hearing hearing = { 0 };
    int64_t now_ms = heard(&hearing, 10, 5000, 30); /* 1450 s of the pump's since the first */
    assert_true(hearing_stands(&hearing, now_ms + 4000));
    assert_false(hearing_stands(&hearing, now_ms + 6000));
    hearing_open(&hearing);
    hearing_take(&hearing, now_ms + 6000, 7000000 + (now_ms + 6000) * 10);
    assert_true(hearing_stands(&hearing, now_ms + 15000));
}

static void a_leap_of_its_clock_ends_it_and_is_over_with_the_next(void **state)
{
    (void)state;
    struct hearing hearing = { 0 };
    int64_t now_ms = heard(&hearing, 10, 5000, 3) + 5000, pump_ms = hearing.pump_ms + 30 * (int64_t)DAY_MS;
    hearing_open(&hearing);
    hearing_take(&hearing, now_ms, pump_ms);
    assert_false(hearing_stands(&hearing, now_ms + 1000));
    hearing_open(&hearing);
    hearing_take(&hearing, now_ms + 5000, pump_ms + 50000);
    assert_true(hearing_stands(&hearing, now_ms + 10000));
}

static void odd_clocks_break_nothing(void **state)
{
    (void)state;
    struct hearing hearing = { 0 };
    assert_false(hearing_stands(&hearing, 1795980000000));
    hearing_open(&hearing);
    hearing_take(&hearing, 2000, 1000);
    hearing_take(&hearing, 9000, 500); /* a pump's clock that lost its supply begins again */
    assert_true(hearing_stands(&hearing, 10000));
    assert_false(hearing_stands(&hearing, 8000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_ends_by_the_pumps_clock),
        cmocka_unit_test(it_ends_for_good_after_its_time),
        cmocka_unit_test(a_leap_of_its_clock_ends_it_and_is_over_with_the_next),
        cmocka_unit_test(odd_clocks_break_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
