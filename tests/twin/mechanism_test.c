/* mechanism_test.c - the twin's table, displaced volumes, slipping, and motions that stop half way. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/twin/near.h"
#include "twin/hardware/mechanism.h"

static struct mechanism_state made(const char *name, double calibration)
{
    struct mechanism_state mechanism;
    const struct mechanism_make *make = mechanism_find(name);
    assert_non_null(make);
    mechanism_init(&mechanism, make, calibration);
    return mechanism;
}

static void makes_are_found(void **state)
{
    (void)state;
    assert_null(mechanism_find("C30"));
    assert_null(mechanism_find(NULL));
    assert_int_equal(mechanism_find("C40")->kind, MECHANISM_IS_ROTOR);
    assert_int_equal(mechanism_find("V20")->kind, MECHANISM_IS_VALVES);
    const char *names[] = { "C20", "C40", "V20" };
    for (size_t i = 0; i < 3; i++) {
        assert_true(mechanism_find(names[i])->quantum_ms < mechanism_find(names[i])->stall_ms);
    }
}

static void displaced_never_strays_from_the_sum_of_quanta(void **state)
{
    (void)state;
    const double calibrations[] = { 1.0, 0.8731, 1.1999, 1.0000001 };
    for (size_t c = 0; c < 4; c++) {
        struct mechanism_state mechanism = made("C20", calibrations[c]);
        double sum_m3 = 0.0; /* exact: grid volumes */
        for (int i = 1; i <= 1000000; i++) {
            sum_m3 += mechanism_displace(&mechanism, 1.0);
            if (i % 1000 == 0) {
                long double wish_m3 = (long double)i * (long double)mechanism.calibrated_m3;
                assert_near(sum_m3, (double)wish_m3, 0x1p-60);
            }
        }
    }
}

static void overinfusion_scales_and_ends(void **state)
{
    (void)state;
    struct mechanism_state mechanism = made("V20", 1.0);
    mechanism_set_overinfusion(&mechanism, 1.2);
    assert_near(mechanism_displace(&mechanism, 1.0), 3e-9, 0x1p-60);
    mechanism_set_overinfusion(&mechanism, 1.0);
    assert_near(mechanism_displace(&mechanism, 1.0), 2.5e-9, 0x1p-60);
}

static void slips_the_share_asked_for(void **state)
{
    (void)state;
    const double shares[] = { 0.0, 0.125, 0.3, 0.5, 1.0 };
    for (size_t s = 0; s < 5; s++) {
        struct mechanism_state mechanism = made("C20", 1.0);
        mechanism_set_slip(&mechanism, shares[s]);
        int slipped = 0;
        for (int i = 1; i <= 10000; i++) {
            slipped += mechanism_slips(&mechanism) ? 1 : 0;
            assert_near((double)slipped, (double)i * shares[s], 1.000001);
        }
    }
}

static void a_rotor_moves_evenly_valves_in_the_second_half(void **state)
{
    (void)state;
    struct mechanism_state rotor = made("C20", 1.0);
    assert_true(mechanism_share_after(&rotor, 0) == 0.0);
    assert_true(mechanism_share_after(&rotor, 100) == 0.25);
    assert_true(mechanism_share_after(&rotor, 400) == 1.0);
    assert_true(mechanism_share_after(&rotor, 900) == 1.0);
    struct mechanism_state valves = made("V20", 1.0);
    assert_true(mechanism_share_after(&valves, 999) == 0.0);
    assert_true(mechanism_share_after(&valves, 1500) == 0.5);
    assert_true(mechanism_share_after(&valves, 2000) == 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_are_found),
        cmocka_unit_test(displaced_never_strays_from_the_sum_of_quanta),
        cmocka_unit_test(overinfusion_scales_and_ends),
        cmocka_unit_test(slips_the_share_asked_for),
        cmocka_unit_test(a_rotor_moves_evenly_valves_in_the_second_half),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
