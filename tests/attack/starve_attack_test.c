/* starve_attack_test.c - attacks after which the virtual patient got nothing, or less than was accepted. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tests/attack/ward.h"

static struct ward ward;

static void treat(const char *model, struct mixture *morphine, struct therapy *therapy, int32_t nl_day)
{
    *morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    ward_admit(&ward, model, morphine);
    *therapy = bedside_therapy(&ward.bed, morphine, nl_day);
    bedside_treat(&ward.bed, therapy);
    ward_pass(&ward, DAY_MINUTES);
}

static int64_t quanta_in(unsigned minutes)
{
    int64_t before = bedside_moved(&ward.bed);
    ward_pass(&ward, minutes);
    return bedside_moved(&ward.bed) - before;
}

/* E2: the governor's memory is lost while another drug still stands in the catheter: its limit is zero afterwards. */
static void old_drug_does_not_bar_the_tip(void **state)
{
    (void)state;
    struct mixture morphine, other = bedside_drug(DRUG_HYDROMORPHONE, NG_PER_MG);
    struct therapy therapy;
    treat("C20", &morphine, &therapy, 200000);
    struct therapy next = bedside_therapy(&ward.bed, &other, 200000);
    next.program.opening = (struct opening){ OPENING_BRIDGE, next.dead_volume, { 200000 } };
    assert_applied(bedside_refill(&ward.bed, &other, 20 * NL_PER_ML, &next, false));
    ward_pass(&ward, 120);
    ward_confuse_governor(&ward);
    assert_in_range(quanta_in(4 * DAY_MINUTES), 3190, 3201);
}

/* E3, E19: one flipped bit in what the governor keeps without a check word. */
static void flipped_governor_does_not_starve(void **state)
{
    (void)state;
    for (unsigned flip = 0; flip < 3; flip++) {
        struct mixture morphine;
        struct therapy therapy;
        treat("C20", &morphine, &therapy, 200000);
        struct governor *governor = &ward_memory(&ward)->governor;
        if (flip > 0) {
            ward_confuse_governor(&ward);
            ward_pass(&ward, 10);
        }
        switch (flip) {
        case 0:
            governor->watch[WINDOW_DAY].eras ^= 2;
            break;
        case 1:
            governor->last_ms ^= INT64_C(1) << 45;
            break;
        default:
            governor->pace_ms ^= INT64_C(1) << 45;
            break;
        }
        assert_in_range(quanta_in(3 * DAY_MINUTES), 2390, 2401);
    }
}

/* E4: a flipped bit in both copies of the stored therapy and a reset: at least its safe rate must flow. */
static void damaged_therapy_keeps_the_safe_rate(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat("C20", &morphine, &therapy, 200000);
    therapy.safe_rate.nl_day = 48000;
    bedside_treat(&ward.bed, &therapy);
    ward_memory(&ward)->therapy[0].bytes[40] ^= 4;
    ward_memory(&ward)->therapy[1].bytes[40] ^= 4;
    bedside_reset(&ward.bed, RIG_MEMORY_KEPT);
    assert_true(quanta_in(DAY_MINUTES) >= 190);
}

/* E5, HZ-40: and if it was stopped by that, the full dose does not come back after days without a question. */
static void damaged_therapy_is_an_interruption(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat("C20", &morphine, &therapy, 200000);
    ward_memory(&ward)->therapy[0].bytes[40] ^= 4;
    ward_memory(&ward)->therapy[1].bytes[40] ^= 4;
    bedside_reset(&ward.bed, RIG_MEMORY_KEPT);
    if (quanta_in(3 * DAY_MINUTES) == 0)
        assert_refused(bedside_activate(&ward.bed, &therapy, false), VERDICT_RETITRATION);
}

