/* spine_test.c - what enters the spine and what can be read from it. Its way through time is in march_test.c. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "twin/body/march.h"
#include "twin/body/spine.h"

static const struct spine_setup SETUP = {
    .drug = { .clearance_m3_s = 3e-9, .uptake_s = 2e-4, .partition = 2.0, .tissue_loss_s = 1e-4 },
    .flow = { .dispersion_m2_s = 1e-6,
              .stroke_fall_m = 0.2,
              .inflow_m3_s = 1e-9,
              .reservoir_m3 = 120e-6,
              .reservoir_out_m3_s = 5e-9 },
    .tip_m = 0.4,
    .mixing_m = 0.02,
    .tolerance = 1e-3
};

static void start(struct spine *spine)
{
    struct canal canal;
    assert_true(canal_init(&canal, 64, SETUP.tip_m));
    assert_true(spine_init(spine, &canal, &SETUP));
}

static void a_bolus_stands_at_the_tip(void **state)
{
    (void)state;
    struct spine spine;
    for (double tip_m = 0.0; tip_m <= 0.6; tip_m += 0.0137) {
        start(&spine);
        assert_true(spine_tip(&spine, tip_m));
        spine_bolus(&spine, 1e-6);
        struct spine_balance balance = spine_balance(&spine);
        assert_true(fabs(balance.csf - 1e-6) < 1e-20 && balance.given == 1e-6 && fabs(balance.gap) < 1e-20);
        for (int node = 1; node < spine.nodes; node++) {
            bool near = spine.end_m[node] > tip_m - 0.02 && spine.end_m[node - 1] < tip_m + 0.02;
            assert_true(near ? spine.csf_kg_m3[node] > 0.0 : spine.csf_kg_m3[node] == 0.0);
        }
    }
}

/* The centre of what a bolus brings is the tip, wherever it lies among the cells. */
static void a_bolus_is_centred(void **state)
{
    (void)state;
    struct canal canal;
    struct spine spine;
    struct spine_setup setup = SETUP;
    setup.mixing_m = 0.05;
    assert_true(canal_uniform(&canal, 120, -1.0, 0.6, 1.6e-4, 0.0));
    for (setup.tip_m = 0.1; setup.tip_m < 0.5; setup.tip_m += 0.0123) {
        double centre_m = 0.0;
        assert_true(spine_init(&spine, &canal, &setup));
        spine_bolus(&spine, 1.0);
        for (int node = 1; node < spine.nodes; node++) {
            centre_m += spine.csf_kg_m3[node] * spine.csf_m3[node] * canal_middle(&canal, node);
        }
        assert_true(fabs(centre_m - setup.tip_m) < 1e-5);
    }
}

static void a_cubic_is_read_exactly(void **state)
{
    (void)state;
    struct spine spine;
    start(&spine);
    for (int node = 1; node < spine.nodes; node++) {
        double x = spine.middle_m[node];
        spine.csf_kg_m3[node] = 1.0 + x * (2.0 + x * (3.0 - 4.0 * x));
        spine.tissue_kg_m3[node] = 2.0 * spine.csf_kg_m3[node];
    }
    spine.csf_kg_m3[0] = 7.0;
    for (double x = spine.middle_m[2]; x < spine.middle_m[63]; x += 0.00317) {
        double expected = 1.0 + x * (2.0 + x * (3.0 - 4.0 * x));
        assert_true(fabs(spine_csf_at(&spine, x) - expected) < 1e-12);
        assert_true(fabs(spine_tissue_at(&spine, x) - 2.0 * expected) < 1e-12);
    }
    assert_true(spine_csf_at(&spine, -1.0) == spine.csf_kg_m3[1]);
    assert_true(spine_csf_at(&spine, 0.6) == spine.csf_kg_m3[64]);
    assert_true(spine_csf_at(&spine, 9.0) == spine.csf_kg_m3[64]);
    assert_true(spine_reservoir(&spine) == 7.0);
}

