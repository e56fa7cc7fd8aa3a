/* HZ-02: the motor stalls and therapy ends unnoticed. REQ-ALRM-05, REQ-THER-19.
 *
 * A worn motor is told to turn and does not. A pump that books what it commanded reports a therapy that nobody
 * receives, until withdrawal tells. Here the encoder decides: the first quantum without motion raises the alarm and
 * both ends of the stall are in the log with their times; what was missed is never made up. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/bedside.h"

static void test_a_stall_is_heard_at_the_first_quantum_and_logged_with_both_ends(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2); /* a quantum every 43.2 s */
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS);

    int64_t moved = bedside_moved(&bed), began = bed.rig.now.ms;
    uint32_t tones = bed.rig.twin.tones;
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1);
    bedside_pass(&bed, MINUTE_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_MOTOR_STALL));
    assert_true(bed.rig.twin.tones > tones);
    assert_int_equal(bed.rig.twin.tone, TONE_DUAL);
    assert_int_equal(bed.count[EVENT_STALL], 1);
    assert_in_range(bed.last[EVENT_STALL].at.ms, began, began + 44000);

    bedside_pass(&bed, 3 * HOUR_MS);
    assert_int_equal(bed.count[EVENT_STALL], 1); /* one stall, not one for each quantum */
    int64_t ended = bed.rig.now.ms;
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 0);
    bedside_pass(&bed, MINUTE_MS);
    assert_false(bedside_alarmed(&bed, ALARM_AT_MOTOR_STALL));
    assert_int_equal(bed.count[EVENT_STALL_END], 1);
    assert_in_range(bed.last[EVENT_STALL_END].at.ms, ended, ended + 44000);
    assert_in_range(bed.last[EVENT_STALL_END].field[1], 3 * HOUR_MS, 3 * HOUR_MS + 2 * MINUTE_MS);
    assert_in_range(bedside_moved(&bed) - moved, 1, 3); /* the missed 250 quanta are not made up */
}

/* The rotor may stand for a while and move again: each stall is one entry, and after each the therapy goes on. */
static void test_each_stall_has_its_own_entry(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML);
    bedside_treat(&bed, &therapy);
    for (unsigned i = 1; i <= 5; i++) {
        twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1);
        bedside_pass(&bed, 10 * MINUTE_MS);
        twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 0);
        bedside_pass(&bed, 2 * HOUR_MS);
        assert_int_equal(bed.count[EVENT_STALL], i);
        assert_int_equal(bed.count[EVENT_STALL_END], i);
        assert_int_equal(bed.raised[ALARM_AT_MOTOR_STALL], i);
    }
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stall_is_heard_at_the_first_quantum_and_logged_with_both_ends),
        cmocka_unit_test(test_each_stall_has_its_own_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
