/* response_test.c - what drugs do: closed forms, directions that must hold at any state, and the arithmetic of the table. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "tests/twin/dice.h"
#include "tests/twin/near.h"
#include "twin/body/canal.h"
#include "twin/body/march.h"
#include "twin/body/response.h"
#include "twin/body/spine.h"

static const double HOUR = 3600.0, DAY = 86400.0, NG_ML = 1e-6, MG = 1e-6;

static struct response_input only(enum agent agent, double cord, double head)
{
    struct response_input input = { 0 };
    input.cord[agent] = cord;
    input.head[agent] = head;
    return input;
}

/* A constant concentration, in spans of any lengths: effect sites are exact, and what follows them is within a twelfth of
 * the square of a span's share of the delay. */
static void a_step_is_followed_as_its_closed_form(void **state)
{
    (void)state;
    struct figures f;
    figures_typical(&f);
    struct dice dice = { 1 };
    const double ke = log(2) / (f.value[FIGURE_MORPHINE_CORD_DELAY] * 60),
                 kf = log(2) / (f.value[FIGURE_OPIOID_FAST] * HOUR), kl = log(2) / (f.value[FIGURE_OPIOID_SLOW] * DAY);
    struct response_input input = only(AGENT_MORPHINE, 3.0, 1.0);
    struct response response = { .input = input };
    for (double t = 0; t < 10 * DAY;) {
        double span = (double)dice_between(&dice, 1, 600);
        response_pass(&response, &f, &input, span);
        t += span;
        const struct response_state *is = &response.state[PATHWAY_OPIOID];
        assert_near(is->cord, 3 * (1 - exp(-ke * t)), 1e-12);
        assert_near(is->cord_fast, 3 * (1 - (ke * exp(-kf * t) - kf * exp(-ke * t)) / (ke - kf)), 1e-4);
        assert_near(is->cord_slow, 3 * (1 - (ke * exp(-kl * t) - kl * exp(-ke * t)) / (ke - kl)), 1e-4);
    }
}

static void washout_is_followed_as_its_closed_form(void **state)
{
    (void)state;
    struct figures f;
    figures_typical(&f);
    const double ke = log(2) / (f.value[FIGURE_BACLOFEN_CORD_DELAY] * 60),
                 kb = log(2) / (f.value[FIGURE_GABA_HABIT] * HOUR), kw = log(2) / (f.value[FIGURE_GABA_LAG] * HOUR);
    struct response response = { 0 };
    response.site.cord[AGENT_BACLOFEN] = 2.0;
    struct response_input none = { 0 };
    for (int i = 1; i <= 100; i++) {
        response_pass(&response, &f, &none, 300);
        assert_near(response.state[PATHWAY_GABA].cord, 2 * exp(-ke * 300 * i), 1e-12);
    }
    /* A habit that nothing answers any more: w is two exponentials, exact but for the spans. */
    response = (struct response){ .state[PATHWAY_GABA].habit = 0.6 };
    for (int i = 1; i <= 2000; i++) {
        double t = 300.0 * i;
        response_pass(&response, &f, &none, 300);
        assert_near(response.state[PATHWAY_GABA].habit, 0.6 * exp(-kb * t), 1e-12);
        assert_near(response.state[PATHWAY_GABA].withdrawal, 0.6 * kw / (kw - kb) * (exp(-kb * t) - exp(-kw * t)),
                    1e-6);
    }
}

/* A straight rise is what spans assume between two looks: exact at any length. */
static void a_ramp_is_exact_at_any_span(void **state)
{
    (void)state;
    struct figures f;
    figures_typical(&f);
    const double k = log(2) / (f.value[FIGURE_ZICONOTIDE_CORD_DELAY] * 60), slope = 1.0 / DAY;
    static const double spans[] = { 60, 3600, 86400, 864000 };
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        struct response response = { 0 };
        for (double t = spans[i]; t <= 10 * DAY; t += spans[i]) {
            struct response_input input = only(AGENT_ZICONOTIDE, slope * t, 0);
            response_pass(&response, &f, &input, spans[i]);
        }
        assert_near(response.state[PATHWAY_CALCIUM].cord, slope * (10 * DAY - (1 - exp(-k * 10 * DAY)) / k), 1e-10);
    }
}

