/* stub.c - a pump of a few lines, and a rig around it. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/stub.h"

#include <stdlib.h>

#include "pump/chooser.h"

struct seen seen;
struct rig *rig;

static void write_word(const struct board *board)
{
    uint8_t word[FLASH_WORD_BYTES] = { 0 };
    board->retained[BEGUN]++;
    uint32_t address = (uint32_t)(board->retained[NEXT_WORD]++ % 10000) * FLASH_WORD_BYTES;
    (void)board->doors->flash_program(board->hardware, address, word);
    board->retained[ENDED]++;
}

void pump_boot(struct pump *pump, const struct board *board, const struct pump_unit *unit, instant_ms now)
{
    (void)pump;
    (void)unit;
    assert_true(seen.boots < BOOTS_MAX);
    seen.boot[seen.boots].tick = now.ms;
    seen.boot[seen.boots].now = rig->now.ms;
    seen.boot[seen.boots].cause = board->boot_cause;
    seen.boot[seen.boots].image = board->image;
    seen.boot[seen.boots++].clock_lost = board->clock_lost;
    for (unsigned i = 0; i < seen.boot_words; i++)
        write_word(board);
}

instant_ms pump_step(struct pump *pump, const struct board *board, instant_ms now)
{
    (void)pump;
    seen.steps++;
    seen.step_tick = now.ms;
    seen.step_now = rig->now.ms;
    if (seen.erase) {
        seen.erase = false;
        assert_int_equal(board->doors->flash_erase(board->hardware, ERASE_SECTOR), FLASH_DONE);
    }
    if (seen.key) {
        const struct motor_budget budget = { 0, ~0u, 100, ~100u, 100, ~100u };
        seen.key = false;
        board->doors->motor_budget(board->hardware, &budget);
        board->doors->motor_key_engine(board->hardware, 1);
        board->doors->motor_key_governor(board->hardware, ~1u);
    }
    if (seen.restart) {
        seen.restart = false;
        board->doors->restart(board->hardware);
    }
    assert_int_equal(board->image, seen.boot[seen.boots - 1].image);
    write_word(board);
    return (instant_ms){ (now.ms / STEP_MS + 1) * STEP_MS };
}

uint8_t chooser_slot(const struct board *board, const struct pump_unit *unit)
{
    (void)board;
    (void)unit;
    return seen.choice;
}

void pump_command(struct pump *pump, const struct board *board, instant_ms now, struct sender sender, const uint8_t *bytes,
                  size_t size, struct receipt *receipt)
{
    (void)pump;
    (void)sender;
    (void)bytes;
    (void)size;
    seen.commands++;
    for (unsigned i = 0; i < COMMAND_WORDS; i++)
        write_word(board);
    *receipt = (struct receipt){ .outcome = OUTCOME_APPLIED, .at = now };
}

/* Answers each frame with another. */
void pump_radio(struct pump *pump, const struct board *board, instant_ms now)
{
    struct radio_heard heard;
    (void)pump;
    (void)now;
    for (board->doors->radio_receive(board->hardware, &heard); heard.size != 0;
         board->doors->radio_receive(board->hardware, &heard)) {
        seen.frames++;
        write_word(board);
        board->doors->radio_send(board->hardware, heard.bytes, heard.size);
    }
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

int stub_begin(void **state)
{
    (void)state;
    const struct twin_setup setup = { .model = "C20", .calibration = 1.0, .catheter_m3 = 0.2e-6, .seed = 8 };
    memset(&seen, 0, sizeof seen);
    rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    assert_true(twin_init(&rig->twin, &setup));
    power_start(rig);
    assert_int_equal(seen.boots, 1);
    assert_int_equal(seen.boot[0].cause, BOOT_POWER);
    return 0;
}

int stub_end(void **state)
{
    (void)state;
    free(rig);
    return 0;
}

void run_to(int64_t ms)
{
    assert_true(power_run(rig, (instant_ms){ ms }, false));
    assert_int_equal(rig->now.ms, ms);
    assert_false(rig->stuck);
}
