// SPDX-License-Identifier: Apache-2.0
#include "rig/chip/glitch.h"

#include <stdio.h>

#include "rig/dice.h"

/* xPSR: the flags N, Z, C, V and Q; the state of an IT block, in two pieces. */
enum { FLAG_LOWEST = 27, FLAG_HIGHEST = 31, IT_LOW_AT = 25, IT_HIGH_AT = 10 };

/* So often the board bus itself is struck too, which is most of what an emulated core does and nothing of what a real one
 * does. */
enum { WIRE_ONCE_IN = 5 };

const char *glitch_kind_word(enum glitch_kind kind)
{
    static const char *const words[GLITCH_KINDS] = { "skip", "register", "flag", "pump", "stack" };
    return kind < GLITCH_KINDS ? words[kind] : "";
}

/* A program counter has no bit 0 and a stack pointer neither 0 nor 1: the core has no such bits, and nothing would happen. */
static uint8_t lowest_bit(uint8_t number)
{
    return number == GDB_PC ? 1 : number == GDB_SP ? 2 : 0;
}

/* Half of them skip an instruction, as most of what is done to chips comes to that; of the rest most turn over a register. */
static enum glitch_kind kind_draw(struct dice *dice)
{
    int64_t share = dice_between(dice, 0, 99);
    if (share < 40)
        return GLITCH_SKIP;
    if (share < 75)
        return GLITCH_REGISTER;
    if (share < 80)
        return GLITCH_FLAG;
    return share < 90 ? GLITCH_PUMP : GLITCH_STACK;
}

struct glitch glitch_plan(uint64_t seed, uint64_t run, const struct glitch_ground *ground)
{
    struct dice dice = dice_for(seed, run);
    struct glitch glitch = { .wake = (uint32_t)dice_between(&dice, 0, (int64_t)ground->wakes - 1) };
    uint16_t requests = ground->requests[glitch.wake];
    glitch.request = (uint32_t)dice_between(&dice, 0, requests > 0 ? requests - 1 : 0);
    glitch.instructions = (uint32_t)dice_between(&dice, 0, GLITCH_LONGEST - 1);
    glitch.wire = dice_once_in(&dice, WIRE_ONCE_IN);
    glitch.kind = (uint8_t)kind_draw(&dice);
    switch ((enum glitch_kind)glitch.kind) {
    case GLITCH_REGISTER:
        glitch.number = (uint8_t)dice_between(&dice, 0, GDB_PC);
        glitch.bit = (uint8_t)dice_between(&dice, lowest_bit(glitch.number), 31);
        break;
    case GLITCH_FLAG:
        glitch.bit = (uint8_t)dice_between(&dice, FLAG_LOWEST, FLAG_HIGHEST);
        break;
    case GLITCH_PUMP:
        glitch.place = (uint32_t)dice_between(&dice, 0, (int64_t)ground->pump_bytes - 1);
        glitch.bit = (uint8_t)dice_between(&dice, 0, 7);
        break;
    case GLITCH_STACK:
        glitch.place = (uint32_t)dice_between(&dice, 0, GLITCH_STACK_BYTES - 1);
        glitch.bit = (uint8_t)dice_between(&dice, 0, 7);
        break;
    case GLITCH_SKIP:
    case GLITCH_KINDS:
        break;
    }
    return glitch;
}

unsigned glitch_instruction_bytes(uint16_t half)
{
    return half >> 11 >= 0x1D ? 4 : 2; /* 0b11101, 0b11110, 0b11111: ARMv7-M, A5.1 */
}

uint32_t glitch_psr_after(uint32_t psr)
{
    uint32_t state = (psr >> IT_LOW_AT & 3) | (psr >> IT_HIGH_AT & 0x3F) << 2;
    if (state == 0)
        return psr;
    state = (state & 7) == 0 ? 0 : (state & 0xE0) | (state << 1 & 0x1F); /* ITAdvance(): ARMv7-M, A7.3.3 */
    psr &= ~((uint32_t)3 << IT_LOW_AT | (uint32_t)0x3F << IT_HIGH_AT);
    return psr | (state & 3) << IT_LOW_AT | (state >> 2) << IT_HIGH_AT;
}

