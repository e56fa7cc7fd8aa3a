/* fit_test.c - figures estimated from made-up observations: known ones are found again, intervals hold as often as they say, and
 * what cannot be told is said. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/fit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
/* The order is cmocka's wish. */
#include <cmocka.h>
#include <math.h>

#include "app/spine/forecast.h"
#include "tests/twin/dice.h"

enum { LOOKS = 10, TABLE_BYTES = 4096, SEEDS = 120 };
static const double CLEARANCE = 18, DISPERSION = 120;

/* Two boluses in two people, looked at in two places. */
struct bench {
    struct subject subject;
    struct dosing dosing;
    struct observations observations;
    double truth[4 * LOOKS]; /* kg/m3 */
    struct fit fit;
};

static void table_write(char text[TABLE_BYTES], const char *dv)
{
    static const double hours[LOOKS] = { 0.5, 1, 2, 3, 4, 6, 8, 12, 18, 24 };
    int at = snprintf(text, TABLE_BYTES, "ID,TIME,AMT,EVID,DV,LEVEL\n");
    for (int person = 0; person < 2; person++) {
        at += snprintf(text + at, (size_t)(TABLE_BYTES - at), "%d,0,%g,1,.,.\n", person, 0.25 * (person + 1));
        for (int i = 0; i < LOOKS; i++)
            at += snprintf(text + at, (size_t)(TABLE_BYTES - at), "%d,%g,.,0,%s,L3\n%d,%g,.,0,%s,T6\n", person,
                           hours[i], dv, person, hours[i], dv);
    }
}

static void bench_make(struct bench *bench)
{
    char text[TABLE_BYTES], again[TABLE_BYTES];
    memset(bench, 0, sizeof *bench);
    bench->subject = subject_usual("test");
    bench->subject.drug = AGENT_MORPHINE;
    bench->subject.tolerance = 1e-3;
    bench->subject.cells = 16; /* what is found holds for the model as it is cut */
    table_write(text, "1");
    memcpy(again, text, sizeof text);
    assert_true(dosing_read(&bench->dosing, "table", text, &bench->subject.units, "morphine"));
    assert_true(observations_read(&bench->observations, "table", again, &bench->dosing));
    assert_int_equal(bench->observations.count, 4 * LOOKS);
    struct figures true_ones = bench->subject.figures;
    true_ones.value[FIGURE_MORPHINE_CLEARANCE] = CLEARANCE;
    true_ones.value[FIGURE_MOBILE] = DISPERSION;
    struct spine_setup setup = subject_setup(&bench->subject, &true_ones);
    assert_true(forecast(&bench->dosing, &bench->observations, &setup, bench->subject.cells, bench->truth));
}

static void bench_free(struct bench *bench)
{
    fit_free(&bench->fit);
    observations_free(&bench->observations);
    dosing_free(&bench->dosing);
}

static void figure_add(struct fit *fit, enum figure figure)
{
    double start = fit->subject->figures.value[figure];
    fit->figure[fit->figures++] =
        (struct fit_figure){ .figure = figure, .start = start, .low = start / 50, .high = start * 50 };
}

static struct fit *fit_begin(struct bench *bench, double deviation_kg_m3, double share)
{
    fit_free(&bench->fit);
    bench->fit = (struct fit){ .subject = &bench->subject,
                               .dosing = &bench->dosing,
                               .observations = &bench->observations,
                               .error = { deviation_kg_m3, share } };
    return &bench->fit;
}

/* Observations as they would be with a normal error, by chance of this seed. */
static void observe(struct bench *bench, uint64_t seed, double deviation_kg_m3, double share)
{
    struct dice dice = { seed };
    for (size_t i = 0; i < bench->observations.count; i++) {
        double one = sqrt(-2 * log(1 - dice_share(&dice))) * cos(6.283185307179586 * dice_share(&dice));
        bench->observations.row[i].kg_m3 =
            fmax(1e-12, bench->truth[i] + one * hypot(deviation_kg_m3, share * bench->truth[i]));
    }
}

static void known_figures_are_found_again(void **state)
{
    static struct bench bench;
    (void)state;
    bench_make(&bench);
    observe(&bench, 1, 0, 0);
    struct fit *fit = fit_begin(&bench, 0, 1);
    figure_add(fit, FIGURE_MORPHINE_CLEARANCE);
    figure_add(fit, FIGURE_MOBILE);
    assert_null(fit_run(fit));
    print_message("clearance off by %.1e, dispersion by %.1e, %lu forecasts\n", fit->figure[0].value / CLEARANCE - 1,
                  fit->figure[1].value / DISPERSION - 1, fit->forecasts);
    assert_true(fit_sound(fit));
    assert_true(fabs(fit->figure[0].value / CLEARANCE - 1) < 1e-4);
    assert_true(fabs(fit->figure[1].value / DISPERSION - 1) < 1e-4);
    bench_free(&bench);
}

