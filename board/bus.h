/* bus.h - the board bus: how the core on an emulated chip opens the doors of board/board.h, which a twin plays. Requests go out
 * on one serial line, results come back through a window of memory, as a DMA channel would bring them, and one byte on that line
 * says that they are there. board/SPEC.md is the contract. Chip and twin are both little-endian and lay these structs out
 * alike. */
// SPDX-License-Identifier: Apache-2.0
#ifndef BOARD_BUS_H
#define BOARD_BUS_H

#include <stddef.h>
#include <stdint.h>

#include "board/board.h"

enum { BUS_VERSION = 1 };

/* A request on the line: these two bytes, its number, its sequence, the size of its body (2 bytes), the body, and a check of 2
 * bytes over all between the sync and it (bus_check()). */
enum { BUS_SYNC_1 = 0xB5, BUS_SYNC_2 = 0x5B, BUS_HEAD_BYTES = 6, BUS_CHECK_BYTES = 2, BUS_BODY_MAX = 512 };

/* The answer on the line is one byte: the low four bits of the request's sequence above one of these. */
enum bus_answer { BUS_DONE = 0xA, BUS_MALFORMED = 0x5 };

enum { BUS_WINDOW_BYTES = 4096 };
struct bus_window {
    uint16_t size;  /* of the result */
    uint16_t check; /* bus_check() over it */
    uint8_t sequence;
    uint8_t flash_open; /* 1: until the next request flash is read where bus_hello.flash says, without asking */
    uint8_t spare[2];
    uint8_t bytes[BUS_WINDOW_BYTES];
};

enum bus_request {
#define BUS_REQUEST(name, number, body, result, meaning) BUS_##name = (number),
#include "board/bus.def"
#undef BUS_REQUEST
};

enum { BUS_BUILD_BYTES = 20 };

/* Where the twin finds what it plays or looks at, as addresses of the chip; and which image this is. */
struct bus_hello {
    uint16_t version;   /* BUS_VERSION */
    uint8_t bench;      /* 1: a bench image, which takes commands without the air */
    uint8_t fault_kept; /* 1: the core started because of a fault that it kept and will tell */
    uint32_t window;    /* struct bus_window */
    uint32_t retained;  /* RETAINED_BYTES, played by the twin: it survives as the twin says */
    uint32_t pump;      /* struct pump, for looking at while the core sleeps; nothing depends on it */
    uint32_t pump_bytes;
    uint32_t unit_bytes; /* struct pump_unit */
    uint32_t image_crc;
    uint32_t flash;      /* FLASH_BYTES, a copy of the flash that the twin keeps; 0: none, each read is asked for */
    uint8_t build[BUS_BUILD_BYTES];
};

struct bus_start {
    int64_t now_ms;     /* the monotonic clock */
    uint8_t boot_cause; /* enum boot_cause */
    uint8_t clock_lost;
    uint8_t spare[6];
};

struct bus_sleep {
    int64_t wake_ms; /* INT64_MAX: never by itself */
    uint8_t image;   /* slot whose image runs, as the boot code chose */
    uint8_t spare[7];
};

enum bus_wake_why { BUS_WAKE_STEP = 1, BUS_WAKE_RADIO = 2, BUS_WAKE_BENCH = 3 };
struct bus_wake {
    int64_t now_ms;
    uint8_t why;  /* enum bus_wake_why */
    uint8_t role; /* BUS_WAKE_BENCH: of the sender, */
    uint8_t slot; /* and its slot; `size` bytes of the command follow in the window */
    uint8_t spare;
    uint16_t size;
    uint16_t spare_too;
};

struct bus_frame {
    uint16_t size; /* 0: nothing */
    uint8_t reach; /* enum reach; of one that is sent 0 */
    uint8_t spare;
};

enum bus_fault_kind {
    BUS_FAULT_HARD = 1,
    BUS_FAULT_MEMORY = 2,
    BUS_FAULT_BUS = 3,
    BUS_FAULT_USAGE = 4,
    BUS_FAULT_STACK = 5,
    BUS_FAULT_UNEXPECTED = 6,
    BUS_FAULT_WATCHDOG = 7,
    BUS_FAULT_IMAGE = 8
};
struct bus_fault {
    uint32_t kind; /* enum bus_fault_kind */
    uint32_t status, address, pc, lr, psr;
};

/* CRC-16 with the polynomial 0x1021 from 0xFFFF, most significant bit first (the table-less form of CCITT's). `check`: 0xFFFF at
 * first, then the result of the bytes before. */
static inline uint16_t bus_check(uint16_t check, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        check = (uint16_t)((uint16_t)(check << 8) | check >> 8);
        check = (uint16_t)(check ^ bytes[i]);
        check = (uint16_t)(check ^ (check & 0xFF) >> 4);
        check = (uint16_t)(check ^ (uint16_t)(check << 12));
        check = (uint16_t)(check ^ (uint16_t)((check & 0xFF) << 5));
    }
    return check;
}

#endif