static struct response state_drawn(struct dice *dice)
{
    struct response response = { 0 };
    for (int i = 0; i < PATHWAYS_ALL; i++) {
        struct response_state *state = &response.state[i];
        state->cord = pow(10, 4 * dice_share(dice) - 2);
        state->cord_fast = 10 * dice_share(dice);
        state->cord_slow = 10 * dice_share(dice);
        state->head = pow(10, 4 * dice_share(dice) - 2);
        state->head_fast = 10 * dice_share(dice);
        state->habit = dice_share(dice);
        state->withdrawal = dice_share(dice);
    }
    return response;
}

/* But for rounding. */
static bool at_least(double a, double b)
{
    return a >= b - 1e-15;
}

/* At the same tolerance more drug is never more pain or more stiffness, and never more breath. */
static void more_drug_never_does_less(void **state)
{
    (void)state;
    struct dice dice = { 17 };
    for (int life = 0; life < 20000; life++) {
        struct figures f;
        figures_drawn(&f, 5, (uint64_t)life);
        struct response response = state_drawn(&dice), more = response;
        int way = (int)dice_between(&dice, 0, PATHWAYS_ALL - 1);
        more.state[way].cord *= 1 + dice_share(&dice);
        more.state[way].head *= 1 + dice_share(&dice);
        struct response_effect less = response_effect(&response, &f), most = response_effect(&more, &f);
        assert_true(at_least(most.relief, less.relief) && at_least(most.loosening, less.loosening));
        assert_true(at_least(less.breathing, most.breathing) && at_least(most.sedation, less.sedation));
        assert_true(at_least(most.weakness, less.weakness) && at_least(less.blood_pressure, most.blood_pressure));
        assert_true(at_least(most.confusion, less.confusion) && at_least(most.itching, less.itching));
        /* More tolerance never does more. */
        more = response;
        more.state[way].cord_fast += 1;
        more.state[way].cord_slow += 1;
        more.state[way].head_fast += 1;
        most = response_effect(&more, &f);
        assert_true(at_least(less.relief, most.relief) && at_least(less.loosening, most.loosening) &&
                    at_least(most.breathing, less.breathing));
    }
}

/* Ziconotide and bupivacaine may be stopped abruptly. */
static void some_drugs_have_no_withdrawal(void **state)
{
    (void)state;
    struct figures f;
    figures_typical(&f);
    static const enum agent agents[] = { AGENT_ZICONOTIDE, AGENT_BUPIVACAINE };
    for (int i = 0; i < 2; i++) {
        struct response response = { 0 };
        struct response_input input = only(agents[i], 10, 10), none = { 0 };
        for (int hour = 0; hour < 24 * 90; hour++) {
            response_pass(&response, &f, hour < 24 * 60 ? &input : &none, HOUR);
            assert_true(response_effect(&response, &f).withdrawal == 0.0);
        }
    }
}

/* ng/mL at T12 in tissue and in the fluid at C1 of the typical adult, at a steady dose of 1 mg a day. */
static void steady(enum agent agent, double *tissue, double *cisterna)
{
    static struct canal canal;
    static struct spine spine;
    struct figures f;
    figures_typical(&f);
    struct spine_setup setup = agent_setup(&f, agent, REGIME_MOBILE, level_middle(LEVEL_L2));
    assert_true(canal_init(&canal, CANAL_CELLS_USUAL, setup.tip_m) && spine_init(&spine, &canal, &setup));
    spine_infuse(&spine, MG / DAY);
    march(&spine, 60 * DAY);
    *tissue = spine_tissue_at(&spine, level_middle(LEVEL_T12)) / NG_ML;
    *cisterna = spine_csf_at(&spine, level_middle(LEVEL_C1)) / NG_ML;
}

