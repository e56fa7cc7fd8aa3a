// SPDX-License-Identifier: Apache-2.0
#include "pump/blank.h"

bool blank_bytes(const uint8_t *bytes, unsigned size)
{
    unsigned all = 0xFF;
    for (unsigned i = 0; i < size; i++) {
        all &= bytes[i];
    }
    return all == 0xFF;
}

bool blank_piece(const struct board *board, uint32_t address)
{
    uint8_t bytes[BLANK_PIECE];
    board->doors->flash_read(board->hardware, address, bytes, sizeof bytes);
    return blank_bytes(bytes, sizeof bytes);
}

bool blank_sector(const struct board *board, uint32_t sector)
{
    for (uint32_t at = 0; at < FLASH_SECTOR_BYTES; at += BLANK_PIECE) {
        if (!blank_piece(board, sector * FLASH_SECTOR_BYTES + at)) {
            return false;
        }
    }
    return true;
}
