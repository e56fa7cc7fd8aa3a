/* figure_test.c - no number of the body without unit, spread and source, and no guess that is not called one. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "twin/body/figure.h"

static bool has_year(const char *source)
{
    for (const char *at = source; *at != '\0'; at++) {
        if (strspn(at, "0123456789") == 4 && (strncmp(at, "19", 2) == 0 || strncmp(at, "20", 2) == 0)) {
            return true;
        }
        at += strspn(at, "0123456789") > 0 ? strspn(at, "0123456789") - 1 : 0;
    }
    return false;
}

static bool names_a_source(const char *source)
{
    return has_year(source) || strstr(source, "label") != NULL || strstr(source, "10.") != NULL ||
           strstr(source, "review") != NULL;
}

static bool admits_a_guess(const char *source)
{
    static const char *const words[] = { "guess",          "no source", "assumed",       "no number",
                                         "no human value", "memory", "same clearance", "fitted" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strstr(source, words[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static void every_row_tells_where_it_is_from(void **state)
{
    (void)state;
    static const char *const units[] = { "cm2/h", "1", "mL/h", "mL",  "cm",    "kg",
                                         "min",   "h", "d",    "1/h", "ng/mL", "of 10" };
    for (int i = 0; i < FIGURES_ALL; i++) {
        const struct figure_row *row = figure_row((enum figure)i);
        bool known = false;
        for (size_t k = 0; k < sizeof units / sizeof units[0]; k++) {
            known |= strcmp(row->unit, units[k]) == 0;
        }
        print_message("%-32s %7g %s\n", row->word, row->value, row->unit);
        assert_true(known);
        assert_true(isfinite(row->value) && row->value > 0.0);
        assert_true(row->distribution == DISTRIBUTION_FIXED ? row->spread == 1.0
                                                            : row->spread > 1.0 && row->spread < 4.0);
        assert_true(strlen(row->source) > 10);
        assert_true(row->guess ? admits_a_guess(row->source) || strstr(row->source, "upper bound") != NULL
                               : names_a_source(row->source) && !admits_a_guess(row->source));
        assert_int_equal(figure_find(row->word), i);
        assert_non_null(strchr(row->word, '.'));
    }
    assert_int_equal(figure_find("morphine"), -1);
    assert_int_equal(figure_find(""), -1);
}

static void people_differ_by_their_spread(void **state)
{
    (void)state;
    struct figures typical, person;
    double deviations[FIGURES_ALL] = { 0.0 };
    figures_typical(&typical);
    figures_person(&person, deviations);
    assert_memory_equal(&typical, &person, sizeof typical);
    deviations[FIGURE_MORPHINE_CLEARANCE] = 1.0;
    deviations[FIGURE_MIXING] = -2.0;
    deviations[FIGURE_WEIGHT] = 3.0; /* a fixed one */
    figures_person(&person, deviations);
    assert_true(fabs(person.value[FIGURE_MORPHINE_CLEARANCE] - 13.1 * 1.53) < 1e-12);
    assert_true(fabs(person.value[FIGURE_MIXING] - 2.0 / 2.25) < 1e-12);
    assert_true(person.value[FIGURE_WEIGHT] == 70.0);
    assert_true(person.value[FIGURE_INFLOW] == typical.value[FIGURE_INFLOW]);
}

/* The arithmetic that sources are quoted for, done again. */
static void the_arithmetic_of_the_sources_holds(void **state)
{
    (void)state;
    struct figures f;
    figures_typical(&f);
    assert_true(fabs(f.value[FIGURE_MORPHINE_CLEARANCE] - (3.41 + 2.81) / 2 * 70 * 60 / 1000) < 0.05);
    assert_true(fabs(f.value[FIGURE_ZICONOTIDE_CLEARANCE] - 0.38 * 60) < 1e-9);
    assert_true(fabs(f.value[FIGURE_BACLOFEN_CLEARANCE] - sqrt(13.0 * 80.0)) < 0.1);
    assert_true(fabs(f.value[FIGURE_BUPIVACAINE_CLEARANCE] - log(2.0) / (50.0 / 60) * 97.3) < 0.2);
    assert_true(fabs(f.value[FIGURE_CLONIDINE_CLEARANCE] - log(2.0) / (66.0 / 60) * 97.3) < 0.5);
    assert_true(fabs(f.value[FIGURE_INFLOW] + f.value[FIGURE_RESERVOIR_OUT] - 0.35 * 60) < 1e-9);
    /* From the end of C2 to that of C5 is 4.8 cm. */
    assert_true(fabs(f.value[FIGURE_STROKE] - 4.8 / log(2.1 / (2.1 - 0.4))) < 0.1);
    assert_true(fabs(figure_row(FIGURE_RESERVOIR)->spread - exp(sqrt(log(1 + pow(38.7 / 122.8, 2))))) < 0.01);
    assert_true(fabs(figure_row(FIGURE_ZICONOTIDE_CLEARANCE)->spread - exp(sqrt(log(1 + pow(0.56 / 0.38, 2))))) < 0.01);
    assert_true(fabs(figure_row(FIGURE_BUPIVACAINE_CLEARANCE)->spread - exp(sqrt(log(1 + pow(27.0 / 50, 2))))) < 0.01);
    assert_true(fabs(figure_row(FIGURE_MORPHINE_CLEARANCE)->spread -
                     exp(sqrt(log(1 + pow(0.55 * sqrt(7.5) / 3.41, 2))))) < 0.01);
    assert_true(fabs(figure_row(FIGURE_BACLOFEN_CLEARANCE)->spread - exp(log(80.0 / 13) / 2.06)) < 0.01);
    /* An oscillating flow disperses as the square of its stroke. */
    assert_true(fabs(figure_row(FIGURE_MOBILE)->spread - exp(2 * sqrt(log(1 + pow(0.7 / 2.1, 2))))) < 0.01);
    assert_true(fabs(figure_row(FIGURE_STILL)->spread - exp(log(12.0 / 1.5) / 4)) < 0.02);
}

