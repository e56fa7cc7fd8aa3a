/* energy_test.c - the energy ledger: what is booked, against sums worked out by hand; how voltage and charge are judged;
 * and what a loss of memory leaves. That the notice suffices on real discharge curves is hazard.hz_04, that every date is
 * one hazard.hz_06. */
// SPDX-License-Identifier: Apache-2.0
#include "pump/energy.h"

#include <string.h>

#include "tests/core/check.h"

enum { DAY_QUANTA = 4000 };

static const struct energy_tally nothing;

static instant_ms hours(int64_t count)
{
    return (instant_ms){ count * HOUR_MS };
}

static struct energy_facts facts_at(int64_t commanded, int32_t mv)
{
    return (struct energy_facts){ .commanded = commanded, .quanta_per_day = DAY_QUANTA, .battery_mv = mv,
                                  .mechanism = MECHANISM_ROTOR };
}

/* Days of this voltage at 1 mL/day; returns the day after the last. */
static int64_t days_pass(struct energy *energy, int64_t from, int64_t count, int32_t mv, enum energy_state *state)
{
    for (int64_t day = from; day < from + count; day++) {
        struct energy_facts facts = facts_at(day * DAY_QUANTA, mv);
        *state = energy_look(energy, &facts, &nothing, hours(day * 24));
    }
    return from + count;
}

static void test_every_operation_is_booked_as_listed(void **state)
{
    (void)state;
    struct energy energy = { 0 };
    struct energy_facts facts = facts_at(100, ENERGY_NO_READING);
    struct energy_tally tally = { .count = { [ENERGY_TONE] = 2, [ENERGY_FLASH_WORD] = 40, [ENERGY_FLASH_ERASE] = 1,
                                             [ENERGY_RADIO_BYTE] = 1000, [ENERGY_PUBLIC_KEY] = 3, [ENERGY_SENSE] = 1,
                                             [ENERGY_BOOT] = 1 } };
    (void)energy_look(&energy, &facts, &tally, hours(1));
    /* An hour of 24 uA is 86.4 mC; 100 quanta of 740 uC and two wakes of 0.35 uC; this look and its wake; the tally. */
    int64_t by_hand = INT64_C(86400000) + 100 * (740000 + 700) + 34000 + 350 + 2 * 5000000 + 40 * 250 + 300000
                      + 1000 * 600 + 3 * 440000 + 1000 + 1800000;
    assert_int_equal(energy.used_nc, by_hand);

    facts.commanded = 110;
    facts.mechanism = MECHANISM_VALVE;
    (void)energy_look(&energy, &facts, &nothing, hours(2));
    by_hand += INT64_C(86400000) + 10 * (7400000 + 700) + 34350;
    assert_int_equal(energy.used_nc, by_hand);
    assert_int_equal(energy_report(&energy, &facts, hours(2)).used_mc, by_hand / 1000000);
    for (int i = 0; i < ENERGY_OPERATIONS; i++) {
        assert_true(energy_charge((enum energy_operation)i) > 0);
    }
}

/* Looking more often may cost looks, nothing else. */
static void test_no_charge_is_lost_between_looks(void **state)
{
    (void)state;
    struct energy often = { 0 }, seldom = { 0 };
    for (int64_t hour = 1; hour <= 24 * 400; hour++) {
        struct energy_facts facts = facts_at(hour * 167, ENERGY_NO_READING);
        (void)energy_look(&often, &facts, &nothing, hours(hour));
        if (hour % 24 == 0) {
            (void)energy_look(&seldom, &facts, &nothing, hours(hour));
        }
    }
    assert_int_equal(often.used_nc - seldom.used_nc, 400 * 23 * INT64_C(34350));
    assert_int_equal(often.quanta, seldom.quanta);
}

/* Five years at 1 mL/day: within the 5.4 to 5.9 years measured in patients (Bolash 2015), less the tenth that is kept in
 * reserve and the tenth a poor cell lacks; and the band told holds from the first day on within 25 %. */
static void test_life_and_its_band(void **state)
{
    (void)state;
    struct energy energy = { 0 };
    enum energy_state is = ENERGY_GOOD;
    int64_t day = days_pass(&energy, 1, 1, 3150, &is);
    struct energy_facts facts = facts_at(DAY_QUANTA, ENERGY_NO_READING);
    struct energy_report first = energy_report(&energy, &facts, hours(24));
    int64_t much_later = first.replace.ms / HOUR_MS + 1000; /* whoever asks then was not looked after meanwhile */
    assert_int_equal(energy_report(&energy, &facts, hours(much_later)).replace.ms, hours(much_later).ms);
    int32_t middle = (first.days_least + first.days_most) / 2;
    assert_true((first.days_most - first.days_least) * 2 <= middle); /* a quarter either way */
    assert_true(middle > 54 * 365 / 10 && middle < 63 * 365 / 10);
    while (is == ENERGY_GOOD) {
        day = days_pass(&energy, day, 1, 3150, &is);
    }
    assert_in_range(energy.replace_ms / DAY_MS, 43 * 365 / 10, 50 * 365 / 10);
    assert_true(first.replace.ms - energy.replace_ms < 2 * DAY_MS && energy.replace_ms - first.replace.ms < 2 * DAY_MS);
    int64_t reached = day - 1;
    while (is != ENERGY_ENDED) {
        day = days_pass(&energy, day, 1, 3150, &is);
    }
    assert_int_equal(day - 1 - reached, ENERGY_NOTICE_DAYS);
    (void)days_pass(&energy, day, 300, 3150, &is);
    assert_int_equal(is, ENERGY_ENDED);
    assert_int_equal(energy.replace_ms, reached * DAY_MS);
}

