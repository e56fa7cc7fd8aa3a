/* blank.h - is flash erased? Looked at in pieces: each reading costs a transfer on the flash's bus, whatever its size. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_BLANK_H
#define PUMP_BLANK_H

#include "board/board.h"

enum { BLANK_PIECE = 64 }; /* bytes of one reading; a sector holds a whole number of them */

/* Is every byte of these, at most BLANK_PIECE, erased? */
bool blank_bytes(const uint8_t *bytes, unsigned size);
/* The same of the piece that begins at this address. */
bool blank_piece(const struct board *board, uint32_t address);
/* The same of a whole sector, counted from the start of the flash. */
bool blank_sector(const struct board *board, uint32_t sector);

#endif
