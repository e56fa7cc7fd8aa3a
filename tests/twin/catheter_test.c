/* catheter_test.c - plug flow against a slow model that keeps every push as a slug of its own, in whole grid steps. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "tests/twin/dice.h"
#include "twin/hardware/catheter.h"

enum { DRUG_A = 1, DRUG_B = 6, PUSHES = 40000 };

#define STEP 0x1p-60 /* the volume grid, m3 */

static double apart(double a, double b)
{
    double size = a < 0 ? -a : a;
    double gap = a < b ? b - a : a - b;
    return size > 0.0 ? gap / size : gap;
}

/* All fluids of this test have drug A in place 0 and drug B in place 1. */
static struct fluid fluid_of(int64_t a, int64_t b)
{
    return (struct fluid){ .kg_m3 = { (double)a, (double)b }, .drug = { DRUG_A, DRUG_B } };
}

/* The slow model: no slug is ever joined to another, volumes are integers, mass is summed in long double. */
struct slow {
    struct { int64_t steps, a, b; } slug[PUSHES + 1];
    int first, end;
    long double kg_a, kg_b;
};

static void slow_push(struct slow *slow, int64_t steps, int64_t a, int64_t b)
{
    slow->slug[slow->end].steps = steps;
    slow->slug[slow->end].a = a;
    slow->slug[slow->end].b = b;
    slow->end++;
    while (steps > 0) {
        int64_t out = slow->slug[slow->first].steps < steps ? slow->slug[slow->first].steps : steps;
        slow->kg_a += (long double)out * (long double)STEP * (long double)slow->slug[slow->first].a;
        slow->kg_b += (long double)out * (long double)STEP * (long double)slow->slug[slow->first].b;
        slow->slug[slow->first].steps -= out;
        steps -= out;
        if (slow->slug[slow->first].steps == 0) {
            slow->first++;
        }
    }
}

static void agrees_with_the_slow_model(uint64_t seed)
{
    struct dice dice = { seed };
    struct slow *slow = calloc(1, sizeof *slow);
    struct catheter catheter;
    double kg[FLUID_DRUGS_MAX] = { 0.0 };
    int64_t dead = dice_between(&dice, 200000000000, 500000000000); /* 0.17 to 0.43 mL */
    int64_t a = 25;
    int64_t b = 0;
    struct fluid fluid = fluid_of(a, b);
    assert_non_null(slow);
    catheter_init(&catheter, (double)dead * STEP, &fluid);
    slow->slug[0].steps = dead;
    slow->slug[0].a = a;
    slow->end = 1;
    for (int i = 0; i < PUSHES; i++) {
        if (dice_between(&dice, 0, 299) == 0 && catheter.slugs < CATHETER_SLUGS_MAX) {
            a = dice_between(&dice, 0, 3) * 10;
            b = dice_between(&dice, 0, 1);
            fluid = fluid_of(a, b);
            catheter_inflow(&catheter, &fluid);
        }
        int64_t steps = dice_between(&dice, 0, 600000000); /* up to 0.5 microlitre */
        slow_push(slow, steps, a, b);
        if (dice_between(&dice, 0, 1) == 0) {
            catheter_push(&catheter, (double)steps * STEP, kg);
        } else {
            catheter_push_slugs(&catheter, (double)steps * STEP, 1.0, kg);
        }
        assert_true(catheter.slug[0].fluid.kg_m3[0] == (double)slow->slug[slow->first].a);
        assert_true(catheter.slug[0].fluid.kg_m3[1] == (double)slow->slug[slow->first].b);
        assert_true(catheter_volume(&catheter) == (double)dead * STEP);
        assert_true(apart((double)slow->kg_a, kg[0]) < 1e-12);
        assert_true(apart((double)slow->kg_b, kg[1]) < 1e-12);
    }
    assert_int_equal(catheter.merges, 0);
    free(slow);
}

static void plug_flow(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        agrees_with_the_slow_model(seed);
    }
}

