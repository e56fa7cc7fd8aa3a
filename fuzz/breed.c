/* breed.c - mutations of programs of steps: a step is left out, doubled, swapped, made up, or mutated in itself, and two programs
 * are joined where one step ends and another begins. What libFuzzer does by itself knows bytes only, and would move all
 * that follows out of its place. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/fuzz.h"

#include <string.h>

#include "fuzz/step.h"

struct program {
    uint8_t start;
    unsigned count;
    struct piece {
        uint8_t code, size, bytes[STEP_BYTES_MAX];
    } piece[PROGRAM_STEPS];
};

static unsigned draw(uint64_t *chance, unsigned below)
{
    *chance = *chance * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*chance >> 33) % below;
}

static void program_read(struct program *program, const uint8_t *bytes, size_t size)
{
    struct tape tape = { bytes, size }, step;
    program->start = tape_byte(&tape);
    for (program->count = 0; program->count < PROGRAM_STEPS && tape.left > 0; program->count++) {
        struct piece *piece = &program->piece[program->count];
        piece->code = step_next(&tape, &step);
        piece->size = (uint8_t)tape_rest(&step, piece->bytes, STEP_BYTES_MAX);
    }
}

/* What has no room any more is left out. */
static size_t program_write(const struct program *program, uint8_t *bytes, size_t room)
{
    size_t size = 0;
    if (room > 0)
        bytes[size++] = program->start;
    for (unsigned i = 0; i < program->count; i++) {
        const struct piece *piece = &program->piece[i];
        if (room - size < (size_t)STEP_HEAD + piece->size)
            break;
        bytes[size] = piece->code;
        bytes[size + 1] = piece->size;
        memcpy(bytes + size + STEP_HEAD, piece->bytes, piece->size);
        size += (size_t)STEP_HEAD + piece->size;
    }
    return size;
}

/* A place for one more, before the step at `at`; the last makes room where there is none. */
static struct piece *insert(struct program *program, unsigned at)
{
    if (program->count < PROGRAM_STEPS)
        program->count++;
    for (unsigned i = program->count - 1; i > at; i--)
        program->piece[i] = program->piece[i - 1];
    return &program->piece[at];
}

/* Most numbers that mean something are small. */
static struct piece invent(uint64_t *chance)
{
    struct piece piece = { .code = (uint8_t)draw(chance, STEPS), .size = (uint8_t)draw(chance, 14) };
    for (unsigned i = 0; i < piece.size; i++)
        piece.bytes[i] = (uint8_t)(draw(chance, 3) == 0 ? draw(chance, 256) : draw(chance, 3) == 0 ? draw(chance, 24) : 0);
    return piece;
}

static void mutate(struct program *program, uint64_t *chance)
{
    unsigned at = program->count > 0 ? draw(chance, program->count) : 0;
    unsigned to = program->count > 0 ? draw(chance, program->count) : 0;
    struct piece *piece = &program->piece[at], copy = *piece;
    unsigned how = program->count == 0 ? 7 : draw(chance, 8);
    if (how <= 2) {
        piece->size = (uint8_t)LLVMFuzzerMutate(piece->bytes, piece->size, STEP_BYTES_MAX);
    } else if (how == 3) {
        program->count--;
        memmove(piece, piece + 1, (program->count - at) * sizeof *piece);
    } else if (how == 4) {
        *insert(program, to) = copy;
    } else if (how == 5) {
        *piece = program->piece[to];
        program->piece[to] = copy;
    } else if (how == 6 && piece->size > 0) {
        piece->bytes[draw(chance, piece->size)] = (uint8_t)draw(chance, 24);
    } else {
        *insert(program, to) = invent(chance);
    }
    if (draw(chance, 16) == 0)
        program->start = (uint8_t)draw(chance, 4);
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed)
{
    static struct program program;
    uint64_t chance = seed;
    program_read(&program, bytes, size);
    for (unsigned again = 1 + draw(&chance, 4); again > 0; again--)
        mutate(&program, &chance);
    return program_write(&program, bytes, room);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other, size_t other_size, uint8_t *bytes,
                                 size_t room, unsigned seed)
{
    static struct program head, tail;
    uint64_t chance = seed;
    program_read(&head, one, one_size);
    program_read(&tail, other, other_size);
    head.count = head.count > 0 ? draw(&chance, head.count + 1) : 0;
    for (unsigned from = tail.count > 0 ? draw(&chance, tail.count) : 0; from < tail.count && head.count < PROGRAM_STEPS; from++)
        head.piece[head.count++] = tail.piece[from];
    return program_write(&head, bytes, room);
}
