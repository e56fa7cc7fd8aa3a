/* march_test.c - a spine through time: never below zero, no drug made or lost, and the closed forms of a uniform
 * tube. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "tests/twin/dice.h"
#include "twin/body/agent.h"
#include "twin/body/march.h"

static const double PI = 3.14159265358979323846;

static double log_between(struct dice *dice, double low, double high)
{
    return low * pow(high / low, dice_share(dice));
}

/* From nearly still water to far above what was ever inferred, with and without tissue, inflow and drift. */
static struct spine_setup any_setup(struct dice *dice)
{
    struct spine_setup setup = { .drug = { .clearance_m3_s = log_between(dice, 1e-11, 1e-6),
                                           .uptake_s = log_between(dice, 1e-7, 1e-1),
                                           .partition = log_between(dice, 1e-2, 1e3),
                                           .tissue_loss_s = log_between(dice, 1e-8, 1e-1) },
                                 .flow = { .dispersion_m2_s = log_between(dice, 1e-10, 1e-4),
                                           .stroke_fall_m = 10.0 * dice_share(dice),
                                           .inflow_m3_s = log_between(dice, 1e-11, 1e-7),
                                           .drift_m_s = (dice_share(dice) - 0.5) * 1e-3,
                                           .reservoir_m3 = log_between(dice, 1e-5, 1e-3),
                                           .reservoir_out_m3_s = log_between(dice, 1e-11, 1e-7) },
                                 .tip_m = 0.6 * dice_share(dice),
                                 .mixing_m = log_between(dice, 1e-4, 0.3),
                                 .tolerance = log_between(dice, 1e-6, 0.1) };
    double *const may_be_zero[] = { &setup.drug.clearance_m3_s, &setup.drug.uptake_s,          &setup.drug.partition,
                                    &setup.drug.tissue_loss_s,  &setup.flow.dispersion_m2_s,   &setup.flow.inflow_m3_s,
                                    &setup.flow.drift_m_s,      &setup.flow.reservoir_out_m3_s };
    for (size_t i = 0; i < sizeof may_be_zero / sizeof may_be_zero[0]; i++) {
        if (dice_between(dice, 0, 7) == 0) {
            *may_be_zero[i] = 0.0;
        }
    }
    return setup;
}

static void any_event(struct dice *dice, struct spine *spine)
{
    switch (dice_between(dice, 0, 5)) {
    case 0:
        spine_bolus(spine, log_between(dice, 1e-15, 1e-3));
        break;
    case 1:
        spine_infuse(spine, dice_between(dice, 0, 2) == 0 ? 0.0 : log_between(dice, 1e-18, 1e-8));
        break;
    case 2:
        assert_true(spine_tip(spine, 0.6 * dice_share(dice)));
        break;
    case 3:
        march_step(spine, log_between(dice, 1e-3, 1e7));
        break;
    default:
        march(spine, log_between(dice, 1e-3, 1e7));
        break;
    }
}

static void never_below_zero_and_nothing_lost(void **state)
{
    (void)state;
    struct dice dice = { 2026 };
    double worst = 0.0;
    unsigned long steps = 0, rejected = 0;
    for (int life = 0; life < 400; life++) {
        struct canal canal;
        static struct spine spine;
        struct spine_setup setup = any_setup(&dice);
        int cells = (int)dice_between(&dice, CANAL_CELLS_MIN / 2, CANAL_CELLS_MAX / 2) * 2;
        assert_true(canal_init(&canal, cells, dice_share(&dice) - 0.4));
        assert_true(spine_init(&spine, &canal, &setup));
        for (int event = 0; event < 40; event++) {
            any_event(&dice, &spine);
            for (int i = 0; i < spine.nodes; i++) {
                assert_true(isfinite(spine.csf_kg_m3[i]) && spine.csf_kg_m3[i] >= 0.0);
                assert_true(isfinite(spine.tissue_kg_m3[i]) && spine.tissue_kg_m3[i] >= 0.0);
            }
            struct spine_balance balance = spine_balance(&spine);
            assert_true(balance.cleared >= 0.0 && balance.tissue_cleared >= 0.0 && balance.cranial >= 0.0);
            assert_true(fabs(balance.gap) <= 1e-10 * balance.given);
            worst = balance.given > 0.0 ? fmax(worst, fabs(balance.gap) / balance.given) : worst;
        }
        steps += spine.steps;
        rejected += spine.rejected;
    }
    print_message("mass balance: worst gap %.1e of what was given; %lu steps, %lu made anew\n", worst, steps, rejected);
}

