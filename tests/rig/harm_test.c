/* harm_test.c - what goes wrong with one implant: by chance and by deed, never milder than it was, and the same in a copy. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/harm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { EVERY = (1 << (COMPLICATIONS_ALL + 1)) - 1, DAYS = 3650 };

static struct twin twin, copy;
static struct fluid strong;

static void implant(struct harm *harm, uint32_t kinds, double factor, uint64_t seed)
{
    const struct twin_setup setup = { .model = "C20", .calibration = 1.0, .catheter_m3 = 0.2e-6, .seed = 5 };
    const struct harm_setup what = { .kinds = kinds, .factor = factor, .tip = LEVEL_T10 };
    memset(&strong, 0, sizeof strong);
    assert_true(fluid_add(&strong, 1, 25.0));
    assert_true(twin_init(&twin, &setup));
    assert_true(twin_fill(&twin, 18e-6, &strong));
    harm_start(harm, &what, seed, &twin, (instant_ms){ 0 });
}

/* A day passes, in which so much leaves the pump; a fill comes first whenever there is too little. */
static void day(struct harm *harm, struct twin *at, int64_t days, double m3)
{
    at->now.ms = (days + 1) * DAY_MS;
    if (at->reservoir_m3 < m3)
        (void)twin_fill(at, 15e-6, &strong);
    twin_let_out(at, m3);
    while (harm_look(harm, at, at->now, 0.0).kind != HARM_NOTHING)
        ;
}

static void nothing_is_chosen_and_nothing_happens(void **state)
{
    (void)state;
    struct harm harm;
    implant(&harm, 0, 1.0, 1);
    assert_true(harm_next(&harm).ms == INSTANT_NEVER.ms && !harm.used);
    double fault[TWIN_FAULTS] = { 0.0 };
    for (int i = 0; i < DAYS; i++)
        day(&harm, &twin, i, 0.2e-6);
    harm_refill(&harm, &twin);
    assert_int_equal(harm_refilled(&harm).kind, HARM_NOTHING);
    assert_memory_equal(twin.fault, fault, sizeof fault);
    assert_string_equal(harm_tip_word(&harm), "T10");
}

/* It asks to be looked at when the next is due, and that look finds it. */
static void each_is_found_when_it_was_due(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct harm harm;
        unsigned found = 0;
        implant(&harm, EVERY & ~HARM_GRANULOMA & ~(1u << COMPLICATION_POCKET_FILL), 1e4, seed);
        while (harm_next(&harm).ms < (int64_t)1000000 * DAY_MS) {
            instant_ms due = harm_next(&harm);
            assert_int_equal(harm_look(&harm, &twin, (instant_ms){ due.ms - 2 }, 0.0).kind, HARM_NOTHING);
            struct harm_event event = harm_look(&harm, &twin, due, 0.0);
            assert_int_equal(event.kind, HARM_COMPLICATION);
            found += 1;
            if (event.effect.fault != TWIN_FAULTS)
                assert_true(twin.fault[event.effect.fault] > 0.0);
            assert_true(harm.infected || event.complication != COMPLICATION_INFECTION);
        }
        assert_int_equal(found, harm.happened);
        assert_int_equal(found, COMPLICATIONS_ALL - 1); /* all of them in the end */
    }
}

static void what_is_worse_stays(void **state)
{
    (void)state;
    unsigned milder = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct harm harm;
        implant(&harm, 1u << COMPLICATION_KINK | 1u << COMPLICATION_LEAK, 1e4, seed);
        twin_set_fault(&twin, TWIN_FAULT_KINK, 0.4);
        twin_set_fault(&twin, TWIN_FAULT_LEAK, 0.4);
        for (int i = 0; i < 2; i++) {
            struct harm_event event = harm_look(&harm, &twin, harm_next(&harm), 0.0);
            milder += event.complication == COMPLICATION_KINK ? event.effect.amount > 0.4 : event.effect.amount < 0.4;
        }
        assert_true(twin.fault[TWIN_FAULT_KINK] <= 0.4 && twin.fault[TWIN_FAULT_LEAK] >= 0.4);
    }
    assert_in_range(milder, 40, 160);
}

static void a_tip_drawn_out_delivers_nothing(void **state)
{
    (void)state;
    struct harm harm;
    implant(&harm, 0, 1.0, 1);
    harm_migrate(&harm, &twin, LEVEL_L4);
    assert_true(!harm.out && harm.used && harm.tip_m == level_middle(LEVEL_L4));
    day(&harm, &twin, 0, 1e-6);
    double delivered_m3 = twin.totals.delivered;
    assert_true(delivered_m3 > 0.9e-6);
    harm_migrate(&harm, &twin, LEVELS_ALL);
    assert_string_equal(harm_tip_word(&harm), "outside");
    day(&harm, &twin, 1, 1e-6);
    assert_true(twin.totals.delivered == delivered_m3);
    harm_migrate(&harm, &twin, LEVEL_C1);
    day(&harm, &twin, 2, 1e-6);
    assert_true(twin.totals.delivered > delivered_m3 + 0.9e-6);
    assert_string_equal(harm_tip_word(&harm), "C1");
}

/* By chance it is drawn back: from T10 some tips stay within, and of each that does not nothing arrives any more. */
static void a_tip_slides_back_by_chance(void **state)
{
    (void)state;
    unsigned out = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct harm harm;
        implant(&harm, 1u << COMPLICATION_MIGRATION, 1e4, seed);
        double from_m = harm.tip_m;
        struct harm_event event = harm_look(&harm, &twin, harm_next(&harm), 0.0);
        assert_int_equal(event.complication, COMPLICATION_MIGRATION);
        assert_true(harm.tip_m == from_m + event.effect.drawn_back_m &&
                    harm.out == (harm.tip_m > level_middle(LEVEL_L4)));
        twin_let_out(&twin, 1e-6);
        assert_true(harm.out ? twin.totals.delivered == 0.0 : twin.totals.delivered > 0.9e-6);
        out += harm.out;
    }
    assert_in_range(out, 5, 95);
}

