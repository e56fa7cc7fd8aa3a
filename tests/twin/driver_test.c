/* driver_test.c - each refusal of the motor driver, and its budget against the plain list of all firing times. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "tests/twin/dice.h"
#include "twin/hardware/driver.h"

static struct motor_budget budget_of(uint32_t interval_ms, uint32_t hour, uint32_t day)
{
    return (struct motor_budget){ interval_ms, ~interval_ms, hour, ~hour, day, ~day };
}

static struct driver ready(uint32_t interval_ms, uint32_t hour, uint32_t day)
{
    struct driver driver;
    struct motor_budget budget = budget_of(interval_ms, hour, day);
    driver_init(&driver, 400, 500);
    driver_set_budget(&driver, &budget);
    return driver;
}

/* Both words in one go. */
static bool fire(struct driver *driver, uint32_t key, int64_t at_ms)
{
    assert_false(driver_key_engine(driver, key, (instant_ms){ at_ms }));
    return driver_key_governor(driver, ~key, (instant_ms){ at_ms });
}

static void refused(struct driver *driver, enum motor_refusal refusal)
{
    struct motor_report report = driver_result(driver);
    assert_int_equal(report.state, MOTOR_REFUSED);
    assert_int_equal(report.refusal, refusal);
    assert_int_equal(report.extra, 0);
}

static void a_pair_fires_and_is_told_once(void **state)
{
    (void)state;
    struct driver driver = ready(800, 100, 1000);
    assert_int_equal(driver_result(&driver).state, MOTOR_IDLE);
    assert_true(fire(&driver, 1, 5000));
    assert_int_equal(driver.due.ms, 5400);
    assert_int_equal(driver_result(&driver).state, MOTOR_MOVING);
    assert_int_equal(driver_result(&driver).state, MOTOR_MOVING);
    driver_done(&driver);
    assert_int_equal(driver.due.ms, INT64_MAX);
    assert_int_equal(driver_result(&driver).state, MOTOR_DONE);
    assert_int_equal(driver_result(&driver).state, MOTOR_IDLE);
    /* either word may come first */
    assert_false(driver_key_governor(&driver, ~(uint32_t)2, (instant_ms){ 6000 }));
    assert_true(driver_key_engine(&driver, 2, (instant_ms){ 6000 }));
}

static void one_word_alone_never_fires(void **state)
{
    (void)state;
    struct driver driver = ready(0, 100, 1000);
    for (uint32_t k = 0; k < 1000; k++) {
        assert_false(driver_key_engine(&driver, k, (instant_ms){ 1000 * (int64_t)k }));
    }
    driver = ready(0, 100, 1000);
    for (uint32_t k = 0; k < 1000; k++) {
        assert_false(driver_key_governor(&driver, k, (instant_ms){ 1000 * (int64_t)k }));
    }
    assert_int_equal(driver_result(&driver).state, MOTOR_IDLE);
}

static void wrong_or_repeated_words_are_refused(void **state)
{
    (void)state;
    struct driver driver = ready(0, 100, 1000);
    for (int bit = 0; bit < 32; bit++) { /* any one flipped bit */
        assert_false(driver_key_engine(&driver, 7, (instant_ms){ 0 }));
        assert_false(driver_key_governor(&driver, ~(uint32_t)7 ^ ((uint32_t)1 << bit), (instant_ms){ 0 }));
        refused(&driver, MOTOR_REFUSED_KEYS);
    }
    assert_int_equal(driver_result(&driver).state, MOTOR_IDLE);
    /* the refused pair is used up: its good half does not wait for another */
    assert_false(driver_key_engine(&driver, 9, (instant_ms){ 0 }));
    assert_false(driver_key_governor(&driver, 9, (instant_ms){ 0 }));
    assert_false(driver_key_governor(&driver, ~(uint32_t)9, (instant_ms){ 0 }));
    assert_true(driver_key_engine(&driver, 9, (instant_ms){ 0 }));
    driver_done(&driver);
    assert_false(fire(&driver, 9, 10000)); /* the same word again */
    refused(&driver, MOTOR_REFUSED_KEYS);
    assert_true(fire(&driver, 10, 10000));
    assert_int_equal(driver.refused[MOTOR_REFUSED_KEYS], 32 + 2); /* each counted */
    assert_int_equal(driver.refused[MOTOR_REFUSED_HOUR], 0);
}

