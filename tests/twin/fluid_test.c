/* fluid_test.c - mixing by volume, places, and the volume grid. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/twin/dice.h"
#include "tests/twin/near.h"
#include "twin/hardware/fluid.h"

enum { MORPHINE = 1, BACLOFEN = 3, BUPIVACAINE = 5, CLONIDINE = 6, FENTANYL = 7 };

static struct fluid one(uint16_t drug, double kg_m3)
{
    struct fluid fluid = { { 0.0 }, { 0 } };
    assert_true(fluid_add(&fluid, drug, kg_m3));
    return fluid;
}

static void mixes_by_volume(void **state)
{
    (void)state;
    struct fluid strong = one(MORPHINE, 25.0);
    struct fluid other = one(BACLOFEN, 2.0);
    struct fluid mixed;
    assert_true(fluid_mix(&strong, 3e-6, &other, 1e-6, &mixed));
    assert_near(fluid_concentration(&mixed, MORPHINE), 18.75, 1e-12);
    assert_near(fluid_concentration(&mixed, BACLOFEN), 0.5, 1e-12);
    assert_true(fluid_concentration(&mixed, CLONIDINE) == 0.0);
    assert_true(fluid_concentration(&mixed, 0) == 0.0);
}

static void refill_of_the_same_drug_changes_no_bit(void **state)
{
    (void)state;
    struct dice dice = { 1 };
    for (int i = 0; i < 10000; i++) {
        struct fluid fluid = one(MORPHINE, 50.0 * dice_share(&dice));
        struct fluid mixed;
        assert_true(fluid_mix(&fluid, dice_share(&dice), &fluid, dice_share(&dice), &mixed));
        assert_true(fluid_same(&mixed, &fluid));
    }
}

static void a_fifth_drug_is_refused_and_nothing_changes(void **state)
{
    (void)state;
    struct fluid full = one(MORPHINE, 1.0);
    assert_true(fluid_add(&full, BACLOFEN, 1.0));
    assert_true(fluid_add(&full, BUPIVACAINE, 1.0));
    assert_true(fluid_add(&full, CLONIDINE, 1.0));
    struct fluid before = full;
    struct fluid fifth = one(FENTANYL, 1.0);
    assert_false(fluid_add(&full, FENTANYL, 1.0));
    struct fluid mixed = before;
    assert_false(fluid_mix(&full, 1.0, &fifth, 1.0, &mixed));
    uint16_t table[FLUID_DRUGS_MAX] = { CLONIDINE, BACLOFEN, FENTANYL, 0 };
    assert_false(fluid_arrange(&full, table, &mixed));
    assert_int_equal(table[3], 0);
    assert_true(fluid_same(&mixed, &before) && fluid_same(&full, &before));
    assert_false(fluid_add(&full, 0, 1.0));
    assert_false(fluid_add(&full, MORPHINE, -1.0));
    assert_true(fluid_same(&full, &before));
}

static void arranging_keeps_the_fluid_and_fixes_the_places(void **state)
{
    (void)state;
    uint16_t table[FLUID_DRUGS_MAX] = { CLONIDINE, 0 };
    struct fluid fluid = one(MORPHINE, 20.0);
    assert_true(fluid_add(&fluid, CLONIDINE, 0.1));
    struct fluid arranged;
    assert_true(fluid_arrange(&fluid, table, &arranged));
    assert_int_equal(table[0], CLONIDINE);
    assert_int_equal(table[1], MORPHINE);
    assert_true(arranged.kg_m3[0] == 0.1 && arranged.kg_m3[1] == 20.0);
    assert_true(fluid_same(&arranged, &fluid));
    struct fluid saline = { { 0.0 }, { 0 } };
    assert_false(fluid_same(&saline, &fluid));
    assert_false(fluid_same(&fluid, &saline));
}

static void grid_is_near_and_sums_are_exact(void **state)
{
    (void)state;
    struct dice dice = { 2 };
    double sum = 0.0;
    double taken = 0.0;
    double part[1000];
    for (int i = 0; i < 1000; i++) {
        double wish = 1e-5 * dice_share(&dice);
        part[i] = volume_on_grid(wish);
        assert_near(part[i], wish, 0x1p-61);
        assert_true(volume_on_grid(part[i]) == part[i]);
        sum += part[i];
    }
    for (int i = 999; i >= 0; i -= 2) {
        taken += part[i];
    }
    for (int i = 0; i < 1000; i += 2) {
        taken += part[i];
    }
    assert_true(sum == taken); /* whatever the order */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mixes_by_volume),
        cmocka_unit_test(refill_of_the_same_drug_changes_no_bit),
        cmocka_unit_test(a_fifth_drug_is_refused_and_nothing_changes),
        cmocka_unit_test(arranging_keeps_the_fluid_and_fixes_the_places),
        cmocka_unit_test(grid_is_near_and_sums_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
