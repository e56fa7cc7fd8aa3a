/* flash.h - the flash chip: erased by sectors to FF, programmed by words of 8 bytes, one way only; and all that can go
 * wrong with it. What a cut or a failure leaves behind is drawn from the seed, so a run repeats exactly. Plain data. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_HARDWARE_FLASH_H
#define TWIN_HARDWARE_FLASH_H

#include <stdbool.h>

#include "board/board.h"
#include "core/quantity.h"

enum { FLASH_ERASE_MS = 50 }; /* guess: data sheets of serial NOR flash name tens of milliseconds */

/* Where in its operation the power goes. */
enum flash_cut {
    FLASH_CUT_BEFORE = 1, /* nothing of it was done */
    FLASH_CUT_MIDDLE = 2, /* some of the bits were programmed; or the erase stopped in the middle */
    FLASH_CUT_AFTER = 3,  /* all of it was done, and nobody was told */
    FLASH_CUT_DURING = 4  /* of an erase: some time after it was begun, while the core does something else; of a word:
                             as MIDDLE */
};

/* What is wrong with the part. A word or sector either fails always or never: which ones, the seed says. */
struct flash_wear {
    uint32_t words_ppm;   /* share of words of which some bits stay 1 that should be 0 */
    uint32_t sectors_ppm; /* share of sectors of which an erase leaves something behind */
    bool silent;          /* the part says FLASH_DONE all the same */
};

struct flash {
    int32_t erasing;     /* the sector whose erase is under way; -1 when none */
    instant_ms done_at;  /* and when it ends */
    instant_ms cut_due;  /* when a FLASH_CUT_DURING strikes; INSTANT_NEVER when none is under way */
    uint8_t last;        /* enum flash_answer of the last erase */
    bool off;            /* power was cut in an operation: nothing works until flash_power_cut() */
    uint8_t cut;         /* enum flash_cut, of operation number cut_at */
    uint64_t cut_at;     /* 0: none */
    uint64_t fail_at;    /* this operation fails; 0: none */
    uint64_t operations; /* words and erases begun, ever: the first is number 1 */
    uint64_t misuses;    /* words programmed that were not erased: what a careful software never does */
    uint64_t seed, chance;
    struct flash_wear wear;
    uint32_t erases[FLASH_SECTORS]; /* begun, by sector */
    uint8_t byte[FLASH_BYTES];
};

/* All erased, sound. Set `seed` afterwards. */
void flash_init(struct flash *flash);
/* An erase whose time has come ends. To be called with the time before any of the three below. */
static inline void flash_settle(struct flash *flash, instant_ms now);
/* A sector whose erase is under way shows noise. */
static inline void flash_read(const struct flash *flash, uint32_t address, uint8_t *bytes, uint32_t size);
/* Bits can only go from 1 to 0: programming a word twice leaves both words' zeros, and counts as a misuse. */
uint8_t flash_program(struct flash *flash, uint32_t address, const uint8_t word[FLASH_WORD_BYTES]);
uint8_t flash_erase(struct flash *flash, uint32_t sector, instant_ms now);
uint8_t flash_erased(struct flash *flash, instant_ms now);

/* Power goes while the operation with this number (see `operations`) is done: its phase as above, then `off`. */
void flash_cut_at(struct flash *flash, uint64_t operation, enum flash_cut cut);
/* This operation fails: some bits of the word stay 1, or the erase leaves something behind. */
void flash_fail_at(struct flash *flash, uint64_t operation);
/* Turns one bit over, wherever it stands: a cell that lost its charge, or was hit. */
void flash_flip(struct flash *flash, uint64_t bit_index);
/* Power goes and comes back: an erase under way has stopped in its middle; a cut that was asked for is over. */
void flash_power_cut(struct flash *flash, instant_ms now);

/* The rest is here, not in flash.c, because it runs for every word of every record of every simulated year. */

/* The erase under way has come to its end: for flash_settle() only. */
void flash_end_erase(struct flash *flash);
/* Puts noise in the place of bytes whose erase is under way: for flash_read() only. */
void flash_read_noise(const struct flash *flash, uint32_t address, uint8_t *bytes, uint32_t size);

static inline void flash_settle(struct flash *flash, instant_ms now)
{
    if (flash->erasing >= 0 && now.ms >= flash->done_at.ms) {
        flash_end_erase(flash);
    }
}

static inline void flash_read(const struct flash *flash, uint32_t address, uint8_t *bytes, uint32_t size)
{
    if (size == FLASH_WORD_BYTES) { /* a size that the compiler knows */
        __builtin_memcpy(bytes, flash->byte + address, FLASH_WORD_BYTES);
    } else {
        __builtin_memcpy(bytes, flash->byte + address, size);
    }
    if (flash->erasing >= 0) {
        flash_read_noise(flash, address, bytes, size);
    }
}

#endif
