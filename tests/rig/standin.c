/* standin.c - a child in the place of a core. */
// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "tests/rig/standin.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pump/chooser.h"

enum { MEMORY_BYTES = 4 << 20, WINDOW_AT = 0, RETAINED_AT = 0x10000, PUMP_AT = 0x20000, FLASH_AT = 0x200000 };

struct standin {
    pid_t child;
    int bus[2], radio[2]; /* ours, the child's */
    uint8_t *memory;
    struct standin_orders *orders;
    bool over;
};

/* The child's own. */
struct core {
    struct standin *standin;
    uint8_t sequence;
    bool fault_kept;
};

static struct bus_window *window(const struct core *core)
{
    return (struct bus_window *)(void *)(core->standin->memory + WINDOW_AT);
}

static void line_write(int line, const void *bytes, size_t size)
{
    if (write(line, bytes, size) != (ssize_t)size)
        _exit(1);
}

static uint8_t ask_as(struct core *core, uint8_t number, const void *body, uint16_t size, void *result, size_t room)
{
    uint8_t bytes[BUS_HEAD_BYTES + BUS_BODY_MAX + BUS_CHECK_BYTES] = { BUS_SYNC_1, BUS_SYNC_2, number,
                                                                       core->sequence++ },
                                                  answer;
    enum misdeed misdeed = number >= BUS_MOTOR_KEY_ENGINE ? core->standin->orders->misdeed : MISDEED_NONE;
    memcpy(bytes + 4, &size, 2);
    if (size > 0)
        memcpy(bytes + BUS_HEAD_BYTES, body, size);
    bytes[2] = misdeed == MISDEED_UNKNOWN ? 0xEE : bytes[2];
    bytes[3] = (uint8_t)(bytes[3] + (misdeed == MISDEED_SEQUENCE));
    bytes[4] = (uint8_t)(bytes[4] + (misdeed == MISDEED_SIZE));
    bytes[0] = misdeed == MISDEED_NO_SYNC ? 0 : bytes[0];
    size_t end = BUS_HEAD_BYTES + (size_t)size;
    uint16_t check = (uint16_t)(bus_check(0xFFFF, bytes + 2, end - 2) ^ (misdeed == MISDEED_CHECK));
    memcpy(bytes + end, &check, sizeof check);
    line_write(core->standin->bus[1], bytes, end + BUS_CHECK_BYTES);
    if (read(core->standin->bus[1], &answer, 1) != 1)
        _exit(1);
    if ((answer & 0xF) == BUS_DONE) {
        const struct bus_window *there = window(core);
        if (answer >> 4 != (bytes[3] & 0xF) || there->sequence != bytes[3] || there->size > room ||
            there->check != bus_check(0xFFFF, there->bytes, there->size))
            _exit(2); /* what no twin may do */
        if (there->size > 0)
            memcpy(result, there->bytes, there->size);
    }
    return answer;
}

/* A core that is told of something malformed starts again by itself: so does this one, without its pump. */
_Noreturn static void start_again(struct core *core, uint8_t answer)
{
    uint8_t byte;
    struct bus_hello hello = core->standin->orders->hello;
    core->standin->orders->answered = answer;
    core->sequence = 0;
    hello.fault_kept = 1;
    (void)ask_as(core, BUS_HELLO, &hello, sizeof hello, &byte, sizeof byte);
    for (;;)
        pause();
}

static void misdeed_begin(struct core *core)
{
    const uint32_t beyond[2] = { FLASH_BYTES - 4, 8 };
    const struct bus_frame frame = { .size = 40 };
    uint8_t result[64];
    switch (core->standin->orders->misdeed) {
    case MISDEED_SILENCE:
        core->standin->orders->misdeed = MISDEED_NONE;
        for (;;)
            pause();
    case MISDEED_DEATH:
        core->standin->orders->misdeed = MISDEED_NONE;
        _exit(0);
    case MISDEED_START:
        core->standin->orders->misdeed = MISDEED_NONE;
        core->standin->orders->hello.fault_kept = 1;
        start_again(core, 0);
    case MISDEED_BEYOND:
        core->standin->orders->misdeed = MISDEED_NONE;
        start_again(core, ask_as(core, BUS_FLASH_READ, beyond, sizeof beyond, result, sizeof result));
    case MISDEED_FRAME:
        core->standin->orders->misdeed = MISDEED_NONE;
        start_again(core, ask_as(core, BUS_RADIO_SEND, &frame, sizeof frame, result, sizeof result));
    case MISDEED_NONE:
    case MISDEED_CHECK:
    case MISDEED_SEQUENCE:
    case MISDEED_SIZE:
    case MISDEED_UNKNOWN:
    case MISDEED_NO_SYNC:
        break;
    }
}

static void ask(void *hardware, uint8_t number, const void *body, size_t size, void *result, size_t room)
{
    struct core *core = hardware;
    if (number >= BUS_MOTOR_KEY_ENGINE)
        misdeed_begin(core);
    uint8_t answer = ask_as(core, number, body, (uint16_t)size, result, room);
    if ((answer & 0xF) == BUS_DONE)
        return;
    core->standin->orders->misdeed = MISDEED_NONE;
    start_again(core, answer);
}

