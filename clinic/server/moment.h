/* moment.h - moments of UTC as they are written in documents: "2026-03-01T12:00:00Z", with milliseconds where there are some. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_MOMENT_H
#define CLINIC_SERVER_MOMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { MOMENT_TEXT_BYTES = 32 };

/* Reads exactly that form, 1970 to 2199; false and nothing written for any other. */
bool moment_read(const char *text, int64_t *ms);
void moment_write(char text[MOMENT_TEXT_BYTES], int64_t ms);
/* As a string; null for 0, which stands for "not yet". */
json_t *moment_json(int64_t ms);
/* "1950-12-31": a day there is or was. */
bool moment_date_good(const char *text);

#endif
