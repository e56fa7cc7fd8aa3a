/* doors.c - the doors of board/board.h, each one request on the bus; but flash that is open is read where it lies. */
// SPDX-License-Identifier: Apache-2.0
#include "chip/doors.h"

#include <string.h>

#include "chip/bus.h"
#include "chip/fault.h"
#include "chip/layout.h"
#include "chip/memory.h"
#include "chip/registers.h"
#include "chip/uart.h"

static void tell(enum bus_request request, const void *body, uint16_t size)
{
    bus_ask(request, body, size, NULL, 0);
}

static void fetch(enum bus_request request, void *result, uint16_t size)
{
    bus_ask(request, NULL, 0, result, size);
}

static void motor_key_engine(void *none, uint32_t key)
{
    (void)none;
    tell(BUS_MOTOR_KEY_ENGINE, &key, sizeof key);
}

static void motor_key_governor(void *none, uint32_t key)
{
    (void)none;
    tell(BUS_MOTOR_KEY_GOVERNOR, &key, sizeof key);
}

static struct motor_report motor_result(void *none)
{
    struct motor_report report;
    (void)none;
    fetch(BUS_MOTOR_RESULT, &report, sizeof report);
    return report;
}

static void motor_budget(void *none, const struct motor_budget *budget)
{
    (void)none;
    tell(BUS_MOTOR_BUDGET, budget, sizeof *budget);
}

static void motor_witness(void *none, struct motor_witness *witness)
{
    (void)none;
    fetch(BUS_MOTOR_WITNESS, witness, sizeof *witness);
}

static void flash_read(void *none, uint32_t address, uint8_t *bytes, uint32_t size)
{
    const uint32_t body[2] = { address, size };
    (void)none;
    if (size > BUS_WINDOW_BYTES) {
        fault_raise(BUS_FAULT_USAGE, size); /* nothing of the pump reads so much at once */
    }
    if (chip_window.flash_open == 1 && address <= FLASH_BYTES && size <= FLASH_BYTES - address) {
        memcpy(bytes, layout_flash + address, size);
        return;
    }
    bus_ask(BUS_FLASH_READ, body, sizeof body, bytes, (uint16_t)size);
}

static uint8_t flash_program(void *none, uint32_t address, const uint8_t word[FLASH_WORD_BYTES])
{
    uint8_t body[4 + FLASH_WORD_BYTES], answer;
    (void)none;
    memcpy(body, &address, 4);
    memcpy(body + 4, word, FLASH_WORD_BYTES);
    bus_ask(BUS_FLASH_PROGRAM, body, sizeof body, &answer, 1);
    return answer;
}

static uint8_t flash_erase(void *none, uint32_t sector)
{
    uint8_t answer;
    (void)none;
    bus_ask(BUS_FLASH_ERASE, &sector, sizeof sector, &answer, 1);
    return answer;
}

static uint8_t flash_erased(void *none)
{
    uint8_t answer;
    (void)none;
    fetch(BUS_FLASH_ERASED, &answer, 1);
    return answer;
}

static void sound(void *none, uint8_t tone)
{
    (void)none;
    tell(BUS_SOUND, &tone, 1);
}

static bool sounder_alive(void *none)
{
    uint8_t answer;
    (void)none;
    fetch(BUS_SOUNDER_ALIVE, &answer, 1);
    return answer != 0;
}

static void sense(void *none, struct sensors *sensors)
{
    (void)none;
    fetch(BUS_SENSE, sensors, sizeof *sensors);
}

static void watchdog(void *none)
{
    (void)none;
    tell(BUS_WATCHDOG, NULL, 0);
}

static uint64_t chance(void *none)
{
    uint64_t answer;
    (void)none;
    fetch(BUS_RANDOM, &answer, sizeof answer);
    return answer;
}

static void radio_receive(void *none, struct radio_heard *heard)
{
    struct bus_frame frame;
    (void)none;
    fetch(BUS_RADIO_RECEIVE, &frame, sizeof frame);
    if (frame.size > RADIO_FRAME_MAX) {
        fault_raise(BUS_FAULT_BUS, (uint32_t)BUS_RADIO_RECEIVE << 16 | frame.size);
    }
    heard->size = frame.size;
    heard->reach = frame.reach;
    for (uint16_t i = 0; i < frame.size; i++) {
        heard->bytes[i] = uart_read(UART_RADIO);
    }
}

static void radio_send(void *none, const uint8_t *bytes, uint32_t size)
{
    const struct bus_frame frame = { .size = (uint16_t)size };
    (void)none;
    uart_write(UART_RADIO, bytes, size);
    tell(BUS_RADIO_SEND, &frame, sizeof frame);
}

static void radio_listen(void *none, uint8_t reach)
{
    (void)none;
    tell(BUS_RADIO_LISTEN, &reach, 1);
}

static void restart(void *none)
{
    (void)none;
    tell(BUS_RESTART, NULL, 0);
}

const struct board_doors doors = {
    .motor_key_engine = motor_key_engine,
    .motor_key_governor = motor_key_governor,
    .motor_result = motor_result,
    .motor_budget = motor_budget,
    .motor_witness = motor_witness,
    .flash_read = flash_read,
    .flash_program = flash_program,
    .flash_erase = flash_erase,
    .flash_erased = flash_erased,
    .sound = sound,
    .sounder_alive = sounder_alive,
    .sense = sense,
    .watchdog = watchdog,
    .random = chance,
    .radio_receive = radio_receive,
    .radio_send = radio_send,
    .radio_listen = radio_listen,
    .restart = restart,
};