/* E6: the last quantum of one periodic bolus is missed: the next bolus comes all the same. */
static void one_missed_quantum_ends_no_periodic_therapy(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat("C20", &morphine, &therapy, 48000);
    therapy.program.base.nl_day = 0;
    therapy.program.kind = PROGRAM_PERIODIC;
    therapy.program.periodic = (struct periodic_bolus){ { 50000 }, { NL_PER_ML }, DAY_MINUTES, 10 };
    therapy.restart_limit_hours = 12;
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, 80);
    twin_set_fault(&ward.bed.rig.twin, TWIN_FAULT_STALL, 1);
    ward_pass(&ward, 3);
    twin_set_fault(&ward.bed.rig.twin, TWIN_FAULT_STALL, 0);
    assert_true(quanta_in(3 * DAY_MINUTES) >= 2 * 199);
    assert_int_equal(bedside_status(&ward.bed).mode, MODE_RUNNING);
}

/* E21: so does a slow therapy with a large quantum go on after one missed. */
static void one_missed_quantum_ends_no_slow_therapy(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat("V20", &morphine, &therapy, 10000);
    therapy.restart_limit_hours = 4;
    bedside_treat(&ward.bed, &therapy);
    int64_t missed = bedside_status(&ward.bed).missed_quanta;
    twin_set_fault(&ward.bed.rig.twin, TWIN_FAULT_STALL, 1);
    for (unsigned i = 0; i < DAY_MINUTES && bedside_status(&ward.bed).missed_quanta == missed; i++)
        ward_pass(&ward, 1);
    twin_set_fault(&ward.bed.rig.twin, TWIN_FAULT_STALL, 0);
    assert_true(quanta_in(3 * DAY_MINUTES) >= 11);
}

/* E11: the clock set back over a peak while the reservoir is empty; then the refill. */
static void clock_set_back_while_empty(void **state)
{
    (void)state;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    ward_admit(&ward, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&ward.bed, &morphine, 0);
    therapy.program = (struct program){ .kind = PROGRAM_FLEX, .day_set_count = 1 };
    therapy.program.day_set[0] =
        (struct day_set){ .count = 2, .step = { { 0, { NL_PER_ML } }, { DAY_MINUTES / 2, { 48000 } } } };
    bedside_limit(&therapy, 60000, 640000);
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, 28 * 60);
    assert_applied(bedside_refill(&ward.bed, &morphine, 0, NULL, false));
    struct command clock = { .kind = COMMAND_SET_CLOCK, .calendar = bedside_status(&ward.bed).calendar };
    clock.calendar.offset.ms -= 12 * (int64_t)HOUR_MS;
    (void)bedside_give(&ward.bed, ROLE_CLINICIAN, clock);
    (void)bedside_refill(&ward.bed, &morphine, 20 * NL_PER_ML, NULL, false);
    ward_pass(&ward, DAY_MINUTES);
    assert_int_equal(bedside_status(&ward.bed).withheld_quanta, 0);
}

/* E13: the next therapy tells a larger dead volume while a boundary stands in it: what is accepted flows. */
static void larger_dead_volume_withholds_nothing(void **state)
{
    (void)state;
    struct mixture strong = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG), weak = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    ward_admit(&ward, "C20", &strong);
    struct therapy therapy = bedside_therapy(&ward.bed, &strong, 100000);
    therapy.dead_volume.nl = 140000;
    bedside_limit(&therapy, 40000, 250000);
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, 2 * DAY_MINUTES);
    for (int32_t nl_day = 100000; nl_day <= 900000; nl_day += 20000) {
        struct ward fork = ward;
        struct therapy next = bedside_therapy(&ward.bed, &weak, nl_day);
        next.dead_volume.nl = 600000;
        next.limits.drug[0] = therapy.limits.drug[0];
        if (bedside_refill(&ward.bed, &weak, 20 * NL_PER_ML, &next, false).reasons == 0) {
            bedside_pass(&ward.bed, 2 * (int64_t)DAY_MS);
            assert_int_equal(bedside_status(&ward.bed).withheld_quanta, 0);
        }
        ward = fork;
    }
}

