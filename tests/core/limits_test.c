/* limits_test.c - limits judged at their very edge, by masses computed another way. REQ-LIBR-05, -09; HZ-01, HZ-31. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "core/limits.h"

static const struct mixture MORPHINE = { .count = 1, .component = { { DRUG_MORPHINE, { 25000000 } } } }; /* 25 mg/mL */

static verdict judged(const struct limits *limits, const struct program *program, const struct mixture *mixture)
{
    return limits_judge(limits, program, mixture, model_find(MODEL_C20, 1), (calib_ppm){ 1234 });
}

static struct limits generous(void)
{
    return (struct limits){ .count = 1,
                            .drug = { { DRUG_MORPHINE, { { LIMIT_FG_MAX }, { LIMIT_FG_MAX } } } },
                            .bolus_max = { 100000 },
                            .rate_max = { 24000000 } };
}

/* What the governor would count in the worst window of a steady flow, in 128 bits: femtolitres, quanta, femtograms. */
static int64_t steady_mass(int64_t nl_day, int64_t window_ms, int64_t bolus_nl, int64_t ng_ml)
{
    __int128 femtolitre = (__int128)250 * (1000000 + 1234);
    /* nl_day * window / day, in fL, kept as a fraction over the day. */
    __int128 flowed_over_day = (__int128)nl_day * window_ms * 1000000 + (__int128)bolus_nl * 1000000 * 86400000;
    __int128 quanta = flowed_over_day / (femtolitre * 86400000) + 1;
    __int128 each = (femtolitre * ng_ml + 999999) / 1000000;
    return (int64_t)(quanta * each);
}

static void windows_and_buckets_are_exact(void **state)
{
    (void)state;
    assert_int_equal(window_span(WINDOW_HOUR).ms, 3600000);
    assert_int_equal(window_span(WINDOW_DAY).ms, 86400000);
    assert_int_equal(window_bucket_span(WINDOW_HOUR).ms, 112500);
    assert_int_equal(window_bucket_span(WINDOW_DAY).ms, 2700000);
}

static void mass_counts_whole_quanta_and_the_one_in_hand(void **state)
{
    (void)state;
    vol_fl quantum = { 250000000 }; /* 250 nL */
    conc_ng_ml conc = { 3 };
    assert_int_equal(limits_mass((vol_grain){ 0 }, quantum, conc).fg, 0);
    assert_int_equal(limits_mass((vol_grain){ 1 }, quantum, conc).fg, 750);
    assert_int_equal(limits_mass((vol_grain){ 250 * INT64_C(432000000) - 1 }, quantum, conc).fg, 750);
    assert_int_equal(limits_mass((vol_grain){ 250 * INT64_C(432000000) }, quantum, conc).fg, 1500);
    assert_int_equal(limits_mass((vol_grain){ 1 }, (vol_fl){ 1 }, conc).fg, 1); /* rounded up */
    int64_t largest = limits_mass((vol_grain){ INT64_MAX }, quantum, (conc_ng_ml){ CONC_NG_ML_MAX }).fg;
    assert_true(largest == INT64_C(85401593) * 25000000000); /* floor(INT64_MAX / 1.08e11) + 1 quanta of 25 mcg */
    assert_int_equal(limits_mass((vol_grain){ INT64_MAX }, quantum, (conc_ng_ml){ 0 }).fg, 0);
}

static void steady_flow_meets_its_limit_to_the_femtogram(void **state)
{
    (void)state;
    static const int32_t RATES[] = { 48000, 200000, 1000000, 23999999 };
    for (unsigned i = 0; i < sizeof RATES / sizeof RATES[0]; i++) {
        struct program program = { .kind = PROGRAM_CONTINUOUS, .base = { RATES[i] } };
        struct limits limits = generous();
        int64_t hour = steady_mass(RATES[i], 3600000 + 112500, 0, 25000000);
        int64_t day = steady_mass(RATES[i], 86400000 + 2700000, 0, 25000000);
        limits.drug[0].window[WINDOW_HOUR].fg = hour;
        limits.drug[0].window[WINDOW_DAY].fg = day;
        assert_true(judged(&limits, &program, &MORPHINE) == 0);
        limits.drug[0].window[WINDOW_HOUR].fg = hour - 1;
        assert_true(judged(&limits, &program, &MORPHINE) == VERDICT_HOUR_LIMIT);
        limits.drug[0].window[WINDOW_DAY].fg = day - 1;
        assert_true(judged(&limits, &program, &MORPHINE) == (VERDICT_HOUR_LIMIT | VERDICT_DAY_LIMIT));
        const struct model *model = model_find(MODEL_C20, 1);
        assert_true(limits_judge_rate(&limits, program.base, &MORPHINE, model, (calib_ppm){ 1234 }) ==
                    (VERDICT_HOUR_LIMIT | VERDICT_DAY_LIMIT));
    }
}

