/* power_test.c - how the software is stopped and started, against a stub of a pump. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/power.h"

#include "tests/rig/stub.h"

static uint64_t word_at(uint64_t index)
{
    uint64_t word;
    memcpy(&word, rig->twin.flash.byte + index * FLASH_WORD_BYTES, sizeof word);
    return word;
}

static void the_core_stops_in_the_operation(void **state)
{
    (void)state;
    for (enum flash_cut phase = FLASH_CUT_BEFORE; phase <= FLASH_CUT_AFTER; phase++) {
        unsigned boots = seen.boots;
        int64_t from = rig->now.ms;
        uint64_t *retained = rig->twin.retained;
        uint64_t operations = rig_flash_operations(rig), begun = retained[BEGUN], ended = retained[ENDED];
        assert_true(rig_cut_at_flash(rig, 3, phase));
        run_to(from + 10 * STEP_MS);
        /* The boot came at once, at the instant of the third step. */
        assert_int_equal(seen.boots, boots + 1);
        assert_int_equal(seen.boot[boots].cause, BOOT_BROWN_OUT);
        assert_int_equal(seen.boot[boots].now, from + 3 * STEP_MS);
        assert_int_equal(rig->resets, boots);
        assert_int_equal(rig->power.cuts, boots);
        /* One word was begun and not ended; the boot's step wrote another at the same instant, and seven followed. */
        assert_int_equal(retained[BEGUN] - begun, 11);
        assert_int_equal(retained[ENDED] - ended, 10);
        uint64_t torn = word_at(operations + 2);
        if (phase == FLASH_CUT_BEFORE)
            assert_true(torn == UINT64_MAX);
        else if (phase == FLASH_CUT_AFTER)
            assert_true(torn == 0);
        else
            assert_true(torn != 0 && torn != UINT64_MAX);
        assert_true(word_at(operations + 1) == 0 && word_at(operations + 3) == 0);
        assert_null(rig->twin.cut.strike);
        assert_null(rig->twin.cut.context);
    }
}

static void power_goes_again_while_it_starts(void **state)
{
    (void)state;
    seen.boot_words = 4;
    for (uint64_t i = 1; i <= 5; i++) /* 1: in a step; 2 to 4: in the boot; 5: in the step that belongs to the boot */
        assert_true(rig_cut_at_flash(rig, i, FLASH_CUT_MIDDLE));
    run_to(3 * STEP_MS);
    assert_int_equal(seen.boots, 6);
    assert_int_equal(rig->resets, 5);
    for (unsigned i = 1; i < 6; i++) {
        assert_int_equal(seen.boot[i].now, STEP_MS);
        assert_int_equal(seen.boot[i].cause, BOOT_BROWN_OUT);
    }
    assert_int_equal(rig->twin.retained[BEGUN] - rig->twin.retained[ENDED], 5);
    /* The first start, the cut step, 2, 3, 4 and 5 words up to the other cuts, the whole boot with its step, two steps. */
    assert_int_equal(rig->twin.retained[BEGUN], 1 + 1 + 2 + 3 + 4 + 5 + 5 + 2);
    assert_false(power_odd(&rig->power)); /* and all is as usual again */
    for (unsigned i = 0; i < RIG_CUTS_MAX; i++)
        assert_true(rig_cut_at_door(rig, 1000));
    assert_false(rig_cut_at_door(rig, 1000));
    rig_cut_none(rig);
    run_to(10 * STEP_MS);
    assert_int_equal(rig->resets, 5);
}

static void a_command_without_a_receipt(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= COMMAND_WORDS + 1; n++) {
        struct receipt receipt = { .outcome = 0 };
        const struct power_call call = { .entry = ENTRY_COMMAND, .receipt = &receipt };
        uint64_t ended = rig->twin.retained[ENDED];
        unsigned steps = seen.steps;
        assert_true(rig_cut_at_flash(rig, n, FLASH_CUT_BEFORE));
        bool heard = n > COMMAND_WORDS;
        assert_true(power_enter(rig, &call) == heard);
        assert_int_equal(receipt.outcome, heard ? OUTCOME_APPLIED : 0);
        assert_int_equal(rig->twin.retained[ENDED] - ended, heard ? COMMAND_WORDS : n);
        assert_int_equal(seen.steps - steps, heard ? 0 : 1); /* the boot's */
        assert_int_equal(rig->power.cuts, heard ? n - 1 : n);
    }
}