/* It narrows what passes, which slows what feeds it; and it is gone some weeks after the pump has stopped. */
static void a_granuloma_feeds_on_what_leaves_the_tip(void **state)
{
    (void)state;
    struct harm harm;
    implant(&harm, 0, 1.0, 1);
    for (int i = 0; i < 10; i++)
        day(&harm, &twin, i, 0.2e-6);
    harm_granuloma(&harm, &twin, twin.now, 0.0);
    assert_true(harm_next(&harm).ms == twin.now.ms + HOUR_MS);
    double closed = 0.0;
    for (int i = 10; i < 40; i++) {
        day(&harm, &twin, i, 0.2e-6);
        assert_true(i > 25 || twin.fault[TWIN_FAULT_GRANULOMA] > closed);
        closed = twin.fault[TWIN_FAULT_GRANULOMA];
    }
    assert_true(closed > 0.5 && closed < 1.0);
    for (int i = 40; i < 100; i++)
        day(&harm, &twin, i, 0.0);
    assert_true(twin.fault[TWIN_FAULT_GRANULOMA] == 0.0 && !harm.granuloma.grows && harm.granuloma.begun == 1);
    assert_true(harm_next(&harm).ms == INSTANT_NEVER.ms); /* nobody asked for another */
}

/* Taken out by hand: the tip is open at once, and another may begin where the rate says so. */
static void a_granuloma_is_taken_out(void **state)
{
    (void)state;
    struct harm harm;
    for (unsigned chance = 0; chance < 2; chance++) {
        implant(&harm, chance > 0 ? HARM_GRANULOMA : 0, 1.0, 1);
        harm_granuloma(&harm, &twin, twin.now, 0.6);
        twin_let_out(&twin, 1e-6);
        assert_true(twin.totals.delivered < 0.41e-6);
        double before = harm.granuloma.threshold;
        harm_granuloma_end(&harm, &twin);
        assert_true(twin.fault[TWIN_FAULT_GRANULOMA] == 0.0 && !harm.granuloma.grows && harm.granuloma.threshold != before);
        double delivered_m3 = twin.totals.delivered;
        twin_let_out(&twin, 1e-6);
        assert_true(twin.totals.delivered > delivered_m3 + 0.99e-6);
        assert_int_equal(harm_next(&harm).ms == INSTANT_NEVER.ms, chance == 0);
        struct granuloma none = harm.granuloma;
        granuloma_end(&harm.granuloma);
        assert_memory_equal(&none, &harm.granuloma, sizeof none);
    }
}

/* A refill that was not done asks again, and hears the same. */
static void a_refill_asks_once(void **state)
{
    (void)state;
    struct harm harm;
    unsigned beside = 0;
    implant(&harm, 1u << COMPLICATION_KINK, 1e6, 9); /* not chosen */
    harm_refill(&harm, &twin);
    assert_true(twin.fault[TWIN_FAULT_POCKET] == 0.0 && harm_refilled(&harm).kind == HARM_NOTHING);
    implant(&harm, 1u << COMPLICATION_POCKET_FILL, 3000.0, 9);
    for (int i = 0; i < 400; i++) {
        for (int again = 0; again < 3; again++) {
            harm_refill(&harm, &twin);
            copy = twin;
            harm_refill(&harm, &copy);
            assert_true(copy.fault[TWIN_FAULT_POCKET] == twin.fault[TWIN_FAULT_POCKET]);
        }
        bool was = twin.fault[TWIN_FAULT_POCKET] > 0.0;
        double pocket_m3 = twin.totals.pocket;
        (void)twin_withdraw(&twin, 1.0);
        assert_true(twin_fill(&twin, 18e-6, &strong));
        assert_int_equal(harm_refilled(&harm).kind, was ? HARM_COMPLICATION : HARM_NOTHING);
        assert_true((twin.totals.pocket > pocket_m3) == was);
        beside += was;
    }
    assert_in_range(beside, 80, 160); /* 120, and more than four standard deviations of 9.2 */
    assert_int_equal(harm.happened, beside);
}

/* Copied in the middle, and played on side by side. */
static void a_copy_goes_on_like_the_original(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct harm harm, other;
        implant(&harm, EVERY, 20.0, seed);
        for (int i = 0; i < 300; i++)
            day(&harm, &twin, i, 0.2e-6);
        other = harm;
        copy = twin;
        for (int i = 300; i < 900; i++) {
            day(&harm, &twin, i, 0.2e-6);
            day(&other, &copy, i, 0.2e-6);
            assert_memory_equal(&harm, &other, sizeof harm);
            assert_memory_equal(twin.fault, copy.fault, sizeof twin.fault);
        }
        assert_true(twin.totals.delivered == copy.totals.delivered);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_chosen_and_nothing_happens),
        cmocka_unit_test(each_is_found_when_it_was_due),
        cmocka_unit_test(what_is_worse_stays),
        cmocka_unit_test(a_tip_drawn_out_delivers_nothing),
        cmocka_unit_test(a_tip_slides_back_by_chance),
        cmocka_unit_test(a_granuloma_feeds_on_what_leaves_the_tip),
        cmocka_unit_test(a_granuloma_is_taken_out),
        cmocka_unit_test(a_refill_asks_once),
        cmocka_unit_test(a_copy_goes_on_like_the_original),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
