/* battery_test.c - charge by counted operations and time, and voltage under load. The constants are guesses; what is
 * tested is that each counts, and that the shape is the one described. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/twin/dice.h"
#include "tests/twin/near.h"
#include "twin/hardware/battery.h"

static void each_operation_and_time_take_charge(void **state)
{
    (void)state;
    struct battery fresh;
    battery_init(&fresh, 1e-3);
    assert_true(battery_used(&fresh, (instant_ms){ 0 }) == 0.0);
    assert_true(battery_used(&fresh, (instant_ms){ DAY_MS }) > 0.0);
    for (size_t i = 0; i < BATTERY_OPERATIONS; i++) {
        struct battery battery = fresh;
        battery_count(&battery, (enum battery_operation)i);
        double one = battery_used(&battery, (instant_ms){ 0 });
        assert_true(one > 0.0);
        battery_count_many(&battery, (enum battery_operation)i, 9);
        assert_near(battery_used(&battery, (instant_ms){ 0 }), 10.0 * one, 1e-15);
    }
}

static void a_drained_cell_goes_on_from_there(void **state)
{
    (void)state;
    struct battery battery;
    const instant_ms now = { 30 * (int64_t)DAY_MS };
    battery_init(&battery, 1e-3);
    battery_count_many(&battery, BATTERY_QUANTUM, 100000);
    const struct battery before = battery;
    assert_false(battery_drain(&battery, 1.0, now));
    assert_false(battery_drain(&battery, -0.1, now));
    assert_false(battery_drain(&battery, 0.0 / 0.0, now));
    assert_true(battery_left(&battery, now) == battery_left(&before, now));
    assert_true(battery_drain(&battery, 0.5, now));
    assert_near(battery_left(&battery, now), 0.5, 1e-12);
    assert_false(battery_drain(&battery, 0.6, now));
    battery_count_many(&battery, BATTERY_QUANTUM, 1000);
    assert_near(battery_left(&battery, now), 0.5 - 1000 * 1e-3 / before.capacity_coulomb, 1e-12);
    assert_true(battery_drain(&battery, 0.0, now));
    assert_true(battery_left(&battery, now) == 0.0 && battery_brown_out(&battery, now));
}

static instant_ms day(int64_t number)
{
    return (instant_ms){ number * DAY_MS };
}

static void live_a_day(struct battery *battery, uint64_t quanta)
{
    battery_count_many(battery, BATTERY_QUANTUM, quanta);
    battery_count_many(battery, BATTERY_WAKE, 2 * quanta);
}

/* Nearly level for most of the life, then a knee, and the core loses its supply before all of the charge is gone. */
static void six_years_at_one_ml_a_day_then_a_knee(void **state)
{
    (void)state;
    struct battery battery;
    battery_init(&battery, 0.74e-3);
    assert_int_equal(battery_mv(&battery, day(0)), 3200);
    int32_t last_mv = 3200, plateau_mv = 0;
    int64_t days = 0;
    while (!battery_brown_out(&battery, day(days))) {
        days++;
        live_a_day(&battery, 4000);
        int32_t mv = battery_mv(&battery, day(days));
        assert_true(mv <= last_mv);
        plateau_mv = battery_left(&battery, day(days)) > 0.1 ? mv : plateau_mv;
        last_mv = mv;
        assert_true(days < 10 * 365);
    }
    assert_true(days > 5 * 365 && days < 7 * 365);
    assert_true(plateau_mv > 3000);
    assert_true(last_mv > 2200 && last_mv < 2250); /* it fell under the sounder's load, which is larger */
    double left = battery_left(&battery, day(days));
    assert_true(left > 0.0 && left < 0.03);
    assert_true(battery_left(&battery, day(30 * 365)) == 0.0 && battery_mv(&battery, day(30 * 365)) < 2200);
}

/* At rest it grows by so many ohm a day, under current more slowly, and never shrinks. By hand: 10 mA over 1 ohm are
 * 10 mV; a mean current of 50 uA halves the growth. */
static void a_film_lowers_the_voltage_under_load(void **state)
{
    (void)state;
    struct battery clean, still, busy;
    battery_init(&clean, 0.0);
    still = clean;
    battery_film(&still, 0.5, day(0));
    assert_int_equal(battery_mv(&still, day(0)), battery_mv(&clean, day(0)));
    assert_in_range(battery_mv(&clean, day(20)) - battery_mv(&still, day(20)), 99, 101);
    busy = still;
    busy.quantum_coulomb = 50e-6;
    battery_count_many(&busy, BATTERY_QUANTUM, 20 * 86400);
    battery_settle(&busy, day(20));
    assert_near(busy.film_ohm, 5.0, 1e-9);
    assert_true(!battery_brown_out(&still, day(20)));
    assert_true(battery_brown_out(&still, day(200))); /* 100 ohm under 11 mA: 1100 mV down */
    assert_true(battery_left(&still, day(200)) > 0.95);
    battery_settle(&still, day(20));
    battery_film(&still, 0.0, day(20));
    assert_in_range(battery_mv(&clean, day(400)) - battery_mv(&still, day(400)), 99, 101);
}

/* What is settled often and what is settled seldom is the same under an even flow. */
static void settling_changes_nothing(void **state)
{
    (void)state;
    struct dice dice = { 12 };
    for (int i = 0; i < 20; i++) {
        struct battery often, seldom;
        uint64_t quanta = (uint64_t)dice_between(&dice, 0, 96000);
        battery_init(&often, 0.74e-3);
        battery_film(&often, dice_share(&dice), day(0));
        seldom = often;
        for (int64_t at = 1; at <= 100; at++) {
            live_a_day(&often, quanta);
            live_a_day(&seldom, quanta);
            battery_settle(&often, day(at));
        }
        assert_near((double)battery_mv(&often, day(100)), (double)battery_mv(&seldom, day(100)), 0.0);
    }
}

static void cells_spread_within_their_bounds(void **state)
{
    (void)state;
    double least = 1e9, most = 0.0;
    for (uint64_t seed = 1; seed <= 1000; seed++) {
        struct battery battery, again;
        battery_init(&battery, 0.74e-3);
        again = battery;
        battery_spread(&battery, seed);
        battery_spread(&again, seed);
        assert_true(battery.capacity_coulomb == again.capacity_coulomb);
        assert_true(battery.capacity_coulomb >= 9720.0 && battery.capacity_coulomb <= 11880.0);
        assert_true(battery.ohm >= 2.5 && battery.ohm <= 7.5);
        assert_true(battery.leak_per_year >= 0.0 && battery.leak_per_year <= 0.01);
        least = battery.capacity_coulomb < least ? battery.capacity_coulomb : least;
        most = battery.capacity_coulomb > most ? battery.capacity_coulomb : most;
        struct battery tight = battery;
        tight.leak_per_year = 0.0;
        assert_near(battery_used(&battery, day(1461)) - battery_used(&tight, day(1461)),
                    4.0 * battery.leak_per_year * battery.capacity_coulomb, 1e-6);
    }
    assert_true(least < 9800.0 && most > 11800.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_operation_and_time_take_charge),
        cmocka_unit_test(a_drained_cell_goes_on_from_there),
        cmocka_unit_test(six_years_at_one_ml_a_day_then_a_knee),
        cmocka_unit_test(a_film_lowers_the_voltage_under_load),
        cmocka_unit_test(settling_changes_nothing),
        cmocka_unit_test(cells_spread_within_their_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
