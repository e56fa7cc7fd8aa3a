/* crowd_test.c - what numbers of many people come to, against numbers worked out by hand. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/crowd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
/* The order is cmocka's wish. */
#include <cmocka.h>
#include <math.h>

#include "app/spine/published.h"

/* Anscombe 1973, the first of his four sets: r = 0.81642051634484. */
static void a_correlation_is_anscombe_s(void **state)
{
    static const double x[] = { 10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5 },
                        y[] = { 8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68 };
    static const double level[] = { 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3 };
    (void)state;
    assert_true(fabs(crowd_correlation(x, y, 11) - 0.81642051634484) < 1e-13);
    assert_true(fabs(crowd_mean(y, 11) - 82.51 / 11) < 1e-13);
    assert_true(crowd_correlation(x, level, 11) == 0);
    assert_true(crowd_correlation(x, x, 11) > 1 - 1e-15);
    assert_true(isnan(crowd_correlation(x, x, 2)) && isnan(crowd_correlation(x, x, 1)));
}

/* Groups 1 2 4, 9 3 3, 5 5 5 have ranges 4, 3, 1; the tenth is in no group. */
static void a_range_is_that_of_the_middle_group(void **state)
{
    static const double value[] = { 1, 2, 4, 9, 3, 3, 5, 5, 5, 1000 };
    (void)state;
    assert_true(crowd_range(value, 10, 3) == 3);
    assert_true(crowd_range(value, 6, 3) == 3.5);
    assert_true(crowd_range(value, 10, 10) == 1000);
    assert_true(isnan(crowd_range(value, 10, 11)));
}

static void shares_are_of_sorted_values(void **state)
{
    double value[] = { 5, 1, 4, 2, 3 };
    (void)state;
    crowd_sort(value, 5);
    for (int i = 0; i < 5; i++)
        assert_true(value[i] == i + 1);
    assert_true(crowd_share(value, 5, 0) == 1 && crowd_share(value, 5, 0.5) == 3 && crowd_share(value, 5, 1) == 5);
}

/* The integral of what is given over even shares is the mean dose; Simpson's rule in u, share = u^3, as doses rise steeply. */
static void doses_have_their_mean(void **state)
{
    static const double dose[][3] = { { 70, 607, 1395 }, { 1, 2, 100 }, { 1, 90, 100 }, { 5, 10, 15 } };
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct published_row row = { .dose_low_kg = dose[i][0], .dose_kg = dose[i][1], .dose_high_kg = dose[i][2] };
        double sum = 0;
        assert_true(published_dose(&row, 1) <= dose[i][2] * (1 + 1e-12));
        for (int k = 0; k <= 20000; k++) {
            double u = k / 20000.0;
            sum += (k == 0 || k == 20000 ? 1 : k % 2 ? 4 : 2) / 60000.0 * 3 * u * u * published_dose(&row, u * u * u);
        }
        assert_true(fabs(sum / dose[i][1] - 1) < 1e-3);
    }
    struct published_row same = { .dose_kg = 7 };
    assert_true(published_dose(&same, 0.3) == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_correlation_is_anscombe_s),
        cmocka_unit_test(a_range_is_that_of_the_middle_group),
        cmocka_unit_test(shares_are_of_sorted_values),
        cmocka_unit_test(doses_have_their_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