/* A cubic through a needle would swing below zero. */
static void no_reading_is_negative(void **state)
{
    (void)state;
    struct spine spine;
    start(&spine);
    spine.csf_kg_m3[30] = 1.0;
    for (double x = -0.01; x < 0.61; x += 0.0001) {
        assert_true(spine_csf_at(&spine, x) >= 0.0);
    }
    assert_true(spine_csf_at(&spine, spine.middle_m[30]) == 1.0);
}

static void the_tip_can_move(void **state)
{
    (void)state;
    struct spine spine, before;
    start(&spine);
    spine_infuse(&spine, 1e-12);
    march(&spine, 3600.0);
    double low = spine_csf_at(&spine, 0.4), high = spine_csf_at(&spine, 0.2);
    assert_true(low > 10.0 * high);
    assert_true(spine_tip(&spine, 0.2));
    for (int hour = 0; hour < 48; hour++) {
        march(&spine, 3600.0);
    }
    assert_true(spine_csf_at(&spine, 0.2) > spine_csf_at(&spine, 0.4));
    struct spine_balance balance = spine_balance(&spine);
    assert_true(fabs(balance.given - 49.0 * 3600.0 * 1e-12) < 1e-20);
    assert_true(fabs(balance.gap) < 1e-12 * balance.given);
    before = spine;
    assert_false(spine_tip(&spine, -0.001));
    assert_false(spine_tip(&spine, 0.601));
    assert_false(spine_tip(&spine, (double)NAN));
    assert_memory_equal(&spine, &before, sizeof spine);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const struct {
        size_t place;
        double value;
    } wrong[] = {
        { offsetof(struct spine_setup, drug.clearance_m3_s), -1e-12 },
        { offsetof(struct spine_setup, drug.uptake_s), -1.0 },
        { offsetof(struct spine_setup, drug.partition), -1.0 },
        { offsetof(struct spine_setup, drug.tissue_loss_s), -1.0 },
        { offsetof(struct spine_setup, flow.dispersion_m2_s), -1e-9 },
        { offsetof(struct spine_setup, flow.stroke_fall_m), -0.1 },
        { offsetof(struct spine_setup, flow.inflow_m3_s), -1e-12 },
        { offsetof(struct spine_setup, flow.reservoir_m3), 0.0 },
        { offsetof(struct spine_setup, flow.reservoir_out_m3_s), -1.0 },
        { offsetof(struct spine_setup, tip_m), 0.61 },
        { offsetof(struct spine_setup, mixing_m), 0.0 },
        { offsetof(struct spine_setup, tolerance), 0.2 },
        { offsetof(struct spine_setup, tolerance), 1e-7 },
        { offsetof(struct spine_setup, flow.drift_m_s), (double)INFINITY },
    };
    struct canal canal;
    struct spine spine, before;
    assert_true(canal_init(&canal, 64, 0.4));
    memset(&spine, 3, sizeof spine);
    before = spine;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        double nan = (double)NAN;
        struct spine_setup setup = SETUP;
        memcpy((char *)&setup + wrong[i].place, &wrong[i].value, sizeof(double));
        assert_false(spine_init(&spine, &canal, &setup));
        memcpy((char *)&setup + wrong[i].place, &nan, sizeof(double));
        assert_false(spine_init(&spine, &canal, &setup));
    }
    assert_memory_equal(&spine, &before, sizeof spine);
    /* Less than nothing does not leave a tip. */
    start(&spine);
    before = spine;
    spine_bolus(&spine, -1.0);
    spine_bolus(&spine, (double)NAN);
    spine_infuse(&spine, -1.0);
    spine_infuse(&spine, (double)NAN);
    assert_memory_equal(&spine, &before, sizeof spine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bolus_stands_at_the_tip), cmocka_unit_test(a_bolus_is_centred),
        cmocka_unit_test(a_cubic_is_read_exactly),   cmocka_unit_test(no_reading_is_negative),
        cmocka_unit_test(the_tip_can_move),          cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
