/* cell_test.c - what the hourly look makes of the battery: charge that only rises, an alarm when replacement is due, another at
 * the end, and therapy that goes on under both. REQ-PWR-01, -08, HZ-04. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"

static struct stand stand;

static void charge_rises_with_every_look(void **state)
{
    (void)state;
    bench_running(&stand);
    int64_t before_nc = 0;
    for (int64_t hour = 2; hour < 40; hour++) {
        stand_run(&stand, hour * HOUR_MS);
        assert_true(stand.pump.now.energy.used_nc > before_nc);
        before_nc = stand.pump.now.energy.used_nc;
    }
    /* 39 h of 200 quanta and 24 uA are 5.8 and 3.4 C: flash and looks are a small part of it */
    assert_in_range(before_nc / 1000000, 8500, 10500);
}

static void the_end_of_the_cell_alarms_and_stops_nothing(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, DAY_MS);
    assert_false(bench_alarm(&stand, ALARM_AT_REPLACE_SOON));
    stand.pump.now.energy.used_nc = INT64_C(8400) * 1000000000; /* as if years had passed */
    stand_run(&stand, 4 * (int64_t)DAY_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_REPLACE_SOON));
    assert_false(bench_alarm(&stand, ALARM_AT_END_OF_SERVICE));
    assert_true(bench_events(&stand, EVENT_ENERGY, NULL) > 0);
    stand.pump.now.energy.used_nc = INT64_C(10800) * 1000000000;
    stand_run(&stand, 8 * (int64_t)DAY_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_END_OF_SERVICE));
    assert_false(bench_alarm(&stand, ALARM_AT_REPLACE_SOON)); /* one alarm a cause */
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
    assert_int_equal(stand_status(&stand).base.nl_day, BENCH_RATE);
}

static void used_charge_outlives_all_memory_but_flash(void **state)
{
    (void)state;
    bench_running(&stand);
    stand_run(&stand, 3 * (int64_t)DAY_MS);
    int64_t before_nc = stand.pump.now.energy.used_nc;
    memset(stand.twin.retained, 0, sizeof stand.twin.retained);
    stand_reset(&stand);
    assert_true(stand.pump.now.energy.used_nc >= before_nc * 98 / 100); /* an hour's worth may be lost */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charge_rises_with_every_look),
        cmocka_unit_test(the_end_of_the_cell_alarms_and_stops_nothing),
        cmocka_unit_test(used_charge_outlives_all_memory_but_flash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
