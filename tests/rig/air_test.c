/* air_test.c - programmers over a rig: against a pump of a few lines that answers each frame, after a while and in its own time.
 * Frames here are plain bytes: what stands in them is the business of others. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/air.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pump/chooser.h"

enum { STEP_MS = 1000, THINKS_MS = 40, ANSWER = 0x80 };

static struct seen {
    unsigned boots, steps, frames;
    uint8_t owed, reach; /* the answer it will give, 0 none; how the last frame came */
    int64_t owed_ms;
} seen;

void pump_make(const struct board *board, instant_ms now)
{
    (void)board;
    (void)now;
}

void pump_boot(struct pump *pump, const struct board *board, const struct pump_unit *unit, instant_ms now)
{
    (void)pump;
    (void)board;
    (void)unit;
    (void)now;
    seen.boots++;
    seen.owed = 0;
}

instant_ms pump_step(struct pump *pump, const struct board *board, instant_ms now)
{
    (void)pump;
    seen.steps++;
    if (seen.owed != 0 && now.ms >= seen.owed_ms) {
        board->doors->radio_send(board->hardware, &seen.owed, 1);
        seen.owed = 0;
    }
    int64_t wake_ms = (now.ms / STEP_MS + 1) * STEP_MS;
    return (instant_ms){ seen.owed != 0 && seen.owed_ms < wake_ms ? seen.owed_ms : wake_ms };
}

void pump_radio(struct pump *pump, const struct board *board, instant_ms now)
{
    struct radio_heard heard;
    (void)pump;
    for (board->doors->radio_receive(board->hardware, &heard); heard.size != 0;
         board->doors->radio_receive(board->hardware, &heard)) {
        seen.frames++;
        seen.reach = heard.reach;
        seen.owed = heard.bytes[0] | ANSWER;
        seen.owed_ms = now.ms + THINKS_MS;
    }
}

void pump_command(struct pump *pump, const struct board *board, instant_ms now, struct sender sender, const uint8_t *bytes,
                  size_t size, struct receipt *receipt)
{
    (void)pump;
    (void)board;
    (void)now;
    (void)sender;
    (void)bytes;
    (void)size;
    (void)receipt;
}

void pump_status(const struct pump *pump, const struct board *board, instant_ms now, struct pump_status *status)
{
    (void)pump;
    (void)board;
    (void)now;
    memset(status, 0, sizeof *status);
}

uint64_t pump_log_last(const struct pump *pump)
{
    (void)pump;
    return 0;
}

uint8_t chooser_slot(const struct board *board, const struct pump_unit *unit)
{
    (void)board;
    (void)unit;
    return 0;
}

static struct rig *rig;

static int begin(void **state)
{
    (void)state;
    const struct pump_unit unit = { .serial = "AIR-1" };
    const struct twin_setup setup = { .model = "C20", .calibration = 1.0, .catheter_m3 = 0.2e-6, .seed = 8 };
    memset(&seen, 0, sizeof seen);
    rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    assert_true(rig_start(rig, &unit, &setup));
    return 0;
}

static int end(void **state)
{
    (void)state;
    free(rig);
    return 0;
}

static bool say(const struct air *air, uint8_t mark)
{
    return air->send(air->context, &mark, 1);
}

/* What comes within so long; 0 nothing. */
static uint8_t hear(const struct air *air, int64_t wait_ms)
{
    uint8_t frame[FRAME_BYTES_MAX];
    size_t size = air->receive(air->context, frame, wait_ms);
    assert_true(size <= 1);
    return size == 1 ? frame[0] : 0;
}

static void an_answer_comes_when_it_comes(void **state)
{
    (void)state;
    struct rig_air far;
    rig_air_start(&far, rig, REACH_FAR, 1, NULL);
    struct air air = rig_air_of(&far);
    assert_int_equal(hear(&air, 12345), 0); /* time passes for the pump, too */
    assert_int_equal(rig->now.ms, 12345);
    assert_int_equal(seen.steps, 1 + 12);
    assert_true(say(&air, 3));
    assert_int_equal(rig->now.ms, 12345);
    assert_int_equal(seen.frames, 0);
    assert_int_equal(hear(&air, 500), 3 | ANSWER); /* and no longer than it must */
    assert_int_equal(rig->now.ms, 12345 + THINKS_MS);
    assert_int_equal(seen.reach, REACH_FAR);
    far.reach = REACH_NEAR;
    assert_true(say(&air, 4));
    assert_int_equal(hear(&air, THINKS_MS - 1), 0); /* too soon */
    assert_int_equal(seen.reach, REACH_NEAR);
    assert_int_equal(hear(&air, 1), 4 | ANSWER);
    assert_int_equal(hear(&air, 0), 0);
    rig->twin.ether.from_pump.trouble = (struct ether_trouble){ .delay_least_ms = 77, .delay_most_ms = 77 };
    int64_t from_ms = rig->now.ms;
    assert_true(say(&air, 5));
    assert_int_equal(hear(&air, 100000), 5 | ANSWER);
    assert_int_equal(rig->now.ms, from_ms + THINKS_MS + 77);
    assert_int_equal(hear(&air, 777), 0);
    assert_int_equal(rig->now.ms, from_ms + THINKS_MS + 77 + 777);
}

