/* flux_test.c - exponentially fitted fluxes against the closed form of steady flow between two points. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "tests/twin/dice.h"
#include "twin/body/flux.h"

/* Against long double, which carries the cancellation that expm1() is there to avoid. */
static void bernoulli_is_exact(void **state)
{
    (void)state;
    for (int k = -1200; k <= 1200; k++) {
        long double z = (k < 0 ? -1.0L : 1.0L) * powl(10.0L, fabsl((long double)k) / 100.0L - 9.5L);
        long double true_value = z / expm1l(z);
        double value = flux_bernoulli((double)z);
        assert_true(value >= 0.0);
        assert_true(fabsl((long double)value - true_value) <= 1e-11L * true_value);
    }
    assert_true(flux_bernoulli(0.0) == 1.0);
    assert_true(flux_bernoulli(1e6) == 0.0);
    assert_true(flux_bernoulli(-1e6) == 1e6);
}

/* A D c' = Q c - F has the solution c = F/Q + K exp(Q x / (A D)); put through both points it gives F. */
static void steady_flow_is_exact(void **state)
{
    (void)state;
    struct dice dice = { 11 };
    for (int i = 0; i < 20000; i++) {
        double area_m2 = 1e-5 + 3e-4 * dice_share(&dice), apart_m = 1e-3 + 0.02 * dice_share(&dice);
        double dispersion_m2_s = pow(10.0, -9.0 + 5.0 * dice_share(&dice));
        double peclet = 60.0 * (dice_share(&dice) - 0.5);
        double flow_m3_s = peclet * area_m2 * dispersion_m2_s / apart_m;
        double first = dice_share(&dice), second = dice_share(&dice);
        long double growth = expl((long double)peclet);
        long double constant = ((long double)second - (long double)first) / (growth - 1.0L);
        long double expected = (long double)flow_m3_s * ((long double)first - constant);
        struct flux flux = flux_fitted(dispersion_m2_s, flow_m3_s, area_m2, apart_m);
        double size = flux.down_m3_s * first + flux.up_m3_s * second;
        assert_true(flux.down_m3_s >= 0.0 && flux.up_m3_s >= 0.0);
        assert_true(fabsl((long double)(flux.down_m3_s * first - flux.up_m3_s * second) - expected) <=
                    1e-9L * (long double)size);
    }
}

static void without_dispersion_it_is_upwind(void **state)
{
    (void)state;
    struct flux down = flux_fitted(0.0, 3e-9, 1e-4, 0.01), up = flux_fitted(0.0, -3e-9, 1e-4, 0.01);
    struct flux still = flux_fitted(0.0, 0.0, 1e-4, 0.01), thin = flux_fitted(1e-30, 3e-9, 1e-4, 0.01);
    assert_true(down.down_m3_s == 3e-9 && down.up_m3_s == 0.0);
    assert_true(up.down_m3_s == 0.0 && up.up_m3_s == 3e-9);
    assert_true(still.down_m3_s == 0.0 && still.up_m3_s == 0.0);
    assert_true(thin.down_m3_s == 3e-9 && thin.up_m3_s == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bernoulli_is_exact),
        cmocka_unit_test(steady_flow_is_exact),
        cmocka_unit_test(without_dispersion_it_is_upwind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
