/* march_reference_test.c - the fast spine against CVODE on 256 cells: every drug, and all dispersions ever inferred. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/twin/spine_reference.h"
#include "twin/body/agent.h"
#include "twin/body/march.h"

enum { MOMENTS = 6 };
/* A bolus and an infusion begin together; after seven hours there is another bolus, and the infusion is halved. */
static const double MOMENT_S[MOMENTS] = { 600.0, 3600.0, 6 * 3600.0, 8 * 3600.0, 24 * 3600.0, 48 * 3600.0 };
static const double SECOND_S = 7 * 3600.0;

static struct reference_case case_of(const struct spine_setup *setup, int cells)
{
    return (struct reference_case){ .cells = cells,
                                    .dispersion_m2_s = setup->flow.dispersion_m2_s,
                                    .stroke_fall_m = setup->flow.stroke_fall_m,
                                    .inflow_m3_s = setup->flow.inflow_m3_s,
                                    .drift_m_s = setup->flow.drift_m_s,
                                    .reservoir_m3 = setup->flow.reservoir_m3,
                                    .reservoir_out_m3_s = setup->flow.reservoir_out_m3_s,
                                    .clearance_m3_s = setup->drug.clearance_m3_s,
                                    .uptake_s = setup->drug.uptake_s,
                                    .partition = setup->drug.partition,
                                    .tissue_loss_s = setup->drug.tissue_loss_s,
                                    .tip_m = setup->tip_m,
                                    .mixing_m = setup->mixing_m,
                                    .events = 2,
                                    .event = { { 0.0, 1e-7, 1e-6 / 86400 }, { SECOND_S, 2e-7, 5e-7 / 86400 } },
                                    .relative = 1e-9 };
}

static void spine_play(struct spine *spine, double from_s, double to_s)
{
    if (from_s == 0.0) {
        spine_bolus(spine, 1e-7);
        spine_infuse(spine, 1e-6 / 86400);
    }
    if (from_s < SECOND_S && to_s >= SECOND_S) {
        march(spine, SECOND_S - from_s);
        spine_bolus(spine, 2e-7);
        spine_infuse(spine, 5e-7 / 86400);
        from_s = SECOND_S;
    }
    march(spine, to_s - from_s);
}

/* Worst share by which the two differ at the tip and 10 cm above it. Where there is less than a hundredth of what is at
 * the tip, that hundredth is what they are measured by. */
static void compare(const struct spine_setup *setup, int cells, double worst[2])
{
    static struct reference_state found[MOMENTS];
    static struct spine spine;
    struct canal canal;
    struct reference_case what = case_of(setup, 256);
    reference_run(&what, MOMENTS, MOMENT_S, found);
    assert_true(canal_init(&canal, cells, setup->tip_m));
    assert_true(spine_init(&spine, &canal, setup));
    worst[0] = worst[1] = 0.0;
    for (int i = 0; i < MOMENTS; i++) {
        spine_play(&spine, i > 0 ? MOMENT_S[i - 1] : 0.0, MOMENT_S[i]);
        double tip = reference_csf_at(&what, &found[i], setup->tip_m);
        for (int place = 0; place < 2; place++) {
            double x_m = setup->tip_m - 0.1 * place, expected = reference_csf_at(&what, &found[i], x_m);
            double off = fabs(spine_csf_at(&spine, x_m) - expected) / fmax(expected, 0.01 * tip);
            worst[place] = fmax(worst[place], off);
        }
    }
}

