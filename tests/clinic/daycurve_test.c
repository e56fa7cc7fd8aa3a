/* daycurve_test.c - the curve of a day against the base of core/program.h and against boluses summed one by one in closed
 * form, minute by minute; its sum against the most of any 24 hours. REQ-CLIN-07, HZ-01, HZ-22. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/daycurve.h"

#include "clinic/guard/whole.h"
#include "tests/core/check.h"
#include "tests/core/sample.h"

enum { ROUNDS = 4000 };

static struct daycurve curve;

/* The steps as minutes; they have to follow each other, and to differ. */
static void spread(int64_t minute[DAY_MINUTES])
{
    unsigned at = 0;
    assert_in_range(curve.count, 1, DAYCURVE_STEPS_MAX);
    for (unsigned i = 0; i < curve.count; i++) {
        assert_int_equal(curve.step[i].minute, at);
        assert_true(curve.step[i].minutes > 0 && (i == 0 || curve.step[i].grain != curve.step[i - 1].grain));
        for (unsigned k = 0; k < curve.step[i].minutes; k++)
            minute[at++] = curve.step[i].grain;
    }
    assert_int_equal(at, DAY_MINUTES);
}

/* All that boluses have given by a moment after the beginning of the program. */
static int64_t boluses_until(const struct periodic_bolus *bolus, int64_t ms)
{
    int64_t sum = 0;
    for (int64_t start = (int64_t)bolus->first_minutes * MINUTE_MS; start < ms;
         start += (int64_t)bolus->interval_minutes * MINUTE_MS) {
        int64_t flown = GRAIN_PER_RATE_MS * (int64_t)bolus->rate.nl_day * (ms - start),
                all = bolus->volume.nl * GRAIN_PER_NL;
        sum += flown < all ? flown : all;
    }
    return sum;
}

static struct program any_periodic(uint64_t *seed)
{
    struct program program = { .kind = PROGRAM_PERIODIC, .base = { (int32_t)chance_between(seed, 0, 2000000) } };
    struct periodic_bolus *bolus = &program.periodic;
    bool brisk = chance_next(seed) % 3 == 0;
    bolus->interval_minutes = (uint16_t)(brisk ? chance_between(seed, 30, 60) : chance_between(seed, 30, 10080));
    bolus->first_minutes = (uint16_t)chance_between(seed, 0, 10080);
    bolus->rate.nl_day = (int32_t)chance_between(seed, 1440, 20000000);
    int64_t most =
        (int64_t)bolus->rate.nl_day * bolus->interval_minutes / DAY_MINUTES - 1; /* it ends before the next */
    most = most > VOL_NL_MAX ? VOL_NL_MAX : most;
    bolus->volume.nl = chance_between(seed, 1, most < 1 ? 1 : most);
    return program;
}

static void boluses_minute_by_minute(void **state)
{
    (void)state;
    static int64_t minute[DAY_MINUTES];
    uint64_t seed = 41;
    for (unsigned round = 0; round < ROUNDS / 8; round++) {
        const struct program program = any_periodic(&seed);
        unsigned from = (unsigned)chance_between(&seed, 0, 20000);
        daycurve_make(&program, 0, from, &curve);
        spread(minute);
        int64_t base = 5 * (int64_t)MINUTE_MS * program.base.nl_day,
                given = boluses_until(&program.periodic, from * INT64_C(60000));
        for (unsigned i = 0; i < DAY_MINUTES; i++) {
            int64_t after = boluses_until(&program.periodic, (from + i + 1) * INT64_C(60000));
            assert_int_equal(minute[i], base + after - given);
            given = after;
        }
    }
}