/* The rows that say "model at D" are what the model comes to at D. */
static void rows_of_the_model_are_the_models(void **state)
{
    (void)state;
    static const struct {
        enum agent agent;
        enum figure cord, head;
        double cord_mg_day, head_mg_day; /* 0: the row says something else */
    } rows[] = { { AGENT_MORPHINE, FIGURE_MORPHINE_CORD, FIGURE_MORPHINE_HEAD, 0.32, 0 },
                 { AGENT_BACLOFEN, FIGURE_BACLOFEN_CORD, FIGURE_BACLOFEN_HEAD, 0.1, 1.1 },
                 { AGENT_ZICONOTIDE, FIGURE_ZICONOTIDE_CORD, FIGURE_ZICONOTIDE_HEAD, 0.0156, 0.0192 },
                 { AGENT_BUPIVACAINE, FIGURE_BUPIVACAINE_CORD, FIGURE_BUPIVACAINE_CORD, 11, 0 },
                 { AGENT_FENTANYL, FIGURE_FENTANYL_CORD, FIGURE_FENTANYL_HEAD, 0.32 / 3, 0 } };
    struct figures f;
    figures_typical(&f);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double tissue, cisterna;
        steady(rows[i].agent, &tissue, &cisterna);
        print_message("%-12s 1 mg a day: %.1f ng/mL at T12, %.1f at C1\n", agent_word(rows[i].agent), tissue, cisterna);
        assert_near(rows[i].cord_mg_day * tissue / f.value[rows[i].cord], 1.0, 0.02);
        if (rows[i].head_mg_day > 0) {
            assert_near(rows[i].head_mg_day * cisterna / f.value[rows[i].head], 1.0, 0.02);
        }
    }
    assert_near(f.value[FIGURE_HYDROMORPHONE_CORD], f.value[FIGURE_MORPHINE_CORD] / 6, 0.5);
    assert_near(f.value[FIGURE_HYDROMORPHONE_HEAD], f.value[FIGURE_MORPHINE_HEAD] / 6, 0.5);
    assert_near(f.value[FIGURE_CLONIDINE_CORD], 76 * f.value[FIGURE_CLONIDINE_PARTITION], 0.5);
    assert_near(f.value[FIGURE_SODIUM_MOTOR],
                95.4e3 * f.value[FIGURE_BUPIVACAINE_PARTITION] / f.value[FIGURE_BUPIVACAINE_CORD], 0.1);
}

/* Of two people with as much in the fluid, tissue that binds more holds more and acts as much. */
static void what_tissue_binds_does_not_act(void **state)
{
    (void)state;
    struct figures f;
    for (int agent = 0; agent < AGENTS_ALL; agent++) {
        char word[64];
        struct response_input usual = { 0 }, binds = { 0 };
        figures_typical(&f);
        snprintf(word, sizeof word, "%s.partition", agent_word((enum agent)agent));
        int partition = figure_find(word);
        snprintf(word, sizeof word, "%s.cord-half", agent_word((enum agent)agent));
        int half = figure_find(word);
        assert_true(partition >= 0 && half >= 0);
        response_input(&usual, &f, (enum agent)agent, NG_ML * f.value[half], 0.0);
        assert_near(usual.cord[agent], 1.0, 1e-12);
        f.value[partition] *= 4.0;
        response_input(&binds, &f, (enum agent)agent, 4.0 * NG_ML * f.value[half], 0.0);
        assert_near(binds.cord[agent], 1.0, 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_followed_as_its_closed_form),
        cmocka_unit_test(washout_is_followed_as_its_closed_form),
        cmocka_unit_test(a_ramp_is_exact_at_any_span),
        cmocka_unit_test(more_drug_never_does_less),
        cmocka_unit_test(some_drugs_have_no_withdrawal),
        cmocka_unit_test(rows_of_the_model_are_the_models),
        cmocka_unit_test(what_tissue_binds_does_not_act),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
