/* governor_test.c - windows, limits raised and lowered, slots, damage and recovery. REQ-THER-09, HZ-31. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "pump/governor.h"

static struct limits limits_of(int64_t hour_fg, int64_t day_fg)
{
    return (struct limits){ .count = 1, .drug = { { DRUG_MORPHINE, { { hour_fg }, { day_fg } } } } };
}

static struct governor governor_with(int64_t hour_fg, int64_t day_fg, int64_t charge_fg)
{
    struct governor governor;
    struct limits limits = limits_of(hour_fg, day_fg);
    governor_clear(&governor, (instant_ms){ 0 });
    assert_int_equal(governor_slot(&governor, DRUG_MORPHINE), 0);
    governor_limit(&governor, &limits, (instant_ms){ 0 });
    governor_charge(&governor, 0, (mass_fg){ charge_fg });
    return governor;
}

static unsigned pass_all(struct governor *governor, int64_t now_ms)
{
    unsigned passed = 0;
    while (governor_pass(governor, (instant_ms){ now_ms }).answer == GOVERNOR_PASS)
        passed++;
    return passed;
}

static void without_limits_no_drug_passes_and_saline_does(void **state)
{
    (void)state;
    struct governor governor;
    governor_clear(&governor, (instant_ms){ 0 });
    assert_int_equal(governor_pass(&governor, (instant_ms){ 1 }).answer, GOVERNOR_PASS);
    assert_int_equal(governor_slot(&governor, DRUG_FENTANYL), 0);
    governor_charge(&governor, 0, (mass_fg){ 1 });
    assert_int_equal(governor_pass(&governor, (instant_ms){ 2 }).answer, GOVERNOR_WITHHOLD);
}

static void the_hour_frees_again_when_its_buckets_fall_out(void **state)
{
    (void)state;
    struct governor governor = governor_with(100, 1000, 10);
    assert_int_equal(pass_all(&governor, 60000), 10);
    struct governor_ruling ruling = governor_pass(&governor, (instant_ms){ 60000 });
    assert_int_equal(ruling.window, WINDOW_HOUR);
    assert_int_equal(ruling.slot, 0);
    assert_int_equal(ruling.retry_ms, 112500); /* the end of the bucket */
    assert_int_equal(pass_all(&governor, 60000 + HOUR_MS), 0);
    assert_int_equal(pass_all(&governor, 112500 + HOUR_MS - 1), 0);
    assert_int_equal(pass_all(&governor, 112500 + HOUR_MS), 10);
}

static void the_day_counts_what_the_hour_forgot(void **state)
{
    (void)state;
    struct governor governor = governor_with(100, 250, 10);
    unsigned passed = 0;
    for (int64_t hour = 0; hour < 20; hour += 2)
        passed += pass_all(&governor, hour * HOUR_MS);
    assert_int_equal(passed, 25);
    assert_int_equal(governor_pass(&governor, (instant_ms){ 19 * (int64_t)HOUR_MS }).window, WINDOW_DAY);
    assert_int_equal(pass_all(&governor, 30 * (int64_t)HOUR_MS), 10); /* three quarters of an hour of carefulness later */
}

static void lowered_limits_hold_what_comes_after_them(void **state)
{
    (void)state;
    struct governor governor = governor_with(100, 10000, 10);
    struct limits lower = limits_of(40, 10000), higher = limits_of(200, 10000);
    assert_int_equal(pass_all(&governor, 1000), 10);
    governor_limit(&governor, &lower, (instant_ms){ 2000 });
    assert_int_equal(pass_all(&governor, 3000), 0); /* the straddling window is full */
    assert_int_equal(pass_all(&governor, 112500 + HOUR_MS), 4);
    governor_limit(&governor, &higher, (instant_ms){ 2 * (int64_t)HOUR_MS });
    assert_int_equal(pass_all(&governor, 2 * (int64_t)HOUR_MS), 16); /* raised: at once, on top of the 4 */
}

static void a_fifth_era_finds_no_room_until_one_has_ended(void **state)
{
    (void)state;
    struct governor governor = governor_with(100, 10000, 10);
    for (int64_t step = 1; step < GOVERNOR_ERAS; step++) {
        struct limits limits = limits_of(100 - step, 10000);
        assert_true(governor_can_limit(&governor, &limits));
        governor_limit(&governor, &limits, (instant_ms){ step * 1000 });
    }
    struct limits lower = limits_of(50, 10000), same = limits_of(97, 10000);
    assert_false(governor_can_limit(&governor, &lower));
    assert_true(governor_can_limit(&governor, &same));
    assert_true(governor_turn(&governor, (instant_ms){ 2 * (int64_t)HOUR_MS }));
    assert_true(governor_can_limit(&governor, &lower));
}