/* A uniform tube without tissue, inflow or reservoir flow. */
static void tube(struct spine *spine, int cells, double dispersion_m2_s, double loss_s, double tolerance)
{
    struct canal canal;
    struct spine_setup setup = {
        .drug = { .clearance_m3_s = loss_s * 0.6 * 1.6e-4 },
        .flow = { .dispersion_m2_s = dispersion_m2_s, .stroke_fall_m = 0.0, .reservoir_m3 = 1e-12 },
        .tip_m = 0.3,
        .mixing_m = 0.02,
        .tolerance = tolerance
    };
    assert_true(canal_uniform(&canal, cells, 0.3, 0.6, 1.6e-4, 0.0));
    assert_true(spine_init(spine, &canal, &setup));
}

/* A Gaussian stays one: its variance grows by 2 D t, its mass falls by exp(-k t). */
static void a_gaussian_spreads_and_decays(void **state)
{
    (void)state;
    static struct spine spine;
    const double dispersion = 18e-4 / 3600.0, loss = 0.3 / 3600.0, seconds = 3600.0, first = 0.03 * 0.03;
    tube(&spine, 128, dispersion, loss, 1e-6);
    for (int node = 1; node < spine.nodes; node++) {
        double x = spine.middle_m[node] - 0.3;
        spine.csf_kg_m3[node] = exp(-x * x / (2.0 * first));
    }
    spine_disturbed(&spine);
    march(&spine, seconds);
    double variance = first + 2.0 * dispersion * seconds, worst = 0.0,
           height = sqrt(first / variance) * exp(-loss * seconds);
    for (double x = -0.15; x <= 0.15; x += 0.01) {
        double expected = height * exp(-x * x / (2.0 * variance));
        worst = fmax(worst, fabs(spine_csf_at(&spine, 0.3 + x) - expected) / height);
    }
    print_message("Gaussian after an hour: off by %.1e of its height\n", worst);
    assert_true(worst < 1e-3);
}

/* The same everywhere, with nothing but clearance, and then with tissue: two exponentials. */
static void decay_is_exponential(void **state)
{
    (void)state;
    static struct spine spine;
    tube(&spine, 64, 1e-6, 1e-4, 1e-6);
    for (int node = 0; node < spine.nodes; node++) {
        spine.csf_kg_m3[node] = 2.0;
    }
    spine.loss_m3_s[0] = 1e-4 * spine.csf_m3[0];
    spine_disturbed(&spine);
    march(&spine, 20000.0);
    for (int node = 0; node < spine.nodes; node++) {
        assert_true(fabs(spine.csf_kg_m3[node] - 2.0 * exp(-2.0)) < 2e-5);
    }
}

/* Well mixed fluid beside tissue is two compartments: c' = -k c - r u (Kp c - s), s' = u (Kp c - s) - kt s. */
static void tissue_is_a_second_compartment(void **state)
{
    (void)state;
    static struct spine spine;
    struct canal canal;
    const double k = 1e-4, u = 3e-4, partition = 4.0, kt = 5e-5, ratio = 0.25, seconds = 7200.0;
    struct spine_setup setup = { .drug = { k * 0.6 * 1.6e-4, u, partition, kt },
                                 .flow = { .dispersion_m2_s = 1e-5, .stroke_fall_m = 0.0, .reservoir_m3 = 1e-12 },
                                 .tip_m = 0.3,
                                 .mixing_m = 0.02,
                                 .tolerance = 1e-6 };
    assert_true(canal_uniform(&canal, 32, -1.0, 0.6, 1.6e-4, ratio * 1.6e-4));
    assert_true(spine_init(&spine, &canal, &setup));
    for (int node = 0; node < spine.nodes; node++) {
        spine.csf_kg_m3[node] = 1.0;
    }
    spine_disturbed(&spine);
    march(&spine, seconds);
    /* Eigenvalues of the two by two matrix [[a, b], [c, d]]. */
    double a = -k - ratio * u * partition, b = ratio * u, c = u * partition, d = -u - kt;
    double half = 0.5 * (a + d), root = sqrt(half * half - (a * d - b * c)), fast = half - root, slow = half + root;
    double csf = ((slow - d) * exp(slow * seconds) - (fast - d) * exp(fast * seconds)) / (slow - fast);
    double tissue = c * (exp(slow * seconds) - exp(fast * seconds)) / (slow - fast);
    for (int node = 1; node < spine.nodes; node++) {
        assert_true(fabs(spine.csf_kg_m3[node] - csf) < 1e-4 * csf);
        assert_true(fabs(spine.tissue_kg_m3[node] - tissue) < 1e-4 * tissue);
    }
}

