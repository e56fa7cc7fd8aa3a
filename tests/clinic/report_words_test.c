/* report_words_test.c - amounts, changes, times and traces of the reports, against texts and values written by hand. */
// SPDX-License-Identifier: Apache-2.0
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <string.h>

#include "clinic/report/trace.h"
#include "clinic/report/words.h"
#include "core/quantity.h"

/* As people read it: the blank that does not break is a blank. */
static const char *plain(phrase text)
{
    char *out = text;
    for (const char *in = text; *in != '\0'; in++) {
        bool hard = strncmp(in, NBSP, strlen(NBSP)) == 0;
        *out++ = hard ? ' ' : *in;
        in += hard ? 1 : 0;
    }
    *out = '\0';
    return text;
}

static void test_amounts(void **state)
{
    (void)state;
    phrase text;
    words_volume(text, ratio_of(12500000));
    assert_string_equal(text, "12.5" NBSP "mL"); /* the very bytes: it does not break */
    words_volume(text, ratio_of(1));
    assert_string_equal(plain(text), "0.000001 mL");
    words_flow(text, ratio_over(1, 3));
    assert_string_equal(plain(text), "about 0 mL per day");
    words_mass(text, false, ratio_of(INT64_C(1234567000000000)));
    assert_string_equal(plain(text), "1,234,567 mcg");
    words_mass(text, true, ratio_of(INT64_C(1234567000000000)));
    assert_string_equal(plain(text), "1,234.567 mg");
    words_mass(text, false, ratio_of(999999999));
    assert_string_equal(plain(text), "about 1 mcg");
    words_dose(text, false, ratio_of(INT64_C(240000000000)));
    assert_string_equal(plain(text), "240 mcg per day");
    words_conc(text, true, ratio_of(12345678));
    assert_string_equal(plain(text), "12.345678 mg/mL");
    words_signed_volume(text, 400000);
    assert_string_equal(plain(text), "+0.4 mL");
    words_signed_volume(text, -1000000000);
    assert_string_equal(plain(text), "-1,000 mL");
    words_signed_volume(text, 0);
    assert_string_equal(plain(text), "0 mL");
}

static void test_changes(void **state)
{
    (void)state;
    static const struct {
        int64_t before, after;
        const char *text;
    } rows[] = { { 200, 240, "20 % more" },       { 240, 200, "about 16.7 % less" }, { 5, 5, "none" },    { 0, 5, "starts" },
                 { 5, 0, "stops" },               { 1, 1000, "99,900 % more" },      { 1000, 1, "99.9 % less" } };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        phrase text;
        words_change(text, ratio_of(rows[i].before), ratio_of(rows[i].after));
        assert_string_equal(plain(text), rows[i].text);
    }
}

static void test_times(void **state)
{
    (void)state;
    phrase text;
    const struct moment east = { INT64_C(1795439100000), 60 }, west = { INT64_C(1795439100000), -210 };
    words_date(text, east); /* date -u -d @1795439100: 2026-11-23 13:05 */
    assert_string_equal(plain(text), "2026-Nov-23 14:05 +01:00");
    words_date(text, west);
    assert_string_equal(plain(text), "2026-Nov-23 09:35 -03:30");
    words_timestamp(text, west);
    assert_string_equal(text, "2026-11-23T09:35:00-03:30");
    words_day(text, (struct moment){ -1, 0 });
    assert_string_equal(text, "outside 1970 to 2199");
    words_day(text, (struct moment){ INT64_C(7258118400000), 0 }); /* 2200-01-01 */
    assert_string_equal(text, "outside 1970 to 2199");
    words_span(text, 0);
    assert_string_equal(plain(text), "0 s");
    words_span(text, DAY_MS);
    assert_string_equal(plain(text), "1 day");
    words_span(text, INT64_C(1234) * DAY_MS + 5 * HOUR_MS + 59 * MINUTE_MS);
    assert_string_equal(plain(text), "1,234 days 5 h");
    words_span(text, 90 * MINUTE_MS);
    assert_string_equal(plain(text), "1 h 30 min");
}

/* A peak of a single sample among a hundred thousand is still there, and nothing runs backwards. */
static void test_trace_keeps_peaks(void **state)
{
    (void)state;
    enum { SAMPLES = 100000, PEAK = 70001, DIP = 70002 };
    static struct trace trace;
    static struct point point[TRACE_POINTS_MAX];
    trace_begin(&trace, (int64_t)SAMPLES * 1000);
    for (int64_t i = 0; i <= SAMPLES; i++)
        trace_add(&trace, i * 1000, i == PEAK ? 900 : i == DIP ? -5 : 7);
    size_t points = trace_points(&trace, 0.5, point);
    assert_in_range(points, 2, TRACE_POINTS_MAX);
    double high = 0, low = 0;
    for (size_t i = 0; i < points; i++) {
        high = point[i].y > high ? point[i].y : high;
        low = point[i].y < low ? point[i].y : low;
        assert_true(i == 0 || point[i].x > point[i - 1].x);
    }
    assert_true(high >= 450 && high <= 450 && low >= -2.5 && low <= -2.5);
    assert_true(point[0].x <= 0 && point[points - 1].x * HOUR_MS >= SAMPLES * 1000.0 - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amounts),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_trace_keeps_peaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