/* From a first bolus on, the sum is what core/program.c finds to be the most of any 24 hours. */
static void the_sum_is_the_most_of_any_day(void **state)
{
    (void)state;
    uint64_t seed = 42;
    for (unsigned round = 0; round < ROUNDS; round++) {
        const struct program program = any_periodic(&seed);
        daycurve_make(&program, 0, program.periodic.first_minutes, &curve);
        assert_int_equal(daycurve_sum(&curve).grain, program_worst_volume(&program, (span_ms){ DAY_MS }).grain);
        unsigned begun = 0;
        for (unsigned minute = 0; minute < DAY_MINUTES; minute += program.periodic.interval_minutes)
            begun++;
        assert_int_equal(daycurve_boluses(&program), begun);
        if (DAY_MINUTES % program.periodic.interval_minutes == 0) /* doses a day times dose */
            assert_int_equal(daycurve_sum(&curve).grain,
                             (program.base.nl_day + daycurve_boluses(&program) * program.periodic.volume.nl) *
                                 GRAIN_PER_NL);
    }
}

/* Each weekday's set is what the base gives from that midnight on, minute by minute. */
static void steps_minute_by_minute(void **state)
{
    (void)state;
    static int64_t minute[DAY_MINUTES];
    uint64_t seed = 43;
    for (unsigned round = 0; round < ROUNDS / 40; round++)
        for (unsigned kind = PROGRAM_STOPPED; kind <= PROGRAM_MINIMUM; kind++) {
            const struct program program = sample_program(&seed, (enum program_kind)kind);
            if (kind == PROGRAM_PERIODIC)
                continue;
            civil_ms midnight = { chance_between(&seed, 0, 20000) * DAY_MS };
            daycurve_make(&program, program.weekday_set[civil_weekday(midnight)], 0, &curve);
            spread(minute);
            for (unsigned i = 0; i < DAY_MINUTES; i++) {
                civil_ms from = { midnight.ms + (int64_t)i * MINUTE_MS };
                assert_int_equal(minute[i], program_base_volume(&program, from, (span_ms){ MINUTE_MS }).grain);
            }
            assert_int_equal(daycurve_sum(&curve).grain,
                             program_base_volume(&program, midnight, (span_ms){ DAY_MS }).grain);
            assert_int_equal(daycurve_boluses(&program), 0);
        }
}

/* By hand: 0.01 mL in 2.5 minutes every hour, on 0.12 mL a day. */
static void a_day_by_hand(void **state)
{
    (void)state;
    const struct program program = { .kind = PROGRAM_PERIODIC,
                                     .base = { 120000 },
                                     .periodic = { { 10000 }, { 5760000 }, 60, 15 } };
    daycurve_make(&program, 0, 0, &curve);
    const struct daycurve_step first[] = { { 0, 15, INT64_C(36000000000) },
                                           { 15, 2, INT64_C(1764000000000) },
                                           { 17, 1, INT64_C(900000000000) },
                                           { 18, 57, INT64_C(36000000000) } };
    assert_int_equal(curve.count, 24 * 3 + 1);
    for (unsigned i = 0; i < 4; i++)
        assert_true(curve.step[i].minute == first[i].minute && curve.step[i].minutes == first[i].minutes &&
                    curve.step[i].grain == first[i].grain);
    assert_int_equal(daycurve_sum(&curve).grain, INT64_C(360000) * GRAIN_PER_NL);
    assert_int_equal(daycurve_boluses(&program), 24);
}

/* The doses of the steps add up to the dose that the formulary judges, without any rounding. */
static void the_doses_of_the_steps_are_the_dose_of_the_day(void **state)
{
    (void)state;
    uint64_t seed = 44;
    for (unsigned round = 0; round < ROUNDS / 8; round++) {
        const struct program program = any_periodic(&seed);
        const conc_ng_ml conc = { (int32_t)chance_between(&seed, 1, CONC_NG_ML_MAX) };
        struct ratio sum = { 0, 1 };
        daycurve_make(&program, 0, program.periodic.first_minutes, &curve);
        for (unsigned i = 0; i < curve.count; i++)
            sum = ratio_add(sum, ratio_mul(daycurve_mass(curve.step[i].grain, conc), ratio_of(curve.step[i].minutes)));
        assert_int_equal(ratio_compare(sum, whole_dose(&program, conc)), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boluses_minute_by_minute),
        cmocka_unit_test(the_sum_is_the_most_of_any_day),
        cmocka_unit_test(steps_minute_by_minute),
        cmocka_unit_test(a_day_by_hand),
        cmocka_unit_test(the_doses_of_the_steps_are_the_dose_of_the_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
