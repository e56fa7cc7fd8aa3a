/* overdose_attack_test.c - attacks that passed the limits, measured at the tip of the virtual patient's catheter. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/attack/ward.h"

static struct ward ward;

static void settle(const struct mixture *mixture, struct therapy *therapy, int64_t hour_nl, int64_t day_nl)
{
    ward_admit(&ward, "C20", mixture);
    *therapy = bedside_therapy(&ward.bed, mixture, 48000);
    bedside_limit(therapy, hour_nl, day_nl);
    bedside_treat(&ward.bed, therapy);
    ward_pass(&ward, 9 * DAY_MINUTES);
    ward.worst_hour_fg = ward.worst_day_fg = 0;
}

/* A day of two steps. */
static void flex(struct therapy *therapy, int32_t before_noon_nl_day, int32_t after_noon_nl_day)
{
    therapy->program = (struct program){ .kind = PROGRAM_FLEX, .day_set_count = 1 };
    therapy->program.day_set[0] = (struct day_set){
        .count = 2, .step = { { 0, { before_noon_nl_day } }, { DAY_MINUTES / 2, { after_noon_nl_day } } }
    };
}

static void periodic(struct therapy *therapy)
{
    therapy->program.kind = PROGRAM_PERIODIC;
    therapy->program.periodic = (struct periodic_bolus){ { 20000 }, { 2 * NL_PER_ML }, 240, 0 };
}

/* From 08:00 on the first day until noon of the next, when the peak of 12 hours has just been given; then the governor
 * loses its memory. */
static struct therapy peak_forgotten(struct mixture *morphine)
{
    *morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    ward_admit(&ward, "C20", morphine);
    struct therapy therapy = bedside_therapy(&ward.bed, morphine, 0);
    flex(&therapy, NL_PER_ML, 48000);
    bedside_limit(&therapy, 60000, 640000);
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, 28 * 60);
    ward_confuse_governor(&ward);
    ward_pass(&ward, 60);
    assert_int_equal(ward.bed.raised[ALARM_AT_MEMORY_LOST], 1);
    return therapy;
}

/* E1: the clock set back over a peak that the governor has forgotten. */
static void clock_set_back_in_recovery(void **state)
{
    (void)state;
    struct mixture morphine;
    (void)peak_forgotten(&morphine);
    struct command clock = { .kind = COMMAND_SET_CLOCK, .calendar = bedside_status(&ward.bed).calendar };
    clock.calendar.offset.ms -= 13 * (int64_t)HOUR_MS;
    (void)bedside_give(&ward.bed, ROLE_CLINICIAN, clock);
    ward_pass(&ward, DAY_MINUTES);
    assert_true(ward.worst_day_fg <= ward_mass(&morphine, 640000));
}

/* E1: the same peak moved to the other half of the day is no higher peak and no larger day. */
static void peak_moved_in_recovery(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy = peak_forgotten(&morphine);
    flex(&therapy, 48000, NL_PER_ML);
    (void)bedside_activate(&ward.bed, &therapy, false);
    ward_pass(&ward, DAY_MINUTES);
    assert_true(ward.worst_day_fg <= ward_mass(&morphine, 640000));
}

/* E1: a periodic therapy activated anew begins with its bolus again; the motor driver's budget is wide open after a
 * change of concentration. */