static void a_cut_at_any_door(void **state)
{
    (void)state;
    /* A step with keys opens four doors: budget, key, key, program. Before each of them nothing of it has happened. */
    for (uint64_t door = 1; door <= 5; door++) {
        uint64_t ended = rig->twin.retained[ENDED], operations = rig_flash_operations(rig);
        uint32_t fired = rig->twin.driver.fired;
        rig->twin.driver.last_key = DRIVER_NO_KEY;
        seen.key = true;
        assert_true(rig_cut_at_door(rig, door));
        run_to(rig->now.ms + STEP_MS);
        bool cut = door <= 4; /* the fifth is the next step's */
        assert_int_equal(rig->resets, cut ? door : 4);
        assert_int_equal(rig->twin.driver.fired - fired, door >= 4 ? 1 : 0);
        assert_int_equal(rig->twin.retained[ENDED] - ended, 1); /* the boot's step, or its own */
        assert_int_equal(rig_flash_operations(rig) - operations, 1);
        run_to(rig->now.ms + STEP_MS);
        assert_int_equal(rig->resets, door);
    }
}

static void an_erase_is_cut_while_the_core_does_something_else(void **state)
{
    (void)state;
    rig->twin.flash.byte[ERASE_SECTOR * FLASH_SECTOR_BYTES] = 0;
    memset(rig->twin.flash.byte + ERASE_SECTOR * FLASH_SECTOR_BYTES, 0, FLASH_SECTOR_BYTES);
    seen.erase = true;
    assert_true(rig_cut_at_flash(rig, 1, FLASH_CUT_DURING));
    run_to(STEP_MS);
    int64_t due = rig->twin.flash.cut_due.ms;
    assert_true(due > STEP_MS && due < STEP_MS + FLASH_ERASE_MS); /* with this seed not at once */
    assert_int_equal(rig->twin.retained[ENDED], rig->twin.retained[BEGUN]); /* the step went on */
    run_to(due - 1);
    assert_int_equal(seen.boots, 1);
    run_to(due);
    assert_int_equal(seen.boots, 2);
    assert_int_equal(seen.boot[1].now, due);
    unsigned erased = 0;
    for (unsigned i = 0; i < FLASH_SECTOR_BYTES; i++)
        erased += rig->twin.flash.byte[ERASE_SECTOR * FLASH_SECTOR_BYTES + i] == 0xFF;
    assert_in_range(erased, 1, FLASH_SECTOR_BYTES - 1);
}

static void nothing_runs_while_power_is_off(void **state)
{
    (void)state;
    run_to(10 * STEP_MS);
    unsigned steps = seen.steps;
    seen.key = true;
    run_to(11 * STEP_MS); /* a quantum is under way */
    const struct rig_reset reset = { .cause = BOOT_POWER, .off = { 5 * (int64_t)HOUR_MS + 7 } };
    rig_reset_as(rig, &reset);
    assert_false(rig_runs(rig));
    run_to(11 * STEP_MS + reset.off.ms - 1);
    assert_int_equal(seen.steps, steps + 1);
    assert_int_equal(rig->twin.driver.state, MOTOR_STALLED);
    struct receipt receipt;
    const struct power_call call = { .entry = ENTRY_COMMAND, .receipt = &receipt };
    assert_false(power_enter(rig, &call));
    assert_int_equal(seen.commands, 0);
    assert_int_equal(rig->resets, 0);
    run_to(11 * STEP_MS + reset.off.ms);
    assert_int_equal(seen.boots, 2);
    assert_int_equal(seen.boot[1].cause, BOOT_POWER);
    assert_int_equal(seen.boot[1].tick, 11 * STEP_MS + reset.off.ms); /* the clock has run on */
    assert_int_equal(rig->resets, 1);
}

