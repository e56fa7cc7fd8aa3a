/* spineday.c - the day that solvers are compared on. */
// SPDX-License-Identifier: Apache-2.0
#include "bench/spineday.h"

#include "twin/body/agent.h"
#include "twin/body/march.h"

static const double STEP_S = 900.0, ABOVE_M = 0.1, BOLUS_KG = 1e-7, FLOW_KG_S = 1e-6 / 86400;

struct spine_setup spineday_setup(void)
{
    struct figures figures;
    figures_typical(&figures);
    return agent_setup(&figures, AGENT_MORPHINE, REGIME_MOBILE, level_middle(LEVEL_L2));
}

struct reference_case spineday_case(const struct spine_setup *setup, double relative)
{
    return (struct reference_case){ .cells = SPINEDAY_CELLS,
                                    .dispersion_m2_s = setup->flow.dispersion_m2_s,
                                    .stroke_fall_m = setup->flow.stroke_fall_m,
                                    .inflow_m3_s = setup->flow.inflow_m3_s,
                                    .reservoir_m3 = setup->flow.reservoir_m3,
                                    .reservoir_out_m3_s = setup->flow.reservoir_out_m3_s,
                                    .clearance_m3_s = setup->drug.clearance_m3_s,
                                    .uptake_s = setup->drug.uptake_s,
                                    .partition = setup->drug.partition,
                                    .tissue_loss_s = setup->drug.tissue_loss_s,
                                    .tip_m = setup->tip_m,
                                    .mixing_m = setup->mixing_m,
                                    .events = 1,
                                    .event = { { 0.0, BOLUS_KG, FLOW_KG_S } },
                                    .glide = true,
                                    .relative = relative };
}

struct seeing {
    double tip_m, *seen;
};

static void see(void *context, size_t moment, const struct spine *at)
{
    const struct seeing *seeing = context;
    seeing->seen[2 * moment] = spine_csf_at(at, seeing->tip_m);
    seeing->seen[2 * moment + 1] = spine_csf_at(at, seeing->tip_m - ABOVE_M);
}

void spineday_gliding(const struct spine_setup *setup, double tolerance, double seen[2 * SPINEDAY_MOMENTS])
{
    static struct spine spine, between;
    struct canal canal;
    struct spine_setup with = *setup;
    struct seeing seeing = { setup->tip_m, seen };
    double moment_s[SPINEDAY_MOMENTS];
    with.tolerance = tolerance;
    (void)(canal_init(&canal, SPINEDAY_CELLS, -1.0) && spine_init(&spine, &canal, &with));
    for (int i = 0; i < SPINEDAY_MOMENTS; i++)
        moment_s[i] = STEP_S * (i + 1);
    spine_bolus(&spine, BOLUS_KG);
    spine_infuse(&spine, FLOW_KG_S);
    march_looking(&spine, STEP_S * SPINEDAY_MOMENTS, moment_s, SPINEDAY_MOMENTS, see, &seeing, &between);
}

void spineday_fast(const struct spine_setup *setup, double tolerance, double seen[2 * SPINEDAY_MOMENTS])
{
    static struct spine spine;
    struct canal canal;
    struct spine_setup with = *setup;
    with.tolerance = tolerance;
    (void)(canal_init(&canal, SPINEDAY_CELLS, -1.0) && spine_init(&spine, &canal, &with));
    spine_bolus(&spine, BOLUS_KG);
    spine_infuse(&spine, FLOW_KG_S);
    for (int i = 0; i < SPINEDAY_MOMENTS; i++) {
        march(&spine, STEP_S);
        seen[2 * i] = spine_csf_at(&spine, setup->tip_m);
        seen[2 * i + 1] = spine_csf_at(&spine, setup->tip_m - ABOVE_M);
    }
}

void spineday_slow(const struct spine_setup *setup, double relative, double seen[2 * SPINEDAY_MOMENTS])
{
    static struct reference_state state[SPINEDAY_MOMENTS];
    double at_s[SPINEDAY_MOMENTS];
    struct reference_case what = spineday_case(setup, relative);
    for (int i = 0; i < SPINEDAY_MOMENTS; i++)
        at_s[i] = STEP_S * (i + 1);
    reference_run(&what, SPINEDAY_MOMENTS, at_s, state);
    for (int i = 0; i < SPINEDAY_MOMENTS; i++) {
        seen[2 * i] = reference_csf_at(&what, &state[i], setup->tip_m);
        seen[2 * i + 1] = reference_csf_at(&what, &state[i], setup->tip_m - ABOVE_M);
    }
}
