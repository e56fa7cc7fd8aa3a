/* person_test.c - a person lives, is the same for the same seed, and stays within the scales. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/twin/dice.h"
#include "twin/body/person.h"

enum { PEOPLE = 40, BATCHES = 300 };

static struct person *person_new(const struct person_setup *setup)
{
    struct person *person = malloc(sizeof *person);
    assert_non_null(person);
    assert_true(person_init(person, setup));
    return person;
}

static bool on_scale(double value, double least, double most)
{
    return value >= least && value <= most; /* false for what is no number */
}

static bool within_scales(const struct person_view *view)
{
    return on_scale(view->pain, 0, 10) && on_scale(view->baseline_pain, 0, 10) && on_scale(view->relief, 0, 1) &&
           on_scale(view->spasticity, 0, 1) && on_scale(view->baseline_spasticity, 0, 1) &&
           on_scale(view->sedation, 0, 1) && on_scale(view->breathing, 0, 1) && on_scale(view->withdrawal, 0, 1) &&
           on_scale(view->confusion, 0, 1) && on_scale(view->nausea, 0, 1) && on_scale(view->itching, 0, 1) &&
           on_scale(view->weakness, 0, 1) && on_scale(view->blood_pressure, -1, 1) && on_scale(view->fever, 0, 1);
}

/* What happens to a person, from a seed of its own. */
static void live(struct person *person, struct dice *dice)
{
    double seconds = (double)dice_between(dice, 1, 7200);
    enum agent agent = (enum agent)dice_between(dice, 0, AGENTS_ALL - 1);
    double kg = pow(10.0, (double)dice_between(dice, -13, -6)) * dice_share(dice);
    (void)person_deliver(person, agent, kg, dice_between(dice, 0, 3) == 0 ? 0.0 : 2.0 * seconds * dice_share(dice));
    person_pass(person, seconds);
    (void)person_asks(person);
    (void)person_hears(person);
    (void)person_late_s(person);
}

static void any_life_stays_within_the_scales(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < PEOPLE; seed++) {
        struct dice dice = { seed };
        struct person_setup setup = person_setup_drawn(7, seed);
        setup.spasticity = dice_share(&dice);
        struct person *person = person_new(&setup);
        for (int i = 0; i < BATCHES; i++) {
            const char *said[PERSON_FEELINGS_MAX];
            live(person, &dice);
            struct person_view view = person_view(person);
            assert_true(within_scales(&view));
            int count = person_feels(person, said);
            assert_true(count >= 0 && count <= PERSON_FEELINGS_MAX);
        }
        free(person);
    }
}

static void a_copy_lives_on_in_the_same_way(void **state)
{
    (void)state;
    struct person_setup setup = person_setup_typical(3);
    struct person *person = person_new(&setup), *fork = person_new(&setup);
    struct dice dice = { 5 };
    for (int i = 0; i < BATCHES; i++) {
        live(person, &dice);
    }
    *fork = *person;
    struct dice again = dice;
    for (int i = 0; i < BATCHES; i++) {
        live(person, &dice);
        live(fork, &again);
    }
    assert_memory_equal(person, fork, sizeof *person);
    free(person);
    free(fork);
}

static void what_is_out_of_range_is_refused(void **state)
{
    (void)state;
    struct person_setup setup = person_setup_typical(1);
    struct person *person = person_new(&setup), *before = person_new(&setup);
    for (int wrong = 0; wrong < 6; wrong++) {
        struct person_setup bad = setup;
        bad.tip_m = wrong == 0 ? 0.7 : bad.tip_m;
        bad.site_m = wrong == 1 ? -0.1 : bad.site_m;
        bad.pain = wrong == 2 ? 10.5 : bad.pain;
        bad.spasticity = wrong == 3 ? (double)NAN : bad.spasticity;
        bad.figures.value[FIGURE_OPIOID_SLOW] = wrong == 4 ? 0.0 : bad.figures.value[FIGURE_OPIOID_SLOW];
        bad.regime = wrong == 5 ? (enum regime)2 : bad.regime;
        assert_false(person_init(person, &bad));
    }
    assert_false(person_deliver(person, AGENT_MORPHINE, -1e-9, 60));
    assert_false(person_deliver(person, AGENT_MORPHINE, NAN, 60));
    assert_false(person_deliver(person, AGENT_MORPHINE, 1e-9, HUGE_VAL));
    assert_false(person_deliver(person, AGENTS_ALL, 1e-9, 60));
    assert_false(person_tip(person, 0.61));
    person_pass(person, -1.0);
    person_pass(person, NAN);
    assert_memory_equal(person, before, sizeof *person);
    for (int agent = 0; agent < AGENTS_ALL; agent++) {
        assert_int_equal(person_deliver(person, (enum agent)agent, 1e-9, 60), agent < PERSON_SPINES_MAX);
        assert_int_equal(person_spine(person, (enum agent)agent) != NULL, agent < PERSON_SPINES_MAX);
    }
    free(person);
    free(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_life_stays_within_the_scales),
        cmocka_unit_test(a_copy_lives_on_in_the_same_way),
        cmocka_unit_test(what_is_out_of_range_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