/* Closed ends at -L and L, hat-shaped source: far from the hat c = q m / (2 A k l) * (cosh((L - |x|) / l) / sinh(L /
 * l)), with l = sqrt(D/k) and m the hat's mean of cosh(x / l), which is 2 (cosh(w / l) - 1) / (w / l)^2. */
static void a_steady_infusion_has_its_profile(void **state)
{
    (void)state;
    static struct spine spine;
    /* Where the profile falls to 1/e within a few cells, what is left is the error of the hat; without fluxes fitted to loss it
     * would be twice that at a loss of 2 /h and four times at 8 /h. */
    static const struct {
        double cm2_h, loss_h, most;
    } kinds[] = { { 5.0, 0.32, 0.001 },   { 18.0, 0.32, 0.001 }, { 60.0, 0.32, 0.001 }, { 180.0, 0.32, 0.001 },
                  { 300.0, 0.32, 0.001 }, { 5.0, 2.0, 0.0125 },  { 5.0, 8.0, 0.07 } };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const double dispersion = kinds[i].cm2_h * 1e-4 / 3600.0, loss = kinds[i].loss_h / 3600.0,
                     rate = 1e-6 / 86400.0;
        const double length = sqrt(dispersion / loss), width = 0.02 / length;
        const double mean = 2.0 * (cosh(width) - 1.0) / (width * width);
        double worst = 0.0;
        tube(&spine, 64, dispersion, loss, 1e-5);
        spine_infuse(&spine, rate);
        for (int day = 0; day < 20; day++) {
            march(&spine, 86400.0);
        }
        for (double x = 0.03; x <= 0.10; x += 0.01) {
            double expected =
                rate * mean / (2.0 * 1.6e-4 * loss * length) * cosh((0.3 - x) / length) / sinh(0.3 / length);
            worst = fmax(worst, fabs(spine_csf_at(&spine, 0.3 + x) / expected - 1.0));
            worst = fmax(worst, fabs(spine_csf_at(&spine, 0.3 - x) / expected - 1.0));
        }
        print_message("steady infusion, D %3.0f cm2/h, loss %.2f /h: off by %.2f %% up to 10 cm away\n", kinds[i].cm2_h,
                      kinds[i].loss_h, 100.0 * worst);
        assert_true(worst < kinds[i].most);
    }
}

/* A cosine that fits the closed tube keeps its shape and decays at D (n pi / L)^2: smooth, so that fixed steps show
 * their order. */
static double cosine_off(int cells, double step_s)
{
    static struct spine spine;
    struct canal canal;
    const double dispersion = 18e-4 / 3600.0, seconds = 4.0 * 3600.0, wave = 2.0 * PI / 0.6;
    struct spine_setup setup = { .flow = { .dispersion_m2_s = dispersion, .stroke_fall_m = 0.0, .reservoir_m3 = 1e-12 },
                                 .tip_m = 0.3,
                                 .mixing_m = 0.02,
                                 .tolerance = 1e-6 };
    assert_true(canal_uniform(&canal, cells, -1.0, 0.6, 1.6e-4, 0.0));
    assert_true(spine_init(&spine, &canal, &setup));
    spine.csf_kg_m3[0] = 2.0;
    for (int node = 1; node < spine.nodes; node++) {
        spine.csf_kg_m3[node] = 1.0 + cos(wave * spine.middle_m[node]);
    }
    spine_disturbed(&spine);
    for (int i = 0; i < (int)(seconds / step_s + 0.5); i++) {
        march_step(&spine, step_s);
    }
    /* In time against the exact decay of this very grid, so that nothing but the steps is seen. */
    double sine = sin(0.5 * wave * 0.6 / cells) * 2.0 * cells / 0.6;
    double rate = step_s < 60.0 ? wave * wave : sine * sine, worst = 0.0;
    for (int node = cells / 4; node <= cells / 4 * 3; node++) {
        double expected = 1.0 + exp(-dispersion * rate * seconds) * cos(wave * spine.middle_m[node]);
        worst = fmax(worst, fabs(spine.csf_kg_m3[node] - expected));
    }
    return worst;
}

