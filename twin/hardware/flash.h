/* flash.h - the flash chip: erased by sectors to FF, programmed by words of 8 bytes, one way only. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_HARDWARE_FLASH_H
#define TWIN_HARDWARE_FLASH_H

#include "board/board.h"
#include "core/quantity.h"

enum { FLASH_ERASE_MS = 50 }; /* guess: data sheets of serial NOR flash name tens of milliseconds */

struct flash {
    int32_t erasing;    /* the sector whose erase is under way; -1 when none */
    instant_ms done_at; /* and when it ends */
    uint8_t last;       /* enum flash_answer of the last erase */
    uint8_t byte[FLASH_BYTES];
};

/* All erased. */
void flash_init(struct flash *flash);
void flash_read(const struct flash *flash, uint32_t address, uint8_t *bytes, uint32_t size);
/* Bits can only go from 1 to 0. */
uint8_t flash_program(struct flash *flash, uint32_t address, const uint8_t word[FLASH_WORD_BYTES]);
uint8_t flash_erase(struct flash *flash, uint32_t sector, instant_ms now);
uint8_t flash_erased(struct flash *flash, instant_ms now);

#endif
