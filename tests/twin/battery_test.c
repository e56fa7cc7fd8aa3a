/* battery_test.c - charge by counted operations and time. The constants are guesses; what is tested is that each
 * counts. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/twin/near.h"
#include "twin/hardware/battery.h"

static void each_operation_and_time_take_charge(void **state)
{
    (void)state;
    const enum battery_operation operations[] = { BATTERY_WAKE, BATTERY_QUANTUM, BATTERY_TONE, BATTERY_SENSE };
    struct battery fresh;
    battery_init(&fresh, 1e-3);
    assert_true(battery_used(&fresh, (instant_ms){ 0 }) == 0.0);
    assert_true(battery_used(&fresh, (instant_ms){ DAY_MS }) > 0.0);
    for (size_t i = 0; i < BATTERY_OPERATIONS; i++) {
        struct battery battery = fresh;
        battery_count(&battery, operations[i]);
        double one = battery_used(&battery, (instant_ms){ 0 });
        assert_true(one > 0.0);
        battery_count(&battery, operations[i]);
        assert_near(battery_used(&battery, (instant_ms){ 0 }), 2.0 * one, 1e-15);
    }
}

static void six_years_at_one_ml_a_day_then_flat(void **state)
{
    (void)state;
    struct battery battery;
    battery_init(&battery, 0.74e-3);
    assert_int_equal(battery_mv(&battery, (instant_ms){ 0 }), 3200);
    int32_t last_mv = 3200;
    int64_t days = 0;
    while (battery_left(&battery, (instant_ms){ days * DAY_MS }) > 0.0) {
        days++;
        battery.count[BATTERY_QUANTUM] += 4000;
        battery.count[BATTERY_WAKE] += 8000;
        int32_t mv = battery_mv(&battery, (instant_ms){ days * DAY_MS });
        assert_true(mv <= last_mv);
        last_mv = mv;
        assert_true(days < 10 * 365);
    }
    assert_true(days > 5 * 365 && days < 7 * 365);
    assert_int_equal(battery_mv(&battery, (instant_ms){ 20 * 365 * (int64_t)DAY_MS }), 2200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_operation_and_time_take_charge),
        cmocka_unit_test(six_years_at_one_ml_a_day_then_flat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
