/* cut.c - doors that count, and power that goes at one of them. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/cut.h"

#include <stddef.h>

#include "twin/hardware/hardware.h"

void cut_strike(struct twin *twin)
{
    twin->cut.struck = true;
    twin->cut.doors = 0;
    twin->flash.off = true;
    if (twin->cut.strike != NULL) {
        twin->cut.strike(twin->cut.context);
    }
}

static void count(void *hardware)
{
    struct twin *twin = hardware;
    if (twin->cut.doors != 0 && --twin->cut.doors == 0) {
        cut_strike(twin);
    }
}

static void key_engine(void *hardware, uint32_t key)
{
    count(hardware);
    twin_doors.motor_key_engine(hardware, key);
}

static void key_governor(void *hardware, uint32_t key)
{
    count(hardware);
    twin_doors.motor_key_governor(hardware, key);
}

static struct motor_report result(void *hardware)
{
    count(hardware);
    return twin_doors.motor_result(hardware);
}

static void budget(void *hardware, const struct motor_budget *given)
{
    count(hardware);
    twin_doors.motor_budget(hardware, given);
}

static void witness(void *hardware, struct motor_witness *told)
{
    count(hardware);
    twin_doors.motor_witness(hardware, told);
}

static void read(void *hardware, uint32_t address, uint8_t *bytes, uint32_t size)
{
    count(hardware);
    twin_doors.flash_read(hardware, address, bytes, size);
}

static uint8_t program(void *hardware, uint32_t address, const uint8_t word[FLASH_WORD_BYTES])
{
    count(hardware);
    return twin_doors.flash_program(hardware, address, word);
}

static uint8_t erase(void *hardware, uint32_t sector)
{
    count(hardware);
    return twin_doors.flash_erase(hardware, sector);
}

static uint8_t erased(void *hardware)
{
    count(hardware);
    return twin_doors.flash_erased(hardware);
}

static void sound(void *hardware, uint8_t tone)
{
    count(hardware);
    twin_doors.sound(hardware, tone);
}

static bool sounder_alive(void *hardware)
{
    count(hardware);
    return twin_doors.sounder_alive(hardware);
}

static void sense(void *hardware, struct sensors *sensors)
{
    count(hardware);
    twin_doors.sense(hardware, sensors);
}

static void watchdog(void *hardware)
{
    count(hardware);
    twin_doors.watchdog(hardware);
}

static uint64_t chance(void *hardware)
{
    count(hardware);
    return twin_doors.random(hardware);
}

static void radio_receive(void *hardware, struct radio_heard *heard)
{
    count(hardware);
    twin_doors.radio_receive(hardware, heard);
}

static void radio_send(void *hardware, const uint8_t *bytes, uint32_t size)
{
    count(hardware);
    twin_doors.radio_send(hardware, bytes, size);
}

static void listen(void *hardware, uint8_t reach)
{
    count(hardware);
    twin_doors.radio_listen(hardware, reach);
}

static void restart(void *hardware)
{
    count(hardware);
    twin_doors.restart(hardware);
}

const struct board_doors cut_doors = { .motor_key_engine = key_engine,
                                       .motor_key_governor = key_governor,
                                       .motor_result = result,
                                       .motor_budget = budget,
                                       .motor_witness = witness,
                                       .flash_read = read,
                                       .flash_program = program,
                                       .flash_erase = erase,
                                       .flash_erased = erased,
                                       .sound = sound,
                                       .sounder_alive = sounder_alive,
                                       .sense = sense,
                                       .watchdog = watchdog,
                                       .random = chance,
                                       .radio_receive = radio_receive,
                                       .radio_send = radio_send,
                                       .radio_listen = listen,
                                       .restart = restart };
