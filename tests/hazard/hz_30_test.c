/* HZ-30: false or endless alarms teach people to silence them all. REQ-THER-10, REQ-ALRM-09, REQ-ALRM-11.
 *
 * A pump that beeps at every refused press, and beeps twice for one fault, is silenced for good, and the alarm that
 * mattered with it. Here a refusal is an answer (every reason, and when it would be granted) and never a sound; one
 * cause is one alarm; a sound can be paused by the patient, the pause ends by itself, and a new condition ends it at
 * once. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/bedside.h"

static struct bedside bed;

static void start(void)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 2);
    bedside_permit(&therapy, 5000, 4 * NL_PER_ML, 60, 3);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, HOUR_MS);
}

static void test_a_thousand_refusals_make_no_sound(void **state)
{
    (void)state;
    start();
    unsigned refused = 0;
    for (unsigned i = 0; i < 1000; i++) {
        struct receipt receipt = bedside_press(&bed);
        if (receipt.reasons != 0) {
            refused++;
            assert_true(receipt.earliest.ms > bed.rig.now.ms); /* it says when */
            assert_true(receipt.earliest.ms < INSTANT_NEVER.ms);
        }
        bedside_pass(&bed, 2 * MINUTE_MS);
    }
    assert_true(refused > 990);
    assert_int_equal(bed.count[EVENT_REFUSED], refused);
    assert_int_equal(bed.count[EVENT_ALARM_RAISED], 0);
    assert_int_equal(bed.rig.twin.tones, 0);
}

/* The time told is the truth: a moment before it the same press is refused, at it granted. */
static void test_the_earliest_time_is_kept(void **state)
{
    (void)state;
    start();
    for (unsigned i = 0; i < 20; i++) {
        struct receipt receipt = bedside_press(&bed);
        while (receipt.reasons != 0) {
            int64_t wait_ms = receipt.earliest.ms - bed.rig.now.ms;
            bedside_pass(&bed, wait_ms - 1);
            assert_int_not_equal(bedside_press(&bed).reasons, 0);
            bedside_pass(&bed, 1);
            receipt = bedside_press(&bed);
            assert_applied(receipt);
        }
    }
}

static void test_one_alarm_for_one_cause(void **state)
{
    (void)state;
    start();
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1);
    bedside_pass(&bed, 12 * HOUR_MS); /* a thousand missed quanta */
    assert_int_equal(bed.count[EVENT_ALARM_RAISED], 1);
    assert_int_equal(bedside_status(&bed).alarms, (uint32_t)1 << ALARM_AT_MOTOR_STALL);
}

static void test_a_pause_ends_by_itself_or_by_something_new(void **state)
{
    (void)state;
    start();
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1);
    bedside_pass(&bed, 10 * MINUTE_MS);
    struct command pause = { .kind = COMMAND_SILENCE, .minutes = 60 };
    assert_applied(bedside_give(&bed, ROLE_PATIENT, pause));
    uint32_t tones = bed.rig.twin.tones;
    bedside_pass(&bed, 59 * MINUTE_MS);
    assert_int_equal(bed.rig.twin.tones, tones);
    assert_true(bedside_alarmed(&bed, ALARM_AT_MOTOR_STALL)); /* the condition is untouched */
    bedside_pass(&bed, 12 * MINUTE_MS);
    assert_true(bed.rig.twin.tones > tones);

    assert_applied(bedside_give(&bed, ROLE_PATIENT, pause));
    tones = bed.rig.twin.tones;
    struct kept *kept = (struct kept *)(void *)bed.rig.twin.retained;
    kept->governor.watch[WINDOW_DAY].window[0].sum_fg ^= 64; /* something else goes wrong */
    bedside_pass(&bed, 5 * MINUTE_MS);
    assert_true(bedside_alarmed(&bed, ALARM_AT_MEMORY_LOST));
    assert_true(bed.rig.twin.tones > tones);

    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 0);
    bedside_pass(&bed, 5 * MINUTE_MS);
    assert_applied(bedside_give(&bed, ROLE_PATIENT, pause));
    tones = bed.rig.twin.tones;
    unsigned raised = bed.count[EVENT_ALARM_RAISED];
    bedside_reset(&bed, RIG_MEMORY_KEPT); /* a pump that starts again tells what still stands */
    bedside_pass(&bed, 2 * MINUTE_MS);
    assert_int_equal(bed.count[EVENT_ALARM_RAISED], raised);
    assert_true(bed.rig.twin.tones > tones);
}