static bool refused(struct gdb *gdb, const char *what, uint32_t address)
{
    snprintf(gdb->wrong, sizeof gdb->wrong, "%s at 0x%x", what, (unsigned)address);
    return false;
}

static bool skip(struct gdb *gdb, const struct glitch_body *body, uint32_t pc)
{
    uint32_t psr, after;
    if (body->code_bytes < 2 || pc > body->code_bytes - 2)
        return refused(gdb, "there is no code", pc);
    if (!gdb_register_read(gdb, GDB_XPSR, &psr))
        return false;
    after = glitch_psr_after(psr);
    unsigned bytes = glitch_instruction_bytes((uint16_t)(body->code[pc] | body->code[pc + 1] << 8));
    return gdb_register_write(gdb, GDB_PC, pc + bytes) && (after == psr || gdb_register_write(gdb, GDB_XPSR, after));
}

static bool flip_register(struct gdb *gdb, unsigned number, unsigned bit)
{
    uint32_t value;
    return gdb_register_read(gdb, number, &value) && gdb_register_write(gdb, number, value ^ (uint32_t)1 << bit);
}

static bool flip_memory(struct gdb *gdb, const struct glitch_body *body, uint32_t address, unsigned bit)
{
    uint32_t place = address - body->memory_at;
    if (place >= body->memory_bytes)
        return refused(gdb, "there is no memory", address);
    body->memory[place] = (uint8_t)(body->memory[place] ^ 1u << bit);
    return true;
}

bool glitch_do(const struct glitch *glitch, struct gdb *gdb, const struct glitch_body *body, uint32_t *pc)
{
    uint32_t sp;
    if (!gdb_register_read(gdb, GDB_PC, pc))
        return false;
    switch ((enum glitch_kind)glitch->kind) {
    case GLITCH_SKIP:
        return skip(gdb, body, *pc);
    case GLITCH_REGISTER:
        return flip_register(gdb, glitch->number, glitch->bit);
    case GLITCH_FLAG:
        return flip_register(gdb, GDB_XPSR, glitch->bit);
    case GLITCH_PUMP:
        return flip_memory(gdb, body, body->pump + glitch->place, glitch->bit);
    case GLITCH_STACK:
        return gdb_register_read(gdb, GDB_SP, &sp) && flip_memory(gdb, body, sp + glitch->place, glitch->bit);
    case GLITCH_KINDS:
        break;
    }
    return refused(gdb, "no such glitch", 0);
}

void glitch_text(const struct glitch *glitch, char *text, size_t room)
{
    static const char *const names[] = { "r0", "r1", "r2",  "r3",  "r4",  "r5", "r6", "r7",
                                         "r8", "r9", "r10", "r11", "r12", "sp", "lr", "pc" };
    char what[64] = "";
    switch ((enum glitch_kind)glitch->kind) {
    case GLITCH_SKIP:
        snprintf(what, sizeof what, "skips an instruction");
        break;
    case GLITCH_REGISTER:
        snprintf(what, sizeof what, "flips bit %u of %s", glitch->bit, names[glitch->number & 15]);
        break;
    case GLITCH_FLAG:
        snprintf(what, sizeof what, "flips flag %c", "QVCZN"[glitch->bit - FLAG_LOWEST]);
        break;
    case GLITCH_PUMP:
        snprintf(what, sizeof what, "flips bit %u of byte %u of struct pump", glitch->bit, (unsigned)glitch->place);
        break;
    case GLITCH_STACK:
        snprintf(what, sizeof what, "flips bit %u of the stack's byte %u", glitch->bit, (unsigned)glitch->place);
        break;
    case GLITCH_KINDS:
        break;
    }
    snprintf(text, room, "%s, %u instructions%s after request %u of wake %u", what, (unsigned)glitch->instructions,
             glitch->wire ? " (the bus counts)" : "", (unsigned)glitch->request, (unsigned)glitch->wake);
}
