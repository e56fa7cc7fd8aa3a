/* card.h - the secret on an implant card as people read and type it: 26 letters and digits of Crockford's base 32, which has no
 * I, L, O and U. The first character holds the highest five bits of the first byte; two bits left over at the end are zero. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PROGRAMMER_CARD_H
#define CLINIC_PROGRAMMER_CARD_H

#include <stdbool.h>
#include <stddef.h>

#include "link/gate.h"

/* "ABCDE-FGHJK-MNPQR-STVWX-YZ0123", ended by a zero byte. */
enum { CARD_CHARACTERS = 26, CARD_TEXT_BYTES = CARD_CHARACTERS + 4 + 1 };

void card_write(const uint8_t secret[CARD_SECRET_BYTES], char text[CARD_TEXT_BYTES]);
/* Reads a text of `size` bytes: letters of either case, O as 0, I and L as 1; blanks, dashes and line ends are passed over.
 * False, and *secret untouched, for anything else. */
bool card_read(const char *text, size_t size, uint8_t secret[CARD_SECRET_BYTES]);

#endif
