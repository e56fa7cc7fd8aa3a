/* HZ-26: a pump is left stopped by a programming error. REQ-THER-05, REQ-ALRM-04, REQ-LINK-06.
 *
 * A pump was stopped by mistake and nobody knew; the patient came with withdrawal and failing organs. Without the
 * control a stopped pump is a silent one. Here no table entry but a clinician's stop leads to *stopped*, and after 48
 * hours even that stop cries, at the highest priority, through resets, until somebody ends it. */
// SPDX-License-Identifier: Apache-2.0
#include "pump/supervisor.h"
#include "tests/hazard/bedside.h"

static void test_a_stop_cries_after_48_hours_and_goes_on(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    therapy.under_delivery = PRIORITY_LOW; /* the drug may be harmless: the alarm is not */
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS);
    assert_applied(bedside_do(&bed, COMMAND_STOP));
    bedside_pass(&bed, 48 * (int64_t)HOUR_MS - 1);
    assert_int_equal(bed.raised[ALARM_AT_STOPPED_LONG], 0);
    bedside_pass(&bed, 1);
    assert_int_equal(bed.raised[ALARM_AT_STOPPED_LONG], 1);
    assert_int_equal(bed.last[EVENT_ALARM_RAISED].field[1], ALARM_PRIORITY_HIGH);
    uint32_t tones = bed.rig.twin.tones;
    bedside_pass(&bed, HOUR_MS);
    assert_int_equal(bed.rig.twin.tone, TONE_DUAL);
    assert_in_range(bed.rig.twin.tones - tones, 5, 7); /* every ten minutes */

    bedside_reset(&bed, RIG_MEMORY_KEPT);
    assert_true(bedside_alarmed(&bed, ALARM_AT_STOPPED_LONG));
    tones = bed.rig.twin.tones;
    bedside_pass(&bed, HOUR_MS);
    assert_true(bed.rig.twin.tones > tones);
    assert_int_equal(bedside_status(&bed).mode, MODE_STOPPED); /* a reset does not undo a clinician's choice either */
}

/* A reset in the middle of a stop does not set the 48 hours back. */
static void test_resets_do_not_put_it_off(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    assert_applied(bedside_do(&bed, COMMAND_STOP));
    for (unsigned hours = 0; hours < 48; hours += 4) {
        bedside_reset(&bed, RIG_MEMORY_KEPT);
        assert_applied(bedside_do(&bed, COMMAND_STOP)); /* nor does another stop */
        bedside_pass(&bed, 4 * HOUR_MS);
    }
    assert_true(bedside_alarmed(&bed, ALARM_AT_STOPPED_LONG));
}

/* The whole table: nothing but a stop leads to STOPPED. */
static void test_nothing_but_a_stop_stops(void **state)
{
    (void)state;
    for (uint8_t mode = 0; mode < UINT8_MAX; mode++)
        for (unsigned happening = 0; happening < HAPPENINGS; happening++)
            if (happening != HAPPENING_STOP && mode != MODE_STOPPED)
                assert_int_not_equal(supervisor_next(mode, (enum happening)happening), MODE_STOPPED);
}

/* After a bolus, however it ended, the base goes on. */
static void test_after_a_bolus_the_base_goes_on(void **state)
{
    (void)state;
    static struct bedside bed, fork;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS);
    assert_applied(bedside_bolus(&bed, 50000, 4 * NL_PER_ML)); /* 18 minutes */
    bedside_pass(&bed, 5 * MINUTE_MS);
    for (unsigned way = 0; way < 4; way++) {
        fork = bed;
        if (way == 1)
            assert_applied(bedside_do(&fork, COMMAND_CANCEL_COURSE));
        if (way == 2)
            bedside_reset(&fork, RIG_MEMORY_KEPT);
        if (way == 3) {
            twin_set_fault(&fork.rig.twin, TWIN_FAULT_STALL, 1);
            bedside_pass(&fork, 2 * MINUTE_MS);
            twin_set_fault(&fork.rig.twin, TWIN_FAULT_STALL, 0);
        }
        bedside_pass(&fork, HOUR_MS);
        assert_int_equal(fork.count[EVENT_COURSE_END], 1);
        assert_int_equal(bedside_status(&fork).mode, MODE_RUNNING);
        assert_int_equal(bedside_status(&fork).base.nl_day, NL_PER_ML / 2);
        int64_t moved = bedside_moved(&fork);
        bedside_pass(&fork, DAY_MS);
        assert_in_range(bedside_moved(&fork) - moved, 1999, 2001);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stop_cries_after_48_hours_and_goes_on),
        cmocka_unit_test(test_resets_do_not_put_it_off),
        cmocka_unit_test(test_nothing_but_a_stop_stops),
        cmocka_unit_test(test_after_a_bolus_the_base_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