static void key_engine(void *hardware, uint32_t key)
{
    ask(hardware, BUS_MOTOR_KEY_ENGINE, &key, sizeof key, NULL, 0);
}

static void key_governor(void *hardware, uint32_t key)
{
    ask(hardware, BUS_MOTOR_KEY_GOVERNOR, &key, sizeof key, NULL, 0);
}

static struct motor_report motor_result(void *hardware)
{
    struct motor_report report;
    ask(hardware, BUS_MOTOR_RESULT, NULL, 0, &report, sizeof report);
    return report;
}

static void motor_budget(void *hardware, const struct motor_budget *budget)
{
    ask(hardware, BUS_MOTOR_BUDGET, budget, sizeof *budget, NULL, 0);
}

static void motor_witness(void *hardware, struct motor_witness *witness)
{
    ask(hardware, BUS_MOTOR_WITNESS, NULL, 0, witness, sizeof *witness);
}

static void flash_read_door(void *hardware, uint32_t address, uint8_t *bytes, uint32_t size)
{
    const struct core *core = hardware;
    const uint32_t body[2] = { address, size };
    if (core->standin->orders->hello.flash != 0 && window(core)->flash_open == 1)
        memcpy(bytes, core->standin->memory + FLASH_AT + address, size);
    else
        ask(hardware, BUS_FLASH_READ, body, sizeof body, bytes, size);
}

static uint8_t flash_program_door(void *hardware, uint32_t address, const uint8_t word[FLASH_WORD_BYTES])
{
    uint8_t body[4 + FLASH_WORD_BYTES], answer;
    memcpy(body, &address, 4);
    memcpy(body + 4, word, FLASH_WORD_BYTES);
    ask(hardware, BUS_FLASH_PROGRAM, body, sizeof body, &answer, 1);
    return answer;
}

static uint8_t flash_erase_door(void *hardware, uint32_t sector)
{
    uint8_t answer;
    ask(hardware, BUS_FLASH_ERASE, &sector, sizeof sector, &answer, 1);
    return answer;
}

static uint8_t flash_erased_door(void *hardware)
{
    uint8_t answer;
    ask(hardware, BUS_FLASH_ERASED, NULL, 0, &answer, 1);
    return answer;
}

static void sound(void *hardware, uint8_t tone)
{
    ask(hardware, BUS_SOUND, &tone, 1, NULL, 0);
}

static bool sounder_alive(void *hardware)
{
    uint8_t answer;
    ask(hardware, BUS_SOUNDER_ALIVE, NULL, 0, &answer, 1);
    return answer != 0;
}

static void sense(void *hardware, struct sensors *sensors)
{
    ask(hardware, BUS_SENSE, NULL, 0, sensors, sizeof *sensors);
}

static void watchdog(void *hardware)
{
    ask(hardware, BUS_WATCHDOG, NULL, 0, NULL, 0);
}

static uint64_t chance(void *hardware)
{
    uint64_t answer;
    ask(hardware, BUS_RANDOM, NULL, 0, &answer, sizeof answer);
    return answer;
}

static void radio_receive(void *hardware, struct radio_heard *heard)
{
    const struct core *core = hardware;
    struct bus_frame about;
    ask(hardware, BUS_RADIO_RECEIVE, NULL, 0, &about, sizeof about);
    heard->size = about.size;
    heard->reach = about.reach;
    if (about.size > 0 && recv(core->standin->radio[1], heard->bytes, about.size, MSG_WAITALL) != about.size)
        _exit(1);
}

static void radio_send(void *hardware, const uint8_t *bytes, uint32_t size)
{
    const struct core *core = hardware;
    const struct bus_frame about = { .size = (uint16_t)size };
    line_write(core->standin->radio[1], bytes, size);
    ask(hardware, BUS_RADIO_SEND, &about, sizeof about, NULL, 0);
}

static void radio_listen(void *hardware, uint8_t reach)
{
    ask(hardware, BUS_RADIO_LISTEN, &reach, 1, NULL, 0);
}

static void restart(void *hardware)
{
    ask(hardware, BUS_RESTART, NULL, 0, NULL, 0);
}

static const struct board_doors doors = { key_engine,        key_governor,    motor_result,       motor_budget,
                                          motor_witness,     flash_read_door, flash_program_door, flash_erase_door,
                                          flash_erased_door, sound,           sounder_alive,      sense,
                                          watchdog,          chance,          radio_receive,      radio_send,
                                          radio_listen,      restart };

