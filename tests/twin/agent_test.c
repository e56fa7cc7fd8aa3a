/* agent_test.c - a person's figures as the setup of a drug. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "twin/body/agent.h"

static void near(double value, double expected)
{
    assert_true(fabs(value - expected) <= 1e-12 * fabs(expected));
}

/* Codes as in fluids: those of core/drug.def, which the twin may not include. */
static void drugs_have_the_codes_of_fluids(void **state)
{
    (void)state;
    static const char *const words[] = { "morphine",    "hydromorphone", "baclofen", "ziconotide",
                                         "bupivacaine", "clonidine",     "fentanyl", "sufentanil" };
    assert_int_equal(AGENTS_ALL, 8);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(agent_find(words[i]), i);
        assert_int_equal(agent_of_code((uint16_t)(i + 1)), i);
        assert_string_equal(agent_word((enum agent)i), words[i]);
    }
    assert_int_equal(agent_of_code(0), -1);
    assert_int_equal(agent_of_code(9), -1);
    assert_int_equal(agent_find("Morphine"), -1);
    assert_int_equal(regime_find("mobile"), REGIME_MOBILE);
    assert_int_equal(regime_find("still"), REGIME_STILL);
    assert_int_equal(regime_find(""), -1);
}

static void units_are_turned_into_si(void **state)
{
    (void)state;
    struct figures figures;
    figures_typical(&figures);
    struct spine_setup setup = agent_setup(&figures, AGENT_MORPHINE, REGIME_MOBILE, 0.4);
    near(setup.drug.clearance_m3_s, (13.1 - 4.2) * 1e-6 / 3600);
    near(setup.drug.uptake_s, log(2.0) / 3600);
    near(setup.drug.tissue_loss_s, log(2.0) / 14400);
    near(setup.drug.partition, 1.0);
    near(setup.flow.dispersion_m2_s, 279e-4 / 3600);
    near(setup.flow.stroke_fall_m, 1 / 0.227);
    near(setup.flow.inflow_m3_s, 0.07e-6 / 60); /* 0.07 mL/min */
    near(setup.flow.reservoir_m3, 122.8e-6);
    near(setup.flow.reservoir_out_m3_s, 0.28e-6 / 60);
    near(setup.mixing_m, 0.02);
    near(setup.tip_m, 0.4);
    setup = agent_setup(&figures, AGENT_MORPHINE, REGIME_STILL, 0.4);
    near(setup.flow.dispersion_m2_s, 18.3e-4 / 3600);
    figures.value[FIGURE_MORPHINE_CLEARANCE] = 3.0; /* less than bulk flow alone takes */
    setup = agent_setup(&figures, AGENT_MORPHINE, REGIME_STILL, 0.4);
    assert_true(setup.drug.clearance_m3_s == 0.0);
}

/* Whoever is drawn from the table can be simulated. */
static void extreme_people_fit(void **state)
{
    (void)state;
    struct canal canal;
    static struct spine spine;
    assert_true(canal_init(&canal, CANAL_CELLS_USUAL, 0.4));
    for (int sign = -1; sign <= 1; sign++) {
        double deviations[FIGURES_ALL];
        struct figures figures;
        for (int i = 0; i < FIGURES_ALL; i++) {
            deviations[i] = 4.0 * sign;
        }
        figures_person(&figures, deviations);
        for (int drug = 0; drug < AGENTS_ALL; drug++) {
            struct spine_setup setup = agent_setup(&figures, (enum agent)drug, REGIME_STILL, 0.4);
            assert_true(spine_init(&spine, &canal, &setup));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drugs_have_the_codes_of_fluids),
        cmocka_unit_test(units_are_turned_into_si),
        cmocka_unit_test(extreme_people_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