/* Of the retained memory nothing, one bit, or everything changes; and it changes when power comes back. */
static void what_becomes_of_memory(void **state)
{
    (void)state;
    static const enum rig_memory memories[] = { RIG_MEMORY_KEPT, RIG_MEMORY_LOST, RIG_MEMORY_FLIPPED, RIG_MEMORY_ONES,
                                                RIG_MEMORY_RANDOM };
    uint64_t before[RETAINED_BYTES / 8];
    /* The first four words are the test pump's own. Flips may meet there, or twice in one place. */
    enum { WATCHED = RETAINED_BYTES * 8 - 4 * 64 };
    const unsigned bits_least[] = { 0, 0, 13, WATCHED, WATCHED / 2 - 1000 };
    const unsigned bits_most[] = { 0, 0, 17, WATCHED, WATCHED / 2 + 1000 };
    for (unsigned i = 0; i < 5; i++) {
        memset(rig->twin.retained, 0, sizeof rig->twin.retained);
        memcpy(before, rig->twin.retained, sizeof before);
        struct rig_reset reset = { .cause = BOOT_BROWN_OUT, .off = { 1 }, .memory = memories[i], .flips = 17 };
        rig_reset_as(rig, &reset);
        assert_memory_equal(before, rig->twin.retained, sizeof before);
        run_to(rig->now.ms + 1);
        unsigned bits = 0;
        for (unsigned k = 4; k < RETAINED_BYTES / 8; k++)
            bits += (unsigned)__builtin_popcountll(before[k] ^ rig->twin.retained[k]);
        assert_in_range(bits, bits_least[i], bits_most[i]);
    }
}

static void a_lost_clock_begins_again(void **state)
{
    (void)state;
    run_to(123456);
    const struct rig_reset reset = { .cause = BOOT_BROWN_OUT, .off = { 44 }, .clock_lost = true };
    rig_reset_as(rig, &reset);
    run_to(123500);
    assert_int_equal(seen.boots, 2);
    assert_true(seen.boot[1].clock_lost);
    assert_int_equal(seen.boot[1].tick, 0);
    assert_int_equal(seen.boot[1].now, 123500);
    for (int64_t i = 1; i < 100; i++) { /* its wakes are meant by its own clock */
        run_to(123500 + i * STEP_MS);
        assert_int_equal(seen.step_tick, i * STEP_MS);
        assert_int_equal(seen.step_now, 123500 + i * STEP_MS);
        assert_int_equal(rig_tick(rig).ms, i * STEP_MS);
    }
    rig_reset(rig, RIG_MEMORY_KEPT); /* the next reset keeps the clock, and says so */
    assert_false(seen.boot[2].clock_lost);
    assert_int_equal(seen.boot[2].tick, 99 * STEP_MS);
}

static void a_clock_that_drifts(void **state)
{
    (void)state;
    const int32_t rates[] = { 100000, -100000, 50, -20 };
    for (unsigned i = 0; i < 4; i++) {
        int64_t from = rig->now.ms, tick = rig_tick(rig).ms;
        rig_clock_drift(rig, rates[i]);
        assert_int_equal(rig_tick(rig).ms, tick);
        run_to(from + 10000 * STEP_MS);
        /* Ten thousand seconds, and what the rate adds to them. */
        assert_int_equal(rig_tick(rig).ms - tick, 10000 * (int64_t)STEP_MS + rates[i] * 10);
        assert_in_range(rig_tick(rig).ms - seen.step_tick, 0, STEP_MS);
        assert_true(seen.step_tick % STEP_MS <= 1); /* woken at the first true millisecond of its second, or just after */
    }
}

