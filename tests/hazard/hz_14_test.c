/* HZ-14: the shaft wears until the motor stalls. REQ-PWR-09.
 *
 * Worn shafts were behind most stalls of returned pumps; nothing told of them before therapy ended. Here the load of the
 * motor is held against that of its own first month, and a rise is told while the motor still turns. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/bedside.h"

static struct bedside bed;

static void start(void)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, 100000); /* a fill lasts 200 days */
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, 35 * (int64_t)DAY_MS);
    assert_int_equal(bed.raised[ALARM_AT_MOTOR_LOAD], 0);
}

static void test_a_motor_that_wears_is_told_before_it_stalls(void **state)
{
    (void)state;
    start();
    twin_set_load(&bed.rig.twin, 2.0, 100 * (int64_t)DAY_MS);
    bedside_pass(&bed, 48 * (int64_t)DAY_MS);
    assert_int_equal(bed.raised[ALARM_AT_MOTOR_LOAD], 0); /* not yet half more */
    bedside_pass(&bed, 6 * (int64_t)DAY_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_MOTOR_LOAD));
    assert_int_equal(bed.count[EVENT_STALL], 0);
    assert_int_equal(bed.rig.twin.tone, TONE_SINGLE);
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING); /* it can safely go on, so it does */
    int64_t raised = bed.raised[ALARM_AT_MOTOR_LOAD];
    bedside_pass(&bed, 20 * (int64_t)DAY_MS);
    assert_int_equal(bed.raised[ALARM_AT_MOTOR_LOAD], raised); /* one alarm, not one a day */
}

static void test_a_sound_motor_is_never_told_of(void **state)
{
    (void)state;
    start();
    twin_set_load(&bed.rig.twin, 1.4, 60 * (int64_t)DAY_MS);
    bedside_pass(&bed, 90 * (int64_t)DAY_MS);
    assert_int_equal(bed.raised[ALARM_AT_MOTOR_LOAD], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_motor_that_wears_is_told_before_it_stalls),
        cmocka_unit_test(test_a_sound_motor_is_never_told_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