static void all_hear_all(void **state)
{
    (void)state;
    struct rig_air one, two, late;
    rig_air_start(&one, rig, REACH_FAR, 1, NULL);
    rig_air_start(&two, rig, REACH_FAR, 2, NULL);
    struct air first = rig_air_of(&one), second = rig_air_of(&two), third = rig_air_of(&late);
    assert_true(say(&first, 1));
    assert_int_equal(hear(&first, 500), 1 | ANSWER);
    assert_true(say(&second, 2));
    assert_int_equal(hear(&second, 500), 1 | ANSWER); /* first what was meant for the other */
    assert_int_equal(rig->now.ms, THINKS_MS);
    assert_int_equal(hear(&second, 500), 2 | ANSWER);
    rig_air_start(&late, rig, REACH_FAR, 3, NULL);
    assert_int_equal(hear(&first, 0), 2 | ANSWER);
    assert_int_equal(hear(&third, 0), 0);
}

static void a_pump_that_is_off_is_silent(void **state)
{
    (void)state;
    struct rig_air near;
    rig_air_start(&near, rig, REACH_NEAR, 1, NULL);
    struct air air = rig_air_of(&near);
    rig_reset_as(rig, &(struct rig_reset){ .cause = BOOT_BROWN_OUT, .off = { 5000 } });
    assert_true(say(&air, 1));
    assert_int_equal(hear(&air, 4999), 0);
    assert_int_equal(seen.boots, 1);
    assert_int_equal(hear(&air, 60000), 0);
    assert_int_equal(seen.boots, 2);
    assert_int_equal(seen.frames, 0);
    assert_true(say(&air, 2));
    assert_true(rig_cut_at_door(rig, 2)); /* fetched, and power goes before it looks whether there are more */
    assert_int_equal(hear(&air, 60000), 0);
    assert_int_equal(seen.boots, 3);
    assert_true(say(&air, 3));
    assert_int_equal(hear(&air, 60000), 3 | ANSWER);
    near.gone = true;
    assert_false(say(&air, 4));
    int64_t from_ms = rig->now.ms;
    assert_int_equal(hear(&air, 600), 0);
    assert_int_equal(rig->now.ms, from_ms + 600);
}

/* A copied rig with copied programmers goes on alike; programmers draw from streams of their own. */
static void chance_and_copies(void **state)
{
    (void)state;
    struct rig *copy = malloc(sizeof *copy);
    struct rig_air one, two, other;
    uint8_t bytes[4][29];
    assert_non_null(copy);
    rig_air_start(&one, rig, REACH_FAR, 1, NULL);
    rig_air_start(&two, rig, REACH_FAR, 2, NULL);
    rig->twin.ether.to_pump.trouble = (struct ether_trouble){ 300000, 300000, 300000, 300000, 0, 50 };
    rig->twin.ether.from_pump.trouble = rig->twin.ether.to_pump.trouble;
    uint64_t pump_chance = rig->twin.random_counter;
    struct air first = rig_air_of(&one), second = rig_air_of(&two), forked = rig_air_of(&other);
    first.chance(first.context, bytes[0], 29);
    second.chance(second.context, bytes[1], 29);
    assert_memory_not_equal(bytes[0], bytes[1], 29);
    assert_int_equal(rig->twin.random_counter, pump_chance);
    *copy = *rig;
    other = one;
    other.rig = copy;
    first.chance(first.context, bytes[2], 29);
    forked.chance(forked.context, bytes[3], 29);
    assert_memory_equal(bytes[2], bytes[3], 29);
    assert_memory_not_equal(bytes[0], bytes[2], 29);
    struct seen before = seen;
    uint8_t heard[200];
    for (unsigned i = 0; i < 200; i++) {
        assert_true(say(&first, (uint8_t)(i & 0x7F)));
        heard[i] = hear(&first, 50);
    }
    struct seen after = seen;
    seen = before;
    unsigned silent = 0;
    for (unsigned i = 0; i < 200; i++) {
        assert_true(say(&forked, (uint8_t)(i & 0x7F)));
        assert_int_equal(hear(&forked, 50), heard[i]);
        silent += heard[i] == 0 ? 1 : 0;
    }
    assert_memory_equal(&seen, &after, sizeof seen);
    assert_int_equal(copy->now.ms, rig->now.ms);
    assert_in_range(silent, 50, 190);
    free(copy);
}

static void a_key_is_kept_where_it_was_said(void **state)
{
    (void)state;
    struct rig_air one;
    struct key kept = { .slot = 0 }, key = { .slot = 3, .counter = 99, .label = "desk" };
    rig_air_start(&one, rig, REACH_FAR, 1, &kept);
    struct air air = rig_air_of(&one);
    assert_true(air.keep(air.context, &key));
    assert_memory_equal(&kept, &key, sizeof kept);
    one.kept = NULL;
    key.counter++;
    assert_false(air.keep(air.context, &key));
    assert_int_equal(kept.counter, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_answer_comes_when_it_comes, begin, end),
        cmocka_unit_test_setup_teardown(all_hear_all, begin, end),
        cmocka_unit_test_setup_teardown(a_pump_that_is_off_is_silent, begin, end),
        cmocka_unit_test_setup_teardown(chance_and_copies, begin, end),
        cmocka_unit_test_setup_teardown(a_key_is_kept_where_it_was_said, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
