/* textfile.h - a text file read as a whole. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_TEXTFILE_H
#define APP_TEXTFILE_H

#include <stdbool.h>
#include <stddef.h>

/* The whole file in memory, ended by a zero byte, to be freed; null with a message when it cannot be read. */
char *textfile_read(const char *name, size_t *size);

/* Is there nothing in it but what belongs into lines of text? False with a message that names the line: a reader of lines would
 * end at a zero byte, and say nothing of the rest. */
bool textfile_lines(const char *name, const char *text, size_t size);

#endif
