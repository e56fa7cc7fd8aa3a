/* calendar_test.c - civil time against a loop that counts the days of 230 years one by one. HZ-29. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "core/calendar.h"

struct day_counter {
    int32_t year;
    int month, day, weekday;
};

static int month_length(int32_t year, int month)
{
    if (month == 2)
        return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static void counter_advance(struct day_counter *counter)
{
    counter->weekday = counter->weekday == SUNDAY ? MONDAY : counter->weekday + 1;
    if (++counter->day <= month_length(counter->year, counter->month))
        return;
    counter->day = 1;
    if (++counter->month <= 12)
        return;
    counter->month = 1;
    counter->year++;
}

static void every_day_of_230_years(void **state)
{
    (void)state;
    uint64_t seed = 7;
    struct day_counter counter = { 1970, 1, 1, THURSDAY };
    int64_t days = 0;
    for (; counter.year <= 2199; days++, counter_advance(&counter)) {
        int hour = (int)chance_between(&seed, 0, 23), minute = (int)chance_between(&seed, 0, 59);
        int second = (int)chance_between(&seed, 0, 59), millisecond = (int)chance_between(&seed, 0, 999);
        int64_t time = ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
        civil_ms civil = { days * DAY_MS + time };
        struct civil_date date = civil_date(civil);
        assert_int_equal(date.year, counter.year);
        assert_int_equal(date.month, counter.month);
        assert_int_equal(date.day, counter.day);
        assert_int_equal(date.weekday, counter.weekday);
        assert_int_equal(date.hour, hour);
        assert_int_equal(date.minute, minute);
        assert_int_equal(date.second, second);
        assert_int_equal(date.millisecond, millisecond);
        assert_int_equal(civil_weekday(civil), counter.weekday);
        assert_int_equal(civil_time_of_day(civil).ms, time);
        civil_ms back = { -1 };
        assert_int_equal(civil_from_date(&date, &back), RESULT_OK);
        assert_true(back.ms == civil.ms);
    }
    assert_int_equal(days, 84006); /* 230 * 365 + 56 leap days: 57 fourth years less 2100 */
}

static void midnight_belongs_to_the_new_day(void **state)
{
    (void)state;
    assert_int_equal(civil_weekday((civil_ms){ DAY_MS - 1 }), THURSDAY);
    assert_int_equal(civil_weekday((civil_ms){ DAY_MS }), FRIDAY);
    assert_int_equal(civil_time_of_day((civil_ms){ DAY_MS }).ms, 0);
}

static void before_1970_is_still_a_weekday(void **state)
{
    (void)state;
    assert_int_equal(civil_weekday((civil_ms){ -1 }), WEDNESDAY);
    assert_int_equal(civil_time_of_day((civil_ms){ -1 }).ms, DAY_MS - 1);
}

static void refuses_dates_that_do_not_exist(void **state)
{
    (void)state;
    static const struct civil_date WRONG[] = {
        { .year = 1969, .month = 12, .day = 31 },
        { .year = 2200, .month = 1, .day = 1 },
        { .year = 2026, .month = 0, .day = 1 },
        { .year = 2026, .month = 13, .day = 1 },
        { .year = 2026, .month = 4, .day = 31 },
        { .year = 2026, .month = 4, .day = 0 },
        { .year = 2026, .month = 2, .day = 29 },
        { .year = 2100, .month = 2, .day = 29 },
        { .year = 2026, .month = 1, .day = 1, .hour = 24 },
        { .year = 2026, .month = 1, .day = 1, .minute = 60 },
        { .year = 2026, .month = 1, .day = 1, .second = 60 },
        { .year = 2026, .month = 1, .day = 1, .millisecond = 1000 },
    };
    for (unsigned i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        civil_ms untouched = { 42 };
        assert_int_equal(civil_from_date(&WRONG[i], &untouched), RESULT_MALFORMED);
        assert_int_equal(untouched.ms, 42);
    }
    civil_ms leap;
    assert_int_equal(civil_from_date(&(struct civil_date){ .year = 2000, .month = 2, .day = 29 }, &leap), RESULT_OK);
}

static void offset_leads_from_pump_to_wall(void **state)
{
    (void)state;
    struct calendar calendar = { .offset = { 3 * (int64_t)DAY_MS }, .zone = "+01:00" };
    assert_int_equal(calendar_civil(&calendar, (instant_ms){ 5 }).ms, 3 * (int64_t)DAY_MS + 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_230_years),
        cmocka_unit_test(midnight_belongs_to_the_new_day),
        cmocka_unit_test(before_1970_is_still_a_weekday),
        cmocka_unit_test(refuses_dates_that_do_not_exist),
        cmocka_unit_test(offset_leads_from_pump_to_wall),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
