/* HZ-18: a particle in the motor stops it, and the alarm must outlive the fault. REQ-ALRM-05.
 *
 * Five motors were stopped by a particle; in each case the alarm was what saved the patient. So the alarm must not
 * hang on the software that failed. Here the motor driver, a part of its own, sounds a stall by itself when nobody
 * fetches its results; and a pump that is reset in the middle of a stall finds and tells it again. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/bedside.h"

/* A core that goes on writing keys but has lost its main loop: it never fetches a result. */
static void test_the_driver_sounds_by_itself_when_the_main_loop_is_dead(void **state)
{
    (void)state;
    struct twin twin;
    struct twin_setup setup = bedside_setup("C20");
    assert_true(twin_init(&twin, &setup));
    struct board board = twin_board(&twin);
    struct motor_budget budget = { 800, ~UINT32_C(800), 100, ~UINT32_C(100), 1000, ~UINT32_C(1000) };
    board.doors->motor_budget(board.hardware, &budget);
    twin_set_fault(&twin, TWIN_FAULT_STALL, 1);
    for (uint32_t i = 1; i <= 60; i++) {
        twin_advance(&twin, (instant_ms){ (int64_t)i * MINUTE_MS });
        board.doors->motor_key_engine(board.hardware, i);
        board.doors->motor_key_governor(board.hardware, ~i);
        twin_advance(&twin, (instant_ms){ (int64_t)i * MINUTE_MS + 10000 });
    }
    assert_true(twin.tones > 0);
    assert_int_equal(twin.tone, TONE_DUAL);
}

static void test_a_reset_during_a_stall_tells_it_again(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, HOUR_MS);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1);
    bedside_pass(&bed, HOUR_MS);
    assert_int_equal(bed.raised[ALARM_AT_MOTOR_STALL], 1);
    bedside_reset(&bed, RIG_MEMORY_KEPT);
    uint32_t tones = bed.rig.twin.tones;
    bedside_pass(&bed, 2 * MINUTE_MS);
    assert_int_equal(bed.raised[ALARM_AT_MOTOR_STALL], 2);
    assert_true(bed.rig.twin.tones > tones);
    /* the interruption is reckoned from before the reset */
    assert_true(bedside_status(&bed).interrupted_since.ms < bed.rig.now.ms - 50 * MINUTE_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_driver_sounds_by_itself_when_the_main_loop_is_dead),
        cmocka_unit_test(test_a_reset_during_a_stall_tells_it_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