static void the_order_is_two(void **state)
{
    (void)state;
    static const double steps_s[] = { 1800.0, 900.0, 450.0, 225.0 };
    static const int cells[] = { 16, 32, 64, 128 };
    double before = 0.0;
    for (int i = 0; i < 4; i++) {
        double off = cosine_off(64, steps_s[i]), order = before > 0.0 ? log2(before / off) : 0.0;
        print_message("steps of %4.0f s: off by %.2e, order %.2f\n", steps_s[i], off, order);
        assert_true(i == 0 || order >= 1.9);
        before = off;
    }
    for (int i = 0; i < 4; i++) {
        double off = cosine_off(cells[i], 5.0), order = i > 0 ? log2(before / off) : 0.0;
        print_message("%3d cells: off by %.2e, order %.2f\n", cells[i], off, order);
        assert_true(i == 0 || order >= 1.9);
        before = off;
    }
}

/* How far the concentration at the tip swings about that of the same flow without quanta, after two days of it. */
static double ripple(double quantum_kg, double every_s, double dispersion_m2_s)
{
    static struct spine grains, flow;
    double worst = 0.0;
    tube(&grains, 64, dispersion_m2_s, 0.32 / 3600.0, 1e-4);
    tube(&flow, 64, dispersion_m2_s, 0.32 / 3600.0, 1e-4);
    spine_infuse(&flow, quantum_kg / every_s);
    for (int i = 0; i < (int)(2.0 * 86400.0 / every_s); i++) {
        march(&grains, every_s);
        march(&flow, every_s);
        /* Just before a quantum, and just after. */
        worst = i * every_s > 86400.0 ? fmax(worst, fabs(spine_csf_at(&grains, 0.3) / spine_csf_at(&flow, 0.3) - 1.0))
                                      : worst;
        spine_bolus(&grains, quantum_kg);
        worst = i * every_s > 86400.0 ? fmax(worst, fabs(spine_csf_at(&grains, 0.3) / spine_csf_at(&flow, 0.3) - 1.0))
                                      : worst;
    }
    return worst;
}

/* A quantum m stands at once in a hat of peak m / (w A), the flow's concentration is m / (T 2 k l A): while quanta come
 * faster than they spread, they swing by half of 2 k l T / w. A rotor's (0.25 uL, each 22 s at 1 mL a day) may be averaged;
 * a valve's (2.5 uL, each 36 min at 0.1 mL a day) may not. */
static void some_quanta_may_be_averaged(void **state)
{
    (void)state;
    static const struct {
        double every_s, cm2_h;
    } kinds[] = { { 21.6, 180.0 }, { 21.6, 5.0 }, { 216.0, 5.0 }, { 2160.0, 5.0 }, { 2160.0, 180.0 } };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        double dispersion = kinds[i].cm2_h * 1e-4 / 3600.0, loss = 0.32 / 3600.0;
        double swing = loss * sqrt(dispersion / loss) * kinds[i].every_s / 0.02;
        double found = ripple(1e-9, kinds[i].every_s, dispersion);
        print_message("a quantum each %4.0f s, D %3.0f cm2/h: %6.2f %% at the tip, expected %6.2f %%\n",
                      kinds[i].every_s, kinds[i].cm2_h, 100.0 * found, 100.0 * swing);
        assert_true(swing > 0.1 || fabs(found / swing - 1.0) < 0.25);
        assert_true(kinds[i].every_s < 30.0 ? found < 0.03 : found > 0.03);
    }
}

/* The same spans give the same bytes, and a copy goes its own way. */
enum { MOMENTS = 96 };

struct seen {
    size_t next;
    double csf[MOMENTS][SPINE_NODES_MAX], tissue[MOMENTS][SPINE_NODES_MAX];
};

static void see(void *context, size_t moment, const struct spine *at)
{
    struct seen *seen = context;
    assert_int_equal(moment, seen->next++);
    for (int i = 0; i < at->nodes; i++) {
        seen->csf[moment][i] = at->csf_kg_m3[i];
        seen->tissue[moment][i] = at->tissue_kg_m3[i];
        assert_true(at->csf_kg_m3[i] >= 0.0 && at->tissue_kg_m3[i] >= 0.0);
    }
}

/* Looks from within steps are those of a march to each of them at a tolerance a thousand times as tight, a day after a bolus
 * and under a flow; and no step is made for them. */