/* E10: minimum under a stopped program, empty in between: not "running" at nothing. */
static void minimum_of_a_stopped_program_survives_empty(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat("C20", &morphine, &therapy, 200000);
    therapy.program = (struct program){ .kind = PROGRAM_STOPPED };
    bedside_treat(&ward.bed, &therapy);
    assert_applied(bedside_do(&ward.bed, COMMAND_MINIMUM));
    assert_applied(bedside_refill(&ward.bed, &morphine, 0, NULL, false));
    ward_pass(&ward, 60);
    assert_applied(bedside_refill(&ward.bed, &morphine, 20 * NL_PER_ML, NULL, false));
    struct pump_status status = bedside_status(&ward.bed);
    assert_true(status.mode == MODE_STOPPED || status.base.nl_day == 48000);
}

/* F4: a prime is cut short, and the status promises a dose that is not at the tip. What must still flow is told: until then
 * nothing of the drug comes, from then on all of it. */
static void an_unfinished_prime_is_told(void **state)
{
    (void)state;
    static const enum command_kind WAYS[] = { COMMAND_CANCEL_COURSE, COMMAND_STOP, COMMAND_MINIMUM };
    for (unsigned i = 0; i < sizeof WAYS / sizeof WAYS[0]; i++) {
        struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
        ward_admit(&ward, "C20", &morphine);
        struct therapy therapy = bedside_therapy(&ward.bed, &morphine, 400000);
        int64_t surely_fl = therapy.dead_volume.nl * (FL_PER_NL + model_named("C20")->boundary_tolerance.ppm);
        therapy.program.opening = (struct opening){ OPENING_PRIME, therapy.dead_volume, { 4 * NL_PER_ML } };
        bedside_treat(&ward.bed, &therapy);
        ward_pass(&ward, 20);
        assert_int_equal(bedside_status(&ward.bed).course, COURSE_PRIME);
        assert_applied(bedside_do(&ward.bed, WAYS[i]));
        ward_pass(&ward, 1);
        if (WAYS[i] != COMMAND_CANCEL_COURSE)
            assert_applied(bedside_resume(&ward.bed, false));
        struct pump_status status = bedside_status(&ward.bed);
        assert_int_equal(status.course, COURSE_NONE);
        assert_int_equal(status.tip_after.nl, (surely_fl - status.metered.fl + FL_PER_NL - 1) / FL_PER_NL);
        ward_pass(&ward, 60);
        assert_int_equal(bedside_dose_fg(&ward.bed, DRUG_MORPHINE), 0);
        for (unsigned hour = 0; hour < 48 && bedside_status(&ward.bed).tip_after.nl > 0; hour++)
            ward_pass(&ward, 60);
        assert_int_equal(bedside_status(&ward.bed).tip_after.nl, 0);
        int64_t before = bedside_dose_fg(&ward.bed, DRUG_MORPHINE);
        ward_pass(&ward, DAY_MINUTES);
        double dose = (double)(bedside_dose_fg(&ward.bed, DRUG_MORPHINE) - before);
        assert_true(dose > 0.99 * ward_mass(&morphine, 400000) && dose < 1.01 * ward_mass(&morphine, 400000));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_drug_does_not_bar_the_tip),
        cmocka_unit_test(flipped_governor_does_not_starve),
        cmocka_unit_test(damaged_therapy_keeps_the_safe_rate),
        cmocka_unit_test(damaged_therapy_is_an_interruption),
        cmocka_unit_test(one_missed_quantum_ends_no_periodic_therapy),
        cmocka_unit_test(one_missed_quantum_ends_no_slow_therapy),
        cmocka_unit_test(clock_set_back_while_empty),
        cmocka_unit_test(larger_dead_volume_withholds_nothing),
        cmocka_unit_test(minimum_of_a_stopped_program_survives_empty),
        cmocka_unit_test(an_unfinished_prime_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
