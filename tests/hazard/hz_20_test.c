/* HZ-20: telemetry mode and an alarm block each other. REQ-ALRM-10, REQ-LINK-08.
 *
 * Interference of a scanner woke pumps into telemetry mode while an alarm sounded, and there they stayed: no
 * therapy until somebody interrogated them. There is no radio yet; what can be shown is its cause removed: an
 * interrogation is no mode at all and changes not one byte, and alarms sound in every mode and after every reset. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tests/hazard/clinician.h"

static void start(struct bedside *bed)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(bed, &morphine, NL_PER_ML / 2);
    therapy.safe_rate.nl_day = 100000;
    therapy.restart_limit_hours = 1;
    bedside_treat(bed, &therapy);
    bedside_pass(bed, HOUR_MS);
}

static void test_an_interrogation_while_an_alarm_sounds_changes_nothing(void **state)
{
    (void)state;
    static struct bedside left_alone, asked;
    start(&left_alone);
    twin_set_fault(&left_alone.rig.twin, TWIN_FAULT_STALL, 1);
    bedside_pass(&left_alone, 10 * MINUTE_MS);
    asked = left_alone;
    for (unsigned i = 0; i < 600; i++) {
        uint8_t bytes[THERAPY_BYTES_MAX];
        struct board board = twin_board(&asked.rig.twin);
        (void)bedside_status(&asked);
        assert_true(pump_therapy(&board, bytes) > 0);
        bedside_pass(&asked, 1000);
        bedside_pass(&left_alone, 1000);
    }
    assert_memory_equal(&asked.rig, &left_alone.rig, sizeof asked.rig);
    assert_true(left_alone.rig.twin.tones > 1);
}

/* Memory is lost in each mode: the alarm that tells of it stands, sounds, and is told again after another reset. */
static void test_alarms_sound_in_every_mode_and_after_every_reset(void **state)
{
    (void)state;
    static struct bedside bed;
    for (enum mode mode = MODE_RUNNING; mode <= MODE_EMPTY; mode++) {
        start(&bed);
        if (mode == MODE_MINIMUM)
            assert_applied(bedside_do(&bed, COMMAND_MINIMUM));
        if (mode == MODE_STOPPED)
            assert_applied(bedside_do(&bed, COMMAND_STOP));
        if (mode == MODE_SAFE) {
            twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1);
            bedside_pass(&bed, 2 * HOUR_MS);
            twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 0);
        }
        if (mode == MODE_EMPTY) {
            struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
            assert_applied(bedside_refill(&bed, &morphine, 20000, NULL, false));
            bedside_pass(&bed, 2 * HOUR_MS);
        }
        assert_int_equal(bedside_status(&bed).mode, mode);
        struct kept *kept = (struct kept *)(void *)bed.rig.twin.retained;
        kept->governor.watch[WINDOW_DAY].window[0].sum_fg ^= 64; /* a flipped bit */
        unsigned raised = bed.raised[ALARM_AT_MEMORY_LOST];
        uint32_t tones = bed.rig.twin.tones;
        bedside_reset(&bed, RIG_MEMORY_KEPT);
        bedside_pass(&bed, 20 * MINUTE_MS);
        assert_int_equal(bed.raised[ALARM_AT_MEMORY_LOST], raised + 1);
        assert_true(bed.rig.twin.tones > tones);
        assert_int_equal(bedside_status(&bed).mode, mode);
        bedside_reset(&bed, RIG_MEMORY_KEPT);
        assert_true(bedside_alarmed(&bed, ALARM_AT_MEMORY_LOST));
        tones = bed.rig.twin.tones;
        bedside_pass(&bed, 20 * MINUTE_MS);
        assert_true(bed.rig.twin.tones > tones);
    }
}

/* After a scan the clinic's workflow asks the pump twice, a while apart: a recovery may show only then. */
static void test_after_a_scan_the_pump_is_asked_twice(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    clinician_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, HOUR_MS);
    clinician_upto(WORK_MRI_BEFORE, STEPS);
    int64_t before_nl = clinician.workflow.after.metered.nl;
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1); /* the field holds the rotor */
    bedside_pass(&bed, HOUR_MS);
    clinician_upto(WORK_MRI_AFTER, STEP_AT_WATCH);
    struct interrogation first = clinician.workflow.after;
    assert_true(before_nl > 20000);
    assert_in_range(first.metered.nl - before_nl, 0, 250); /* a quantum at most: an hour gives 83 */
    assert_held_hard(RULE_WATCH, "min more");
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 0);
    clinician_do();
    assert_int_equal(workflow_step(&clinician.workflow), STEP_AT_AGAIN);
    clinician_do();
    assert_true(clinician.workflow.after.now.ms >= first.now.ms + WORKFLOW_MRI_MS);
    assert_true(clinician.workflow.after.metered.nl > first.metered.nl); /* it turns again */
    assert_true(clinician.workflow.as_sent);
    assert_int_equal(clinician.workflow.ending, ENDING_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_interrogation_while_an_alarm_sounds_changes_nothing),
        cmocka_unit_test(test_alarms_sound_in_every_mode_and_after_every_reset),
        cmocka_unit_test(test_after_a_scan_the_pump_is_asked_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