static void wake(struct core *core, struct board *board, struct pump *pump, struct bus_sleep *sleep)
{
    uint8_t bytes[sizeof(struct bus_wake) + BUS_BODY_MAX];
    struct bus_wake why;
    struct receipt receipt;
    ask(core, BUS_SLEEP, sleep, sizeof *sleep, bytes, sizeof bytes);
    memcpy(&why, bytes, sizeof why);
    instant_ms now = { why.now_ms };
    if (why.why == BUS_WAKE_BENCH) {
        memset(&receipt, 0, sizeof receipt);
        pump_command(pump, board, now, (struct sender){ why.role, why.slot }, bytes + sizeof why, why.size, &receipt);
        ask(core, BUS_BENCH_RECEIPT, &receipt, sizeof receipt, NULL, 0);
        return;
    }
    if (why.why == BUS_WAKE_RADIO)
        pump_radio(pump, board, now);
    sleep->wake_ms = pump_step(pump, board, now).ms;
}

_Noreturn static void live(struct standin *standin)
{
    struct core core = { .standin = standin };
    struct bus_start start;
    struct pump_unit unit;
    struct pump *pump = (struct pump *)(void *)(standin->memory + PUMP_AT);
    const struct bus_fault fault = { .kind = BUS_FAULT_USAGE, .pc = 0x1234 };
    struct bus_hello hello = standin->orders->hello;
    if (standin->orders->at_start == MISDEED_DEATH)
        _exit(0);
    if (standin->orders->at_start == MISDEED_SILENCE)
        for (;;)
            pause();
    ask(&core, BUS_HELLO, &hello, sizeof hello, &start, sizeof start);
    if (hello.fault_kept == 1)
        ask(&core, BUS_FAULT, &fault, sizeof fault, NULL, 0);
    standin->orders->hello.fault_kept = 0;
    ask(&core, BUS_UNIT, NULL, 0, &unit, sizeof unit);
    struct board board = { .doors = &doors,
                           .hardware = &core,
                           .retained = (uint64_t *)(void *)(standin->memory + RETAINED_AT),
                           .boot_cause = start.boot_cause,
                           .clock_lost = start.clock_lost };
    board.image = chooser_slot(&board, &unit);
    struct bus_sleep sleep = { .image = board.image };
    memset(pump, 0, sizeof *pump);
    pump_boot(pump, &board, &unit, (instant_ms){ start.now_ms });
    sleep.wake_ms = pump_step(pump, &board, (instant_ms){ start.now_ms }).ms;
    for (;;)
        wake(&core, &board, pump, &sleep);
}

static void end(struct standin *standin)
{
    if (standin->child > 0) {
        (void)kill(standin->child, SIGKILL);
        (void)waitpid(standin->child, NULL, 0);
    }
    standin->child = 0;
}

static void take_off(int line)
{
    uint8_t bytes[256];
    while (recv(line, bytes, sizeof bytes, MSG_DONTWAIT) > 0) {
    }
}

static bool reset(void *context)
{
    struct standin *standin = context;
    end(standin);
    for (unsigned i = 0; i < 2; i++) {
        take_off(standin->bus[i]);
        take_off(standin->radio[i]);
    }
    standin->over = false;
    standin->child = fork();
    if (standin->child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        live(standin);
    }
    return standin->child > 0;
}

static const char *ended(void *context)
{
    struct standin *standin = context;
    if (!standin->over && standin->child > 0 && waitpid(standin->child, NULL, WNOHANG) == standin->child) {
        standin->child = 0;
        standin->over = true;
    }
    return standin->over ? "the stand-in has ended" : NULL;
}

static void close_all(void *context)
{
    struct standin *standin = context;
    end(standin);
    (void)close(standin->bus[1]);
    (void)close(standin->radio[1]);
    (void)munmap(standin->memory, MEMORY_BYTES);
    (void)munmap(standin->orders, sizeof *standin->orders);
    free(standin);
}

static void *shared(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

struct standin_orders *standin_wires(struct chip_wires *wires)
{
    struct standin *standin = calloc(1, sizeof *standin);
    if (standin == NULL || socketpair(AF_UNIX, SOCK_STREAM, 0, standin->bus) != 0 ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, standin->radio) != 0)
        return NULL;
    standin->memory = shared(MEMORY_BYTES);
    standin->orders = shared(sizeof *standin->orders);
    if (standin->memory == NULL || standin->orders == NULL)
        return NULL;
    standin->orders->hello = (struct bus_hello){ .version = BUS_VERSION,
                                                 .bench = 1,
                                                 .window = CHIP_MEMORY_AT + WINDOW_AT,
                                                 .retained = CHIP_MEMORY_AT + RETAINED_AT,
                                                 .pump = CHIP_MEMORY_AT + PUMP_AT,
                                                 .flash = CHIP_MEMORY_AT + FLASH_AT,
                                                 .pump_bytes = sizeof(struct pump),
                                                 .unit_bytes = sizeof(struct pump_unit) };
    *wires = (struct chip_wires){ .bus = standin->bus[0],
                                  .radio = standin->radio[0],
                                  .memory = standin->memory,
                                  .memory_bytes = MEMORY_BYTES,
                                  .patience_ms = -1,
                                  .context = standin,
                                  .reset = reset,
                                  .ended = ended,
                                  .close = close_all };
    return standin->orders;
}
