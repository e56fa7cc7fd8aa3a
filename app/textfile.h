/* textfile.h - a text file read as a whole. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_TEXTFILE_H
#define APP_TEXTFILE_H

#include <stddef.h>

/* The whole file in memory, ended by a zero byte, to be freed; null with a message when it cannot be read. */
char *textfile_read(const char *name, size_t *size);

#endif
