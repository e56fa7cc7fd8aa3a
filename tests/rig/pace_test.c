/* pace_test.c - the clock of a live implant: no change of its speed makes it jump, and no skip outruns a conversation. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const instant_ms END = { INT64_C(1000) * DAY_MS };

static void a_change_of_speed_does_not_jump(void **state)
{
    (void)state;
    struct pace pace = pace_from(10, (instant_ms){ 500 }, END, 7000);
    assert_int_equal(pace_shows(&pace, 7000).ms, 500);
    assert_int_equal(pace_shows(&pace, 7100).ms, 1500);
    pace_change(&pace, 100, pace_shows(&pace, 7100), 7100);
    assert_int_equal(pace_shows(&pace, 7100).ms, 1500);
    assert_int_equal(pace_shows(&pace, 7101).ms, 1600);
    pace_change(&pace, 1, pace_shows(&pace, 7200), 7200);
    assert_int_equal(pace_shows(&pace, 7200).ms, 11500);
    assert_int_equal(pace_shows(&pace, 7201).ms, 11501);
    pace_change(&pace, 10, (instant_ms){ 11000 }, 7300); /* it was behind: what it missed does not come at once */
    assert_int_equal(pace_shows(&pace, 7300).ms, 11000);
}

static void it_ends(void **state)
{
    (void)state;
    struct pace pace = pace_from(PACE_SPEED_MAX, (instant_ms){ END.ms - 10 }, END, 0);
    assert_int_equal(pace_shows(&pace, 1).ms, END.ms);
    assert_false(pace_skip(&pace, 11, (instant_ms){ END.ms - 10 }, 0));
    assert_false(pace.skips);
    assert_true(pace_skip(&pace, 10, (instant_ms){ END.ms - 10 }, 0));
}

static void a_skip_ends_where_it_should_and_time_goes_on_from_there(void **state)
{
    (void)state;
    struct pace pace = pace_from(2, (instant_ms){ 0 }, END, 0);
    assert_true(pace_skip(&pace, 1000000, (instant_ms){ 100 }, 50));
    assert_true(pace_runs_free(&pace, 50));
    assert_int_equal(pace_shows(&pace, 50).ms, 1000100);
    assert_int_equal(pace_wait(&pace, (instant_ms){ 2000000 }, 50), 0);
    pace_reached(&pace, (instant_ms){ 1000099 }, 60);
    assert_true(pace.skips);
    pace_reached(&pace, (instant_ms){ 1000100 }, 70);
    assert_false(pace.skips);
    assert_int_equal(pace_shows(&pace, 70).ms, 1000100);
    assert_int_equal(pace_shows(&pace, 80).ms, 1000120);
}

static void a_skip_waits_for_a_conversation(void **state)
{
    (void)state;
    struct pace pace = pace_from(1, (instant_ms){ 0 }, END, 0);
    assert_true(pace_skip(&pace, 1000000, (instant_ms){ 0 }, 0));
    pace_talk(&pace, (instant_ms){ 30000 }, 1000); /* so far it had come */
    assert_false(pace_runs_free(&pace, 1000));
    assert_int_equal(pace_shows(&pace, 1000).ms, 30000);
    assert_int_equal(pace_shows(&pace, 1000 + PACE_TALK_MS - 1).ms, 30000 + PACE_TALK_MS - 1);
    pace_talk(&pace, (instant_ms){ 30100 }, 1100); /* the next frame of the same one: no jump back either */
    assert_int_equal(pace_shows(&pace, 1200).ms, 30200);
    assert_in_range(pace_wait(&pace, (instant_ms){ 40000 }, 1200), 1, PACE_TALK_MS);
    assert_true(pace_runs_free(&pace, 1100 + PACE_TALK_MS));
    assert_int_equal(pace_shows(&pace, 1100 + PACE_TALK_MS).ms, 1000000);
}

static void waiting_is_by_the_speed(void **state)
{
    (void)state;
    struct pace pace = pace_from(10, (instant_ms){ 0 }, END, 0);
    assert_int_equal(pace_wait(&pace, (instant_ms){ 1000 }, 0), 101);
    assert_int_equal(pace_wait(&pace, (instant_ms){ 1000 }, 100), 0);
    assert_int_equal(pace_wait(&pace, INSTANT_NEVER, 0), PACE_WAIT_MS_MAX);
    pace = pace_from(0, (instant_ms){ 0 }, END, 0);
    assert_int_equal(pace_shows(&pace, 0).ms, END.ms);
    assert_int_equal(pace_wait(&pace, (instant_ms){ 1000 }, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_of_speed_does_not_jump),
        cmocka_unit_test(it_ends),
        cmocka_unit_test(a_skip_ends_where_it_should_and_time_goes_on_from_there),
        cmocka_unit_test(a_skip_waits_for_a_conversation),
        cmocka_unit_test(waiting_is_by_the_speed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
