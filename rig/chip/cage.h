/* cage.h - an emulated chip that faults can be done to: it is held by its debug port and by its lines at once, so that it can be
 * stopped at an instruction that is the same in every run, kept as it sleeps, and put back. docs/faults.md. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CHIP_CAGE_H
#define RIG_CHIP_CAGE_H

#include "rig/chip/chip.h"
#include "rig/chip/gdb.h"
#include "rig/chip/glitch.h"
#include "rig/chip/imagecode.h"

enum {
    CAGE_MEMORY_BYTES = 65536, /* all the RAM of the image (chip/pump.ld) */
    CAGE_PATIENCE_MS = 4000,   /* real time that the core may be silent in; its own watchdog bites sooner: guess */
    CAGE_WAKES = 8192,
    CAGE_WRONG_BYTES = 200
};

/* A core as it sleeps. */
struct cage_moment {
    struct chip_place place;
    uint32_t wake;
    uint32_t reg[16], psr;
    uint8_t memory[CAGE_MEMORY_BYTES];
};

struct cage {
    struct imagecode code;
    struct chip *chip;
    struct chip_wires wires; /* of it */
    struct gdb gdb;
    int port;           /* the emulator's end of its debug port, for the next one when it has ended */
    uint64_t deaths;    /* of emulators, when the debug port was opened */
    uint32_t wake;      /* wakes so far, since it was last set to 0 */
    uint32_t request;   /* answered in this wake */
    uint16_t *requests; /* where the count of each wake is written, CAGE_WAKES of them; null: nowhere */
    bool armed, done;   /* a glitch waits; it has been done */
    bool begun;         /* its request has been answered, and instructions are counted */
    uint32_t left;      /* so many until it is done */
    struct glitch glitch;
    uint32_t pc; /* where the core stood when it was done */
    char wrong[CAGE_WRONG_BYTES];
};

/* Starts the image; `why` when it cannot be. */
MUST_USE bool cage_open(struct cage *cage, const char *image, char *why, size_t room);
void cage_close(struct cage *cage);
/* The next time that its place comes this is done. */
void cage_arm(struct cage *cage, const struct glitch *glitch);

/* Keeps a core that sleeps; puts it back, whatever state it is in now; and whether it is the same again: registers that a call
 * preserves, and the memory that is not below the stack. False with cage->wrong when it cannot be said. */
MUST_USE bool cage_keep(struct cage *cage, struct cage_moment *moment);
MUST_USE bool cage_back(struct cage *cage, const struct cage_moment *moment);
MUST_USE bool cage_same(struct cage *cage, const struct cage_moment *moment, bool *same);

#endif
