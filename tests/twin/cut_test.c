/* cut_test.c - power goes in the door that was chosen, before it does anything, and the core never comes out of it. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/cut.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "twin/hardware/hardware.h"

enum { DOORS = 18 };

static struct twin *implant(void)
{
    const struct twin_setup setup = { .model = "C20", .calibration = 1.0, .catheter_m3 = 0.2e-6, .seed = 5 };
    struct twin *twin = malloc(sizeof *twin);
    assert_non_null(twin);
    assert_true(twin_init(twin, &setup));
    return twin;
}

/* All doors once, in the order of board.h; `passed` counts those that came back. */
static void all_doors(const struct board *board, volatile unsigned *passed)
{
    const struct board_doors *doors = board->doors;
    void *hardware = board->hardware;
    const struct motor_budget budget = { 7, ~7u, 100, ~100u, 100, ~100u };
    const uint8_t word[FLASH_WORD_BYTES] = { 0 };
    struct motor_witness witness;
    struct sensors sensors;
    struct radio_heard heard;
    uint8_t byte;
    doors->motor_key_engine(hardware, 1);
    *passed = 1;
    doors->motor_key_governor(hardware, ~1u);
    *passed = 2;
    (void)doors->motor_result(hardware);
    *passed = 3;
    doors->motor_budget(hardware, &budget);
    *passed = 4;
    doors->motor_witness(hardware, &witness);
    *passed = 5;
    doors->flash_read(hardware, 0, &byte, 1);
    *passed = 6;
    (void)doors->flash_program(hardware, 0, word);
    *passed = 7;
    (void)doors->flash_erase(hardware, 3);
    *passed = 8;
    (void)doors->flash_erased(hardware);
    *passed = 9;
    doors->sound(hardware, TONE_SINGLE);
    *passed = 10;
    (void)doors->sounder_alive(hardware);
    *passed = 11;
    doors->sense(hardware, &sensors);
    *passed = 12;
    doors->watchdog(hardware);
    *passed = 13;
    (void)doors->random(hardware);
    *passed = 14;
    doors->radio_receive(hardware, &heard);
    *passed = 15;
    doors->radio_send(hardware, word, sizeof word);
    *passed = 16;
    doors->radio_listen(hardware, REACH_NEAR);
    *passed = 17;
    doors->restart(hardware);
    *passed = 18;
}

static void out(void *context)
{
    longjmp(*(jmp_buf *)context, 1);
}

/* How many doors came back. */
static unsigned enter(struct twin *twin)
{
    volatile unsigned passed = 0;
    jmp_buf gone;
    twin->cut.strike = out;
    twin->cut.context = &gone;
    struct board board = twin_board(twin);
    if (setjmp(gone) == 0)
        all_doors(&board, &passed);
    return passed;
}

static void the_core_stops_at_the_chosen_door(void **state)
{
    (void)state;
    for (unsigned door = 1; door <= DOORS + 1; door++) {
        struct twin *twin = implant();
        assert_true(twin_transmit(twin, (const uint8_t[]){ 1, 0 }, 2, REACH_FAR));
        twin->cut.doors = door;
        assert_int_equal(enter(twin), door - 1);
        assert_true(twin->cut.struck == (door <= DOORS));
        assert_int_equal(twin->driver.engine_key, door > 2 ? DRIVER_NO_KEY : door == 2 ? 1 : DRIVER_NO_KEY);
        assert_int_equal(twin->driver.budget.interval_ms, door > 4 ? 7 : 0);
        assert_int_equal(twin->flash.operations, door > 8 ? 2 : door > 7 ? 1 : 0);
        assert_int_equal(twin->battery.count[BATTERY_FLASH_WORD], door > 7 ? 1 : 0);
        assert_int_equal(twin->battery.count[BATTERY_FLASH_ERASE], door > 8 ? 1 : 0);
        assert_int_equal(twin->tones, door > 10 ? 1 : 0);
        assert_int_equal(twin->battery.count[BATTERY_SENSE], door > 12 ? 1 : 0);
        assert_int_equal(twin->battery.count[BATTERY_WAKE], door > 13 ? 1 : 0);
        assert_int_equal(twin->random_counter, door > 14 ? 2 : door > 12 ? 1 : 0);
        assert_int_equal(twin->ether.heard_frames, door > 15 ? 1 : 0);
        assert_int_equal(twin->ether.from_pump.count.frames, door > 16 ? 1 : 0);
        assert_int_equal(twin->ether.reach, door > 17 ? REACH_NEAR : REACH_FAR);
        assert_true(twin->restart == (door > 18));
        free(twin);
    }
}

static void the_core_stops_in_a_flash_operation(void **state)
{
    (void)state;
    for (unsigned operation = 1; operation <= 2; operation++) {
        struct twin *twin = implant();
        flash_cut_at(&twin->flash, operation, FLASH_CUT_AFTER);
        assert_int_equal(enter(twin), 5 + operation);
        assert_int_equal(twin->flash.byte[0], 0);
        free(twin);
    }
}

/* Whoever has no hook sees a chip that is off. */
static void without_a_hook_the_chip_is_off(void **state)
{
    (void)state;
    struct twin *twin = implant();
    volatile unsigned passed = 0;
    flash_cut_at(&twin->flash, 1, FLASH_CUT_BEFORE);
    struct board board = twin_board(twin);
    all_doors(&board, &passed);
    assert_int_equal(passed, DOORS);
    assert_int_equal(twin->flash.erases[3], 0);
    const uint8_t word[FLASH_WORD_BYTES] = { 0 };
    assert_int_equal(board.doors->flash_program(board.hardware, 0, word), FLASH_FAILED);
    twin_power_cut(twin);
    assert_int_equal(board.doors->flash_program(board.hardware, 0, word), FLASH_DONE);
    assert_false(twin->cut.struck);
    free(twin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_core_stops_at_the_chosen_door),
        cmocka_unit_test(the_core_stops_in_a_flash_operation),
        cmocka_unit_test(without_a_hook_the_chip_is_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
