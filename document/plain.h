/* plain.h - names that are what they look like. Two that differ in what nobody sees would be taken for one another, and a
 * character that turns the direction of writing shows a number backwards. */
// SPDX-License-Identifier: Apache-2.0
#ifndef DOCUMENT_PLAIN_H
#define DOCUMENT_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for what plain_fault() and, of a text of up to 100 bytes, plain_write() have to say. */
enum { PLAIN_FAULT_BYTES = 160, PLAIN_TEXT_BYTES = 512 };

/* Is the whole text (UTF-8) made of characters that are seen, with single blanks between them? Else `fault` says which character
 * is wrong, at which byte, and what would be right. */
bool plain_fits(const char *text, char fault[PLAIN_FAULT_BYTES]);
/* The text as it can be printed, whoever wrote it: what is not seen, or moves the cursor, as <U+202E>; a byte that is no UTF-8 as
 * <FF>. What is longer than the room is cut off between characters. */
void plain_write(const char *text, char *out, size_t room);

#endif
