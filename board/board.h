/* board.h - the doors between the pump's software and any hardware.
 *
 * A door that takes time is split-phase: it is opened, and its result is fetched at a later wake (the hardware wakes the
 * core when it has one). Nothing here blocks, allocates or calls back. The pump is handed a `struct board` at each step
 * and keeps no copy, so that pump and hardware can be copied by plain assignment. */
// SPDX-License-Identifier: Apache-2.0
#ifndef BOARD_BOARD_H
#define BOARD_BOARD_H

#include <stdint.h>

#include "core/quantity.h"

enum { RETAINED_BYTES = 16384 };

/* The motor driver is a part of its own, as on a careful board. It moves one quantum when it has been given two
 * complementary words for the next sequence number, one by the engine and one by the governor; it keeps a least interval
 * and a budget of quanta per hour and per day by itself, and sounds a stall by itself. */
enum motor_state {
    MOTOR_IDLE = 1,    /* nothing asked since the last result was fetched */
    MOTOR_MOVING = 2,  /* the quantum is under way */
    MOTOR_DONE = 3,    /* the encoder (or outlet valve) confirmed one quantum */
    MOTOR_STALLED = 4, /* the time ran out without that */
    MOTOR_REFUSED = 5  /* keys, interval or budget: the driver did not fire */
};

enum motor_refusal { MOTOR_REFUSED_KEYS = 1, MOTOR_REFUSED_INTERVAL = 2, MOTOR_REFUSED_HOUR = 3, MOTOR_REFUSED_DAY = 4,
                     MOTOR_REFUSED_BUDGET_DAMAGED = 5, MOTOR_REFUSED_BUSY = 6 };

struct motor_report {
    uint8_t state;    /* enum motor_state */
    uint8_t refusal;  /* enum motor_refusal when refused */
    uint32_t extra;   /* encoder quanta seen beyond the one asked for, since the last report: over-infusion */
};

/* The budget, each value with its complement; the driver holds it until the next. Quanta in any rolling hour and day. */
struct motor_budget {
    uint32_t interval_ms, interval_inv;
    uint32_t hour, hour_inv;
    uint32_t day, day_inv;
};

enum tone { TONE_NONE = 0, TONE_SINGLE = 1, TONE_DUAL = 2, TONE_CONFIRM = 3 };

struct sensors {
    int32_t temperature_mdeg;      /* milli-degrees Celsius */
    int32_t battery_mv;            /* under the load of the moment */
    int64_t reservoir_nl;          /* from a fill sensor; -1 where none is fitted */
    int32_t catheter_pa;           /* catheter pressure, pascal; INT32_MIN where none is fitted */
    uint8_t magnet;                /* 1 while a magnet is held */
};

struct board_doors {
    /* motor: two keys, then a result */
    void (*motor_key_engine)(void *hardware, uint32_t key);
    void (*motor_key_governor)(void *hardware, uint32_t key); /* the second of the two fires */
    struct motor_report (*motor_result)(void *hardware);      /* fetching DONE, STALLED or REFUSED returns it to IDLE */
    void (*motor_budget)(void *hardware, const struct motor_budget *budget);
    /* sounder, sensors, watchdog, chance */
    void (*sound)(void *hardware, uint8_t tone); /* enum tone */
    void (*sense)(void *hardware, struct sensors *sensors);
    void (*watchdog)(void *hardware);
    uint64_t (*random)(void *hardware);
};

struct board {
    const struct board_doors *doors;
    void *hardware;      /* handed back to every door */
    uint64_t *retained;  /* RETAINED_BYTES of memory that survives reset and brown-out, may be lost or flipped; 8-aligned */
    uint8_t boot_cause;  /* why the core started: 1 power, 2 watchdog, 3 brown-out, 4 command */
};

#endif
