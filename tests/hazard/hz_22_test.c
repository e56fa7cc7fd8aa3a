/* HZ-22: a day schedule repeats hourly what was meant once. REQ-THER-12.
 *
 * 60 micrograms of baclofen were meant once a day and entered for every hour; the patient was left weak for good.
 * Whether it is typed as a bolus with the wrong interval or as a flex day with the wrong rate, the sum over the day
 * is what tells. Without the control each hour looks modest. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/interval.h"
#include "tests/hazard/clinician.h"

enum { CONC = 2 * NG_PER_MG, SIXTY_MCG_NL = 30000 }; /* 2000 mcg/mL */

static struct bedside bed;

static struct therapy baclofen_day(void)
{
    struct mixture baclofen = bedside_drug(DRUG_BACLOFEN, CONC);
    struct therapy therapy = bedside_therapy(&bed, &baclofen, 200000); /* 400 mcg/day */
    bedside_limit(&therapy, 100000, 300000);                           /* 200 mcg an hour, 600 mcg a day */
    return therapy;
}

static void start(void)
{
    struct mixture baclofen = bedside_drug(DRUG_BACLOFEN, CONC);
    bedside_implant(&bed, "C20", &baclofen);
    struct therapy old = baclofen_day();
    bedside_treat(&bed, &old);
    bedside_pass(&bed, DAY_MS);
}

static void test_once_a_day_is_taken_and_every_hour_is_not(void **state)
{
    (void)state;
    start();
    struct therapy therapy = baclofen_day();
    therapy.program.kind = PROGRAM_PERIODIC;
    therapy.program.periodic = (struct periodic_bolus){ { SIXTY_MCG_NL }, { 2 * NL_PER_ML }, 60, 60 };
    assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_DAY_LIMIT);
    assert_int_equal(bedside_status(&bed).base.nl_day, 200000); /* the old program runs on */
    therapy.program.periodic.interval_minutes = 1440;
    assert_applied(bedside_activate(&bed, &therapy, false));
    int64_t moved = bedside_moved(&bed);
    bedside_pass(&bed, DAY_MS);
    assert_in_range(bedside_moved(&bed) - moved, (200000 + SIXTY_MCG_NL) / 250 - 1, (200000 + SIXTY_MCG_NL) / 250 + 1);
}

/* The same slip as a flex day: 60 mcg in one hour, or 60 mcg an hour in all of them. */
static void test_a_flex_day_is_summed_up(void **state)
{
    (void)state;
    start();
    struct therapy therapy = baclofen_day();
    therapy.program = (struct program){ .kind = PROGRAM_FLEX, .day_set_count = 1 };
    struct day_set *day = &therapy.program.day_set[0];
    day->count = 2;
    day->step[0].rate.nl_day = 24 * SIXTY_MCG_NL; /* from midnight ... */
    day->step[1] = (struct program_step){ 60, { 200000 } };
    assert_int_equal(therapy_judge(&therapy, &bed.rig.unit.model), 0);
    day->step[1].minute = 1439; /* ... and never again */
    assert_refused(bedside_activate(&bed, &therapy, false), VERDICT_DAY_LIMIT);
    assert_int_equal(bedside_status(&bed).base.nl_day, 200000);
}

/* At the clinic's end: the same slip meets the day's dose, and an interval that is a word. */
static void test_the_clinic_tells_what_a_day_would_get(void **state)
{
    (void)state;
    struct mixture baclofen = bedside_drug(DRUG_BACLOFEN, CONC);
    clinician_implant(&bed, "C20", &baclofen);
    struct therapy old = baclofen_day();
    bedside_treat(&bed, &old);
    clinician.wanted = old;
    clinician.wanted.safe_rate.nl_day = 48000; /* as the formulary wants it of baclofen */
    clinician.wanted.restart_limit_hours = 12;
    clinician.wanted.program.kind = PROGRAM_PERIODIC;
    clinician.wanted.program.periodic = (struct periodic_bolus){ { 10000 }, { NL_PER_ML }, 60, 60 }; /* 20 mcg */
    clinician.wanted.limits.bolus_max.nl = 10000;
    clinician_upto(WORK_PROGRAM, STEP_AT_THERAPY);
    clinician.answers.therapy.therapy.program.periodic.volume.nl = SIXTY_MCG_NL;
    assert_held_hard(RULE_BOUNDS, "1840 mcg/day of baclofen is above the hard limit");
    assert_true(clinician_found(RULE_FIT, FINDING_HARD, "a drug would pass its limit for a day"));
    /* meant once a day, and small enough for every other limit */
    clinician.wanted.program.base.nl_day = 150000;
    clinician.wanted.program.periodic = (struct periodic_bolus){ { 5000 }, { NL_PER_ML }, 120, 60 }; /* 10 mcg */
    clinician_upto(WORK_PROGRAM, STEP_AT_SCHEDULE);
    clinician.answers.schedule.has_interval = true;
    while (interval_minutes(clinician.answers.schedule.interval) != 1440)
        clinician.answers.schedule.interval++;
    assert_held_hard(RULE_SCHEDULE, "once a day was said, but the therapy gives 10 mcg every 120 min: "
                                    "12 doses a day of 10 mcg are 120 mcg/day");
    assert_int_equal(bedside_status(&bed).base.nl_day, 200000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_once_a_day_is_taken_and_every_hour_is_not),
        cmocka_unit_test(test_a_flex_day_is_summed_up),
        cmocka_unit_test(test_the_clinic_tells_what_a_day_would_get),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