/* The larger of what the program can ask for and what was used of late counts. */
static void test_the_more_pessimistic_day_counts(void **state)
{
    (void)state;
    struct energy energy = { 0 };
    enum energy_state is;
    int64_t day = days_pass(&energy, 1, 100, 3150, &is);
    struct energy_facts facts = facts_at((day - 1) * DAY_QUANTA, ENERGY_NO_READING);
    int64_t end_ms = energy.end_ms;
    facts.quanta_per_day = 10 * DAY_QUANTA; /* a larger program is believed at once */
    int64_t asked_ms = energy_lasts(&energy, &facts).ms; /* and can be asked about before */
    (void)energy_look(&energy, &facts, &nothing, hours((day - 1) * 24));
    assert_true(energy.end_ms < end_ms / 4);
    assert_int_equal(asked_ms, energy.end_ms - energy.at_ms);
    facts.quanta_per_day = DAY_QUANTA / 10; /* a smaller one only as it shows */
    (void)energy_look(&energy, &facts, &nothing, hours((day - 1) * 24));
    assert_true(energy.end_ms < end_ms + 2 * DAY_MS);
    for (int i = 0; i < 90; i++, day++) {
        (void)energy_look(&energy, &facts, &nothing, hours(day * 24));
    }
    assert_true(energy.end_ms > end_ms + 1000 * (int64_t)DAY_MS);
}

/* One busy day counts for a thirtieth: 4000 quanta more than usual are 133 a day. */
static void test_the_average_is_smooth(void **state)
{
    (void)state;
    struct energy energy = { 0 };
    enum energy_state is;
    int64_t day = days_pass(&energy, 1, 100, 3150, &is), usual = energy.daily_nc;
    struct energy_facts facts = facts_at((day + 1) * DAY_QUANTA, 3150);
    (void)energy_look(&energy, &facts, &nothing, hours(day * 24));
    assert_in_range(energy.daily_nc - usual, 132 * INT64_C(744000), 134 * INT64_C(744000));
}

static void test_one_wrong_reading_does_nothing(void **state)
{
    (void)state;
    const int32_t wrong[] = { 0, 1, -1, INT32_MAX, INT32_MIN + 1, ENERGY_LEAST_MV, ENERGY_FLOOR_MV, ENERGY_MOST_MV };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct energy energy = { 0 };
        enum energy_state is;
        int64_t day = days_pass(&energy, 1, 50, 3150, &is);
        day = days_pass(&energy, day, 1, wrong[i], &is);
        assert_int_equal(is, ENERGY_GOOD);
        day = days_pass(&energy, day, 1, wrong[i], &is); /* nor do two */
        day = days_pass(&energy, day, 60, 3150, &is);
        assert_int_equal(is, ENERGY_GOOD);
        struct energy sound = { 0 };
        (void)days_pass(&sound, 1, day - 1, 3150, &is);
        assert_int_equal(energy.end_ms, sound.end_ms);
    }
}

/* A sensor that shows nothing possible any more is not believed: the charge alone judges. */
static void test_a_dead_sensor_leaves_the_charge(void **state)
{
    (void)state;
    struct energy energy = { 0 };
    enum energy_state is;
    int64_t day = days_pass(&energy, 1, 50, 3150, &is);
    day = days_pass(&energy, day, 100, 0, &is);
    struct energy_facts facts = facts_at((day - 1) * DAY_QUANTA, ENERGY_NO_READING);
    struct energy_report report = energy_report(&energy, &facts, hours((day - 1) * 24));
    assert_int_equal(is, ENERGY_GOOD);
    assert_int_equal(report.loaded_mv, -1);
    assert_true(report.end.ms != INSTANT_NEVER.ms && report.end.ms > 1000 * (int64_t)DAY_MS);
}

/* Low for good: ERI after the third such reading of five; at the floor the end at once. Worked out by hand: 100 mV below
 * the low mark of 2850 the curve leaves 90 * 400 / 500 = 72 days. */
