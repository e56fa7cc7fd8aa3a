/* flip_attack_test.c - attacks through damaged memory, resets and false dead volumes that must not overdose: weighed at the
 * tip of the virtual patient's catheter. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/attack/ward.h"

static struct ward ward;

/* Fills the catheter with the drug at the least flow, so that every later quantum is weighed. */
static struct therapy settle(const struct mixture *mixture, int64_t hour_nl, int64_t day_nl)
{
    ward_admit(&ward, "C20", mixture);
    struct therapy therapy = bedside_therapy(&ward.bed, mixture, 48000);
    bedside_limit(&therapy, hour_nl, day_nl);
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, 9 * DAY_MINUTES);
    ward.worst_hour_fg = ward.worst_day_fg = 0;
    return therapy;
}

/* One flipped bit in the governor's list of drugs, its count, or where its window stands, then single boluses as fast
 * as they are taken: the hour's limit holds. */
static void flipped_governor_does_not_overdose(void **state)
{
    (void)state;
    for (unsigned flip = 0; flip < 5; flip++) {
        struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
        struct therapy therapy = settle(&morphine, 40000, 300000);
        therapy.program.opening = (struct opening){ OPENING_SINGLE, { 25000 }, { 4 * NL_PER_ML } };
        bedside_treat(&ward.bed, &therapy);
        ward_pass(&ward, 12);
        struct governor *governor = &ward_memory(&ward)->governor;
        switch (flip) {
        case 0: governor->drugs ^= 1; break;
        case 1: governor->drug[0] ^= 2; break;
        case 2: governor->watch[WINDOW_HOUR].newest ^= 64; break;
        case 3: governor->watch[WINDOW_HOUR].turn_ms ^= INT64_C(1) << 40; break;
        default: governor->watch[WINDOW_HOUR].ceiling_fg[0] ^= INT64_C(1) << 50; break;
        }
        for (unsigned i = 0; i < 5; i++) {
            (void)bedside_activate(&ward.bed, &therapy, false);
            ward_pass(&ward, 12);
        }
        assert_true(ward.worst_hour_fg <= ward_mass(&morphine, 40000));
    }
}

/* The core loses power again and again, in the midst of quanta too: no more flows than the program says. */
static void reset_storm_adds_nothing(void **state)
{
    (void)state;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    struct therapy therapy = settle(&morphine, 200000, 2 * NL_PER_ML);
    therapy.program.base.nl_day = NL_PER_ML;
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, 60);
    int64_t before = bedside_dose_fg(&ward.bed, DRUG_MORPHINE), start = ward.bed.rig.now.ms;
    for (int64_t i = 0; i < 1000; i++) {
        bedside_pass(&ward.bed, MINUTE_MS + i * 37 % 21600);
        bedside_restart(&ward.bed);
    }
    double prescribed_nl = (double)(ward.bed.rig.now.ms - start) * NL_PER_ML / DAY_MS;
    double given_fg = (double)(bedside_dose_fg(&ward.bed, DRUG_MORPHINE) - before);
    assert_true(given_fg <= (prescribed_nl + 250) * NG_PER_MG);
    assert_true(given_fg >= 0.75 * prescribed_nl * NG_PER_MG); /* a fraction of a quantum is lost at each */
    for (unsigned i = 0; i < 3; i++) /* and when nobody asked for them, the third holds the safe rate and says so */
        bedside_reset(&ward.bed, RIG_MEMORY_KEPT);
    assert_true(bedside_alarmed(&ward.bed, ALARM_AT_RESETS));
    assert_int_equal(bedside_status(&ward.bed).base.nl_day, therapy.safe_rate.nl_day);
}

/* The new therapy tells a smaller dead volume than the catheter has, so that the new flow would come while the old,
 * ten times stronger drug is still in it: the limits of the patient hold. */
static void smaller_dead_volume_does_not_overdose(void **state)
{
    (void)state;
    struct mixture strong = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG), weak = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    struct therapy first = settle(&strong, 30000, 200000);
    for (int64_t bridge_nl = 140000; bridge_nl >= 0; bridge_nl -= 20000) {
        struct ward fork = ward;
        struct therapy next = bedside_therapy(&ward.bed, &weak, NL_PER_ML);
        next.limits.drug[0] = first.limits.drug[0];
        next.dead_volume.nl = 140000;
        if (bridge_nl > 0)
            next.program.opening = (struct opening){ OPENING_BRIDGE, { bridge_nl }, { 100000 } };
        (void)bedside_refill(&ward.bed, &weak, 20 * NL_PER_ML, &next, false);
        ward_pass(&ward, 2 * DAY_MINUTES);
        assert_true(ward.worst_hour_fg <= ward_mass(&strong, 30000));
        assert_true(ward.worst_day_fg <= ward_mass(&strong, 200000));
        ward = fork;
    }
}

/* A syringe of something else without a new therapy: refused, nothing moved. */
static void other_contents_are_refused(void **state)
{
    (void)state;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    (void)settle(&morphine, 40000, 300000);
    struct mixture stronger = bedside_drug(DRUG_MORPHINE, NG_PER_MG + 1), other = bedside_drug(DRUG_BACLOFEN, NG_PER_MG);
    double there = ward.bed.rig.twin.reservoir_m3;
    assert_refused(bedside_refill(&ward.bed, &stronger, 10 * NL_PER_ML, NULL, true), VERDICT_CONTENTS);
    assert_refused(bedside_refill(&ward.bed, &other, 10 * NL_PER_ML, NULL, true), VERDICT_CONTENTS);
    assert_true(ward.bed.rig.twin.reservoir_m3 == there);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flipped_governor_does_not_overdose),
        cmocka_unit_test(reset_storm_adds_nothing),
        cmocka_unit_test(smaller_dead_volume_does_not_overdose),
        cmocka_unit_test(other_contents_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
