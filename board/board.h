/* board.h - the doors between the pump's software and any hardware.
 *
 * A door that takes time is split-phase: it is opened, and its result is fetched at a later wake (the hardware wakes the
 * core when it has one). Nothing here blocks, allocates or calls back. The pump is handed a `struct board` at each step
 * and keeps no copy, so that pump and hardware can be copied by plain assignment. */
// SPDX-License-Identifier: Apache-2.0
#ifndef BOARD_BOARD_H
#define BOARD_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/quantity.h"

enum { RETAINED_BYTES = 16384 };

/* The radio: whole frames, cut at their closing zero (link/SPEC.md). */
enum { RADIO_FRAME_MAX = 256 };
/* Near: the other device is held to the skin, as the coil's near field tells. None is only ever listened to: the receiver is
 * off. */
enum reach { REACH_NEAR = 1, REACH_FAR = 2, REACH_NONE = 3 };
struct radio_heard {
    uint16_t size; /* 0: nothing */
    uint8_t reach; /* enum reach: how it came */
    uint8_t bytes[RADIO_FRAME_MAX];
};

/* Flash: erased by whole sectors to FF, programmed by words of 8 bytes, each word once between two erases. */
enum { FLASH_SECTOR_BYTES = 4096, FLASH_WORD_BYTES = 8, FLASH_SECTORS = 389, FLASH_BYTES = FLASH_SECTORS * FLASH_SECTOR_BYTES };

enum flash_answer {
    FLASH_DONE = 1,   /* programmed, or erased, and the part says so; what it holds is for the software to read back */
    FLASH_BUSY = 2,   /* an erase is under way (in this sector: nothing was programmed) */
    FLASH_FAILED = 3  /* the part reports a failure */
};

/* Why the core started. */
enum boot_cause { BOOT_POWER = 1, BOOT_WATCHDOG = 2, BOOT_BROWN_OUT = 3, BOOT_COMMAND = 4 };

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

/* What the driver counts by itself since it got power, for comparison with the software's own counts. */
struct motor_witness {
    uint32_t fired;    /* quanta it was told to move and moved or tried to */
    int64_t clock_ms;  /* its own clock */
    uint32_t load;     /* motor load of the last quantum, thousandths of a new motor's */
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
    int32_t leakage_na;            /* leakage current between the feedthroughs, nanoampere */
    uint8_t magnet;                /* 1 while a magnet is held */
    uint8_t field;                 /* 1 in a field far stronger than any magnet's: a scanner */
    uint8_t spare[6];              /* zeros: no byte of it is left to chance, so that runs can be compared */
};

struct board_doors {
    /* motor: two keys, then a result */
    void (*motor_key_engine)(void *hardware, uint32_t key);
    void (*motor_key_governor)(void *hardware, uint32_t key); /* the second of the two fires */
    struct motor_report (*motor_result)(void *hardware);      /* fetching DONE, STALLED or REFUSED returns it to IDLE */
    void (*motor_budget)(void *hardware, const struct motor_budget *budget);
    void (*motor_witness)(void *hardware, struct motor_witness *witness);
    /* flash. Addresses in bytes from 0; a word's address is a multiple of FLASH_WORD_BYTES. Programming takes
     * microseconds and answers at once. An erase takes a while: it is begun, and flash_erased() tells at a later wake
     * what became of the last one begun (FLASH_BUSY while it runs). The part suspends an erase to program elsewhere. */
    void (*flash_read)(void *hardware, uint32_t address, uint8_t *bytes, uint32_t size);
    uint8_t (*flash_program)(void *hardware, uint32_t address, const uint8_t word[FLASH_WORD_BYTES]);
    uint8_t (*flash_erase)(void *hardware, uint32_t sector); /* FLASH_BUSY: another is under way, this one not begun */
    uint8_t (*flash_erased)(void *hardware);
    /* sounder, sensors, watchdog, chance */
    void (*sound)(void *hardware, uint8_t tone); /* enum tone */
    bool (*sounder_alive)(void *hardware);       /* does current flow through the sounder when it is driven? */
    void (*sense)(void *hardware, struct sensors *sensors);
    void (*watchdog)(void *hardware); /* it barks when a wake that was asked for is not answered within a minute */
    uint64_t (*random)(void *hardware);
    /* radio. The hardware wakes the core when a frame has come; radio_receive() fetches the oldest. Sending takes the frame over
     * at once. Frames of a reach that is not listened to cost nothing and are gone. */
    void (*radio_receive)(void *hardware, struct radio_heard *heard);
    void (*radio_send)(void *hardware, const uint8_t *bytes, uint32_t size);
    void (*radio_listen)(void *hardware, uint8_t reach); /* NEAR: only to that; FAR, as after power came: to both; NONE */
    /* Starts the core again at the end of this wake, with BOOT_COMMAND. */
    void (*restart)(void *hardware);
};

struct board {
    const struct board_doors *doors;
    void *hardware;      /* handed back to every door */
    uint64_t *retained;  /* RETAINED_BYTES of memory that survives reset and brown-out, may be lost or flipped; 8-aligned */
    uint8_t boot_cause;  /* enum boot_cause */
    uint8_t image;       /* which image slot runs: 1 or 2; 0 the one the factory wrote */
    bool clock_lost;     /* the monotonic clock lost its supply too and has begun again at 0 */
};

#endif