static void the_watchdog_barks(void **state)
{
    (void)state;
    run_to(10 * STEP_MS + 1);
    seen.key = true;
    rig->twin.flash.byte[ERASE_SECTOR * FLASH_SECTOR_BYTES] = 0;
    seen.erase = true;
    run_to(11 * STEP_MS);
    rig_hang(rig); /* with a quantum and an erase under way */
    uint64_t ended = rig->twin.retained[ENDED];
    int64_t unanswered = 11 * STEP_MS + 400; /* the wake of the driver's result */
    run_to(unanswered + RIG_WATCHDOG_MS - 1);
    assert_int_equal(seen.boots, 1);
    assert_int_equal(rig->twin.retained[ENDED], ended);
    assert_int_equal(rig->twin.driver.state, MOTOR_DONE); /* the driver is a part of its own */
    run_to(unanswered + RIG_WATCHDOG_MS);
    assert_int_equal(seen.boots, 2);
    assert_int_equal(seen.boot[1].cause, BOOT_WATCHDOG);
    assert_int_equal(rig->resets, 1);
    flash_settle(&rig->twin.flash, rig->now);
    for (unsigned i = 0; i < FLASH_SECTOR_BYTES; i++) /* nor did the flash chip lose power */
        assert_int_equal(rig->twin.flash.byte[ERASE_SECTOR * FLASH_SECTOR_BYTES + i], 0xFF);
    run_to(200 * STEP_MS);
    assert_int_equal(seen.boots, 2);
    rig->twin.driver.last_key = DRIVER_NO_KEY;
    seen.key = true;
    run_to(201 * STEP_MS);
    rig_reset_as(rig, &(struct rig_reset){ .cause = BOOT_WATCHDOG }); /* in the middle of a motion: it goes on */
    run_to(201 * STEP_MS + 400);
    assert_int_equal(seen.boot[2].cause, BOOT_WATCHDOG);
    assert_int_equal(rig->twin.driver.state, MOTOR_DONE);
}

static void the_core_starts_again_when_it_asks(void **state)
{
    (void)state;
    run_to(7 * STEP_MS);
    seen.restart = true;
    seen.choice = 2;
    run_to(8 * STEP_MS);
    unsigned steps = seen.steps;
    assert_false(rig_runs(rig)); /* its step was its last */
    run_to(8 * STEP_MS + RIG_RESTART_MS - 1);
    assert_true(seen.steps == steps && seen.boots == 1);
    run_to(9 * STEP_MS);
    assert_int_equal(seen.boots, 2);
    assert_int_equal(seen.boot[1].cause, BOOT_COMMAND);
    assert_int_equal(seen.boot[1].now, 8 * STEP_MS + RIG_RESTART_MS);
    assert_int_equal(seen.boot[0].image, 0);
    assert_int_equal(seen.boot[1].image, 2);
    seen.restart = true; /* power goes first: then that is what happened */
    assert_true(rig_cut_at_door(rig, 1));
    run_to(20 * STEP_MS);
    assert_int_equal(seen.boots, 3);
    assert_int_equal(seen.boot[2].cause, BOOT_BROWN_OUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_core_stops_in_the_operation, stub_begin, stub_end),
        cmocka_unit_test_setup_teardown(power_goes_again_while_it_starts, stub_begin, stub_end),
        cmocka_unit_test_setup_teardown(a_command_without_a_receipt, stub_begin, stub_end),
        cmocka_unit_test_setup_teardown(a_cut_at_any_door, stub_begin, stub_end),
        cmocka_unit_test_setup_teardown(an_erase_is_cut_while_the_core_does_something_else, stub_begin, stub_end),
        cmocka_unit_test_setup_teardown(nothing_runs_while_power_is_off, stub_begin, stub_end),
        cmocka_unit_test_setup_teardown(what_becomes_of_memory, stub_begin, stub_end),
        cmocka_unit_test_setup_teardown(a_lost_clock_begins_again, stub_begin, stub_end),
        cmocka_unit_test_setup_teardown(a_clock_that_drifts, stub_begin, stub_end),
        cmocka_unit_test_setup_teardown(the_watchdog_barks, stub_begin, stub_end),
        cmocka_unit_test_setup_teardown(the_core_starts_again_when_it_asks, stub_begin, stub_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