/* F9: a pause renewed before its end, again and again: nothing would ever be heard. */
static void test_no_chain_of_pauses_is_endless(void **state)
{
    (void)state;
    static const uint16_t EACH[] = { 720, 700, 60, 1 };
    for (unsigned i = 0; i < sizeof EACH / sizeof EACH[0]; i++) {
        start();
        twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1);
        bedside_pass(&bed, 10 * MINUTE_MS);
        struct command pause = { .kind = COMMAND_SILENCE, .minutes = EACH[i] };
        assert_applied(bedside_give(&bed, ROLE_PATIENT, pause));
        int64_t heard_ms = bed.rig.now.ms, worst_ms = 0, end_ms = heard_ms + 5 * (int64_t)DAY_MS;
        uint32_t tones = bed.rig.twin.tones;
        while (bed.rig.now.ms < end_ms) {
            bedside_pass(&bed, EACH[i] > 1 ? 30 * MINUTE_MS : MINUTE_MS / 2);
            struct receipt receipt = bedside_give(&bed, ROLE_PATIENT, pause);
            if (receipt.reasons != 0) { /* it says when: not before it was heard */
                assert_refused(receipt, VERDICT_PAUSED);
                bedside_pass(&bed, receipt.earliest.ms - bed.rig.now.ms);
                assert_true(bed.rig.twin.tones > tones);
                assert_applied(bedside_give(&bed, ROLE_PATIENT, pause));
            }
            worst_ms = bed.rig.now.ms - heard_ms > worst_ms ? bed.rig.now.ms - heard_ms : worst_ms;
            heard_ms = bed.rig.twin.tones != tones ? bed.rig.now.ms : heard_ms;
            tones = bed.rig.twin.tones;
        }
        assert_in_range(worst_ms, 6 * HOUR_MS, 12 * HOUR_MS); /* and it can be paused through a night */
    }
}

/* What no longer stands has nothing to be heard for. */
static void test_a_pause_begins_anew_when_all_is_over(void **state)
{
    (void)state;
    start();
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 1);
    bedside_pass(&bed, 10 * MINUTE_MS);
    struct command pause = { .kind = COMMAND_SILENCE, .minutes = 720 };
    assert_applied(bedside_give(&bed, ROLE_CLINICIAN, pause));
    bedside_pass(&bed, 6 * HOUR_MS);
    assert_refused(bedside_give(&bed, ROLE_CLINICIAN, pause), VERDICT_PAUSED);
    pause.minutes = 30; /* a shorter one is no longer together */
    assert_applied(bedside_give(&bed, ROLE_PATIENT, pause));
    twin_set_fault(&bed.rig.twin, TWIN_FAULT_STALL, 0);
    bedside_pass(&bed, 20 * MINUTE_MS);
    assert_int_equal(bedside_status(&bed).alarms, 0);
    pause.minutes = 720;
    assert_applied(bedside_give(&bed, ROLE_PATIENT, pause));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_thousand_refusals_make_no_sound),
        cmocka_unit_test(test_the_earliest_time_is_kept),
        cmocka_unit_test(test_one_alarm_for_one_cause),
        cmocka_unit_test(test_no_chain_of_pauses_is_endless),
        cmocka_unit_test(test_a_pause_begins_anew_when_all_is_over),
        cmocka_unit_test(test_a_pause_ends_by_itself_or_by_something_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
