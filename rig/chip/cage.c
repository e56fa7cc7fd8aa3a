// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "rig/chip/cage.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "rig/chip/qemu.h"

enum { STAND_TRIES = 200, WINDOW_HEAD_BYTES = 8, WFI = 0xBF30, WATCH_MS = 10000 };

static bool failed(struct cage *cage, const char *what)
{
    if (cage->wrong[0] == '\0')
        snprintf(cage->wrong, sizeof cage->wrong, "%s: %s", what, cage->gdb.wrong);
    return false;
}

static bool send_byte(const struct cage *cage, uint8_t byte)
{
    return send(cage->wires.bus, &byte, 1, MSG_NOSIGNAL) == 1;
}

/* Has a whole request come? */
static bool request_waits(const struct cage *cage)
{
    uint8_t head[BUS_HEAD_BYTES];
    int there = 0;
    if (ioctl(cage->wires.bus, FIONREAD, &there) != 0 || there < BUS_HEAD_BYTES ||
        recv(cage->wires.bus, head, sizeof head, MSG_PEEK | MSG_DONTWAIT) != BUS_HEAD_BYTES)
        return false;
    return there >= BUS_HEAD_BYTES + (head[4] | head[5] << 8) + BUS_CHECK_BYTES;
}

static bool stop(struct cage *cage)
{
    struct gdb_stop why;
    return gdb_interrupt(&cage->gdb) && gdb_wait(&cage->gdb, WATCH_MS, &why);
}

static bool strike(struct cage *cage)
{
    const struct glitch_body body = { .code = cage->code.bytes,
                                      .code_bytes = cage->code.size,
                                      .memory = cage->wires.memory,
                                      .memory_bytes = CAGE_MEMORY_BYTES,
                                      .memory_at = CHIP_MEMORY_AT,
                                      .pump = chip_hello(cage->chip)->pump };
    cage->done = true;
    return glitch_do(&cage->glitch, &cage->gdb, &body, &cage->pc);
}

/* On from the first look at the result, instruction by instruction: up to the glitch, or up to where the core turns to its next
 * request, behind whose answer the way goes on. */
static bool walk(struct cage *cage)
{
    bool left_wire = false;
    for (;;) {
        uint32_t pc = 0;
        if (!cage->glitch.wire && !gdb_register_read(&cage->gdb, GDB_PC, &pc))
            return false;
        bool counts = cage->glitch.wire || !imagecode_wire(&cage->code, pc);
        if (request_waits(cage) || (left_wire && !counts))
            return true;
        if (counts && cage->left-- == 0)
            return strike(cage);
        left_wire |= counts && !cage->glitch.wire;
        if (!gdb_step(&cage->gdb))
            return false;
    }
}

/* The answer goes out while the core stands, and the core is let go up to its first look at the result: so where the steps
 * begin does not depend on when the byte came. */
static bool answer_and_walk(struct cage *cage, uint8_t byte)
{
    struct gdb *gdb = &cage->gdb;
    struct gdb_stop why;
    uint32_t window = chip_hello(cage->chip)->window;
    if (!stop(cage) || !gdb_point_set(gdb, GDB_WATCH_READ, window, WINDOW_HEAD_BYTES) || !send_byte(cage, byte) ||
        !gdb_go(gdb) || !gdb_wait(gdb, WATCH_MS, &why) ||
        !gdb_point_clear(gdb, GDB_WATCH_READ, window, WINDOW_HEAD_BYTES) || !walk(cage) || !gdb_go(gdb))
        return failed(cage, "the glitch");
    return true;
}

static bool answering(void *context, struct chip *chip, uint8_t request, uint8_t byte)
{
    struct cage *cage = context;
    (void)chip;
    if (request == BUS_SLEEP) {
        cage->wake++;
        cage->request = 0;
    } else {
        cage->request++;
    }
    if (cage->requests != NULL && cage->wake > 0 && cage->wake <= CAGE_WAKES)
        cage->requests[cage->wake - 1] = (uint16_t)(cage->request + 1);
    if (cage->armed && !cage->done && cage->wake == cage->glitch.wake + 1 && cage->request == cage->glitch.request)
        cage->begun = true;
    /* A frame that follows on the radio's line follows after this byte: the core would wait for it on its way. */
    if (!cage->begun || cage->done || request == BUS_RADIO_RECEIVE)
        return false;
    (void)answer_and_walk(cage, byte); /* where that fails, cage->wrong says so, and the run counts for nothing */
    return true;
}

static void take_off(int line)
{
    uint8_t bytes[256];
    while (recv(line, bytes, sizeof bytes, MSG_DONTWAIT) > 0) {
    }
}

/* Talks to the debug port of an emulator that is new; its core stands afterwards. */
static bool port_open(struct cage *cage)
{
    take_off(cage->gdb.fd); /* the last words of the one before */
    return gdb_open(&cage->gdb, cage->gdb.fd);
}