static void a_refused_word_may_be_tried_again(void **state)
{
    (void)state;
    struct driver driver = ready(800, 100, 1000);
    assert_true(fire(&driver, 1, 0));
    driver_done(&driver);
    assert_false(fire(&driver, 2, 799));
    assert_true(fire(&driver, 2, 800));
    assert_int_equal(driver_result(&driver).state, MOTOR_MOVING); /* the old refusal is not told after a firing */
}

static void a_motion_under_way_is_not_disturbed(void **state)
{
    (void)state;
    struct driver driver = ready(0, 100, 1000);
    assert_true(fire(&driver, 1, 1000));
    assert_false(fire(&driver, 2, 1100));
    refused(&driver, MOTOR_REFUSED_BUSY);
    assert_int_equal(driver_result(&driver).state, MOTOR_MOVING);
    assert_int_equal(driver.due.ms, 1400);
}

static void too_soon_is_refused(void **state)
{
    (void)state;
    struct driver driver = ready(800, 100, 1000);
    assert_true(fire(&driver, 1, 0));
    driver_done(&driver);
    (void)driver_result(&driver);
    assert_false(fire(&driver, 2, 799));
    refused(&driver, MOTOR_REFUSED_INTERVAL);
    assert_true(fire(&driver, 2, 800));
}

static void no_budget_or_a_damaged_one_refuses_everything(void **state)
{
    (void)state;
    struct driver driver;
    driver_init(&driver, 400, 500);
    assert_false(fire(&driver, 1, 0));
    refused(&driver, MOTOR_REFUSED_BUDGET_DAMAGED);
    for (int field = 0; field < 6; field++) {
        for (int bit = 0; bit < 32; bit++) {
            driver = ready(800, 100, 1000);
            uint32_t *words[] = { &driver.budget.interval_ms, &driver.budget.interval_inv, &driver.budget.hour,
                                  &driver.budget.hour_inv, &driver.budget.day, &driver.budget.day_inv };
            *words[field] ^= (uint32_t)1 << bit;
            assert_false(fire(&driver, 1, 0));
            refused(&driver, MOTOR_REFUSED_BUDGET_DAMAGED);
        }
    }
}

static void hour_and_day_are_told_apart_and_outlive_a_new_budget(void **state)
{
    (void)state;
    struct driver driver = ready(0, 3, 4);
    uint32_t key = 0;
    for (int i = 0; i < 3; i++) {
        assert_true(fire(&driver, ++key, 1000 * (int64_t)i));
        driver_done(&driver);
    }
    assert_false(fire(&driver, ++key, 9000));
    refused(&driver, MOTOR_REFUSED_HOUR);
    struct motor_budget same = budget_of(0, 3, 4);
    driver_set_budget(&driver, &same);
    assert_false(fire(&driver, key, 9000));
    refused(&driver, MOTOR_REFUSED_HOUR);
    assert_true(fire(&driver, key, 2 * HOUR_MS));
    driver_done(&driver);
    assert_false(fire(&driver, ++key, 4 * (int64_t)HOUR_MS));
    refused(&driver, MOTOR_REFUSED_DAY);
    assert_true(fire(&driver, key, 30 * (int64_t)HOUR_MS));
}