/* Of 20,000 people: the logarithms of each figure have the mean and deviation of its row, and no two figures go together. The
 * bounds are five standard errors. */
static void a_crowd_has_the_spread_of_the_table(void **state)
{
    (void)state;
    enum { CROWD = 20000 };
    static double sum[FIGURES_ALL], square[FIGURES_ALL], pair[FIGURES_ALL];
    for (int person = 0; person < CROWD; person++) {
        struct figures drawn;
        double before = 0.0;
        figures_drawn(&drawn, 9, (uint64_t)person);
        for (int i = 0; i < FIGURES_ALL; i++) {
            const struct figure_row *row = figure_row((enum figure)i);
            double z = row->spread > 1.0 ? log(drawn.value[i] / row->value) / log(row->spread) : 0.0;
            assert_true(row->spread > 1.0 || drawn.value[i] == row->value);
            sum[i] += z;
            square[i] += z * z;
            pair[i] += z * before;
            before = z;
        }
    }
    for (int i = 0; i < FIGURES_ALL; i++) {
        if (figure_row((enum figure)i)->spread > 1.0) {
            assert_true(fabs(sum[i] / CROWD) < 5.0 / sqrt(CROWD));
            assert_true(fabs(square[i] / CROWD - 1.0) < 5.0 * sqrt(2.0 / CROWD));
            assert_true(fabs(pair[i] / CROWD) < 5.0 / sqrt(CROWD));
        }
    }
}

static void a_person_is_the_same_in_any_crowd(void **state)
{
    (void)state;
    struct figures one, again, other;
    figures_drawn(&one, 1, 7);
    figures_drawn(&other, 1, 8);
    figures_drawn(&again, 1, 7);
    assert_memory_equal(&one, &again, sizeof one);
    assert_memory_not_equal(&one, &other, sizeof one);
    figures_drawn(&other, 2, 7);
    assert_memory_not_equal(&one, &other, sizeof one);
}

/* One figure is set and nothing else; whatever is wrong leaves all as it was. Every typical value, and what stands three
 * deviations from it, may be set. */
static void a_figure_is_set_by_its_word(void **state)
{
    (void)state;
    struct figures figures, before;
    figures_typical(&figures);
    before = figures;
    assert_int_equal(figures_put(&figures, "morphine.clearence", 20, "mL/h"), FIGURE_UNKNOWN);
    assert_int_equal(figures_put(&figures, "morphine.clearance", 20, "L/h"), FIGURE_OTHER_UNIT);
    assert_int_equal(figures_put(&figures, "morphine.clearance", -1, "mL/h"), FIGURE_BEYOND);
    assert_int_equal(figures_put(&figures, "morphine.clearance", (double)NAN, NULL), FIGURE_BEYOND);
    assert_int_equal(figures_put(&figures, "body.reservoir", 0, "mL"), FIGURE_BEYOND);
    assert_memory_equal(&figures, &before, sizeof figures);
    assert_int_equal(figures_put(&figures, "morphine.clearance", 20, "mL/h"), FIGURE_GOOD);
    before.value[FIGURE_MORPHINE_CLEARANCE] = 20;
    assert_memory_equal(&figures, &before, sizeof figures);
    for (int i = 0; i < FIGURES_ALL; i++) {
        const struct figure_row *row = figure_row((enum figure)i);
        for (int deviations = -3; deviations <= 3; deviations++) {
            assert_int_equal(figures_put(&figures, row->word, row->value * pow(row->spread, deviations), row->unit),
                             FIGURE_GOOD);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_tells_where_it_is_from),    cmocka_unit_test(people_differ_by_their_spread),
        cmocka_unit_test(the_arithmetic_of_the_sources_holds), cmocka_unit_test(a_crowd_has_the_spread_of_the_table),
        cmocka_unit_test(a_person_is_the_same_in_any_crowd),   cmocka_unit_test(a_figure_is_set_by_its_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
