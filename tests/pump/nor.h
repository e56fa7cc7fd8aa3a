/* nor.h - a flash of the tests' own: a byte array that obeys the rules, loses power where it is told to, and wears. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_PUMP_NOR_H
#define TESTS_PUMP_NOR_H

#include <setjmp.h>

#include "board/board.h"

enum nor_cut { NOR_BEFORE = 0, NOR_MIDDLE = 1, NOR_AFTER = 2 };

struct nor {
    uint8_t byte[FLASH_BYTES];
    uint32_t erases[FLASH_SECTORS];
    int32_t erasing;      /* sector, -1 none */
    unsigned erase_looks; /* how often an erase is looked at before it is done */
    unsigned looks;
    int64_t cut_in;       /* so many operations from now the power goes; 0 never */
    enum nor_cut cut;
    jmp_buf out;
    uint64_t chance;
    unsigned wear;        /* one in so many words does not take; 0 none */
    int32_t bad_sector;   /* never erases any more; -1 none */
    uint64_t words;
};

void nor_init(struct nor *nor, uint64_t seed);
struct board nor_board(struct nor *nor);
/* What the loss of power does to an erase under way. */
void nor_power_lost(struct nor *nor);
/* The byte at an offset of a sector. */
uint8_t *nor_at(struct nor *nor, uint32_t sector, uint32_t offset);

#endif
