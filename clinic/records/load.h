/* load.h - reading back what clinic/records/dump.h has written, into a database without records, as a whole or not at all.
 * Needs no key: nothing is opened. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_LOAD_H
#define CLINIC_RECORDS_LOAD_H

#include <stdio.h>

#include "clinic/records/records.h"

enum { LOAD_LINE_BYTES = 65536 };

/* `records` were opened with `create`. RECORDS_EXISTS when there are some already; RECORDS_DAMAGED when the file is cut off,
 * was changed, or is no such file: with the line; RECORDS_VERSION when it was written by a later version. `rows` may be
 * null. */
enum records_fault load_read(struct records *records, FILE *in, uint64_t *rows);

#endif
