/* mix_test.c - mixes of faults as people write them; waits whose mean is what was asked for. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/mix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rig/dice.h"

static void mixes_are_read(void **state)
{
    (void)state;
    struct mix mix;
    char wrong[64];
    assert_true(mix_read("none", &mix, wrong));
    for (unsigned i = 0; i < FAULTS; i++)
        assert_int_equal(mix.per_thousand_years[i], 0);
    assert_true(mix_read("default", &mix, wrong));
    assert_int_equal(mix.per_thousand_years[FAULT_STALL], fault_row(FAULT_STALL)->per_thousand_years);
    assert_true(mix_read("power,stall=2.5,brown_out=0", &mix, wrong));
    assert_int_equal(mix.per_thousand_years[FAULT_STALL], 2500);
    assert_int_equal(mix.per_thousand_years[FAULT_BROWN_OUT], 0);
    assert_int_equal(mix.per_thousand_years[FAULT_HANG], fault_row(FAULT_HANG)->per_thousand_years);
    assert_int_equal(mix.per_thousand_years[FAULT_FLIP], 0);
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    static const char *const bad[] = { "stal",     "stall=",       "stall=x", "stall=1.2345",
                                       "stall=-1", "stall=200000", ",",       "power, flip" };
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct mix mix;
        char wrong[64];
        assert_false(mix_read(bad[i], &mix, wrong));
    }
    struct mix mix;
    char wrong[64];
    assert_false(mix_read("power,stal=3", &mix, wrong));
    assert_string_equal(wrong, "stal=3");
}

static void waits_have_their_mean(void **state)
{
    (void)state;
    struct dice dice = dice_for(3, 3);
    enum { WAITS = 200000 };
    int64_t sum = 0, year = INT64_C(365) * 86400000;
    for (unsigned i = 0; i < WAITS; i++) {
        int64_t wait = dice_wait(&dice, 12000);
        assert_true(wait > 0);
        sum += wait;
    }
    int64_t mean = sum / WAITS;
    assert_in_range(mean, year / 12 * 95 / 100, year / 12 * 110 / 100);
    assert_true(dice_wait(&dice, 0) == INT64_MAX);
}

static void neighbours_have_nothing_in_common(void **state)
{
    (void)state;
    struct dice a = dice_for(1, 0), b = dice_for(1, 1), again = dice_for(1, 0);
    unsigned same = 0;
    for (unsigned i = 0; i < 1000; i++) {
        uint64_t bits = dice_bits(&a);
        same += (unsigned)__builtin_popcountll(bits ^ dice_bits(&b));
        assert_true(bits == dice_bits(&again));
    }
    assert_in_range(same, 31000, 33000);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(mixes_are_read), cmocka_unit_test(what_is_wrong_is_named),
                                        cmocka_unit_test(waits_have_their_mean),
                                        cmocka_unit_test(neighbours_have_nothing_in_common) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
