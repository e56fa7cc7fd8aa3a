/* booth.c - the doors of the radio and of what a hand holds; all others are the twin's. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/booth.h"

#include <string.h>

#include "fuzz/fuzz.h"

static void door_receive(void *hardware, struct radio_heard *heard)
{
    struct booth *booth = hardware;
    *heard = booth->coming;
    booth->coming.size = 0;
}

/* A pump never speaks first. */
static void door_send(void *hardware, const uint8_t *bytes, uint32_t size)
{
    struct booth *booth = hardware;
    MUST(booth->hearing && size > 0 && size <= RADIO_FRAME_MAX && booth->tolds < BOOTH_TOLD_MAX);
    struct booth_told *told = &booth->told[booth->tolds++];
    told->size = (uint16_t)size;
    memcpy(told->bytes, bytes, size);
}

static void door_listen(void *hardware, uint8_t reach)
{
    struct booth *booth = hardware;
    MUST(reach == REACH_NONE || reach == REACH_NEAR || reach == REACH_FAR);
    booth->listening = reach;
}

static void door_sense(void *hardware, struct sensors *sensors)
{
    struct booth *booth = hardware;
    struct board board = twin_board(&booth->stand.twin);
    board.doors->sense(hardware, sensors);
    sensors->magnet = booth->magnet;
    sensors->field = booth->field;
}

static void dress(struct board_doors *doors)
{
    doors->radio_receive = door_receive;
    doors->radio_send = door_send;
    doors->radio_listen = door_listen;
    doors->sense = door_sense;
}

void booth_start(struct booth *booth, const struct model *model)
{
    memset(booth, 0, sizeof *booth);
    booth->reach = REACH_NEAR;
    booth->listening = REACH_FAR;
    stand_start(&booth->stand, model, 0, 400, 5);
    booth->stand.dress = dress;
}

bool booth_deliver(struct booth *booth, const uint8_t *frame, size_t size)
{
    booth->tolds = 0;
    bool deaf = booth->listening == REACH_NONE || (booth->listening == REACH_NEAR && booth->reach == REACH_FAR);
    if (size == 0 || size > RADIO_FRAME_MAX || deaf)
        return false;
    struct board board = stand_board(&booth->stand);
    booth->coming = (struct radio_heard){ .size = (uint16_t)size, .reach = booth->reach };
    memcpy(booth->coming.bytes, frame, size);
    booth->hearing = true;
    pump_radio(&booth->stand.pump, &board, booth->stand.now);
    booth->hearing = false;
    MUST(booth->coming.size == 0);
    return true;
}

void booth_step(struct booth *booth)
{
    struct board board = stand_board(&booth->stand);
    booth->stand.wake = pump_step(&booth->stand.pump, &board, booth->stand.now);
}

void booth_reset(struct booth *booth, uint8_t cause)
{
    booth->stand.cause = cause;
    booth->listening = REACH_FAR; /* as after power came: board.h */
    stand_reset(&booth->stand);
    booth->stand.cause = 0;
}