static void every_drug_agrees(void **state)
{
    (void)state;
    static const double cm2_h[] = { 5.0, 18.0, 60.0, 180.0, 300.0 };
    static const enum level tips[] = { LEVEL_L2, LEVEL_T10 };
    struct figures figures;
    figures_typical(&figures);
    for (int drug = 0; drug < AGENTS_ALL; drug++) {
        double most[2] = { 0.0, 0.0 };
        for (int i = 0; i < 10; i++) {
            double worst[2];
            struct spine_setup setup =
                agent_setup(&figures, (enum agent)drug, REGIME_MOBILE, level_middle(tips[i % 2]));
            setup.flow.dispersion_m2_s = cm2_h[i / 2] * 1e-4 / 3600.0;
            setup.tolerance = 3e-4;
            compare(&setup, CANAL_CELLS_USUAL, worst);
            most[0] = fmax(most[0], worst[0]);
            most[1] = fmax(most[1], worst[1]);
            if (worst[0] > 0.01 || worst[1] > 0.01) {
                print_message("%s at %s, D %g cm2/h: %.2f %% and %.2f %%\n", agent_word((enum agent)drug),
                              level_name((int)tips[i % 2]), cm2_h[i / 2], 100 * worst[0], 100 * worst[1]);
            }
            assert_true(worst[0] <= 0.01 && worst[1] <= 0.01);
        }
        print_message("%-14s off by %.2f %% at the tip, %.2f %% 10 cm away\n", agent_word((enum agent)drug),
                      100 * most[0], 100 * most[1]);
    }
}

/* With drift, which the table has none of: a tenth of a millimetre a minute, either way. */
static void drift_agrees(void **state)
{
    (void)state;
    struct figures figures;
    figures_typical(&figures);
    for (int way = -1; way <= 1; way += 2) {
        double worst[2];
        struct spine_setup setup = agent_setup(&figures, AGENT_BACLOFEN, REGIME_MOBILE, level_middle(LEVEL_T10));
        setup.flow.dispersion_m2_s = 60e-4 / 3600.0;
        setup.flow.drift_m_s = way * 1e-4 / 60.0;
        compare(&setup, CANAL_CELLS_USUAL, worst);
        print_message("drift of %+.1f cm/h: off by %.2f %% and %.2f %%\n", way * 0.6, 100 * worst[0], 100 * worst[1]);
        assert_true(worst[0] <= 0.01 && worst[1] <= 0.01);
    }
}

/* Mass of each of 32 equal cells after six hours, in the adult canal with everything in it: the cells of finer grids
 * add up to them, so that nothing is interpolated. Returns the root of the mean square difference, as a share of the
 * largest. */
static double cells_off(int cells, const struct spine_setup *setup, const double mass[32])
{
    static struct spine spine;
    struct canal canal;
    double sum = 0.0, most = 0.0;
    assert_true(canal_init(&canal, cells, -1.0));
    assert_true(spine_init(&spine, &canal, setup));
    spine_infuse(&spine, 1e-6 / 86400);
    for (int i = 0; i < 6 * 120; i++) {
        march_step(&spine, 30.0);
    }
    for (int k = 0; k < 32; k++) {
        double here = 0.0;
        for (int i = 0; i < cells / 32; i++) {
            int node = 1 + k * (cells / 32) + i;
            here += spine.csf_kg_m3[node] * spine.csf_m3[node];
        }
        sum += (here - mass[k]) * (here - mass[k]);
        most = fmax(most, mass[k]);
    }
    return sqrt(sum / 32) / most;
}

static void the_order_in_space_is_two(void **state)
{
    (void)state;
    static struct reference_state found;
    const double at_s = 6 * 3600.0;
    double mass[32] = { 0.0 }, before = 0.0;
    struct figures figures;
    figures_typical(&figures);
    struct spine_setup setup = agent_setup(&figures, AGENT_MORPHINE, REGIME_MOBILE, level_middle(LEVEL_T10));
    setup.mixing_m = 0.08; /* smooth on the coarsest grid */
    struct reference_case what = case_of(&setup, REFERENCE_CELLS_MAX);
    what.events = 1;
    what.event[0].bolus_kg = 0.0;
    reference_run(&what, 1, &at_s, &found);
    for (int i = 0; i < REFERENCE_CELLS_MAX; i++) {
        mass[i / (REFERENCE_CELLS_MAX / 32)] += found.csf[i] * found.volume_m3[i];
    }
    for (int cells = 32; cells <= 128; cells *= 2) {
        double off = cells_off(cells, &setup, mass), order = cells > 32 ? log2(before / off) : 0.0;
        print_message("%3d cells against %d: off by %.2e, order %.2f\n", cells, REFERENCE_CELLS_MAX, off, order);
        assert_true(cells == 32 || order >= 1.9);
        before = off;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_drug_agrees),
        cmocka_unit_test(drift_agrees),
        cmocka_unit_test(the_order_in_space_is_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
