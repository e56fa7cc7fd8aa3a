/* gdb.h - a small client of the GDB remote serial protocol, for the debug port of an emulated Cortex-M: looks into the
 * core, changes it, and lets it go on by one instruction or freely. One core, all-stop, with acknowledgements; what QEMU's
 * stub speaks.
 * Source: "GDB Remote Serial Protocol", appendix E of the manual of GDB. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CHIP_GDB_H
#define RIG_CHIP_GDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/result.h"

enum {
    GDB_PACKET_MAX = 2048, /* bytes between `$` and `#` */
    GDB_MEMORY_MAX = 512,  /* bytes of memory in one request */
    GDB_WRONG_BYTES = 160,
    GDB_TRIES = 3,          /* a packet that is not acknowledged is sent so often */
    GDB_PATIENCE_MS = 10000 /* for an answer of the stub: guess, far beyond what a busy machine takes */
};

/* Numbers of the registers as the stub counts them: r0 to r12 are 0 to 12. */
enum gdb_register { GDB_SP = 13, GDB_LR = 14, GDB_PC = 15, GDB_XPSR = 25 };

/* What the core stops at: an instruction, or an access to memory. Values as in the packets. */
enum gdb_point { GDB_BREAK = 0, GDB_WATCH_WRITE = 2, GDB_WATCH_READ = 3, GDB_WATCH_ACCESS = 4 };

struct gdb {
    int fd; /* -1: none */
    int patience_ms;
    size_t held; /* bytes received and not yet looked at */
    char in[GDB_PACKET_MAX * 2];
    char packet[GDB_PACKET_MAX + 1]; /* the last one received, ended by a zero */
    char wrong[GDB_WRONG_BYTES];     /* what went wrong last, for people */
};

/* Why the core stands. */
struct gdb_stop {
    uint8_t signal;   /* 2 asked to (gdb_interrupt()), 5 a step, a breakpoint or a watchpoint */
    bool watch;       /* a watchpoint, */
    uint32_t address; /* and what was touched */
};

/* All below: false when the stub does not answer, answers an error or has gone; gdb->wrong says what. A wait is never longer than
 * gdb->patience_ms, or the time given. */

/* Takes over an end of a socket (closed by gdb_close()) and greets the stub. The core stands afterwards, whatever it did
 * before. */
MUST_USE bool gdb_open(struct gdb *gdb, int fd);
/* The same at a unix socket that has a name. */
MUST_USE bool gdb_connect(struct gdb *gdb, const char *path);
void gdb_close(struct gdb *gdb);

/* While the core stands: registers, */
MUST_USE bool gdb_register_read(struct gdb *gdb, unsigned number, uint32_t *value);
MUST_USE bool gdb_register_write(struct gdb *gdb, unsigned number, uint32_t value);
/* r0 to r12, sp, lr and pc at once, */
MUST_USE bool gdb_registers_read(struct gdb *gdb, uint32_t value[16]);
/* memory, `size` at most GDB_MEMORY_MAX, and points to stop at; `size` of a breakpoint is 2. */
MUST_USE bool gdb_memory_read(struct gdb *gdb, uint32_t address, uint8_t *bytes, size_t size);
MUST_USE bool gdb_memory_write(struct gdb *gdb, uint32_t address, const uint8_t *bytes, size_t size);
MUST_USE bool gdb_point_set(struct gdb *gdb, enum gdb_point point, uint32_t address, uint32_t size);
MUST_USE bool gdb_point_clear(struct gdb *gdb, enum gdb_point point, uint32_t address, uint32_t size);

/* Lets it run freely; returns at once. */
MUST_USE bool gdb_go(struct gdb *gdb);
/* Asks a running core to stand; gdb_wait() tells when it does. */
MUST_USE bool gdb_interrupt(struct gdb *gdb);
/* Until a core that was let go stands: at most so long. */
MUST_USE bool gdb_wait(struct gdb *gdb, int milliseconds, struct gdb_stop *stop);
/* One instruction, without interrupts in between. */
MUST_USE bool gdb_step(struct gdb *gdb);

#endif