static void test_a_voltage_that_stays_low_ends_service(void **state)
{
    (void)state;
    struct energy energy = { 0 };
    enum energy_state is;
    int64_t day = days_pass(&energy, 1, 50, 3150, &is);
    day = days_pass(&energy, day, 2, 2750, &is);
    assert_int_equal(is, ENERGY_GOOD);
    day = days_pass(&energy, day, 1, 2750, &is);
    assert_int_equal(is, ENERGY_REPLACE);
    assert_int_equal(energy.replace_ms, (day - 1) * DAY_MS);
    assert_int_equal(energy.end_ms, (day - 1 + 72) * DAY_MS);
    day = days_pass(&energy, day, 10, 3150, &is); /* once said, it stays said */
    assert_int_equal(energy.end_ms, (day - 11 + 72) * DAY_MS);
    day = days_pass(&energy, day, 3, ENERGY_FLOOR_MV, &is);
    assert_int_equal(is, ENERGY_ENDED);
    assert_int_equal(energy.end_ms, (day - 1) * DAY_MS);
}

/* By hand: 5 mV a day, seen from 3150 on, reaches the floor of 2350 after 160 days; ERI is due when 97 days are left. */
static void test_a_falling_voltage_is_foreseen(void **state)
{
    (void)state;
    struct energy energy = { 0 };
    enum energy_state is;
    int64_t day = days_pass(&energy, 1, 50, 3150, &is);
    for (int32_t mv = 3150; is == ENERGY_GOOD; mv -= 5) {
        day = days_pass(&energy, day, 1, mv, &is);
    }
    assert_in_range(day - 50, 160 - 97 - 1, 160 - 97 + 4); /* the median lags two days */
    /* A step is no trend. */
    struct energy stepped = { 0 };
    day = days_pass(&stepped, 1, 50, 3150, &is);
    (void)days_pass(&stepped, day, 50, 2950, &is);
    assert_int_equal(is, ENERGY_GOOD);
}

static void test_lost_memory_takes_no_charge_back(void **state)
{
    (void)state;
    struct energy energy = { 0 };
    enum energy_state is;
    int64_t day = days_pass(&energy, 1, 500, 3150, &is);
    /* The standing facts are lost, the ledger is not: time and quanta tell nearly all. */
    struct energy anew = { 0 };
    (void)days_pass(&anew, day - 1, 1, 3150, &is);
    assert_true(anew.used_nc < energy.used_nc && anew.used_nc > energy.used_nc / 1000 * 999);
    /* Its average is that of the whole life, not the charge of a life in a day. */
    assert_true(anew.daily_nc < energy.daily_nc + energy.daily_nc / 100);
    /* The ledger is lost too: the stored record of a day ago tells. */
    struct energy restored = { 0 };
    energy_restore(&restored, energy.used_nc / 1000000, 0, hours((day - 1) * 24));
    struct energy_facts facts = facts_at(DAY_QUANTA, 3150);
    (void)energy_look(&restored, &facts, &nothing, hours(day * 24));
    (void)days_pass(&energy, day, 1, 3150, &is);
    assert_true(restored.used_nc <= energy.used_nc && restored.used_nc > energy.used_nc - 2000000);
    /* An older record changes nothing. */
    struct energy kept = energy;
    energy_restore(&kept, 5, 0, hours(day * 24));
    assert_memory_equal(&kept, &energy, sizeof kept);
    /* A ledger begun anew beside an energy ledger that was kept. */
    facts.commanded = 7;
    (void)energy_look(&kept, &facts, &nothing, (instant_ms){ kept.at_ms });
    assert_int_equal(kept.used_nc - energy.used_nc, 7 * INT64_C(740700) + 34350);
}

static void test_the_largest_flow_for_fifteen_years_does_not_overflow(void **state)
{
    (void)state;
    struct energy energy = { 0 };
    struct energy_facts facts = { .mechanism = MECHANISM_VALVE, .quanta_per_day = 11520,
                                  .battery_mv = ENERGY_NO_READING };
    int64_t days = 15 * 366;
    for (int64_t day = 1; day <= days; day++) {
        facts.commanded = day * 11520;
        (void)energy_look(&energy, &facts, &nothing, hours(day * 24));
    }
    assert_int_equal(energy.used_nc, days * (11520 * INT64_C(7400700) + INT64_C(24) * DAY_MS + 34350));
    facts.commanded = INT64_MAX;
    facts.quanta_per_day = INT64_MAX;
    struct energy_tally most;
    memset(&most, 0xFF, sizeof most);
    for (int i = 1; i < 100; i++) {
        assert_int_equal(energy_look(&energy, &facts, &most, hours((days + i * 10000) * 24)), ENERGY_ENDED);
    }
    assert_true(energy.used_nc > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_operation_is_booked_as_listed),
        cmocka_unit_test(test_no_charge_is_lost_between_looks),
        cmocka_unit_test(test_life_and_its_band),
        cmocka_unit_test(test_the_more_pessimistic_day_counts),
        cmocka_unit_test(test_the_average_is_smooth),
        cmocka_unit_test(test_one_wrong_reading_does_nothing),
        cmocka_unit_test(test_a_dead_sensor_leaves_the_charge),
        cmocka_unit_test(test_a_voltage_that_stays_low_ends_service),
        cmocka_unit_test(test_a_falling_voltage_is_foreseen),
        cmocka_unit_test(test_lost_memory_takes_no_charge_back),
        cmocka_unit_test(test_the_largest_flow_for_fifteen_years_does_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
