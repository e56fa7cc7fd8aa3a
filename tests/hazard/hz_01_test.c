/* HZ-01: an interval meant in hours is entered in minutes. REQ-THER-12.
 *
 * A clinician wants a bolus every six hours and types it into the field for minutes. Each single bolus is harmless,
 * so nothing about it looks wrong; 48 of them a day instead of 4 killed two people in 2004. Without the control the
 * pump would give twelve times the day's drug. Here the pump itself multiplies doses by doses a day and refuses, and
 * the old program runs on. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "clinic/workflow/interval.h"
#include "tests/hazard/clinician.h"

enum { BOLUS_NL = 50000, SIX_HOURS = 360 };

static struct therapy every(const struct bedside *bed, const struct mixture *mixture, uint16_t minutes)
{
    struct therapy therapy = bedside_therapy(bed, mixture, 0);
    therapy.program =
        (struct program){ .kind = PROGRAM_PERIODIC, .periodic = { { BOLUS_NL }, { 4 * NL_PER_ML }, minutes, minutes } };
    bedside_limit(&therapy, 2 * BOLUS_NL, 6 * BOLUS_NL); /* 4 a day, and room for the window's careful counting */
    return therapy;
}

static void test_minutes_for_hours_are_refused_and_the_old_program_runs_on(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    struct therapy right = every(&bed, &morphine, SIX_HOURS);
    bedside_treat(&bed, &right);
    bedside_pass(&bed, DAY_MS);
    assert_int_equal(bed.count[EVENT_COURSE_START], 4);

    struct therapy slip = every(&bed, &morphine, SIX_HOURS / 12);
    assert_refused(bedside_activate(&bed, &slip, false), VERDICT_DAY_LIMIT);
    slip = every(&bed, &morphine,
                 6); /* "6" in the field for minutes: not even bytes can be made of it, whatever the limits */
    slip.limits.drug[0].window[WINDOW_DAY].fg = LIMIT_FG_MAX;
    assert_refused(bedside_activate(&bed, &slip, false), VERDICT_THERAPY_FORM);
    assert_int_equal(therapy_judge(&slip, &bed.rig.unit.model) & VERDICT_INTERVAL, VERDICT_INTERVAL);

    bedside_pass(&bed, DAY_MS + HOUR_MS);
    assert_int_equal(bed.count[EVENT_COURSE_START], 8);
    assert_int_equal(bedside_moved(&bed), 8 * BOLUS_NL / 250);
}

/* Every interval on a grid: allowed exactly when the boluses that one day (and a bucket) can hold fit the limit. */
static void test_every_interval_is_multiplied_out(void **state)
{
    (void)state;
    static struct bedside bed;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, "C20", &morphine);
    for (uint16_t minutes = 30; minutes <= 1440; minutes = (uint16_t)(minutes + 10)) {
        struct therapy therapy = every(&bed, &morphine, minutes);
        int64_t most = 0; /* volume in 24 h 45 min: bolus after bolus, the first beginning as the window does */
        for (int64_t start = 0; start < 1485; start += minutes) {
            int64_t lasts_s = BOLUS_NL * INT64_C(86400) / (4 * NL_PER_ML);
            int64_t inside_s = (1485 - start) * 60;
            most += inside_s >= lasts_s ? BOLUS_NL : BOLUS_NL * inside_s / lasts_s;
        }
        bool fits = most + 250 <= 6 * BOLUS_NL; /* and the quantum in hand */
        verdict reasons = therapy_judge(&therapy, &bed.rig.unit.model);
        assert_int_equal((reasons & VERDICT_DAY_LIMIT) == 0, fits);
    }
}

/* At the clinic's end: hours typed where minutes stand, and an interval that is not the word that was chosen. */
static void test_the_clinic_knows_intervals_as_words(void **state)
{
    (void)state;
    static struct bedside at;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    clinician_implant(&at, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&at, &morphine, NL_PER_ML / 2);
    bedside_treat(&at, &therapy);
    clinician.wanted = therapy; /* 6 x 0.8 mg are 4.8 mg/day */
    clinician.wanted.program =
        (struct program){ .kind = PROGRAM_PERIODIC, .periodic = { { 80000 }, { 4 * NL_PER_ML }, 240, 240 } };
    clinician_upto(WORK_PROGRAM, STEP_AT_THERAPY);
    clinician.answers.therapy.therapy.program.periodic.interval_minutes = 4;
    assert_held_hard(RULE_FIT, "the pump would refuse it: the therapy's bytes are not well formed");
    clinician_upto(WORK_PROGRAM, STEP_AT_SCHEDULE);
    clinician.answers.schedule.has_interval = true;
    clinician.answers.schedule.interval = 1;
    assert_string_equal(interval_word(1), "every hour");
    assert_held_hard(RULE_SCHEDULE, "every hour was said, but the therapy gives 0.8 mg every 240 min: "
                                    "6 doses a day of 0.8 mg are 4.8 mg/day");
    clinician.answers.schedule.interval = 4;
    strcpy(clinician.answers.schedule.dose, "0.8 mg");
    strcpy(clinician.answers.schedule.total, "19.2 mg/day"); /* as every hour would give */
    assert_held_hard(RULE_SCHEDULE, "what the schedule gives in a day is 4.8 mg/day");
    strcpy(clinician.answers.schedule.total, "4.8 mg/day");
    assert_int_equal(clinician_give(), GIVEN_ON);
    clinician_finish();
    assert_int_equal(clinician.workflow.change, CHANGE_APPLIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_minutes_for_hours_are_refused_and_the_old_program_runs_on),
        cmocka_unit_test(test_every_interval_is_multiplied_out),
        cmocka_unit_test(test_the_clinic_knows_intervals_as_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
