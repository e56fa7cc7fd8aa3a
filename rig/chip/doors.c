/* doors.c - one function of the board for each request. What a core asks may be wrong: nothing beyond a part is touched. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/chip/doors.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "twin and chip lay the structs of the bus out alike");

static uint32_t word_of(const struct busline_request *request, size_t at)
{
    uint32_t word;
    memcpy(&word, request->body + at, sizeof word);
    return word;
}

static void result(struct doors_answer *answer, const void *bytes, size_t size)
{
    memcpy(answer->bytes, bytes, size);
    answer->size = (uint16_t)size;
}

static void result_byte(struct doors_answer *answer, uint8_t byte)
{
    result(answer, &byte, 1);
}

uint16_t doors_frame_size(const struct busline_request *request)
{
    struct bus_frame frame = { .size = 0 };
    if (request->number == BUS_RADIO_SEND)
        memcpy(&frame, request->body, sizeof frame);
    return frame.size;
}

static bool motor(const struct board *board, const struct busline_request *request, struct doors_answer *answer)
{
    const struct board_doors *doors = board->doors;
    struct motor_report report;
    struct motor_budget budget;
    struct motor_witness witness = { .fired = 0 };
    switch (request->number) {
    case BUS_MOTOR_KEY_ENGINE:
        doors->motor_key_engine(board->hardware, word_of(request, 0));
        return true;
    case BUS_MOTOR_KEY_GOVERNOR:
        doors->motor_key_governor(board->hardware, word_of(request, 0));
        return true;
    case BUS_MOTOR_RESULT:
        report = doors->motor_result(board->hardware);
        result(answer, &report, sizeof report);
        return true;
    case BUS_MOTOR_BUDGET:
        memcpy(&budget, request->body, sizeof budget);
        doors->motor_budget(board->hardware, &budget);
        return true;
    case BUS_MOTOR_WITNESS:
        doors->motor_witness(board->hardware, &witness);
        result(answer, &witness, sizeof witness);
        return true;
    default:
        return false;
    }
}

static bool flash(const struct board *board, const struct busline_request *request, struct doors_answer *answer)
{
    const struct board_doors *doors = board->doors;
    uint32_t at, size = 0;
    switch (request->number) {
    case BUS_FLASH_READ:
        at = word_of(request, 0);
        size = word_of(request, 4);
        if (size > BUS_WINDOW_BYTES || at > FLASH_BYTES || size > FLASH_BYTES - at)
            return false;
        doors->flash_read(board->hardware, at, answer->bytes, size);
        answer->size = (uint16_t)size;
        return true;
    case BUS_FLASH_PROGRAM:
        at = word_of(request, 0);
        if (at % FLASH_WORD_BYTES != 0 || at >= FLASH_BYTES)
            return false;
        result_byte(answer, doors->flash_program(board->hardware, word_of(request, 0), request->body + 4));
        return true;
    case BUS_FLASH_ERASE:
        if (word_of(request, 0) >= FLASH_SECTORS)
            return false;
        result_byte(answer, doors->flash_erase(board->hardware, word_of(request, 0)));
        return true;
    case BUS_FLASH_ERASED:
        result_byte(answer, doors->flash_erased(board->hardware));
        return true;
    default:
        return false;
    }
}

static bool around(const struct board *board, const struct busline_request *request, struct doors_answer *answer)
{
    const struct board_doors *doors = board->doors;
    struct sensors sensors;
    uint64_t chance;
    switch (request->number) {
    case BUS_SOUND:
        if (request->body[0] > TONE_CONFIRM)
            return false;
        doors->sound(board->hardware, request->body[0]);
        return true;
    case BUS_SOUNDER_ALIVE:
        result_byte(answer, doors->sounder_alive(board->hardware));
        return true;
    case BUS_SENSE:
        memset(&sensors, 0, sizeof sensors);
        doors->sense(board->hardware, &sensors);
        result(answer, &sensors, sizeof sensors);
        return true;
    case BUS_WATCHDOG:
        doors->watchdog(board->hardware);
        return true;
    case BUS_RANDOM:
        chance = doors->random(board->hardware);
        result(answer, &chance, sizeof chance);
        return true;
    default:
        return false;
    }
}

static bool radio(const struct board *board, const struct busline_request *request, const uint8_t *frame,
                  struct doors_answer *answer)
{
    const struct board_doors *doors = board->doors;
    struct bus_frame about = { .size = 0 };
    switch (request->number) {
    case BUS_RADIO_RECEIVE:
        doors->radio_receive(board->hardware, &answer->heard);
        about = (struct bus_frame){ .size = answer->heard.size, .reach = answer->heard.reach };
        result(answer, &about, sizeof about);
        return true;
    case BUS_RADIO_SEND:
        if (doors_frame_size(request) > RADIO_FRAME_MAX)
            return false;
        doors->radio_send(board->hardware, frame, doors_frame_size(request));
        return true;
    case BUS_RADIO_LISTEN:
        if (request->body[0] < REACH_NEAR || request->body[0] > REACH_NONE)
            return false;
        doors->radio_listen(board->hardware, request->body[0]);
        return true;
    case BUS_RESTART:
        doors->restart(board->hardware);
        return true;
    default:
        return false;
    }
}

bool doors_open(const struct board *board, const struct busline_request *request, const uint8_t *frame,
                struct doors_answer *answer)
{
    answer->size = 0;
    answer->heard.size = 0;
    answer->heard.reach = 0;
    return motor(board, request, answer) || flash(board, request, answer) || around(board, request, answer) ||
           radio(board, request, frame, answer);
}