static void periodic_again_in_recovery(void **state)
{
    (void)state;
    struct mixture weak = bedside_drug(DRUG_MORPHINE, NG_PER_MG), strong = bedside_drug(DRUG_MORPHINE, 2 * NG_PER_MG);
    struct therapy therapy;
    settle(&weak, &therapy, 50000, 440000);
    struct therapy next = bedside_therapy(&ward.bed, &strong, 48000);
    bedside_limit(&next, 25000, 220000);
    next.program.opening = (struct opening){ OPENING_BRIDGE, next.dead_volume, { 400000 } };
    assert_applied(bedside_refill(&ward.bed, &strong, 20 * NL_PER_ML, &next, false));
    ward_pass(&ward, 25 * 60);
    next.program.opening = (struct opening){ 0 };
    periodic(&next);
    assert_applied(bedside_activate(&ward.bed, &next, false));
    ward_pass(&ward, 15);
    ward_confuse_governor(&ward);
    ward_pass(&ward, 9);
    assert_int_equal(ward.bed.raised[ALARM_AT_MEMORY_LOST], 1);
    (void)bedside_activate(&ward.bed, &next, false);
    ward_pass(&ward, 30);
    assert_true(ward.worst_hour_fg <= ward_mass(&strong, 25000));
}

/* E17: all memory lost just after a bolus, then the same therapy again, with its first bolus at once. */
static void periodic_again_after_total_loss(void **state)
{
    (void)state;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    struct therapy therapy;
    settle(&morphine, &therapy, 25000, 220000);
    periodic(&therapy);
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, 20);
    bedside_reset(&ward.bed, RIG_MEMORY_LOST);
    ward_pass(&ward, 1);
    (void)bedside_refill(&ward.bed, &morphine, 20 * NL_PER_ML, &therapy, true);
    ward_pass(&ward, 60);
    assert_true(ward.worst_hour_fg <= ward_mass(&morphine, 25000));
}

/* E28: all memory lost, then a weaker drug at a higher flow: what stands in the catheter is ten times stronger, and
 * "unknown" must not count as no more than the new filling. */
static void unknown_catheter_after_total_loss(void **state)
{
    (void)state;
    struct mixture strong = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG), weak = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    struct therapy therapy;
    settle(&strong, &therapy, 20000, 200000);
    bedside_reset(&ward.bed, RIG_MEMORY_LOST);
    ward_pass(&ward, 1);
    struct therapy next = bedside_therapy(&ward.bed, &weak, NL_PER_ML);
    bedside_limit(&next, 60000, NL_PER_ML + 200000);
    (void)bedside_refill(&ward.bed, &weak, 20 * NL_PER_ML, &next, true);
    ward_pass(&ward, 6 * 60);
    assert_true(ward.worst_hour_fg <= ward_mass(&strong, 20000));
}

/* E26: one flipped bit in the limit of the era in force, then single boluses. */
static void flipped_era_limit(void **state)
{
    (void)state;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    struct therapy therapy;
    settle(&morphine, &therapy, 40000, 300000);
    therapy.program.opening = (struct opening){ OPENING_SINGLE, { 25000 }, { 4 * NL_PER_ML } };
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, 12);
    ward_memory(&ward)->governor.watch[WINDOW_HOUR].era[0].limit_fg[0] ^= INT64_C(1) << 50;
    for (unsigned i = 0; i < 5; i++) {
        (void)bedside_activate(&ward.bed, &therapy, false);
        ward_pass(&ward, 12);
    }
    assert_true(ward.worst_hour_fg <= ward_mass(&morphine, 40000));
}

/* A bridge from 10 mg/mL at 0.1 mL/day to 1 mg/mL at 1 mL/day, an hour old; safe rate as given. Returns the strong. */
static struct mixture bridge(int32_t safe_nl_day, int64_t fill_nl)
{
    struct mixture strong = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG), weak = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    struct therapy therapy;
    settle(&strong, &therapy, 60000, 200000);
    therapy.program.base.nl_day = 100000;
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, DAY_MINUTES);
    struct therapy next = bedside_therapy(&ward.bed, &weak, NL_PER_ML);
    next.limits.drug[0] = therapy.limits.drug[0];
    next.safe_rate.nl_day = safe_nl_day;
    next.restart_limit_hours = 2;
    next.program.opening = (struct opening){ OPENING_BRIDGE, next.dead_volume, { 100000 } };
    assert_applied(bedside_refill(&ward.bed, &weak, fill_nl, &next, false));
    ward_pass(&ward, 60);
    return strong;
}

