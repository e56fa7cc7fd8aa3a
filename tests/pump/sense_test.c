/* sense_test.c - temperature, pressure, fill, load and sensors that lie. REQ-ALRM-15, REQ-RSVR-06, REQ-PWR-09, HZ-12,
 * HZ-14. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/fakes.h"

#include "pump/sense.h"

static void begin(void)
{
    bench_running(&stand);
    fakes_on();
}

static void warmth_must_last_for_its_onset(void **state)
{
    (void)state;
    begin();
    fakes.temperature_mdeg = 45001;
    pass(HOUR_MS + 1000); /* the hourly reading */
    assert_false(bench_alarm(&stand, ALARM_AT_TEMPERATURE));
    fakes.temperature_mdeg = 45000;
    pass(2 * MINUTE_MS);
    assert_false(bench_alarm(&stand, ALARM_AT_TEMPERATURE));
    assert_int_equal(bench_events(&stand, EVENT_ALARM_RAISED, NULL), 0); /* what did not last has never been */
    assert_int_equal(bench_events(&stand, EVENT_ALARM_ENDED, NULL), 0);
    for (int32_t outside = 9999; outside <= 45001; outside += 45001 - 9999) {
        begin();
        fakes.temperature_mdeg = outside;
        pass(HOUR_MS + MINUTE_MS + 1000);
        assert_true(bench_alarm(&stand, ALARM_AT_TEMPERATURE));
        fakes.temperature_mdeg = 37000;
        pass(HOUR_MS + 1000);
        assert_false(bench_alarm(&stand, ALARM_AT_TEMPERATURE));
    }
}

static void pressure_is_judged_where_it_is_measured(void **state)
{
    (void)state;
    begin();
    fakes.pressure_pa = 30001;
    pass(2 * HOUR_MS);
    assert_false(bench_alarm(&stand, ALARM_AT_CATHETER_PRESSURE));
    fakes.pressure_fitted = true;
    pass(HOUR_MS + 2 * MINUTE_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_CATHETER_PRESSURE));
    fakes.pressure_pa = 30000;
    pass(HOUR_MS);
    assert_false(bench_alarm(&stand, ALARM_AT_CATHETER_PRESSURE));
}

static void nonsense_is_ignored_and_logged_once(void **state)
{
    (void)state;
    begin();
    fakes.temperature_mdeg = 400000;
    fakes.pressure_fitted = true;
    fakes.pressure_pa = 900000000;
    pass(5 * HOUR_MS);
    assert_false(bench_alarm(&stand, ALARM_AT_TEMPERATURE) || bench_alarm(&stand, ALARM_AT_CATHETER_PRESSURE));
    struct event event;
    assert_int_equal(bench_events(&stand, EVENT_SENSOR, &event), 2);
    assert_int_equal(event.field[0], SENSOR_PRESSURE);
    assert_int_equal(event.field[1], 900000000);
}

static void a_sensor_without_noise_is_stuck(void **state)
{
    (void)state;
    begin();
    pass(3 * (int64_t)DAY_MS);
    assert_int_equal(bench_events(&stand, EVENT_SENSOR, NULL), 0);
    fakes.temperature_mdeg = 37012;
    pass(26 * (int64_t)HOUR_MS);
    struct event event;
    assert_int_equal(bench_events(&stand, EVENT_SENSOR, &event), 1);
    assert_int_equal(event.field[0], SENSOR_TEMPERATURE);
    assert_int_equal(event.field[1], 37012);
}

