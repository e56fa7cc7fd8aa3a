/* granuloma_test.c - the mass at the tip: what dogs showed (which way, not how far), the published rate, steps, forks. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/granuloma.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "tests/twin/near.h"
#include "tests/twin/poisson.h"

static const double DAY_S = 86400.0, YEAR_S = 365.25 * 86400.0, UL_H = 1e-9 / 3600.0;

static void every_row_tells_where_it_is_from(void **state)
{
    (void)state;
    for (int i = 0; i < GRANULOMA_NUMBERS; i++) {
        const struct granuloma_row *row = granuloma_row((enum granuloma_number)i);
        bool admits = strstr(row->source, "guess") != NULL || strstr(row->source, "no source") != NULL;
        assert_true(row->value > 0.0 && row->unit[0] != '\0' && row->guess == admits && strlen(row->source) > 20);
    }
    assert_near(granuloma_row(GRANULOMA_HALF)->value, sqrt(1.5 * 12.5), 0.05);
    assert_near(granuloma_row(GRANULOMA_HYDROMORPHONE)->value, 12.0 / 3.0, 0.0);
    assert_near(granuloma_row(GRANULOMA_RATE)->value, 0.009, 0.0);
}

/* So many days of this at the tip, continuously; the share that passes then. */
static double infuse(struct granuloma *granuloma, double kg_m3, double ul_h, double days)
{
    return granuloma_pass(granuloma, granuloma_near(0.0, kg_m3, ul_h * UL_H), days * DAY_S);
}

/* Allen 2006: 12 mg a day, once strong and slow, once thin and fast. */
static void dogs_at_one_daily_dose_differ_by_concentration(void **state)
{
    (void)state;
    struct granuloma strong, thin;
    assert_near(12.5 * 40.0, 1.5 * 334.0, 2.0);
    granuloma_init(&strong, 1, 0.0);
    granuloma_begin(&strong, 0.0);
    thin = strong;
    double passes = infuse(&strong, 12.5, 40.0, 3.0);
    assert_true(strong.size > 0.2 && passes < 0.8); /* seen by the third day */
    double third = strong.size;
    (void)infuse(&strong, 12.5, 40.0, 7.0);
    assert_true(strong.size > 1.8 * third); /* prominent on the tenth */
    assert_true(infuse(&strong, 12.5, 40.0, 18.0) < 0.1);
    assert_true(infuse(&thin, 1.5, 334.0, 28.0) > 0.8);
    assert_true(thin.size < strong.size / 5.0);
    /* And whether one begins: where 1 in 4 has one after 28 days, most of the others have. */
    double ratio = granuloma_near(0.0, 12.5, 40.0 * UL_H) / granuloma_near(0.0, 1.5, 334.0 * UL_H);
    print_message("begun: 0.25 thin, %.2f strong\n", 1.0 - pow(0.75, ratio));
    assert_true(1.0 - pow(0.75, ratio) > 0.8);
}

static void one_shrinks_when_stopped_or_thinned(void **state)
{
    (void)state;
    struct granuloma stopped, thinned;
    granuloma_init(&stopped, 1, 0.0);
    granuloma_begin(&stopped, 0.0);
    (void)infuse(&stopped, 12.5, 40.0, 28.0);
    thinned = stopped;
    double large = stopped.size;
    (void)infuse(&stopped, 12.5, 0.0, 7.0); /* what stands in the catheter does not come out */
    assert_true(stopped.size < large / 2.0 && stopped.size > 0.0);
    assert_true(infuse(&stopped, 12.5, 0.0, 42.0) == 1.0); /* weeks later it is gone */
    assert_true(!stopped.grows && stopped.size == 0.0 && stopped.begun == 1);
    assert_true(stopped.hazard == 0.0 && stopped.threshold != thinned.threshold); /* another draw */
    (void)infuse(&thinned, 1.5, 334.0, 7.0);
    assert_true(thinned.size < large / 2.0);
    assert_true(infuse(&thinned, 1.5, 334.0, 42.0) > 0.8 && thinned.grows); /* a small one stays */
}

/* The same dose a day, 25 mg/mL: at once or in parts leaves the tip washed for most of the day. */
static void boluses_make_smaller_ones(void **state)
{
    (void)state;
    struct granuloma continuous, parts;
    granuloma_init(&continuous, 1, 0.0);
    granuloma_begin(&continuous, 0.0);
    parts = continuous;
    (void)infuse(&continuous, 25.0, 20.0, 28.0);
    for (int i = 0; i < 4 * 28; i++) {
        (void)infuse(&parts, 25.0, 720.0, 1.0 / 144.0); /* a quarter of 480 uL in 10 min */
        (void)infuse(&parts, 25.0, 0.0, 0.25 - 1.0 / 144.0);
    }
    print_message("continuous %.3f, four boluses a day %.3f\n", continuous.size, parts.size);
    assert_true(parts.size < continuous.size / 2.0 && parts.size > 0.0);
}

