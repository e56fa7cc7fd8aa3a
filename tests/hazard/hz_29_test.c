/* HZ-29: a change of civil time moves doses or repeats them. REQ-THER-11, REQ-TIME-01, REQ-TIME-02, REQ-TIME-03.
 *
 * A pump that lives by the clock on the wall counts an hour twice in autumn: a lockout that began at half past two
 * has ended before it began, a step of the day comes again. Here everything that limits a dose is counted on a clock
 * nobody can set; only the day program follows civil time, by an explicit, logged command that is judged like a new
 * program. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/hazard/bedside.h"

static struct receipt set_clock(struct bedside *bed, int64_t hours_on)
{
    struct command command = { .kind = COMMAND_SET_CLOCK, .calendar = bedside_status(bed).calendar };
    command.calendar.offset.ms += hours_on * HOUR_MS;
    return bedside_give(bed, ROLE_CLINICIAN, command);
}

/* Two runs with the same presses, one of them with the clock pushed about in every direction: the same answers. */
static void test_no_clock_change_shortens_lockout_or_daily_count(void **state)
{
    (void)state;
    static struct bedside quiet, pushed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&quiet, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&quiet, &morphine, NL_PER_ML / 10);
    bedside_permit(&therapy, 5000, 4 * NL_PER_ML, 90, 6);
    bedside_treat(&quiet, &therapy);
    bedside_pass(&quiet, DAY_MS);
    pushed = quiet;
    static const int64_t HOURS_ON[] = { 1, -1, 12, -24, 3, 24 * 365, -24 * 365, -5, 5, 2 };
    unsigned granted = 0, locked = 0, used_up = 0;
    for (unsigned i = 0; i < 300; i++) {
        assert_applied(set_clock(&pushed, HOURS_ON[i % 10]));
        struct receipt a = bedside_press(&quiet), b = bedside_press(&pushed);
        assert_int_equal(a.reasons, b.reasons);
        assert_int_equal(a.earliest.ms, b.earliest.ms);
        granted += a.reasons == 0;
        locked += (a.reasons & VERDICT_LOCKOUT) != 0;
        used_up += (a.reasons & VERDICT_DAILY_COUNT) != 0;
        bedside_pass(&quiet, 20 * MINUTE_MS);
        bedside_pass(&pushed, 20 * MINUTE_MS);
    }
    assert_true(granted > 20 && locked > 20 && used_up > 20); /* each control has been met */
    assert_int_equal(bedside_moved(&quiet), bedside_moved(&pushed));
    assert_int_equal(pushed.count[EVENT_CLOCK_SET], quiet.count[EVENT_CLOCK_SET] + 300);
}

/* Nor does a reset: what was granted lies in the memory that survives it; where that is lost, all count as given. */
static void test_no_reset_shortens_lockout_or_daily_count(void **state)
{
    (void)state;
    static struct bedside bed, lost;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 10);
    bedside_permit(&therapy, 5000, 4 * NL_PER_ML, 90, 3);
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, DAY_MS);
    for (unsigned i = 0; i < 3; i++) {
        assert_applied(bedside_press(&bed));
        bedside_pass(&bed, 30 * MINUTE_MS);
        bedside_restart(&bed);
        assert_refused(bedside_press(&bed), VERDICT_LOCKOUT);
        bedside_pass(&bed, HOUR_MS);
    }
    bedside_reset(&bed, RIG_MEMORY_KEPT);
    assert_refused(bedside_press(&bed), VERDICT_DAILY_COUNT);
    lost = bed;
    bedside_reset(&lost, RIG_MEMORY_LOST);
    bedside_pass(&lost, 12 * HOUR_MS);
    assert_int_not_equal(bedside_press(&lost).reasons, 0);
}

static void test_periodic_boluses_keep_their_distance(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&bed, &morphine, 48000);
    therapy.program.kind = PROGRAM_PERIODIC;
    therapy.program.periodic = (struct periodic_bolus){ { 20000 }, { 4 * NL_PER_ML }, 240, 30 };
    bedside_treat(&bed, &therapy);
    int64_t last_ms = 0;
    for (unsigned i = 1; i <= 40; i++) {
        while (bed.count[EVENT_COURSE_START] < i)
            bedside_pass(&bed, MINUTE_MS);
        int64_t at_ms = bed.last[EVENT_COURSE_START].at.ms;
        if (i > 1)
            assert_int_equal(at_ms - last_ms, 240 * MINUTE_MS);
        last_ms = at_ms;
        assert_applied(set_clock(&bed, i % 2 == 0 ? -1 : i % 3 == 0 ? 7 : 1));
    }
}

/* Set back over the high step of the day, that step would come twice: refused where the day's limit would be passed,
 * with the time from which it is allowed. */
static void test_a_peak_cannot_be_had_twice(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture baclofen = bedside_drug(DRUG_BACLOFEN, 2 * NG_PER_MG);
    bedside_implant(&bed, "C20", &baclofen);
    struct therapy therapy = bedside_therapy(&bed, &baclofen, 0);
    therapy.program = (struct program){ .kind = PROGRAM_FLEX, .day_set_count = 1 };
    therapy.program.day_set[0] =
        (struct day_set){ 3, { { 0, { 100000 } }, { 600, { NL_PER_ML } }, { 720, { 100000 } } } };
    bedside_limit(&therapy, 60000, 208000); /* one peak and its day, 83 + 92 uL; the window counts 45 min of the next */
    bedside_treat(&bed, &therapy);
    bedside_pass(&bed, 2 * (int64_t)DAY_MS + 4 * HOUR_MS + 10 * MINUTE_MS); /* it is 12:10: the peak is just over */
    struct receipt receipt = set_clock(&bed, -3);
    assert_refused(receipt, VERDICT_DAY_LIMIT);
    assert_int_equal(bed.count[EVENT_CLOCK_SET], 1);
    assert_true(receipt.earliest.ms > bed.rig.now.ms);
    bedside_pass(&bed, 2 * (int64_t)DAY_MS);
    assert_int_equal(bedside_status(&bed).withheld_quanta, 0); /* base itself is never starved */
}

/* A record has tick and epoch; civil time is a label on top, and both sides of a change are written down. */
static void test_the_change_is_an_event_with_both_offsets(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    int64_t before = bedside_status(&bed).calendar.offset.ms, tick = bed.rig.now.ms;
    assert_applied(set_clock(&bed, -1));
    const struct event *event = &bed.last[EVENT_CLOCK_SET];
    assert_int_equal(event->field[0], before);
    assert_int_equal(event->field[1], before - HOUR_MS);
    assert_int_equal(event->at.ms, tick);
    assert_int_equal(event->actor, ACTOR_CLINICIAN);
    struct command command = { .kind = COMMAND_SET_CLOCK, .calendar = bedside_status(&bed).calendar };
    assert_refused(bedside_give(&bed, ROLE_PATIENT, command), VERDICT_ROLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_clock_change_shortens_lockout_or_daily_count),
        cmocka_unit_test(test_no_reset_shortens_lockout_or_daily_count),
        cmocka_unit_test(test_periodic_boluses_keep_their_distance),
        cmocka_unit_test(test_a_peak_cannot_be_had_twice),
        cmocka_unit_test(test_the_change_is_an_event_with_both_offsets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
