/* HZ-03: after a scan the motor restarts late, and stall and recovery are logged late or never. REQ-THER-21, REQ-ALRM-05,
 * REQ-STOR-08.
 *
 * A scanner's field holds a rotor still. Pumps were found standing after scans, with a log that knew of it only once
 * somebody asked, and settings could have changed. Here the program is kept, every due quantum is tried, the field is
 * named as the cause of the stall, both ends of both are in the log with their times though nobody interrogates, a rotor
 * that stands after the field has an alarm of its own, and a program that changed is reloaded. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tests/hazard/bedside.h"

static struct bedside bed;

static void start(void)
{
    struct mixture baclofen = bedside_drug(DRUG_BACLOFEN, 2 * NG_PER_MG);
    bedside_implant(&bed, "C20", &baclofen);
    struct therapy therapy = bedside_therapy(&bed, &baclofen, NL_PER_ML / 2); /* a quantum every 43.2 s */
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS);
}

static void test_a_scan_is_logged_with_its_times_and_the_program_goes_on(void **state)
{
    (void)state;
    for (unsigned planned = 0; planned < 2; planned++) {
        start();
        uint8_t token[TOKEN_BYTES];
        struct pump_status before = bedside_status(&bed);
        memcpy(token, before.token, sizeof token);
        if (planned)
            assert_applied(bedside_do(&bed, COMMAND_MRI_BEGIN));
        uint32_t tones = bed.rig.twin.tones;
        int64_t moved = bedside_moved(&bed), began = bed.rig.now.ms;
        twin_set_fault(&bed.rig.twin, TWIN_FAULT_FIELD, 1);
        bedside_pass(&bed, 40 * MINUTE_MS);
        assert_in_range(bedside_moved(&bed) - moved, 0, 1);
        assert_true(bedside_alarmed(&bed, ALARM_AT_FIELD));
        assert_false(bedside_alarmed(&bed, ALARM_AT_MOTOR_STALL)); /* one cause, one alarm */
        assert_int_equal(bed.rig.twin.tones > tones, !planned);
        int64_t ended = bed.rig.now.ms;
        twin_set_fault(&bed.rig.twin, TWIN_FAULT_FIELD, 0);
        bedside_pass(&bed, 20 * MINUTE_MS);

        struct pump_status after = bedside_status(&bed);
        assert_int_equal(after.mode, MODE_RUNNING);
        assert_int_equal(after.base.nl_day, NL_PER_ML / 2);
        assert_memory_equal(after.token, token, sizeof token);
        assert_int_equal(after.alarms, 0);
        assert_in_range(bedside_moved(&bed) - moved, 26, 29); /* 20 minutes' worth: the missed ones are not made up */
        assert_int_equal(bed.count[EVENT_STALL], 1);
        assert_in_range(bed.last[EVENT_STALL].at.ms, began, began + 44000);
        assert_int_equal(bed.count[EVENT_STALL_END], 1);
        assert_in_range(bed.last[EVENT_STALL_END].at.ms, ended, ended + 2 * 44000);
        assert_int_equal(bed.count[EVENT_FIELD], 2);
        assert_in_range(bed.last[EVENT_FIELD].at.ms, ended, ended + MINUTE_MS);
        assert_in_range(bed.last[EVENT_FIELD].field[1], 39 * MINUTE_MS, 41 * MINUTE_MS);
        assert_int_equal(bed.last[EVENT_FIELD].field[2], after.missed_quanta);
    }
}

/* Two to twenty-four hours were seen until a rotor turned again. */
static void test_a_rotor_that_rests_after_the_scan_is_told_at_once(void **state)
{
    (void)state;
    start();
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_FIELD, 1);
    bedside_pass(&bed, 30 * MINUTE_MS);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_FIELD_REST, 1);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_FIELD, 0);
    uint32_t tones = bed.rig.twin.tones;
    bedside_pass(&bed, 3 * MINUTE_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_MOTOR_STALL));
    assert_false(bedside_alarmed(&bed, ALARM_AT_FIELD));
    assert_true(bed.rig.twin.tones > tones);
    bedside_pass(&bed, 4 * HOUR_MS);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_FIELD_REST, 0);
    bedside_pass(&bed, 2 * MINUTE_MS);
    assert_int_equal(bed.count[EVENT_STALL], 1); /* one standstill from the field on */
    assert_int_equal(bed.count[EVENT_STALL_END], 1);
    assert_in_range(bed.last[EVENT_STALL_END].field[1], 4 * HOUR_MS + 30 * MINUTE_MS, 4 * HOUR_MS + 40 * MINUTE_MS);
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
}

static void test_a_program_that_changed_in_the_scanner_is_reloaded(void **state)
{
    (void)state;
    start();
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_FIELD, 1);
    bedside_pass(&bed, 10 * MINUTE_MS);
    bed.rig.pump.therapy.program.base.nl_day ^= 1 << 19; /* a bit of ordinary memory */
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_FIELD, 0);
    bedside_pass(&bed, HOUR_MS);
    assert_int_equal(bed.count[EVENT_MENDED], 1);
    assert_true(bedside_alarmed(&bed, ALARM_AT_STORE_DAMAGED));
    assert_int_equal(bed.rig.pump.therapy.program.base.nl_day, NL_PER_ML / 2);
    assert_int_equal(bedside_status(&bed).base.nl_day, NL_PER_ML / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_scan_is_logged_with_its_times_and_the_program_goes_on),
        cmocka_unit_test(test_a_rotor_that_rests_after_the_scan_is_told_at_once),
        cmocka_unit_test(test_a_program_that_changed_in_the_scanner_is_reloaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
