/* HZ-12: a fill sensor that is wrong. REQ-RSVR-06.
 *
 * A miscalibrated sensor alarmed early or late and gave the wrong date for the refill; patients ran dry. Here no single
 * source is trusted: the sensor is held against what was metered, a disagreement beyond the tolerance of a refill is an
 * alarm, and until it is resolved the smaller volume, and so the earlier date, counts. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/bedside.h"

static struct bedside bed;

static void start(void)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    struct pump_unit unit = bedside_unit("C20");
    struct twin_setup setup = bedside_setup("C20");
    setup.fill_sensor = true;
    assert_true(bedside_implant_unit(&bed, &unit, &setup, &morphine, 20 * NL_PER_ML));
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
}

static void test_a_sound_sensor_agrees_until_the_reservoir_is_low(void **state)
{
    (void)state;
    start();
    while (!bedside_alarmed(&bed, ALARM_AT_RESERVOIR_LOW))
        bedside_pass(&bed, HOUR_MS);
    assert_in_range(bed.rig.now.ms, 36 * (int64_t)DAY_MS - HOUR_MS, 36 * (int64_t)DAY_MS + HOUR_MS);
    assert_int_equal(bed.raised[ALARM_AT_RESERVOIR_DISAGREES], 0);
    assert_int_equal(bed.raised[ALARM_AT_RESERVOIR_SOON], 1); /* a week before the end, before "low" */
}

/* It shows too little: its own date is the earlier one. */
static void test_the_earlier_date_is_used_when_it_shows_less(void **state)
{
    (void)state;
    start();
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_SENSOR_WRONG, 0.5);
    bedside_pass(&bed, 3 * HOUR_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_RESERVOIR_DISAGREES));
    assert_int_equal(bed.raised[ALARM_AT_RESERVOIR_LOW], 0);
    while (!bedside_alarmed(&bed, ALARM_AT_RESERVOIR_LOW))
        bedside_pass(&bed, HOUR_MS);
    assert_in_range(bed.rig.now.ms, 31 * (int64_t)DAY_MS, 33 * (int64_t)DAY_MS); /* 4 mL there, 2 mL shown */
}

/* It shows too much, and the pump gives more than it counts: the truth is below both, and the sensor is no comfort. */
static void test_a_sensor_that_shows_plenty_delays_nothing(void **state)
{
    (void)state;
    start();
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_SENSOR_WRONG, 1.3);
    while (!bedside_alarmed(&bed, ALARM_AT_RESERVOIR_LOW))
        bedside_pass(&bed, HOUR_MS);
    assert_in_range(bed.rig.now.ms, 36 * (int64_t)DAY_MS - HOUR_MS, 36 * (int64_t)DAY_MS + HOUR_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_RESERVOIR_DISAGREES)); /* at first, and until a clinician has looked */
}

/* HZ-11, HZ-39: what no calculation can know, a sensor can: the pump gives a quarter more than it counts. */
static void test_a_sensor_finds_over_infusion(void **state)
{
    (void)state;
    start();
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_OVERINFUSION, 1.25);
    bedside_pass(&bed, 10 * (int64_t)DAY_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_RESERVOIR_DISAGREES));
    assert_true(rig_nl(bed.rig.twin.reservoir_m3).nl > 13 * NL_PER_ML); /* long before it is dry */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sound_sensor_agrees_until_the_reservoir_is_low),
        cmocka_unit_test(test_the_earlier_date_is_used_when_it_shows_less),
        cmocka_unit_test(test_a_sensor_that_shows_plenty_delays_nothing),
        cmocka_unit_test(test_a_sensor_finds_over_infusion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