static void looks_lie_between_steps(void **state)
{
    (void)state;
    static struct spine spine, exact, between;
    static struct seen seen;
    static const double tolerance[] = { 1e-2, 1e-3, 1e-4 };
    double moment_s[MOMENTS], worst[3] = { 0.0 };
    for (int i = 0; i < MOMENTS; i++) {
        moment_s[i] = 900.0 * (i + 1);
    }
    for (int k = 0; k < 3; k++) {
        struct figures figures;
        struct canal canal;
        figures_typical(&figures);
        struct spine_setup setup = agent_setup(&figures, AGENT_MORPHINE, REGIME_MOBILE, level_middle(LEVEL_L2));
        setup.tolerance = tolerance[k];
        assert_true(canal_init(&canal, 64, -1.0) && spine_init(&spine, &canal, &setup));
        setup.tolerance = 1e-6;
        assert_true(spine_init(&exact, &canal, &setup));
        spine_bolus(&spine, 1e-7);
        spine_bolus(&exact, 1e-7);
        spine_infuse(&spine, 1e-11);
        spine_infuse(&exact, 1e-11);
        seen.next = 0;
        march_looking(&spine, 86400.0, moment_s, MOMENTS, see, &seen, &between);
        assert_int_equal(seen.next, MOMENTS);
        for (int i = 0; i < MOMENTS; i++) {
            double most = 0.0;
            march(&exact, 900.0);
            for (int node = 0; node < exact.nodes; node++) {
                most = fmax(most, exact.csf_kg_m3[node]);
            }
            for (int node = 0; node < exact.nodes; node++) {
                double scale = exact.csf_kg_m3[node] + 0.01 * most;
                worst[k] = fmax(worst[k], fabs(seen.csf[i][node] - exact.csf_kg_m3[node]) / scale);
            }
        }
        print_message("tolerance %.0e: looks off by %.1e, %lu steps for %d of them\n", tolerance[k], worst[k],
                      spine.steps, MOMENTS);
        assert_true(worst[k] < 10.0 * tolerance[k]);
    }
    assert_true(worst[2] < 0.2 * worst[0]);
}

static void looking_changes_nothing(void **state)
{
    (void)state;
    static struct spine spine, other, between;
    static struct seen seen;
    struct dice dice = { 77 };
    for (int life = 0; life < 60; life++) {
        struct canal canal;
        struct spine_setup setup = any_setup(&dice);
        assert_true(canal_init(&canal, 32, setup.tip_m) && spine_init(&spine, &canal, &setup));
        for (int event = 0; event < 8; event++) {
            double span_s = log_between(&dice, 1.0, 1e6), moment_s[MOMENTS];
            any_event(&dice, &spine);
            for (int i = 0; i < MOMENTS; i++) {
                moment_s[i] = span_s * i / (MOMENTS - 1);
            }
            other = spine;
            seen.next = 0;
            march(&other, span_s);
            march_looking(&spine, span_s, moment_s, MOMENTS - 1, see, &seen, &between);
            assert_int_equal(seen.next, MOMENTS - 1);
            assert_memory_equal(&spine, &other, sizeof spine);
        }
    }
}

static void a_copy_is_a_fork(void **state)
{
    (void)state;
    static struct spine one, other;
    tube(&one, 64, 1e-6, 1e-4, 1e-3);
    spine_bolus(&one, 1e-7);
    march(&one, 600.0);
    other = one;
    spine_bolus(&other, 1e-7);
    march(&one, 600.0);
    march(&other, 600.0);
    assert_true(spine_csf_at(&other, 0.3) > spine_csf_at(&one, 0.3));
    static struct spine again;
    tube(&again, 64, 1e-6, 1e-4, 1e-3);
    spine_bolus(&again, 1e-7);
    march(&again, 600.0);
    march(&again, 600.0);
    assert_memory_equal(&again, &one, sizeof one);
    march(&again, 0.0);
    march(&again, -1.0);
    march(&again, (double)NAN);
    march(&again, (double)INFINITY);
    march_step(&again, -1.0);
    assert_memory_equal(&again, &one, sizeof one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(never_below_zero_and_nothing_lost),
        cmocka_unit_test(a_gaussian_spreads_and_decays),
        cmocka_unit_test(decay_is_exponential),
        cmocka_unit_test(tissue_is_a_second_compartment),
        cmocka_unit_test(a_steady_infusion_has_its_profile),
        cmocka_unit_test(the_order_is_two),
        cmocka_unit_test(some_quanta_may_be_averaged),
        cmocka_unit_test(looks_lie_between_steps),
        cmocka_unit_test(looking_changes_nothing),
        cmocka_unit_test(a_copy_is_a_fork),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
