/* HZ-40: therapy resumes at the old dose after a long interruption. REQ-THER-20.
 *
 * Tolerance is lost in days. Deaths cluster in the first day after an intrathecal opioid is started or started
 * again. Without the control a pump resumes where it was. Here every way out of an interruption longer than the
 * drug's restart limit asks for an acknowledged re-titration, and none of the ways around that question works. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tests/hazard/clinician.h"

static struct bedside bed;
static struct therapy therapy;

static void start(int32_t safe_nl_day)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2); /* restart limit 24 h */
    therapy.safe_rate.nl_day = safe_nl_day;
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS);
}

static void test_a_long_stop_needs_a_new_titration(void **state)
{
    (void)state;
    start(0);
    assert_applied(bedside_do(&bed, COMMAND_STOP));
    bedside_pass(&bed, 24 * (int64_t)HOUR_MS);
    static struct bedside in_time;
    in_time = bed;
    assert_applied(bedside_resume(&in_time, false)); /* up to the limit the dose may go on */
    bedside_pass(&bed, 1);
    assert_refused(bedside_resume(&bed, false), VERDICT_RETITRATION);
    assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_RETITRATION);
    struct therapy lax = therapy;
    lax.restart_limit_hours = 720; /* the new therapy cannot forgive what the old one does not */
    assert_refused(bedside_activate(&bed, &lax, false), VERDICT_RETITRATION);
    bedside_reset(&bed, RIG_MEMORY_KEPT);
    assert_refused(bedside_resume(&bed, false), VERDICT_RETITRATION);
    int64_t moved = bedside_moved(&bed);
    bedside_pass(&bed, HOUR_MS);
    assert_int_equal(bedside_moved(&bed), moved);

    assert_applied(bedside_resume(&bed, true));
    assert_int_equal(bed.count[EVENT_RETITRATION], 1);
    assert_int_equal(bed.last[EVENT_RETITRATION].actor, ACTOR_CLINICIAN);
    bedside_pass(&bed, DAY_MS);
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
    assert_in_range(bedside_moved(&bed) - moved, 1999, 2001);
}

static void test_a_long_stall_needs_one_too(void **state)
{
    (void)state;
    start(0);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1);
    bedside_pass(&bed, 25 * (int64_t)HOUR_MS);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 0);
    bedside_pass(&bed, HOUR_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_INTERRUPTED_LONG));
    assert_int_equal(bedside_status(&bed).mode, MODE_SAFE);
    assert_refused(bedside_resume(&bed, false), VERDICT_RETITRATION);
    assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_RETITRATION);
    therapy.program.base.nl_day = 100000;
    assert_applied(bedside_activate(&bed, &therapy, true));
    bedside_pass(&bed, DAY_MS);
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING); /* and it does run */
    assert_int_equal(bedside_status(&bed).base.nl_day, 100000);
}

/* Many short stalls are not one long one. */
static void test_short_interruptions_do_not_add_up(void **state)
{
    (void)state;
    start(0);
    for (unsigned i = 0; i < 6; i++) {
        twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1);
        bedside_pass(&bed, 10 * HOUR_MS);
        twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 0);
        bedside_pass(&bed, HOUR_MS);
    }
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
    assert_int_equal(bed.raised[ALARM_AT_INTERRUPTED_LONG], 0);
}

/* A detour through the minimum rate does not make a long stop forgotten. */
static void test_a_long_stop_cannot_be_laundered_by_the_minimum(void **state)
{
    (void)state;
    start(0);
    assert_applied(bedside_do(&bed, COMMAND_STOP));
    bedside_pass(&bed, 100 * (int64_t)HOUR_MS);
    assert_applied(bedside_do(&bed, COMMAND_MINIMUM));
    bedside_pass(&bed, 2 * HOUR_MS);
    assert_refused(bedside_resume(&bed, false), VERDICT_RETITRATION);
    assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_RETITRATION);
    bedside_pass(&bed, DAY_MS);
    assert_int_equal(bedside_status(&bed).mode, MODE_MINIMUM); /* the clinician's minimum stays what it is */
    assert_applied(bedside_resume(&bed, true));
}