static void a_change_arrives_exactly_at_the_dead_volume(void **state)
{
    (void)state;
    struct catheter catheter;
    struct fluid old = fluid_of(25, 0);
    struct fluid new = fluid_of(10, 1);
    double kg[FLUID_DRUGS_MAX];
    catheter_init(&catheter, 1000.0 * STEP, &old);
    catheter_inflow(&catheter, &new);
    catheter_push(&catheter, 999.0 * STEP, kg);
    assert_true(fluid_same(&catheter.slug[0].fluid, &old));
    catheter_push(&catheter, STEP, kg);
    assert_true(fluid_same(&catheter.slug[0].fluid, &new));
    assert_true(apart(kg[0], 25000.0 * STEP) < 1e-15 && kg[1] == 0.0);
    assert_int_equal(catheter.slugs, 1);
}

static void inflow_without_push_leaves_nothing_behind(void **state)
{
    (void)state;
    struct catheter catheter;
    struct fluid old = fluid_of(25, 0);
    struct fluid new = fluid_of(10, 1);
    catheter_init(&catheter, 1000.0 * STEP, &old);
    for (int i = 0; i < 100; i++) {
        catheter_inflow(&catheter, &new);
        catheter_inflow(&catheter, &old);
    }
    assert_int_equal(catheter.slugs, 1);
    assert_int_equal(catheter.merges, 0);
}

static void a_full_queue_mixes_and_keeps_the_mass(void **state)
{
    (void)state;
    struct dice dice = { 3 };
    struct catheter catheter;
    struct fluid fluid = fluid_of(25, 1);
    double kg[FLUID_DRUGS_MAX] = { 0.0 };
    double in_kg[2];
    double held_kg[FLUID_DRUGS_MAX];
    catheter_init(&catheter, 1e9 * STEP, &fluid);
    catheter_mass(&catheter, held_kg);
    in_kg[0] = held_kg[0];
    in_kg[1] = held_kg[1];
    for (int i = 0; i < 20000; i++) {
        int64_t a = dice_between(&dice, 1, 50);
        fluid = fluid_of(a, 51 - a);
        catheter_inflow(&catheter, &fluid);
        double volume_m3 = (double)dice_between(&dice, 0, 100000000) * STEP;
        catheter_push(&catheter, volume_m3, kg);
        in_kg[0] += volume_m3 * (double)a;
        in_kg[1] += volume_m3 * (double)(51 - a);
        assert_true(catheter.slugs <= CATHETER_SLUGS_MAX);
    }
    catheter_mass(&catheter, held_kg);
    assert_true(catheter.merges > 1000);
    assert_true(catheter_volume(&catheter) == 1e9 * STEP);
    assert_true(apart(in_kg[0], held_kg[0] + kg[0]) < 1e-12);
    assert_true(apart(in_kg[1], held_kg[1] + kg[1]) < 1e-12);
}

static void a_share_of_the_outflow_is_delivered(void **state)
{
    (void)state;
    struct catheter catheter;
    struct fluid old = fluid_of(20, 0);
    struct fluid new = fluid_of(0, 8);
    double kg[FLUID_DRUGS_MAX];
    catheter_init(&catheter, 1000.0 * STEP, &old);
    catheter_inflow(&catheter, &new);
    catheter_push_slugs(&catheter, 1600.0 * STEP, 0.25, kg); /* more than the whole at once */
    assert_true(apart(kg[0], 5000.0 * STEP) < 1e-15);
    assert_true(apart(kg[1], 1200.0 * STEP) < 1e-15);
    assert_true(catheter_volume(&catheter) == 1000.0 * STEP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plug_flow),
        cmocka_unit_test(a_change_arrives_exactly_at_the_dead_volume),
        cmocka_unit_test(inflow_without_push_leaves_nothing_behind),
        cmocka_unit_test(a_full_queue_mixes_and_keeps_the_mass),
        cmocka_unit_test(a_share_of_the_outflow_is_delivered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