/* Of 120 worlds the interval of 19 in 20 must hold the truth in 106 to 120: fewer would happen to a right one once in 1000
 * (binomial with 0.95: P(X <= 105) = 0.001). And it must not be lazily wide: estimates scatter as their standard error
 * says, within what 120 of them can tell (chi-squared: 0.79 to 1.22 but once in 1000). */
static void intervals_hold_as_often_as_they_say(double deviation_kg_m3, double share)
{
    static struct bench bench;
    double scatter[2] = { 0, 0 }, truth[2] = { CLEARANCE, DISPERSION };
    int held[2] = { 0, 0 };
    bench_make(&bench);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        observe(&bench, seed, deviation_kg_m3, share);
        struct fit *fit = fit_begin(&bench, deviation_kg_m3, share);
        figure_add(fit, FIGURE_MORPHINE_CLEARANCE);
        figure_add(fit, FIGURE_MOBILE);
        assert_null(fit_run(fit));
        assert_true(fit_sound(fit));
        for (int i = 0; i < 2; i++) {
            double off = log(fit->figure[i].value / truth[i]) / fit->figure[i].log_error;
            assert_true(fabs(off) < 5);
            scatter[i] += off * off / SEEDS;
            held[i] += fit->figure[i].from <= truth[i] && truth[i] <= fit->figure[i].to;
        }
    }
    for (int i = 0; i < 2; i++) {
        print_message("figure %d: the truth is within in %d of %d, scatter %.3f standard errors\n", i, held[i], SEEDS,
                      sqrt(scatter[i]));
        assert_in_range(held[i], 106, SEEDS);
        assert_true(sqrt(scatter[i]) > 0.79 && sqrt(scatter[i]) < 1.22);
    }
    bench_free(&bench);
}

static void proportional_intervals_hold(void **state)
{
    (void)state;
    intervals_hold_as_often_as_they_say(0, 0.1);
}

static void both_errors_intervals_hold(void **state)
{
    (void)state;
    intervals_hold_as_often_as_they_say(2e-5, 0.1);
}

/* Each is said by its own name, and never with a standard error. */
static void what_cannot_be_told_is_said(void **state)
{
    static struct bench bench;
    (void)state;
    bench_make(&bench);
    observe(&bench, 3, 0, 0.05);
    struct fit *fit = fit_begin(&bench, 0, 1);
    figure_add(fit, FIGURE_MORPHINE_CLEARANCE);
    figure_add(fit, FIGURE_STILL);
    assert_null(fit_run(fit));
    assert_int_equal(fit->figure[0].verdict, FIT_KNOWN);
    assert_int_equal(fit->figure[1].verdict, FIT_SILENT);
    assert_false(fit_sound(fit));

    fit = fit_begin(&bench, 0, 1);
    figure_add(fit, FIGURE_MORPHINE_CLEARANCE);
    fit->figure[0].high = 15;
    figure_add(fit, FIGURE_MOBILE);
    assert_null(fit_run(fit));
    assert_int_equal(fit->figure[0].verdict, FIT_AT_BOUND);
    assert_true(fit->figure[0].value == exp(log(15.0)));
    assert_int_equal(fit->figure[1].verdict, FIT_KNOWN);
    assert_true(fit->freedom == 4 * LOOKS - 1);
    assert_false(fit_sound(fit));

    /* With uptake so fast that tissue is in balance with the fluid, nobody sees how fast it is. */
    bench.subject.figures.value[FIGURE_MORPHINE_UPTAKE] = 0.01;
    fit = fit_begin(&bench, 0, 1);
    figure_add(fit, FIGURE_MORPHINE_CLEARANCE);
    figure_add(fit, FIGURE_MORPHINE_UPTAKE);
    fit->figure[1].low = 0.002;
    fit->figure[1].high = 0.05;
    assert_null(fit_run(fit));
    assert_int_not_equal(fit->figure[1].verdict, FIT_KNOWN);
    bench_free(&bench);
}