/* Nothing flows while the power is off, whatever the reason: that too is an interruption. */
static void test_a_long_time_without_power_needs_one_too(void **state)
{
    (void)state;
    start(48000);
    struct rig_reset off = { .cause = BOOT_BROWN_OUT, .off = { 10 * (int64_t)DAY_MS } };
    rig_reset_as(&bed.rig, &off);
    bedside_pass(&bed, 10 * (int64_t)DAY_MS + HOUR_MS);
    assert_int_equal(bedside_status(&bed).mode, MODE_SAFE);
    assert_true((bedside_status(&bed).alarms & ((uint32_t)1 << ALARM_AT_INTERRUPTED_LONG)) != 0);
    assert_refused(bedside_resume(&bed, false), VERDICT_RETITRATION);
    assert_applied(bedside_resume(&bed, true));
    off.off.ms = 20 * HOUR_MS; /* within the limit therapy goes on */
    rig_reset_as(&bed.rig, &off);
    bedside_pass(&bed, DAY_MS);
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
}

/* With the clock and the retained memory both gone nobody knows how long the power was off: the safe rate, and a question. */
static void test_a_stop_of_unknown_length_needs_one_too(void **state)
{
    (void)state;
    static const int64_t OFF_MS[] = { 0, 90 * MINUTE_MS, 10 * (int64_t)DAY_MS };
    for (unsigned i = 0; i < sizeof OFF_MS / sizeof OFF_MS[0]; i++) {
        start(48000);
        struct rig_reset off = { BOOT_POWER, { OFF_MS[i] }, RIG_MEMORY_LOST, 0, true };
        if (i == 1) {
            off.cause = BOOT_BROWN_OUT;
            off.memory = RIG_MEMORY_RANDOM;
        }
        rig_reset_as(&bed.rig, &off);
        bedside_pass(&bed, OFF_MS[i] + 1);
        assert_int_equal(bedside_status(&bed).mode, MODE_SAFE);
        assert_int_equal(bedside_status(&bed).base.nl_day, 48000); /* lowered, not stopped */
        assert_true(bedside_alarmed(&bed, ALARM_AT_INTERRUPTED_LONG));
        assert_true(bedside_alarmed(&bed, ALARM_AT_CLOCK_LOST));
        assert_refused(bedside_resume(&bed, false), VERDICT_RETITRATION);
        assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_RETITRATION);
        bedside_pass(&bed, 40 * (int64_t)DAY_MS); /* longer than any restart limit: it does not answer itself */
        bedside_reset(&bed, RIG_MEMORY_LOST);
        assert_refused(bedside_resume(&bed, false), VERDICT_RETITRATION);
        assert_applied(bedside_resume(&bed, true));
        assert_int_equal(bed.last[EVENT_RETITRATION].field[0], -1);
        bedside_pass(&bed, HOUR_MS);
        assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
    }
}

/* A clock that is lost alone: the retained memory would not have lasted longer, so it cannot have been long. */
static void test_a_lost_clock_alone_starves_nobody(void **state)
{
    (void)state;
    start(0);
    struct rig_reset off = { .cause = BOOT_BROWN_OUT, .clock_lost = true };
    for (unsigned i = 0; i < 4; i++) {
        rig_reset_as(&bed.rig, &off);
        bedside_pass(&bed, 13 * HOUR_MS);
        assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
        assert_true(bedside_alarmed(&bed, ALARM_AT_CLOCK_LOST));
    }
    off = (struct rig_reset){ .cause = BOOT_WATCHDOG, .memory = RIG_MEMORY_LOST, .clock_lost = true };
    rig_reset_as(&bed.rig, &off); /* nor when the core alone starts again: the power was never off */
    bedside_pass(&bed, HOUR_MS);
    assert_int_equal(bedside_status(&bed).mode, MODE_RUNNING);
}

/* A clinician's stop that the clock did not see to its end may have been a long one. */
static void test_a_stop_without_a_clock_is_of_unknown_length(void **state)
{
    (void)state;
    start(48000);
    assert_applied(bedside_do(&bed, COMMAND_STOP));
    struct rig_reset off = { .cause = BOOT_POWER, .off = { 3 * (int64_t)DAY_MS }, .clock_lost = true };
    rig_reset_as(&bed.rig, &off);
    bedside_pass(&bed, 3 * (int64_t)DAY_MS + MINUTE_MS);
    assert_int_equal(bedside_status(&bed).mode, MODE_STOPPED);
    assert_refused(bedside_resume(&bed, false), VERDICT_RETITRATION);
    assert_applied(bedside_resume(&bed, true));
}

