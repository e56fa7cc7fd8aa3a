/* qemu.h - an emulated chip: QEMU's mps2-an386 (a Cortex-M4) as a child of this process, which has its lines, its memory and its
 * monitor, and dies with it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CHIP_QEMU_H
#define RIG_CHIP_QEMU_H

#include "rig/chip/chip.h"

/* Debian's package qemu-system-arm has it. */
#define QEMU_PROGRAM "qemu-system-arm"

/* Real time for an answer of the core (guess: the longest wake on a busy machine takes a tenth of it), and of QEMU itself. */
enum { QEMU_PATIENCE_MS = 20000 };

struct qemu_ask {
    const char *image;        /* an ELF file */
    const char *gdb;          /* a socket to be made for a debugger, of this user alone; null: none */
    const char *instructions; /* where each instruction is written, one a line; null: nowhere */
    int gdb_line;             /* as gdb, on a socket to be inherited whose other end the caller keeps; 0: none */
    bool revives;             /* QEMU that ends (it does when the core locks up) is started anew at the next reset */
};

/* Starts it, with its core not yet running. With a debugger or a record of instructions the core may be silent for ever. False,
 * with the reason in `why`, when it cannot be started: then nothing is left of it. */
MUST_USE bool qemu_start(const struct qemu_ask *ask, struct chip_wires *wires, char *why, size_t room);

/* Is this file an image at all: whole, and for such a chip? Null, or what it is instead. */
const char *qemu_image_fault(const char *path);

#endif
