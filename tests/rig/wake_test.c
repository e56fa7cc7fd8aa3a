/* wake_test.c - a frame wakes the core; power that goes while it is heard; who is off or hangs hears nothing. Against a stub of a
 * pump. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/power.h"

#include "tests/rig/stub.h"

static void transmit(unsigned frames)
{
    for (unsigned i = 0; i < frames; i++)
        assert_true(twin_transmit(&rig->twin, (const uint8_t[]){ 5, 0 }, 2, REACH_FAR));
}

static void a_frame_wakes_the_core(void **state)
{
    (void)state;
    run_to(STEP_MS + 300);
    unsigned steps = seen.steps;
    rig->twin.ether.to_pump.trouble = (struct ether_trouble){ .delay_least_ms = 7, .delay_most_ms = 7 };
    transmit(2);
    run_to(STEP_MS + 306);
    assert_int_equal(seen.frames, 0);
    run_to(STEP_MS + 307);
    assert_int_equal(seen.frames, 2);
    assert_int_equal(seen.steps, steps + 1); /* both in one wake, with its step */
    assert_int_equal(seen.step_now, STEP_MS + 307);
    assert_int_equal(rig->twin.ether.from_pump.count.frames, 2);
    run_to(3 * STEP_MS); /* and its own wakes go on */
    assert_int_equal(seen.steps, steps + 3);
    assert_int_equal(seen.step_now, 3 * STEP_MS);
}

/* Door by door: a frame is fetched, a word written, an answer sent, twice, nothing fetched, and the step's word. Before the
 * door at which power goes all has happened, nothing after; the frame not fetched is gone with the power. */
static void a_cut_in_the_middle_of_hearing(void **state)
{
    (void)state;
    for (unsigned door = 1; door <= 8; door++) {
        uint64_t sent = rig->twin.ether.from_pump.count.frames, ended = rig->twin.retained[ENDED];
        unsigned frames = seen.frames;
        transmit(2);
        assert_true(rig_cut_at_door(rig, door));
        run_to(rig->now.ms);
        assert_int_equal(seen.boots, door + 1);
        assert_int_equal(seen.frames - frames, (door + 1) / 3 < 2 ? (door + 1) / 3 : 2);
        assert_int_equal(rig->twin.retained[ENDED] - ended, door / 3 + 1);
        assert_int_equal(rig->twin.ether.from_pump.count.frames - sent, (door - 1) / 3);
        assert_int_equal(rig->twin.ether.to_pump.under_way, 0);
        run_to(rig->now.ms + 10 * STEP_MS);
        assert_int_equal(seen.boots, door + 1);
    }
    uint64_t operations = rig_flash_operations(rig);
    transmit(1);
    assert_true(rig_cut_at_flash(rig, 1, FLASH_CUT_MIDDLE));
    run_to(rig->now.ms);
    assert_int_equal(seen.boots, 10);
    assert_int_equal(rig_flash_operations(rig) - operations, 2);
}

static void who_is_off_or_hangs_hears_nothing(void **state)
{
    (void)state;
    run_to(STEP_MS + 1);
    rig_reset_as(rig, &(struct rig_reset){ .cause = BOOT_BROWN_OUT, .off = { 5 * STEP_MS } });
    transmit(1);
    run_to(3 * STEP_MS);
    transmit(1);
    run_to(6 * STEP_MS + 1);
    assert_int_equal(seen.boots, 2);
    run_to(20 * STEP_MS);
    assert_int_equal(seen.frames, 0);
    transmit(1);
    rig_reset(rig, RIG_MEMORY_KEPT); /* before anybody was woken for it: nobody is, later */
    assert_int_equal(twin_next(&rig->twin).ms, INT64_MAX);
    rig_hang(rig);
    transmit(1); /* is the wake that is not answered */
    run_to(20 * STEP_MS + RIG_WATCHDOG_MS - 1);
    transmit(1);
    assert_int_equal(seen.boots, 3);
    run_to(20 * STEP_MS + RIG_WATCHDOG_MS);
    assert_int_equal(seen.boots, 4);
    assert_int_equal(seen.frames, 0);
    rig->twin.ether.to_pump.trouble = (struct ether_trouble){ .delay_least_ms = 50, .delay_most_ms = 50 };
    transmit(1);
    rig_reset(rig, RIG_MEMORY_KEPT); /* one that is still under way when the core runs again is heard */
    run_to(100 * STEP_MS);
    assert_int_equal(seen.frames, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_frame_wakes_the_core, stub_begin, stub_end),
        cmocka_unit_test_setup_teardown(a_cut_in_the_middle_of_hearing, stub_begin, stub_end),
        cmocka_unit_test_setup_teardown(who_is_off_or_hangs_hears_nothing, stub_begin, stub_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
