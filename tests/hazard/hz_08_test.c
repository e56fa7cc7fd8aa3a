/* HZ-08: a short between feedthroughs stalls or resets the pump, again and again. REQ-PWR-03, -05.
 *
 * Moisture bridged two feedthroughs; the pump reset itself until the patient had no therapy, and nobody was told why.
 * Here the current between them is measured within every day, and beyond its threshold the pump says so and goes on at
 * the therapy's own safe rate; and the third start that nobody asked for within a day holds that rate until a clinician has
 * looked. That causes and counts of starts outlive the loss of the retained memory is for the log in flash. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/bedside.h"

#include "pump/standing.h"
#include "pump/supervisor.h"

static struct bedside bed;
static struct therapy therapy;

static void start(void)
{
    struct mixture baclofen = bedside_drug(DRUG_BACLOFEN, 2 * NG_PER_MG);
    bedside_implant(&bed, "C20", &baclofen);
    therapy = bedside_therapy(&bed, &baclofen, NL_PER_ML / 2);
    therapy.safe_rate.nl_day = 100000; /* an abrupt stop of baclofen is a hazard itself */
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS);
}

static void test_leakage_is_found_within_a_day(void **state)
{
    (void)state;
    start();
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_LEAKAGE, 5000);
    bedside_pass(&bed, 2 * (int64_t)DAY_MS);
    assert_int_equal(bedside_status(&bed).alarms, 0); /* damp is not a short */
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_LEAKAGE, 50000);
    bedside_pass(&bed, DAY_MS);
    assert_int_equal(bed.count[EVENT_SELFTEST], 1);
    assert_in_range(bed.last[EVENT_SELFTEST].field[1], 50000, 50010);
    assert_true(bedside_alarmed(&bed, ALARM_AT_SELFTEST));
    assert_int_equal(bed.rig.twin.tone, TONE_DUAL);
    struct pump_status status = bedside_status(&bed);
    assert_int_equal(status.mode, MODE_SAFE);
    assert_int_equal(status.base.nl_day, 100000);
    int64_t moved = bedside_moved(&bed);
    bedside_pass(&bed, 10 * (int64_t)DAY_MS);
    assert_in_range(bedside_moved(&bed) - moved, 3999, 4001); /* 100 uL a day, not a stop */
    assert_refused(bedside_resume(&bed, true), VERDICT_LATCHED_SAFE);
    assert_refused(bedside_activate(&bed, &therapy, true), VERDICT_LATCHED_SAFE);
}

/* A short resets the core. */
static void shorted(enum boot_cause cause)
{
    struct rig_reset reset = { .cause = cause, .memory = RIG_MEMORY_KEPT };
    rig_reset_as(&bed.rig, &reset);
    bedside_pass(&bed, 0);
}

static void test_the_third_reset_of_a_day_holds_the_safe_rate(void **state)
{
    (void)state;
    start();
    for (unsigned i = 0; i < 3; i++) {
        bedside_pass(&bed, HOUR_MS);
        assert_int_equal(bedside_status(&bed).base.nl_day, NL_PER_ML / 2);
        shorted(i == 1 ? BOOT_WATCHDOG : BOOT_BROWN_OUT);
    }
    bedside_pass(&bed, MINUTE_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_RESETS));
    assert_int_equal(bed.count[EVENT_RESETS], 1);
    assert_int_equal(bed.count[EVENT_BOOT], 4);
    for (unsigned i = 0; i < 50; i++) { /* however often it goes on: never a stop, never the program */
        bedside_pass(&bed, 37 * MINUTE_MS);
        shorted(BOOT_BROWN_OUT);
        assert_int_equal(bedside_status(&bed).base.nl_day, 100000);
    }
    assert_refused(bedside_resume(&bed, false), VERDICT_LATCHED_SAFE);
    struct command clear = { .kind = COMMAND_CLEAR_ALARM, .alarm = ALARM_RESETS };
    assert_applied(bedside_give(&bed, ROLE_CLINICIAN, clear));
    assert_applied(bedside_resume(&bed, false));
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leakage_is_found_within_a_day),
        cmocka_unit_test(test_the_third_reset_of_a_day_holds_the_safe_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
