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
#include "tests/twin/near.h"
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

/* Whatever stood in the memory before. */
static void the_same_seed_has_the_same_bytes(void **state)
{
    (void)state;
    struct person_setup *setup = malloc(2 * sizeof *setup);
    assert_non_null(setup);
    struct person *person = malloc(sizeof *person), *other = malloc(sizeof *other);
    assert_true(person != NULL && other != NULL);
    memset(person, 0xa5, sizeof *person);
    memset(other, 0x5a, sizeof *other);
    for (int i = 0; i < 2; i++) {
        struct person_setup typical = person_setup_typical(6);
        memset(&setup[i], i == 0 ? 0xff : 0x11, sizeof setup[i]);
        setup[i].seed = typical.seed;
        setup[i].figures = typical.figures;
        setup[i].regime = typical.regime;
        setup[i].tip_m = typical.tip_m;
        setup[i].site_m = typical.site_m;
        setup[i].pain = typical.pain;
        setup[i].spasticity = typical.spasticity;
    }
    assert_true(person_init(person, &setup[0]) && person_init(other, &setup[1]));
    struct dice dice = { 5 }, again = { 5 };
    for (int i = 0; i < 50; i++) {
        live(person, &dice);
        live(other, &again);
    }
    assert_memory_equal(person, other, sizeof *person);
    free(setup);
    free(person);
    free(other);
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

static double view_gap(const struct person_view *a, const struct person_view *b)
{
    double gap = fabs(a->pain - b->pain) / 10.0;
    gap = fmax(gap, fabs(a->relief - b->relief));
    gap = fmax(gap, fabs(a->spasticity - b->spasticity));
    gap = fmax(gap, fabs(a->sedation - b->sedation));
    gap = fmax(gap, fabs(a->breathing - b->breathing));
    gap = fmax(gap, fabs(a->withdrawal - b->withdrawal));
    gap = fmax(gap, fabs(a->confusion - b->confusion));
    gap = fmax(gap, fabs(a->weakness - b->weakness));
    return fmax(gap, fabs(a->blood_pressure - b->blood_pressure));
}

/* Six hours at a time for two days, with boluses between: cut into batches of any length, all comes out alike. */
static void batches_of_any_length_agree(void **state)
{
    (void)state;
    static const double batch_s[] = { 10800, 3600, 600, 60, 7 };
    static struct person_view views[5][8];
    struct person_setup setup = person_setup_typical(3);
    setup.spasticity = 0.8;
    double worst = 0.0;
    for (int way = 0; way < 5; way++) {
        struct person *person = person_new(&setup);
        for (int part = 0; part < 8; part++) {
            double end_s = 21600.0 * (part + 1);
            enum agent agent = (enum agent)(part % 2 == 0 ? AGENT_MORPHINE : AGENT_BACLOFEN);
            assert_true(person_deliver(person, agent, 1e-7, 0.0));
            assert_true(person_deliver(person, AGENT_FENTANYL, part < 4 ? 3e-8 : 0.0, 18000.0));
            while (person->time_s < end_s) {
                person_pass(person, fmin(batch_s[way], end_s - person->time_s));
            }
            views[way][part] = person_view(person);
            worst = fmax(worst, view_gap(&views[way][part], &views[0][part]));
        }
        free(person);
    }
    print_message("batches of 7 s to 3 h: apart by %.1e at most\n", worst);
    assert_true(worst < 0.002);
}

/* Nothing is lost or made between what was delivered and what the spine has had. */
static void all_that_is_delivered_arrives(void **state)
{
    (void)state;
    struct person_setup setup = person_setup_typical(3);
    struct person *person = person_new(&setup);
    struct dice dice = { 23 };
    double given_kg = 0.0;
    for (int i = 0; i < BATCHES; i++) {
        double kg = 1e-8 * dice_share(&dice), seconds = (double)dice_between(&dice, 0, 900);
        assert_true(person_deliver(person, AGENT_MORPHINE, kg, seconds));
        given_kg += kg;
        person_pass(person, (double)dice_between(&dice, 1, 700));
    }
    person_pass(person, 7200.0);
    /* And in its time: half of it in half of it. */
    assert_true(person_deliver(person, AGENT_MORPHINE, 1e-6, 10000.0));
    given_kg += 1e-6;
    person_pass(person, 2500.0);
    person_pass(person, 2500.0);
    assert_near(spine_balance(person_spine(person, AGENT_MORPHINE)).given, given_kg - 0.5e-6, 1e-15);
    person_pass(person, 5000.0);
    struct spine_balance balance = spine_balance(person_spine(person, AGENT_MORPHINE));
    assert_near(balance.given / given_kg, 1.0, 1e-12);
    assert_near(balance.gap / given_kg, 0.0, 1e-9);
    free(person);
}

/* A billionth of a second that is left of a delivery arrives, too, and costs no thousand steps. */
static void what_rounding_leaves_costs_nothing(void **state)
{
    (void)state;
    struct person_setup setup = person_setup_typical(3);
    struct person *person = person_new(&setup);
    for (int i = 0; i < 100; i++) {
        assert_true(person_deliver(person, AGENT_MORPHINE, 1e-9, 600.0));
        person_pass(person, 600.0 - 1e-9);
        person_pass(person, 600.0);
    }
    const struct spine *spine = person_spine(person, AGENT_MORPHINE);
    print_message("%lu steps\n", spine->steps);
    assert_near(spine_balance(spine).given, 1e-7, 1e-19);
    assert_true(spine->steps < 3000);
    free(person);
}

static unsigned asked_in(const struct person_setup *setup, int days, bool sedated)
{
    struct person *person = person_new(setup);
    for (int i = 0; i < days * 144; i++) {
        if (sedated) {
            assert_true(person_deliver(person, AGENT_CLONIDINE, 1e-4 / 144, 600.0));
        }
        person_pass(person, 600.0);
        (void)person_asks(person);
    }
    unsigned asked = person_view(person).boluses_asked;
    free(person);
    return asked;
}

/* With pain of 7.6, 3.6 above what is bearable: a press in 33 min on average, after half an hour's rest, seen 5 min later on
 * average. Without pain: one in a hundred hours. Bounds are five standard errors and more. */
static void presses_come_with_pain_and_now_and_then(void **state)
{
    (void)state;
    struct person_setup setup = person_setup_typical(8);
    unsigned with_pain = asked_in(&setup, 200, false);
    setup.pain = 0.0;
    unsigned without = asked_in(&setup, 400, false);
    print_message("%u presses in 200 days with pain, %u in 400 without\n", with_pain, without);
    assert_near(with_pain, 200.0 * 1440 / (33 + 30 + 5), 0.1 * 4235);
    assert_near(without, 96.0, 49.0);
    setup.pain = 10.0; /* far more than is bearable, but too drowsy to press: 700 presses else */
    setup.figures.value[FIGURE_BEARABLE] = 0.1;
    assert_true(asked_in(&setup, 20, true) < 10);
}

/* Without pain presses come by chance: as unevenly as waits that know nothing of each other. */
static void presses_without_pain_are_uneven(void **state)
{
    (void)state;
    enum { PRESSES = 60 };
    struct person_setup setup = person_setup_typical(8);
    setup.pain = 0.0;
    struct person *person = person_new(&setup);
    double before_s = 0.0, sum = 0.0, square = 0.0;
    for (int presses = 0; presses < PRESSES;) {
        person_pass(person, 3600.0);
        if (person_asks(person)) {
            double gap = (person->time_s - before_s) / 3600.0;
            sum += gap;
            square += gap * gap;
            before_s = person->time_s;
            presses++;
        }
    }
    double mean = sum / PRESSES, deviation = sqrt(square / PRESSES - mean * mean);
    print_message("a press in %.0f h, deviation %.0f h\n", mean, deviation);
    assert_near(deviation / mean, 1.0, 0.4);
    free(person);
}

static void alarms_and_appointments_are_sometimes_missed(void **state)
{
    (void)state;
    enum { TIMES = 20000 };
    struct person_setup setup = person_setup_typical(9);
    struct person *person = person_new(&setup);
    int heard = 0, drowsy = 0, late = 0, late_again = 0;
    double late_before_s = 0.0, twice_s = 0.0;
    double late_s = 0.0;
    for (int i = 0; i < TIMES; i++) {
        heard += person_hears(person);
        double by_s = person_late_s(person);
        late += by_s > 0.0;
        late_s += by_s;
        late_again += late_before_s > 0.0 && by_s > 0.0;
        twice_s += by_s > 0.0 ? late_before_s : 0.0;
        late_before_s = by_s;
    }
    assert_near(heard, 0.7 * TIMES, 5.0 * sqrt(0.21 * TIMES));
    assert_near(late, 0.1 * TIMES, 5.0 * sqrt(0.09 * TIMES));
    assert_near(late_again, 0.01 * TIMES, 5.0 * sqrt(0.01 * TIMES));
    assert_near(twice_s / late_again / 86400.0, 7.0, 5.0 * 7.0 / sqrt(late_again)); /* nor is the next known from one */
    assert_near(late_s / late / 86400.0, 7.0, 5.0 * 7.0 / sqrt(late));
    assert_true(person_deliver(person, AGENT_MORPHINE, 1e-5, 0.0));
    person_pass(person, 6 * 3600.0);
    for (int i = 0; i < TIMES; i++) {
        drowsy += person_hears(person);
    }
    assert_true(drowsy < heard / 2);
    free(person);
}

/* In still fluid a tip that has slipped up to the neck leaves the legs with less baclofen. */
static void a_tip_that_migrates_takes_the_effect_with_it(void **state)
{
    (void)state;
    struct person_setup setup = person_setup_typical(4);
    setup.spasticity = 0.8;
    setup.regime = REGIME_STILL;
    struct person *person = person_new(&setup);
    double day = 86400.0, loose[2];
    for (int i = 0; i < 2; i++) {
        assert_true(person_deliver(person, AGENT_BACLOFEN, 3e-6, 10 * day));
        person_pass(person, 10 * day);
        loose[i] = person_view(person).spasticity;
        assert_true(person_tip(person, level_middle(LEVEL_C3)));
    }
    print_message("spasticity %.2f with the tip at L2, %.2f with it at C3\n", loose[0], loose[1]);
    assert_true(loose[0] < 0.3 && loose[1] > loose[0] + 0.2);
    free(person);
}

static void who_is_used_to_a_drug_is_as_if_given_it(void **state)
{
    (void)state;
    struct person_setup setup = person_setup_typical(4);
    struct person *person = person_new(&setup), *given = person_new(&setup);
    assert_true(person_used_to(person, AGENT_MORPHINE, 3e-11, 30 * 86400.0));
    assert_true(person_deliver(given, AGENT_MORPHINE, 3e-11 * 30 * 86400.0, 30 * 86400.0));
    person_pass(given, 30 * 86400.0);
    assert_memory_equal(&person->response, &given->response, sizeof given->response);
    assert_true(person->time_s == 0.0 && person_view(person).boluses_asked == 0 && !person_asks(person));
    assert_false(person_used_to(person, AGENT_MORPHINE, -1.0, 60.0));
    free(person);
    free(given);
}

static void an_infection_brings_fever(void **state)
{
    (void)state;
    struct person_setup setup = person_setup_typical(4);
    struct person *person = person_new(&setup);
    assert_true(person_view(person).fever == 0.0);
    assert_false(person_ill(person, 1.5));
    assert_true(person_ill(person, 0.8));
    assert_true(person_view(person).fever == 0.8 && person_view(person).confusion > 0.2);
    free(person);
}

/* And is back once the drug is gone. */
static void who_does_not_breathe_does_and_says_nothing(void **state)
{
    (void)state;
    const char *said[PERSON_FEELINGS_MAX];
    struct person_setup setup = person_setup_typical(9);
    setup.figures.value[FIGURE_BEARABLE] = 0.01;
    setup.figures.value[FIGURE_OPIOID_DROWSY] = 1e3; /* a sleepy one would press less, too */
    struct person *person = person_new(&setup);
    assert_true(person_deliver(person, AGENT_MORPHINE, 3e-5, 0.0));
    person_pass(person, 3 * 3600.0);
    struct person_view view = person_view(person);
    assert_true(view.apnoea == 1.0 && view.breathing > 0.0 && view.breathing < 0.3 && view.sedation < 0.1);
    assert_int_equal(person_feels(person, said), 1);
    assert_string_equal(said[0], "(no answer: the breath stands still)");
    (void)person_asks(person); /* what was wished for before */
    unsigned asked = person_view(person).boluses_asked;
    for (int i = 0; i < 24; i++) {
        assert_false(person_hears(person));
        person_pass(person, 300.0);
        assert_false(person_asks(person));
    }
    assert_int_equal(person_view(person).boluses_asked, asked);
    person_pass(person, 5 * 86400.0);
    assert_true(person_view(person).apnoea == 0.0 && person_asks(person));
    free(person);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_life_stays_within_the_scales),
        cmocka_unit_test(a_copy_lives_on_in_the_same_way),
        cmocka_unit_test(the_same_seed_has_the_same_bytes),
        cmocka_unit_test(what_is_out_of_range_is_refused),
        cmocka_unit_test(batches_of_any_length_agree),
        cmocka_unit_test(all_that_is_delivered_arrives),
        cmocka_unit_test(what_rounding_leaves_costs_nothing),
        cmocka_unit_test(presses_come_with_pain_and_now_and_then),
        cmocka_unit_test(presses_without_pain_are_uneven),
        cmocka_unit_test(alarms_and_appointments_are_sometimes_missed),
        cmocka_unit_test(a_tip_that_migrates_takes_the_effect_with_it),
        cmocka_unit_test(who_is_used_to_a_drug_is_as_if_given_it),
        cmocka_unit_test(an_infection_brings_fever),
        cmocka_unit_test(who_does_not_breathe_does_and_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
