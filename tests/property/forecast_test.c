/* forecast_test.c - beset by chance, the pump passes no limit, starves no base, and keeps its word when it refuses. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/property/siege.h"

static struct siege siege;

static void besiege(const char *name, uint64_t seed, unsigned times, const struct siege_taste *taste)
{
    int64_t quanta = 0, checked = 0, activated = 0, boluses = 0, refused = 0, retried = 0, lowered = 0;
    for (unsigned i = 0; i < times; i++) {
        siege_play(&siege, seed + i, taste, 40);
        struct pump_status status = stand_status(&siege.stand);
        if (siege.told[0] != '\0' || siege.witness.excesses != 0 || status.withheld_quanta != 0)
            printf("%s, seed %llu: %s; %lld windows over a limit, %lld quanta withheld\n", name,
                   (unsigned long long)(seed + i), siege.told, (long long)siege.witness.excesses,
                   (long long)status.withheld_quanta);
        assert_int_equal(siege.witness.excesses, 0);
        assert_int_equal(status.withheld_quanta, 0);
        assert_true(status.missed_quanta <= siege.resets + siege.damages); /* a reset may catch a quantum in motion */
        assert_int_equal(siege.mute_refusals, 0);
        assert_int_equal(siege.false_promises, 0);
        assert_int_equal(siege.refused_lowering, 0);
        quanta += siege.witness.quanta;
        checked += siege.witness.checked;
        activated += siege.activated;
        boluses += siege.boluses;
        refused += siege.refused;
        retried += siege.retried;
        lowered += siege.lowered;
    }
    printf("%s: %u sieges, %lld quanta, %lld window sums, %lld activations (%lld lower), %lld boluses, %lld refusals, "
           "%lld asked again\n",
           name, times, (long long)quanta, (long long)checked, (long long)activated, (long long)lowered,
           (long long)boluses, (long long)refused, (long long)retried);
    assert_true(checked > 0 && activated > 0 && refused > 0);
}

static void boluses_as_often_as_granted(void **state)
{
    (void)state;
    const struct siege_taste taste = { .activate = 8, .stops = 4 };
    besiege("boluses", 1000, 60, &taste);
}

static void therapies_changed_again_and_again(void **state)
{
    (void)state;
    const struct siege_taste taste = { .activate = 60, .clock = 10, .stops = 10 };
    besiege("therapies", 2000, 60, &taste);
}

static void clocks_set_back_and_forth(void **state)
{
    (void)state;
    const struct siege_taste taste = { .activate = 15, .clock = 60 };
    besiege("clocks", 3000, 40, &taste);
}

static void refills_with_other_drugs(void **state)
{
    (void)state;
    const struct siege_taste taste = { .activate = 15, .refill = 40, .stops = 5 };
    besiege("refills", 4000, 40, &taste);
}

static void resets_at_any_moment(void **state)
{
    (void)state;
    const struct siege_taste taste = { .activate = 25, .clock = 10, .reset = 25, .stops = 5 };
    besiege("resets", 5000, 40, &taste);
}

static void the_governors_memory_damaged(void **state)
{
    (void)state;
    const struct siege_taste taste = { .activate = 30, .clock = 15, .damage = 10, .stops = 5 };
    besiege("damage", 6000, 40, &taste);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boluses_as_often_as_granted),
        cmocka_unit_test(therapies_changed_again_and_again),
        cmocka_unit_test(clocks_set_back_and_forth),
        cmocka_unit_test(refills_with_other_drugs),
        cmocka_unit_test(resets_at_any_moment),
        cmocka_unit_test(the_governors_memory_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