/* No hour with more than twice what the bridge gives, nothing held back. */
static void assert_bridged(const struct mixture *strong)
{
    ward.worst_hour_fg = 0;
    ward_pass(&ward, 6 * 60);
    assert_true(ward.worst_hour_fg <= ward_mass(strong, 2 * 100000 / 24));
    assert_int_equal(bedside_status(&ward.bed).withheld_quanta, 0);
}

/* E15: a bridge cancelled lets the new, tenfold flow push out the old drug. */
static void cancelled_bridge(void **state)
{
    (void)state;
    struct mixture strong = bridge(0, 20 * NL_PER_ML);
    (void)bedside_do(&ward.bed, COMMAND_CANCEL_COURSE);
    assert_bridged(&strong);
}

/* E16: a stall beyond the restart limit in a bridge: the safe rate pushes out the old drug. */
static void safe_rate_in_bridge(void **state)
{
    (void)state;
    struct mixture strong = bridge(NL_PER_ML, 20 * NL_PER_ML);
    twin_set_fault(&ward.bed.rig.twin, TWIN_FAULT_STALL, 1);
    ward_pass(&ward, 130);
    twin_set_fault(&ward.bed.rig.twin, TWIN_FAULT_STALL, 0);
    assert_bridged(&strong);
}

/* E22: a bridge runs the reservoir empty; the refill goes on without it. */
static void empty_in_bridge(void **state)
{
    (void)state;
    struct mixture strong = bridge(0, 20000), weak = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    ward_pass(&ward, 5 * 60);
    assert_int_equal(bedside_status(&ward.bed).mode, MODE_EMPTY);
    (void)bedside_refill(&ward.bed, &weak, 20 * NL_PER_ML, NULL, true);
    assert_bridged(&strong);
}

/* E10: a clinician's minimum is over when the reservoir was empty in between. */
static void minimum_survives_empty(void **state)
{
    (void)state;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    struct therapy therapy;
    settle(&morphine, &therapy, 60000, NL_PER_ML + 200000);
    therapy.program.base.nl_day = NL_PER_ML;
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, 60);
    assert_applied(bedside_do(&ward.bed, COMMAND_MINIMUM));
    assert_applied(bedside_refill(&ward.bed, &morphine, 0, NULL, false));
    ward_pass(&ward, 60);
    assert_applied(bedside_refill(&ward.bed, &morphine, 20 * NL_PER_ML, NULL, false));
    assert_true(bedside_status(&ward.bed).base.nl_day <= 48000);
}

/* E12: a fault must not raise the dose. */
static void safe_rate_above_the_program(void **state)
{
    (void)state;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    ward_admit(&ward, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&ward.bed, &morphine, 48000);
    therapy.safe_rate.nl_day = 3 * NL_PER_ML / 2;
    therapy.restart_limit_hours = 1;
    if (bedside_activate(&ward.bed, &therapy, false).reasons != 0)
        return;
    ward_pass(&ward, 60);
    twin_set_fault(&ward.bed.rig.twin, TWIN_FAULT_STALL, 1);
    ward_pass(&ward, 80);
    twin_set_fault(&ward.bed.rig.twin, TWIN_FAULT_STALL, 0);
    ward_pass(&ward, 60);
    assert_true(bedside_status(&ward.bed).base.nl_day <= 48000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock_set_back_in_recovery),
        cmocka_unit_test(peak_moved_in_recovery),
        cmocka_unit_test(periodic_again_in_recovery),
        cmocka_unit_test(periodic_again_after_total_loss),
        cmocka_unit_test(unknown_catheter_after_total_loss),
        cmocka_unit_test(flipped_era_limit),
        cmocka_unit_test(cancelled_bridge),
        cmocka_unit_test(safe_rate_in_bridge),
        cmocka_unit_test(empty_in_bridge),
        cmocka_unit_test(minimum_survives_empty),
        cmocka_unit_test(safe_rate_above_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