/* Of two volumes that disagree the smaller one counts, whichever of the two it is. */
static void the_smaller_volume_counts(void **state)
{
    (void)state;
    begin();
    fakes.fill_fitted = true;
    fakes.fill_nl = 18900000;
    pass(2 * HOUR_MS);
    assert_int_equal(stand_status(&stand).alarms, 0);
    fakes.fill_nl = 1900000;
    pass(2 * HOUR_MS - MINUTE_MS); /* the onset: a refill that is not yet told, or not yet done */
    assert_int_equal(stand_status(&stand).alarms, 0);
    pass(5 * MINUTE_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_RESERVOIR_DISAGREES));
    assert_true(bench_alarm(&stand, ALARM_AT_RESERVOIR_LOW));
    begin();
    struct mixture drug = bench_drug(1000000);
    assert_int_equal(stand_refill(&stand, &drug, (vol_nl){ 2001000 }, NULL).reasons, 0);
    fakes.fill_fitted = true;
    fakes.fill_nl = 15000000; /* it shows plenty */
    pass(3 * HOUR_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_RESERVOIR_DISAGREES));
    assert_true(bench_alarm(&stand, ALARM_AT_RESERVOIR_LOW));
}

/* 1.2 mL a day: 8.4 mL and what a carefully reckoned day adds. */
static void a_week_before_the_end_it_says_so(void **state)
{
    (void)state;
    begin();
    struct mixture drug = bench_drug(1000000);
    assert_int_equal(stand_refill(&stand, &drug, (vol_nl){ 10500000 }, NULL).reasons, 0);
    pass(2 * HOUR_MS);
    assert_false(bench_alarm(&stand, ALARM_AT_RESERVOIR_SOON));
    pass(2 * (int64_t)DAY_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_RESERVOIR_SOON));
    assert_false(bench_alarm(&stand, ALARM_AT_RESERVOIR_LOW));
    assert_int_equal(bench_events(&stand, EVENT_ALARM_RAISED, NULL), 1);
    assert_int_equal(stand_refill(&stand, &drug, (vol_nl){ 19000000 }, NULL).reasons, 0);
    assert_false(bench_alarm(&stand, ALARM_AT_RESERVOIR_SOON));
}

/* Ten days by calculation, six by the sensor: the earlier date. */
static void a_sensor_that_shows_less_brings_the_date_forward(void **state)
{
    (void)state;
    begin();
    struct mixture drug = bench_drug(1000000);
    assert_int_equal(stand_refill(&stand, &drug, (vol_nl){ 13000000 }, NULL).reasons, 0);
    fakes.fill_fitted = true;
    fakes.fill_nl = 8000000;
    pass(3 * HOUR_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_RESERVOIR_SOON));
    assert_false(bench_alarm(&stand, ALARM_AT_RESERVOIR_LOW));
}

static void a_motor_that_turns_harder_than_in_its_first_month(void **state)
{
    (void)state;
    begin();
    assert_int_equal(bench_tell(&stand, COMMAND_MINIMUM).reasons, 0);
    fakes.load = 800;
    pass(33 * (int64_t)DAY_MS);
    fakes.load = 1200;
    pass(3 * (int64_t)DAY_MS);
    assert_false(bench_alarm(&stand, ALARM_AT_MOTOR_LOAD)); /* exactly half more */
    stand_reset(&stand); /* what it was when new is not forgotten */
    fakes.load = 1230;
    pass(3 * (int64_t)DAY_MS);
    assert_true(bench_alarm(&stand, ALARM_AT_MOTOR_LOAD));
    assert_int_equal(bench_events(&stand, EVENT_STALL, NULL), 0); /* before any stall */
    fakes.load = 900;
    pass(2 * (int64_t)DAY_MS);
    assert_false(bench_alarm(&stand, ALARM_AT_MOTOR_LOAD));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(warmth_must_last_for_its_onset),
        cmocka_unit_test(pressure_is_judged_where_it_is_measured),
        cmocka_unit_test(nonsense_is_ignored_and_logged_once),
        cmocka_unit_test(a_sensor_without_noise_is_stuck),
        cmocka_unit_test(the_smaller_volume_counts),
        cmocka_unit_test(a_week_before_the_end_it_says_so),
        cmocka_unit_test(a_sensor_that_shows_less_brings_the_date_forward),
        cmocka_unit_test(a_motor_that_turns_harder_than_in_its_first_month),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
