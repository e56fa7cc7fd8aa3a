// SPDX-License-Identifier: Apache-2.0
#include "tests/model/stand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/hash.h"
#include "rig/rig.h"

static void die(const char *why)
{
    fflush(stdout);
    fprintf(stderr, "test stand: %s\n", why);
    abort();
}

static void key_seen(void *hardware, uint32_t key)
{
    struct stand *stand = hardware;
    if (stand->witness != NULL)
        stand->witness(stand->witness_self, stand->now);
    stand->true_key(hardware, key);
}

struct board stand_board(struct stand *stand)
{
    struct board board = twin_board(&stand->twin);
    stand->doors = *board.doors;
    stand->true_key = board.doors->motor_key_governor;
    stand->doors.motor_key_governor = key_seen;
    if (stand->dress != NULL)
        stand->dress(&stand->doors);
    board.doors = &stand->doors;
    board.boot_cause = stand->cause != 0 ? stand->cause : BOOT_POWER;
    return board;
}

void stand_start(struct stand *stand, const struct model *model, int32_t ppm, int32_t catheter_mm, uint64_t seed)
{
    memset(stand, 0, sizeof *stand);
    stand->dead = model_dead_volume(model, catheter_mm);
    stand->unit = (struct pump_unit){ .model = *model, .calibration = { ppm }, .serial = "STAND-1" };
    stand->next_id = 1;
    struct twin_setup setup = { .model = model_name(model->code), .calibration = 1.0 + ppm / 1e6, .seed = seed };
    setup.catheter_m3 = (double)(stand->dead.nl - model->tubing.nl) / 1e12;
    if (!twin_init(&stand->twin, &setup))
        die("the twin refuses the set-up");
    struct board board = stand_board(stand);
    pump_make(&board, stand->now);
    pump_boot(&stand->pump, &board, &stand->unit, stand->now);
    stand->wake = pump_step(&stand->pump, &board, stand->now);
}

void stand_run(struct stand *stand, int64_t until_ms)
{
    struct board board = stand_board(stand);
    unsigned at_one_instant = 0;
    for (;;) {
        instant_ms next = instant_min(stand->wake, twin_next(&stand->twin));
        if (next.ms > until_ms)
            break;
        at_one_instant = next.ms > stand->now.ms ? 0 : at_one_instant + 1;
        if (at_one_instant > 1000)
            die("the pump asks for the same instant again and again");
        if (next.ms > stand->now.ms)
            stand->now = next;
        twin_advance(&stand->twin, stand->now);
        stand->wake = pump_step(&stand->pump, &board, stand->now);
    }
    if (until_ms > stand->now.ms) {
        stand->now.ms = until_ms;
        twin_advance(&stand->twin, stand->now);
    }
}

/* Gives the command; does not let the pump step yet. */
static struct receipt tell(struct stand *stand, enum role role, struct command command)
{
    struct board board = stand_board(stand);
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size = 0;
    struct receipt receipt;
    command.id = stand->next_id++;
    command.head = command_needs_head(command.kind) ? stand->pump.now.head : 0;
    if (command_encode(&command, bytes, sizeof bytes, &size) != RESULT_OK)
        die("a command cannot be encoded");
    pump_command(&stand->pump, &board, stand->now, (struct sender){ (uint8_t)role, (uint8_t)role }, bytes, size, &receipt);
    return receipt;
}

static void step(struct stand *stand)
{
    struct board board = stand_board(stand);
    stand->wake = pump_step(&stand->pump, &board, stand->now);
}

struct receipt stand_tell(struct stand *stand, enum role role, struct command command)
{
    struct receipt receipt = tell(stand, role, command);
    step(stand);
    return receipt;
}

void stand_stage(struct stand *stand, const struct therapy *therapy, uint8_t token[TOKEN_BYTES])
{
    uint8_t bytes[THERAPY_BYTES_MAX];
    size_t size = 0;
    if (therapy_encode(therapy, bytes, sizeof bytes, &size) != RESULT_OK)
        die("a therapy cannot be encoded");
    for (size_t offset = 0; offset < size; offset += STAGE_CHUNK_MAX) {
        struct command command = { .kind = COMMAND_STAGE };
        size_t chunk = size - offset < STAGE_CHUNK_MAX ? size - offset : STAGE_CHUNK_MAX;
        command.stage.total = (uint16_t)size;
        command.stage.offset = (uint16_t)offset;
        command.stage.size = (uint8_t)chunk;
        memcpy(command.stage.bytes, bytes + offset, chunk);
        if (tell(stand, ROLE_CLINICIAN, command).outcome != OUTCOME_APPLIED)
            die("staging is refused");
    }
    hash_of(bytes, size, token);
}

struct receipt stand_activate(struct stand *stand, const struct therapy *therapy, bool retitrated)
{
    struct command command = { .kind = COMMAND_ACTIVATE, .retitrated = retitrated };
    stand_stage(stand, therapy, command.token);
    return stand_tell(stand, ROLE_CLINICIAN, command);
}

static struct receipt refill(struct stand *stand, struct command command, const struct therapy *activate)
{
    if (activate != NULL) {
        command.refill.activate = 1;
        stand_stage(stand, activate, command.token);
    }
    struct receipt receipt = tell(stand, ROLE_CLINICIAN, command);
    if (receipt.outcome == OUTCOME_APPLIED) {
        struct fluid fluid = rig_fluid(&command.refill.fill);
        (void)twin_withdraw(&stand->twin, rig_m3(command.refill.withdrawn));
        if (!twin_fill(&stand->twin, rig_m3(command.refill.filled), &fluid))
            die("the reservoir does not hold the refill");
    }
    step(stand);
    return receipt;
}

struct receipt stand_refill(struct stand *stand, const struct mixture *mixture, vol_nl volume, const struct therapy *activate)
{
    struct command command = { .kind = COMMAND_REFILL, .retitrated = 1 };
    command.refill.withdrawn.nl = (int64_t)(stand->twin.reservoir_m3 * 1e12 + 1e-3);
    command.refill.filled = volume;
    command.refill.drawn_up = volume;
    command.refill.fill = *mixture;
    command.refill.dead_drug_free = !stand->pump.now.has_contents;
    return refill(stand, command, activate);
}

struct receipt stand_top_up(struct stand *stand, const struct mixture *mixture, vol_nl volume)
{
    struct command command = { .kind = COMMAND_REFILL, .retitrated = 1 };
    command.refill.left = nl_of_fl(stand_status(stand).remaining);
    command.refill.filled = volume;
    command.refill.drawn_up = volume;
    command.refill.fill = *mixture;
    return refill(stand, command, NULL);
}

void stand_reset(struct stand *stand)
{
    struct board board = stand_board(stand);
    twin_power_cut(&stand->twin);
    pump_boot(&stand->pump, &board, &stand->unit, stand->now);
    stand->wake = pump_step(&stand->pump, &board, stand->now);
}

struct pump_status stand_status(struct stand *stand)
{
    struct board board = stand_board(stand);
    struct pump_status status;
    pump_status(&stand->pump, &board, stand->now, &status);
    return status;
}