/* Where tissue takes up so slowly that it gives nothing back, partition and the rate of uptake act through their product. */
static void figures_that_act_together_are_not_told_apart(void **state)
{
    static struct bench bench;
    (void)state;
    bench_make(&bench);
    bench.subject.figures.value[FIGURE_MORPHINE_UPTAKE] = 1e6;
    bench.subject.figures.value[FIGURE_MORPHINE_PARTITION] = 3000;
    bench.subject.figures.value[FIGURE_MORPHINE_CLEARANCE] = CLEARANCE;
    bench.subject.figures.value[FIGURE_MOBILE] = DISPERSION;
    struct spine_setup setup = subject_setup(&bench.subject, &bench.subject.figures);
    assert_true(forecast(&bench.dosing, &bench.observations, &setup, bench.subject.cells, bench.truth));
    observe(&bench, 4, 0, 0.05);
    struct fit *fit = fit_begin(&bench, 0, 1);
    figure_add(fit, FIGURE_MORPHINE_CLEARANCE);
    figure_add(fit, FIGURE_MORPHINE_UPTAKE);
    fit->figure[1].high = 9e6;
    figure_add(fit, FIGURE_MORPHINE_PARTITION);
    fit->figure[2].high = 9e3;
    assert_null(fit_run(fit));
    print_message("condition %.3g\n", fit->condition);
    assert_int_equal(fit->figure[0].verdict, FIT_KNOWN);
    assert_int_equal(fit->figure[1].verdict, FIT_TIED);
    assert_int_equal(fit->figure[2].verdict, FIT_TIED);
    assert_true(fit->correlation[1][2] == 0);
    assert_false(fit_sound(fit));
    bench_free(&bench);
}

/* Where the sum of squares is nearly a parabola of the logarithm, the profile says what the standard error says. */
static void profiles_agree_with_errors(void **state)
{
    static struct bench bench;
    (void)state;
    bench_make(&bench);
    bench.subject.tolerance = 1e-5;
    observe(&bench, 5, 0, 0.05);
    struct fit *fit = fit_begin(&bench, 0, 1);
    fit->profiled = true;
    figure_add(fit, FIGURE_MORPHINE_CLEARANCE);
    figure_add(fit, FIGURE_MOBILE);
    assert_null(fit_run(fit));
    for (int i = 0; i < 2; i++) {
        const struct fit_figure *figure = &fit->figure[i];
        print_message("%g: %g to %g, by its profile %g to %g\n", figure->value, figure->from, figure->to,
                      figure->profile_from, figure->profile_to);
        double wide = log(figure->to / figure->from);
        assert_true(fabs(log(figure->profile_from / figure->from)) < 0.05 * wide);
        assert_true(fabs(log(figure->profile_to / figure->to)) < 0.05 * wide);
        for (int k = 1; k < figure->points; k++)
            assert_true(figure->at[k] >= figure->at[k - 1]);
    }
    bench_free(&bench);
}

/* Of tables of Student's t (two-sided, 5 %), from 1 degree of freedom to nearly the normal. */
static void student_is_that_of_tables(void **state)
{
    static const double table[][2] = {
        { 1, 12.7062 }, { 2, 4.3027 },  { 3, 3.1824 },  { 4, 2.7764 },   { 5, 2.5706 },
        { 9, 2.2622 },  { 10, 2.2281 }, { 30, 2.0423 }, { 100, 1.9840 }, { 1000, 1.9623 }
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        assert_true(fabs(fit_student(table[i][0]) - table[i][1]) < 1e-4);
}

static void too_few_observations_are_refused(void **state)
{
    static struct bench bench;
    (void)state;
    bench_make(&bench);
    observe(&bench, 1, 0, 0);
    bench.observations.count = 2;
    struct fit *fit = fit_begin(&bench, 0, 1);
    figure_add(fit, FIGURE_MORPHINE_CLEARANCE);
    figure_add(fit, FIGURE_MOBILE);
    assert_non_null(fit_run(fit));
    bench_free(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_figures_are_found_again),
        cmocka_unit_test(proportional_intervals_hold),
        cmocka_unit_test(both_errors_intervals_hold),
        cmocka_unit_test(what_cannot_be_told_is_said),
        cmocka_unit_test(figures_that_act_together_are_not_told_apart),
        cmocka_unit_test(profiles_agree_with_errors),
        cmocka_unit_test(student_is_that_of_tables),
        cmocka_unit_test(too_few_observations_are_refused),
    };
    return cmocka_run_group_tests_name("fit", tests, NULL, NULL);
}
