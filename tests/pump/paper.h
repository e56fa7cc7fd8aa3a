/* paper.h - a flash on paper: an array that obeys the rules of the chip, numbers its operations, and is cut off from power in
 * the middle of one. For tests of what is written into flash, without a pump and without the twin. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_PUMP_PAPER_H
#define TESTS_PUMP_PAPER_H

#include <setjmp.h>
#include <string.h>

#include "board/board.h"

enum paper_phase { PAPER_BEFORE, PAPER_MIDDLE, PAPER_AFTER, PAPER_PHASES };

struct paper {
    uint8_t byte[FLASH_BYTES];
    uint64_t seed;
    uint64_t operations;     /* words programmed and erases begun */
    uint64_t cut_at;         /* the operation in which power goes; 0: none */
    enum paper_phase phase;
    uint64_t fail_from, fail_to; /* operations whose word does not take */
    int32_t erasing;         /* sector, -1 none: it becomes blank when flash_erased() is next asked */
    unsigned erases[FLASH_SECTORS];
    unsigned misuse;         /* a word programmed twice, an address out of place */
    jmp_buf cut;
};

static inline uint64_t paper_dice(struct paper *paper)
{
    uint64_t x = paper->seed += 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

static inline void paper_read(void *hardware, uint32_t address, uint8_t *bytes, uint32_t size)
{
    struct paper *paper = hardware;
    if (address + size > FLASH_BYTES) {
        paper->misuse++;
        return;
    }
    memcpy(bytes, paper->byte + address, size);
}

static inline uint8_t paper_program(void *hardware, uint32_t address, const uint8_t word[FLASH_WORD_BYTES])
{
    struct paper *paper = hardware;
    bool cut = ++paper->operations == paper->cut_at;
    bool fails = paper->operations >= paper->fail_from && paper->operations < paper->fail_to;
    if (address % FLASH_WORD_BYTES != 0 || address >= FLASH_BYTES)
        paper->misuse++;
    if (cut && paper->phase == PAPER_BEFORE)
        longjmp(paper->cut, 1);
    for (unsigned i = 0; i < FLASH_WORD_BYTES; i++) {
        paper->misuse += paper->byte[address + i] != 0xFF && i == 0 && !fails;
        uint8_t torn = (cut && paper->phase == PAPER_MIDDLE) || fails ? (uint8_t)paper_dice(paper) : 0;
        paper->byte[address + i] &= (uint8_t)(word[i] | torn);
    }
    if (cut)
        longjmp(paper->cut, 1);
    return FLASH_DONE;
}

static inline uint8_t paper_erased(void *hardware)
{
    struct paper *paper = hardware;
    if (paper->erasing >= 0) {
        memset(paper->byte + (size_t)paper->erasing * FLASH_SECTOR_BYTES, 0xFF, FLASH_SECTOR_BYTES);
        paper->erasing = -1;
    }
    return FLASH_DONE;
}

/* What a cut leaves of a sector being erased: old bytes, erased bytes, and bytes in between. */
static inline void paper_tear(struct paper *paper)
{
    uint8_t *sector = paper->byte + (size_t)paper->erasing * FLASH_SECTOR_BYTES;
    uint64_t kind = 0;
    for (unsigned i = 0; paper->erasing >= 0 && i < FLASH_SECTOR_BYTES; i++) {
        kind = i % 64 == 0 ? paper_dice(paper) % 3 : kind;
        sector[i] = kind == 0 ? sector[i] : kind == 1 ? 0xFF : (uint8_t)(sector[i] | paper_dice(paper));
    }
    paper->erasing = -1;
}

static inline uint8_t paper_erase(void *hardware, uint32_t sector)
{
    struct paper *paper = hardware;
    bool cut = ++paper->operations == paper->cut_at;
    paper_erased(hardware);
    if (cut && paper->phase == PAPER_BEFORE)
        longjmp(paper->cut, 1);
    paper->erases[sector]++;
    paper->erasing = (int32_t)sector;
    if (cut && paper->phase == PAPER_AFTER)
        paper_erased(hardware);
    if (cut) {
        paper_tear(paper);
        longjmp(paper->cut, 1);
    }
    return FLASH_DONE;
}

static inline void paper_blank(struct paper *paper, uint64_t seed)
{
    memset(paper, 0, sizeof *paper);
    memset(paper->byte, 0xFF, sizeof paper->byte);
    paper->erasing = -1;
    paper->seed = seed;
}

static const struct board_doors PAPER_DOORS = { .flash_read = paper_read,
                                                .flash_program = paper_program,
                                                .flash_erase = paper_erase,
                                                .flash_erased = paper_erased };

static inline struct board paper_board(struct paper *paper)
{
    return (struct board){ .doors = &PAPER_DOORS, .hardware = paper };
}

#endif