static void patient_bolus_must_fit_beside_the_base(void **state)
{
    (void)state;
    struct program program = { .kind = PROGRAM_CONTINUOUS, .base = { 200000 } };
    program.patient = (struct patient_bolus){ 1, { 8000 }, { 1440000 }, 240, 4, 90 };
    struct limits limits = generous();
    int64_t hour = steady_mass(200000, 3600000 + 112500, 8000, 25000000);
    limits.drug[0].window[WINDOW_HOUR].fg = hour;
    assert_true(judged(&limits, &program, &MORPHINE) == 0);
    limits.drug[0].window[WINDOW_HOUR].fg = hour - 1;
    assert_true(judged(&limits, &program, &MORPHINE) == VERDICT_HOUR_LIMIT);
}

/* Doses a day times dose, HZ-01: 20 hours entered as 30 minutes multiplies the day's dose by 40. */
static void short_interval_breaks_the_day_limit(void **state)
{
    (void)state;
    struct program program = { .kind = PROGRAM_PERIODIC };
    program.periodic = (struct periodic_bolus){ { 10000 }, { 1440000 }, 1200, 0 };
    struct limits limits = generous();
    limits.drug[0].window[WINDOW_DAY].fg = INT64_C(30000) * 25000000;
    limits.drug[0].window[WINDOW_HOUR].fg = INT64_C(30000) * 25000000;
    assert_true(judged(&limits, &program, &MORPHINE) == 0);
    program.periodic.interval_minutes = 30;
    assert_true((judged(&limits, &program, &MORPHINE) & VERDICT_DAY_LIMIT) != 0);
}

static void every_drug_of_a_mixture_is_limited(void **state)
{
    (void)state;
    struct mixture mixture = MORPHINE;
    mixture.count = 2;
    mixture.component[1] = (struct component){ DRUG_CLONIDINE, { 100000 } };
    struct program program = { .kind = PROGRAM_CONTINUOUS, .base = { 200000 } };
    struct limits limits = generous();
    limits.count = 2;
    int64_t day = steady_mass(200000, 86400000 + 2700000, 0, 100000);
    limits.drug[1] = (struct drug_limit){ DRUG_CLONIDINE, { { day - 1 }, { day - 1 } } };
    assert_true(judged(&limits, &program, &mixture) == VERDICT_DAY_LIMIT);
    limits.drug[1].window[WINDOW_DAY].fg++;
    assert_true(judged(&limits, &program, &mixture) == 0);
}

static void sizes_and_flows_are_limited(void **state)
{
    (void)state;
    struct program program = { .kind = PROGRAM_CONTINUOUS, .base = { 200000 } };
    program.opening = (struct opening){ OPENING_SINGLE, { 100000 }, { 1440000 } };
    struct limits limits = generous();
    assert_true(judged(&limits, &program, &MORPHINE) == 0);
    limits.bolus_max.nl--;
    assert_true(judged(&limits, &program, &MORPHINE) == VERDICT_BOLUS_SIZE);
    program.opening.kind = OPENING_PRIME;
    assert_true(judged(&limits, &program, &MORPHINE) == 0);
    limits.rate_max.nl_day = 1439999;
    assert_true(judged(&limits, &program, &MORPHINE) == VERDICT_FLOW_SUM);
    program.opening = (struct opening){ 0 };
    program.patient = (struct patient_bolus){ 1, { 10 }, { 1240000 }, 240, 4, 90 };
    assert_true(judged(&limits, &program, &MORPHINE) == VERDICT_FLOW_SUM);
    limits.rate_max.nl_day++;
    assert_true(judged(&limits, &program, &MORPHINE) == 0);
}

static void limits_that_contradict_are_refused(void **state)
{
    (void)state;
    struct program program = { .kind = PROGRAM_CONTINUOUS, .base = { 200000 } };
    struct limits limits = generous();
    limits.drug[0].drug = DRUG_BACLOFEN;
    assert_true(judged(&limits, &program, &MORPHINE) == VERDICT_LIMITS_FORM);
    limits = generous();
    limits.count = 0;
    assert_true(judged(&limits, &program, &MORPHINE) == VERDICT_LIMITS_FORM);
    limits = generous();
    limits.drug[0].window[WINDOW_DAY].fg--; /* the hour allows more than the day */
    assert_true(judged(&limits, &program, &MORPHINE) == VERDICT_LIMITS_FORM);
    limits = generous();
    limits.drug[0].window[WINDOW_HOUR].fg = 0;
    assert_true(judged(&limits, &program, &MORPHINE) == VERDICT_LIMITS_FORM);
    program.base.nl_day = -1;
    assert_true(judged(&limits, &program, &MORPHINE) == VERDICT_THERAPY_FORM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_and_buckets_are_exact),
        cmocka_unit_test(mass_counts_whole_quanta_and_the_one_in_hand),
        cmocka_unit_test(steady_flow_meets_its_limit_to_the_femtogram),
        cmocka_unit_test(patient_bolus_must_fit_beside_the_base),
        cmocka_unit_test(short_interval_breaks_the_day_limit),
        cmocka_unit_test(every_drug_of_a_mixture_is_limited),
        cmocka_unit_test(sizes_and_flows_are_limited),
        cmocka_unit_test(limits_that_contradict_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
