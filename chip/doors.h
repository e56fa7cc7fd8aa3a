/* doors.h - the doors of board/board.h, opened over the board bus. Porting the pump to a real board means putting a driver in the
 * place of each of them: chip/README.md tells what the pump expects of it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_DOORS_H
#define CHIP_DOORS_H

#include "board/board.h"

/* They need no `hardware`. */
extern const struct board_doors doors;

#endif