/* A pump without power cannot call. So often just within the limit is beyond it; with as long a flow between it is not. */
static void test_times_without_power_add_up(void **state)
{
    (void)state;
    static const int64_t BETWEEN_MS[] = { 10 * MINUTE_MS, 24 * (int64_t)HOUR_MS };
    for (unsigned kept = 0; kept < 2; kept++) {
        for (unsigned i = 0; i < 2; i++) {
            start(48000);
            bedside_pass(&bed, 2 * (int64_t)DAY_MS); /* from then on the limits bound what a loss counts as commanded */
            struct rig_reset off = { .cause = BOOT_POWER, .off = { 23 * (int64_t)HOUR_MS + 50 * MINUTE_MS } };
            if (!kept) { /* the last moment known lies up to an hour before */
                off.off.ms -= HOUR_MS;
                off.memory = RIG_MEMORY_LOST;
            }
            for (unsigned times = 0; times < (kept ? 6u : 3u); times++) { /* it empties by reckoning */
                rig_reset_as(&bed.rig, &off);
                bedside_pass(&bed, off.off.ms + BETWEEN_MS[i] + HOUR_MS / 6);
                assert_int_equal(bedside_status(&bed).mode, i == 1 || times == 0 ? MODE_RUNNING : MODE_SAFE);
            }
            assert_int_equal(bed.raised[ALARM_AT_INTERRUPTED_LONG] > 0, i == 0);
        }
    }
}

/* What was missed is forgotten once it has flowed as long, and not before: a new therapy with a shorter limit asks. */
static void test_an_interruption_is_made_good_by_as_long_a_flow(void **state)
{
    (void)state;
    start(0);
    struct rig_reset off = { .cause = BOOT_POWER, .off = { 10 * (int64_t)HOUR_MS } };
    rig_reset_as(&bed.rig, &off);
    bedside_pass(&bed, 19 * (int64_t)HOUR_MS);
    therapy.restart_limit_hours = 4;
    assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_RETITRATION);
    bedside_pass(&bed, 3 * (int64_t)HOUR_MS);
    assert_applied(bedside_activate(&bed, &therapy, false));
}

/* A stall before and after a long time without power is one interruption with it. */
static void test_a_stall_does_not_hide_the_time_without_power(void **state)
{
    (void)state;
    start(48000);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1);
    bedside_pass(&bed, HOUR_MS);
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 0);
    struct rig_reset off = { .cause = BOOT_POWER, .off = { 10 * (int64_t)DAY_MS } };
    rig_reset_as(&bed.rig, &off);
    bedside_pass(&bed, 10 * (int64_t)DAY_MS + HOUR_MS);
    assert_int_equal(bedside_status(&bed).mode, MODE_SAFE);
    assert_refused(bedside_resume(&bed, false), VERDICT_RETITRATION);
}

/* At the clinic's end the same dose after two days is held until somebody says that it was found anew. */
static void test_the_clinic_asks_for_titration_too(void **state)
{
    (void)state;
    static struct bedside at;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    clinician_implant(&at, "C20", &morphine);
    struct therapy same = bedside_therapy(&at, &morphine, NL_PER_ML / 2);
    bedside_treat(&at, &same);
    assert_applied(bedside_do(&at, COMMAND_STOP));
    bedside_pass(&at, 2 * (int64_t)DAY_MS);
    clinician.wanted = same;
    clinician_upto(WORK_PROGRAM, STEP_AT_THERAPY);
    assert_held_hard(RULE_RESTART, "how long it was stopped was not said");
    strcpy(clinician.answers.therapy.stopped_for, "2 d");
    assert_held_hard(RULE_RESTART, "interrupted for 2 d, and after more than 1 d the tolerance for morphine may be gone");
    clinician.answers.therapy.retitrated = true;
    assert_int_equal(clinician_give(), GIVEN_ON);
    clinician_finish();
    assert_int_equal(clinician.workflow.change, CHANGE_APPLIED);
    assert_int_equal(at.count[EVENT_RETITRATION], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_long_stop_needs_a_new_titration),
        cmocka_unit_test(test_a_long_stall_needs_one_too),
        cmocka_unit_test(test_a_long_time_without_power_needs_one_too),
        cmocka_unit_test(test_a_stop_of_unknown_length_needs_one_too),
        cmocka_unit_test(test_a_lost_clock_alone_starves_nobody),
        cmocka_unit_test(test_a_stop_without_a_clock_is_of_unknown_length),
        cmocka_unit_test(test_times_without_power_add_up),
        cmocka_unit_test(test_an_interruption_is_made_good_by_as_long_a_flow),
        cmocka_unit_test(test_a_stall_does_not_hide_the_time_without_power),
        cmocka_unit_test(test_short_interruptions_do_not_add_up),
        cmocka_unit_test(test_a_long_stop_cannot_be_laundered_by_the_minimum),
        cmocka_unit_test(test_the_clinic_asks_for_titration_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