/* Near what leaves it when much does, near what is around it when little does; never outside of both. */
static void the_tip_is_washed(void **state)
{
    (void)state;
    assert_true(granuloma_near(0.002, 20.0, 0.0) == 0.002);
    assert_near(granuloma_near(0.002, 20.0, 1.0), 20.0, 1e-6);
    for (double ul_h = 0.1; ul_h < 1e4; ul_h *= 2.0) {
        double near_kg_m3 = granuloma_near(0.5, 20.0, ul_h * UL_H);
        assert_true(near_kg_m3 > 0.5 && near_kg_m3 < 20.0 && near_kg_m3 < granuloma_near(0.5, 20.0, 2.0 * ul_h * UL_H));
    }
}

/* 20,000 people for five years at the concentration that the rate is told for: as many as published, by years at risk. */
static void as_many_begin_as_published(void **state)
{
    (void)state;
    unsigned begun = 0, twice = 0;
    double risk_years = 0.0;
    for (uint64_t seed = 1; seed <= 20000; seed++) {
        struct granuloma one, other;
        granuloma_init(&one, seed, 1.0);
        other = one;
        for (int year = 0; year < 5; year++) {
            risk_years += one.grows ? 0.0 : 1.0;
            (void)granuloma_pass(&one, 10.0, YEAR_S);
            (void)granuloma_pass(&other, 20.0, YEAR_S);
        }
        begun += one.begun;
        twice += other.begun;
    }
    risk_years -= 0.5 * begun; /* it began in the middle of a year, on average: a hundredth of its own count in error */
    assert_true(poisson_allows("granuloma", begun, 0.009 * risk_years));
    assert_true(poisson_allows("at 20 mg/mL", twice, 20000.0 * (1.0 - exp(-0.009 * 2.0 * 5.0))));
}

static void only_some_drugs_count(void **state)
{
    (void)state;
    struct granuloma granuloma;
    assert_true(granuloma_weight(1) == 1.0 && granuloma_weight(2) == 4.0);
    for (uint16_t drug = 3; drug < 12; drug++) {
        assert_true(granuloma_weight(drug) == 0.0);
    }
    assert_true(granuloma_weight(0) == 0.0);
    granuloma_init(&granuloma, 1, 1e6);
    assert_true(granuloma_pass(&granuloma, 0.0, 1000.0 * YEAR_S) == 1.0 && granuloma.begun == 0);
    granuloma_init(&granuloma, 1, 0.0); /* factor 0: none by itself */
    assert_true(granuloma_pass(&granuloma, 50.0, 1000.0 * YEAR_S) == 1.0 && granuloma.begun == 0);
}

/* A month in one step, or in thousands; and in a copy. */
static void steps_and_copies_do_not_matter(void **state)
{
    (void)state;
    struct granuloma one, many, copy;
    granuloma_init(&one, 3, 2000.0);
    many = one;
    (void)granuloma_pass(&one, 8.0, 60.0 * DAY_S);
    for (int i = 0; i < 6000; i++) {
        (void)granuloma_pass(&many, 8.0, 0.01 * DAY_S);
    }
    assert_true(one.grows && many.grows && one.begun == 1 && many.begun == 1);
    assert_near(one.size, many.size, 1e-9);
    copy = one;
    for (int i = 0; i < 2000; i++) {
        double kg_m3 = i / 100 % 3 == 0 ? 15.0 : 0.0;
        assert_true(granuloma_pass(&one, kg_m3, DAY_S) == granuloma_pass(&copy, kg_m3, DAY_S));
        assert_true(one.size >= 0.0 && one.size < 1.25 && one.size == copy.size && one.hazard == copy.hazard);
        assert_true(granuloma_passes(&one) == fmax(1.0 - one.size, 0.0));
    }
    assert_true(one.begun > 3 && one.begun == copy.begun && one.threshold == copy.threshold); /* gone, and come again */
}

static void what_is_no_number_changes_nothing(void **state)
{
    (void)state;
    struct granuloma granuloma, before;
    granuloma_init(&granuloma, 1, 1.0);
    granuloma_begin(&granuloma, 0.5);
    before = granuloma;
    (void)granuloma_pass(&granuloma, 10.0, -5.0);
    (void)granuloma_pass(&granuloma, 10.0, NAN);
    (void)granuloma_pass(&granuloma, 10.0, INFINITY);
    assert_memory_equal(&granuloma, &before, sizeof before);
    granuloma_begin(&granuloma, 0.2); /* one is there, and is larger */
    assert_memory_equal(&granuloma, &before, sizeof before);
    (void)granuloma_pass(&granuloma, NAN, DAY_S);
    (void)granuloma_pass(&before, 0.0, DAY_S);
    assert_true(granuloma.size == before.size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_tells_where_it_is_from),
        cmocka_unit_test(dogs_at_one_daily_dose_differ_by_concentration),
        cmocka_unit_test(one_shrinks_when_stopped_or_thinned),
        cmocka_unit_test(boluses_make_smaller_ones),
        cmocka_unit_test(the_tip_is_washed),
        cmocka_unit_test(as_many_begin_as_published),
        cmocka_unit_test(only_some_drugs_count),
        cmocka_unit_test(steps_and_copies_do_not_matter),
        cmocka_unit_test(what_is_no_number_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