static void slots_are_taken_and_freed(void **state)
{
    (void)state;
    struct governor governor;
    governor_clear(&governor, (instant_ms){ 0 });
    for (unsigned drug = 1; drug <= GOVERNOR_DRUGS; drug++) {
        assert_int_equal(governor_slot(&governor, (uint16_t)drug), drug - 1);
        governor_charge(&governor, drug - 1, (mass_fg){ drug == 3 ? 0 : 5 });
    }
    assert_int_equal(governor_find(&governor, 7), -1);
    assert_int_equal(governor_slot(&governor, 7), 2); /* the idle one */
    assert_int_equal(governor_find(&governor, 3), -1);
    governor_charge(&governor, 2, (mass_fg){ 5 });
    assert_int_equal(governor_slot(&governor, 8), -1);
}

static void any_flipped_bit_of_a_window_is_damage(void **state)
{
    (void)state;
    struct governor whole = governor_with(1000000, 10000000, 10);
    for (int64_t ms = 0; ms < 5 * (int64_t)HOUR_MS; ms += 50000)
        assert_int_equal(governor_pass(&whole, (instant_ms){ ms }).answer, GOVERNOR_PASS);
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        for (unsigned bit = 0; bit < 8 * sizeof(struct window); bit++) {
            struct governor governor = whole;
            ((uint8_t *)&governor.watch[kind].window[0])[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_false(governor_turn(&governor, (instant_ms){ 5 * (int64_t)HOUR_MS }));
        }
    }
}

static void sums_ceilings_and_charges_are_looked_at_for_every_quantum(void **state)
{
    (void)state;
    const struct governor whole = governor_with(1000, 10000, 10);
    struct governor governor = whole;
    governor.watch[WINDOW_DAY].ceiling_fg[0] += 1;
    assert_int_equal(governor_pass(&governor, (instant_ms){ 1 }).answer, GOVERNOR_DAMAGED);
    governor = whole;
    governor.watch[WINDOW_HOUR].window[0].sum_fg ^= 1;
    assert_int_equal(governor_pass(&governor, (instant_ms){ 1 }).answer, GOVERNOR_DAMAGED);
    governor = whole;
    governor.charge_fg[0] = 0;
    assert_int_equal(governor_pass(&governor, (instant_ms){ 1 }).answer, GOVERNOR_DAMAGED);
}

static void recovery_paces_for_a_day_and_a_bucket(void **state)
{
    (void)state;
    struct governor governor = governor_with(1000000, 1000000, 10);
    int64_t lost_ms = 5 * (int64_t)HOUR_MS, over_ms = lost_ms + DAY_MS + DAY_MS / 32;
    governor_recover(&governor, (instant_ms){ lost_ms }, (span_ms){ 9000 });
    assert_int_equal(pass_all(&governor, lost_ms + 1), 1);
    struct governor_ruling ruling = governor_pass(&governor, (instant_ms){ lost_ms + 9000 });
    assert_int_equal(ruling.answer, GOVERNOR_WITHHOLD);
    assert_int_equal(ruling.window, WINDOW_KINDS);
    assert_int_equal(ruling.retry_ms, lost_ms + 9001);
    assert_int_equal(pass_all(&governor, lost_ms + 9001), 1);
    assert_true(governor_recovering(&governor, (instant_ms){ over_ms - 1 }));
    assert_false(governor_recovering(&governor, (instant_ms){ over_ms }));
    assert_true(pass_all(&governor, over_ms) > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_limits_no_drug_passes_and_saline_does),
        cmocka_unit_test(the_hour_frees_again_when_its_buckets_fall_out),
        cmocka_unit_test(the_day_counts_what_the_hour_forgot),
        cmocka_unit_test(lowered_limits_hold_what_comes_after_them),
        cmocka_unit_test(a_fifth_era_finds_no_room_until_one_has_ended),
        cmocka_unit_test(slots_are_taken_and_freed),
        cmocka_unit_test(any_flipped_bit_of_a_window_is_damage),
        cmocka_unit_test(sums_ceilings_and_charges_are_looked_at_for_every_quantum),
        cmocka_unit_test(recovery_paces_for_a_day_and_a_bucket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
