/* censor_test.c - the loss and its slope, against SciPy's log_ndtr. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/censor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* The order is cmocka's wish. */
#include <cmocka.h>
#include <math.h>

static void losses_are_scipy_s(void **state)
{
    static const double known[][2] = {
        { -1e6, 500000000014.73456 },   { -1e3, 500007.82669481222 },
        { -40, 804.60844201375392 },    { -30.5, 469.46273732291212 },
        { -29.5, 439.4294746091503 },   { -10, 53.231285150512477 },
        { -3, 6.6077262215103501 },     { -1, 1.841021645009264 },
        { 0, 0.69314718055994529 },     { 1, 0.17275377902344985 },
        { 3, 0.0013508099647481929 },   { 8, 6.2209605742717434e-16 },
        { 30, 4.906713927147908e-198 }, { 1e300, 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        assert_true(fabs(censor_loss(known[i][0]) - known[i][1]) <= 1e-13 * known[i][1]);
}

/* The hazard is the slope, turned round; it never rises. */
static void the_hazard_is_the_slope(void **state)
{
    (void)state;
    double last = HUGE_VAL;
    for (double z = -200; z < 12; z += 0.0625) {
        double slope = (censor_loss(z - 1e-4) - censor_loss(z + 1e-4)) / 2e-4, hazard = censor_hazard(z);
        assert_true(fabs(slope - hazard) <= 3e-6 * hazard + 1e-13);
        assert_true(hazard <= last * (1 + 1e-9));
        last = hazard;
    }
    assert_true(fabs(censor_hazard(-1e6) - 1e6) < 1 && censor_hazard(1e300) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(losses_are_scipy_s),
        cmocka_unit_test(the_hazard_is_the_slope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
