/* dump.h - all records as lines of JSON: the form of exports and backups, the same from either database.
 *
 *   {"cisterna_records":1,"version":V,"name":"HEX"}     the form of this file, the version of the tables, the name of the records
 *   {"table":"patients","id":1,"created_ms":...}        one line a row, tables in the order of table.def, rows by id;
 *                                                       what is nothing is left out; bytes are hexadecimal
 *   {"end":N,"digest":"HEX"}                            how many rows; BLAKE2b-256 of all bytes before this line
 *
 * What is sealed stays sealed, and the audit comes along: records read back from it verify as before, in the other database
 * too. With `clear` the boxes of patients are opened: "text" stands in the place of "box", and the file cannot be read back. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_DUMP_H
#define CLINIC_RECORDS_DUMP_H

#include <stdio.h>

#include "clinic/records/records.h"

enum { DUMP_FORM = 1 };

/* Writes all of it, as it was at one moment, whoever writes meanwhile. RECORDS_FAILED when the stream takes it not. `rows`
 * may be null. */
enum records_fault dump_write(struct records *records, FILE *out, bool clear, uint64_t *rows);

#endif
