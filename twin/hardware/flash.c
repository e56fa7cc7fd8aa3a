/* flash.c - what the flash chip does with a word, and with a sector. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/flash.h"

#include <string.h>

void flash_init(struct flash *flash)
{
    memset(flash, 0, sizeof *flash);
    flash->erasing = -1;
    flash->last = FLASH_DONE;
    memset(flash->byte, 0xFF, sizeof flash->byte);
}

static void flash_settle(struct flash *flash, instant_ms now)
{
    if (flash->erasing >= 0 && now.ms >= flash->done_at.ms) {
        memset(flash->byte + (size_t)flash->erasing * FLASH_SECTOR_BYTES, 0xFF, FLASH_SECTOR_BYTES);
        flash->erasing = -1;
        flash->last = FLASH_DONE;
    }
}

void flash_read(const struct flash *flash, uint32_t address, uint8_t *bytes, uint32_t size)
{
    memcpy(bytes, flash->byte + address, size);
}

uint8_t flash_program(struct flash *flash, uint32_t address, const uint8_t word[FLASH_WORD_BYTES])
{
    if (flash->erasing >= 0 && address / FLASH_SECTOR_BYTES == (uint32_t)flash->erasing) {
        return FLASH_BUSY;
    }
    for (unsigned i = 0; i < FLASH_WORD_BYTES; i++) {
        flash->byte[address + i] &= word[i];
    }
    return FLASH_DONE;
}

uint8_t flash_erase(struct flash *flash, uint32_t sector, instant_ms now)
{
    flash_settle(flash, now);
    if (flash->erasing >= 0) {
        return FLASH_BUSY;
    }
    flash->erasing = (int32_t)sector;
    flash->done_at.ms = now.ms + FLASH_ERASE_MS;
    return FLASH_DONE;
}

uint8_t flash_erased(struct flash *flash, instant_ms now)
{
    flash_settle(flash, now);
    return flash->erasing >= 0 ? (uint8_t)FLASH_BUSY : flash->last;
}