bool cage_open(struct cage *cage, const char *image, char *why, size_t room)
{
    const struct chip_watch watch = { .context = cage, .answering = answering };
    int ends[2];
    memset(cage, 0, sizeof *cage);
    cage->gdb.fd = cage->port = -1;
    const char *fault = imagecode_read(&cage->code, image);
    if (fault != NULL) {
        snprintf(why, room, "%s: %s; tools/build cortex-m makes it, --image names another", image, fault);
        return false;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        snprintf(why, room, "no socket for a debug port");
        return false;
    }
    cage->gdb.fd = ends[0];
    cage->port = ends[1];
    const struct qemu_ask ask = { .image = image, .gdb_line = ends[1], .revives = true };
    if (!qemu_start(&ask, &cage->wires, why, room))
        return false;
    if (!port_open(cage)) {
        snprintf(why, room, "%s", cage->gdb.wrong);
        cage->wires.close(cage->wires.context);
        return false;
    }
    cage->chip = chip_make(&cage->wires, why, room);
    if (cage->chip == NULL)
        return false;
    if (chip_hello(cage->chip)->bench != 0) {
        snprintf(why, room, "this is the bench image, which no pump would run");
        return false;
    }
    chip_patience(cage->chip, CAGE_PATIENCE_MS);
    chip_watch(cage->chip, &watch);
    return true;
}

void cage_close(struct cage *cage)
{
    chip_free(cage->chip);
    cage->chip = NULL;
    gdb_close(&cage->gdb);
    if (cage->port >= 0)
        (void)close(cage->port);
    cage->port = -1;
    imagecode_free(&cage->code);
}

void cage_arm(struct cage *cage, const struct glitch *glitch)
{
    cage->armed = true;
    cage->begun = cage->done = false;
    cage->glitch = *glitch;
    cage->left = glitch->instructions;
    cage->pc = 0;
    cage->wrong[0] = '\0';
}

/* The core stands in the wait for an answer, just behind its instruction to sleep. */
static bool stand(struct cage *cage)
{
    const struct timespec moment = { .tv_nsec = 200000 };
    for (unsigned tries = 0; tries < STAND_TRIES; tries++) {
        uint32_t pc;
        if (!stop(cage) || !gdb_register_read(&cage->gdb, GDB_PC, &pc))
            return failed(cage, "a core that sleeps");
        /* By the image: the debug port reads nothing of a page in which the protection has a hole, as the first one has. */
        const uint8_t *code = cage->code.bytes;
        if (pc >= 2 && pc <= cage->code.size && (code[pc - 2] | code[pc - 1] << 8) == WFI)
            return true;
        if (!gdb_go(&cage->gdb))
            return failed(cage, "a core that sleeps");
        nanosleep(&moment, NULL);
    }
    snprintf(cage->gdb.wrong, sizeof cage->gdb.wrong, "it does not come to rest");
    return failed(cage, "a core that sleeps");
}

static bool go(struct cage *cage)
{
    return gdb_go(&cage->gdb) || failed(cage, "a core that sleeps");
}

bool cage_keep(struct cage *cage, struct cage_moment *moment)
{
    if (!stand(cage))
        return false;
    if (!gdb_registers_read(&cage->gdb, moment->reg) || !gdb_register_read(&cage->gdb, GDB_XPSR, &moment->psr))
        return failed(cage, "registers");
    memcpy(moment->memory, cage->wires.memory, sizeof moment->memory);
    moment->place = chip_place(cage->chip);
    moment->wake = cage->wake;
    return go(cage);
}

bool cage_back(struct cage *cage, const struct cage_moment *moment)
{
    struct bus_fault told;
    cage->wrong[0] = '\0';
    if (chip_end(cage->chip) != CHIP_SLEEPS && !cage->wires.reset(cage->wires.context)) {
        snprintf(cage->gdb.wrong, sizeof cage->gdb.wrong, "the emulator is not to be reset");
        return failed(cage, "a core put back");
    }
    if (chip_counts(cage->chip).deaths != cage->deaths && (!port_open(cage) || !gdb_go(&cage->gdb)))
        return failed(cage, "a core put back");
    cage->deaths = chip_counts(cage->chip).deaths;
    if (!stand(cage))
        return false;
    take_off(cage->wires.bus); /* the HELLO of one that was reset, which waits for its answer as one does that sleeps */
    take_off(cage->wires.radio);
    chip_place_put(cage->chip, moment->place);
    while (chip_fault(cage->chip, &told)) {
    }
    memcpy(cage->wires.memory, moment->memory, sizeof moment->memory);
    for (unsigned i = 0; i < 16; i++)
        if (!gdb_register_write(&cage->gdb, i, moment->reg[i]))
            return failed(cage, "registers");
    if (!gdb_register_write(&cage->gdb, GDB_XPSR, moment->psr))
        return failed(cage, "registers");
    cage->wake = moment->wake;
    cage->request = 0;
    return go(cage);
}

bool cage_same(struct cage *cage, const struct cage_moment *moment, bool *same)
{
    uint32_t reg[16];
    *same = false;
    if (!stand(cage))
        return false;
    if (!gdb_registers_read(&cage->gdb, reg))
        return failed(cage, "registers");
    uint32_t above = moment->reg[GDB_SP] - CHIP_MEMORY_AT;
    *same = above < CAGE_MEMORY_BYTES && reg[GDB_SP] == moment->reg[GDB_SP] &&
            memcmp(reg + 4, moment->reg + 4, 8 * sizeof reg[0]) == 0 &&
            memcmp(cage->wires.memory + above, moment->memory + above, CAGE_MEMORY_BYTES - above) == 0;
    return go(cage);
}