static void stalls_end_late_and_are_sounded_when_nobody_listens(void **state)
{
    (void)state;
    struct driver driver = ready(0, 1000, 1000);
    driver_jam(&driver, true);
    for (uint32_t i = 1; i <= 12; i++) {
        assert_true(fire(&driver, i, 1000 * (int64_t)i));
        assert_int_equal(driver.due.ms, 1000 * (int64_t)i + 500);
        assert_true(driver.blocked);
        assert_int_equal(driver_stalled(&driver), i >= DRIVER_STALLS_TO_SOUND);
    }
    assert_int_equal(driver_result(&driver).state, MOTOR_STALLED);
    assert_true(fire(&driver, 13, 13000));
    assert_false(driver_stalled(&driver)); /* it was heard: counting begins anew */
    driver_jam(&driver, false);
    assert_true(fire(&driver, 14, 14000));
    assert_false(driver.blocked);
    assert_int_equal(driver.due.ms, 14400);
    driver_block(&driver);
    assert_int_equal(driver.due.ms, 14500);
}

/* How many of these instants lie in (from, to]. */
static uint32_t count_within(const int64_t *fired_ms, int count, int64_t from_ms, int64_t to_ms)
{
    uint32_t within = 0;
    for (int i = count - 1; i >= 0 && fired_ms[i] > from_ms; i--) {
        within += fired_ms[i] <= to_ms ? 1 : 0;
    }
    return within;
}

/* At every try the list says what must, and what must not, be refused. */
static void budget_against_the_list(uint64_t seed, int64_t pause_max_ms)
{
    enum { TRIES = 20000 };
    struct dice dice = { seed };
    uint32_t hour = (uint32_t)dice_between(&dice, 1, 60);
    uint32_t day = (uint32_t)dice_between(&dice, hour, 6 * (int64_t)hour);
    struct driver driver = ready(0, hour, day);
    int64_t *fired_ms = calloc(TRIES, sizeof *fired_ms);
    int count = 0;
    int64_t now_ms = dice_between(&dice, 0, DAY_MS);
    int refusals = 0;
    assert_non_null(fired_ms);
    for (uint32_t i = 1; i <= TRIES; i++) {
        now_ms += dice_between(&dice, 400, pause_max_ms);
        if (dice_between(&dice, 0, 999) == 0) {
            now_ms += dice_between(&dice, 0, 3 * (int64_t)DAY_MS);
        }
        uint32_t in_hour = count_within(fired_ms, count, now_ms - HOUR_MS, now_ms);
        uint32_t in_day = count_within(fired_ms, count, now_ms - DAY_MS, now_ms);
        uint32_t near_hour = count_within(fired_ms, count, now_ms - HOUR_MS - DRIVER_HOUR_BUCKET_MS, now_ms);
        uint32_t near_day = count_within(fired_ms, count, now_ms - DAY_MS - DRIVER_DAY_BUCKET_MS, now_ms);
        if (fire(&driver, i, now_ms)) {
            assert_true(in_hour < hour && in_day < day);
            fired_ms[count++] = now_ms;
            driver_done(&driver);
            (void)driver_result(&driver);
        } else {
            struct motor_report report = driver_result(&driver);
            assert_true(report.refusal == MOTOR_REFUSED_HOUR ? near_hour >= hour : near_day >= day);
            refusals++;
        }
    }
    assert_true(count > 0 && refusals > 0);
    free(fired_ms);
}

static void never_beyond_the_budget_never_meaner_than_a_bucket(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        budget_against_the_list(seed, seed % 2 == 0 ? 60000 : 600000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_fires_and_is_told_once),
        cmocka_unit_test(one_word_alone_never_fires),
        cmocka_unit_test(wrong_or_repeated_words_are_refused),
        cmocka_unit_test(a_refused_word_may_be_tried_again),
        cmocka_unit_test(a_motion_under_way_is_not_disturbed),
        cmocka_unit_test(too_soon_is_refused),
        cmocka_unit_test(no_budget_or_a_damaged_one_refuses_everything),
        cmocka_unit_test(hour_and_day_are_told_apart_and_outlive_a_new_budget),
        cmocka_unit_test(stalls_end_late_and_are_sounded_when_nobody_listens),
        cmocka_unit_test(never_beyond_the_budget_never_meaner_than_a_bucket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
