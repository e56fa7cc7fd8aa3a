/* contents_test.c - which drug stands where, and what the next quantum is charged with. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"

#include "pump/contents.h"

static const vol_nl DEAD = { 200000 };
static const calib_ppm TENTH = { 100000 };

static int64_t charged(const struct contents *contents, int64_t nl)
{
    return contents_conc(contents, DRUG_MORPHINE, (vol_fl){ nl * FL_PER_NL }).ng_ml;
}

static void saline_goes_before_the_drug(void **state)
{
    (void)state;
    struct mixture saline = { .count = 0 }, drug = bench_drug(5000);
    struct contents contents;
    contents_begin(&contents, &saline, &drug, DEAD, TENTH);
    assert_int_equal(contents.count, 2);
    assert_int_equal(charged(&contents, 179999), 0);
    assert_int_equal(charged(&contents, 180000), 5000); /* a tenth of the dead volume early */
    assert_int_equal(contents_next(&contents, (vol_fl){ 0 }).fl, 180000 * (int64_t)FL_PER_NL);
    assert_int_equal(contents_next(&contents, (vol_fl){ 180000 * (int64_t)FL_PER_NL }).fl, 220000 * (int64_t)FL_PER_NL);
}

/* Of two boundaries the last one counts: what the reservoir holds comes behind it. */
static void what_must_still_flow_is_told(void **state)
{
    (void)state;
    struct mixture saline = { .count = 0 }, drug = bench_drug(5000), next = bench_drug(8000);
    struct contents contents;
    contents_begin(&contents, &saline, &drug, DEAD, TENTH);
    assert_int_equal(contents_left(&contents, (vol_fl){ 1 }).fl, 220000 * (int64_t)FL_PER_NL - 1); /* a tenth late */
    contents_change(&contents, &next, (vol_fl){ 50000 * (int64_t)FL_PER_NL });
    assert_int_equal(contents_left(&contents, (vol_fl){ 60000 * (int64_t)FL_PER_NL }).fl, 210000 * (int64_t)FL_PER_NL);
    assert_int_equal(contents_left(&contents, (vol_fl){ 300000 * (int64_t)FL_PER_NL }).fl, 0);
    contents_begin(&contents, &drug, &drug, DEAD, TENTH);
    assert_int_equal(contents_left(&contents, (vol_fl){ 0 }).fl, 0);
}

/* They are kept in retained memory: a run that is repeated has the same bytes there. */
static void what_is_not_used_is_zero(void **state)
{
    (void)state;
    static const struct stretch unused;
    struct mixture drug = bench_drug(5000);
    struct contents contents;
    memset(&contents, 0xA5, sizeof contents);
    contents_begin(&contents, &drug, &drug, DEAD, TENTH);
    assert_int_equal(contents.count, 1);
    for (unsigned i = 1; i < CONTENTS_MAX; i++)
        assert_memory_equal(&contents.stretch[i], &unused, sizeof unused);
}

static void near_a_boundary_the_stronger_counts(void **state)
{
    (void)state;
    struct mixture strong = bench_drug(9000), weak = bench_drug(2000);
    struct contents contents;
    contents_begin(&contents, &strong, &strong, DEAD, TENTH);
    assert_int_equal(contents.count, 1);
    contents_change(&contents, &weak, (vol_fl){ 1000000 * (int64_t)FL_PER_NL });
    assert_int_equal(charged(&contents, 1219999), 9000);
    assert_int_equal(charged(&contents, 1220000), 2000);
    assert_int_equal(contents_clear(&contents, (vol_fl){ 1219999 * (int64_t)FL_PER_NL }), 0);
    assert_int_equal(contents_clear(&contents, (vol_fl){ 1220000 * (int64_t)FL_PER_NL }), 1);
    assert_int_equal(contents_highest(&contents, DRUG_MORPHINE).ng_ml, 2000);
    assert_int_equal(contents_next(&contents, (vol_fl){ 1220000 * (int64_t)FL_PER_NL }).fl, INT64_MAX);
}

static void unknown_contents_count_as_the_strongest_known(void **state)
{
    (void)state;
    struct mixture unknown = { .unknown = true }, drug = bench_drug(7000);
    struct contents contents;
    contents_begin(&contents, &unknown, &drug, DEAD, TENTH);
    assert_int_equal(charged(&contents, 0), 7000);
}

static void two_boundaries_and_no_third(void **state)
{
    (void)state;
    struct mixture a = bench_drug(1000), b = bench_drug(2000), c = bench_drug(3000);
    struct contents contents;
    contents_begin(&contents, &a, &a, DEAD, TENTH);
    assert_true(contents_room(&contents));
    contents_change(&contents, &b, (vol_fl){ 1 });
    contents_change(&contents, &c, (vol_fl){ 2 });
    assert_false(contents_room(&contents));
    contents_change(&contents, &c, (vol_fl){ 3 }); /* the same again is no boundary */
    assert_int_equal(contents.count, CONTENTS_MAX);
    assert_true(mixture_same(contents_reservoir(&contents), &c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saline_goes_before_the_drug),
        cmocka_unit_test(what_must_still_flow_is_told),
        cmocka_unit_test(what_is_not_used_is_zero),
        cmocka_unit_test(near_a_boundary_the_stronger_counts),
        cmocka_unit_test(unknown_contents_count_as_the_strongest_known),
        cmocka_unit_test(two_boundaries_and_no_third),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
