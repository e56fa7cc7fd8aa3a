/* writer.h - JSON written as it comes. Numbers are decimals written from whole ones, digit by digit: 0.1 stands in the document
 * as 0.1, and no binary floating point has been between the records and it. REQ-THER-01.
 *
 * A key is null inside an array. FHIR allows nothing that is empty, so a text that is null or empty is left out. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_WRITER_H
#define CLINIC_FHIR_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { WRITER_DEPTH_MAX = 16, WRITER_MOMENT_BYTES = 32 };

struct writer {
    FILE *out;      /* whether it took everything, ferror() tells */
    unsigned depth; /* of what is open */
    bool spoilt;    /* more was opened than there is room for, or closed than was open: a fault of the caller */
    struct {
        char close;
        bool filled;
    } level[WRITER_DEPTH_MAX];
};

void writer_begin(struct writer *writer, FILE *out);
void writer_object(struct writer *writer, const char *key);
void writer_array(struct writer *writer, const char *key);
/* Closes what was opened last. */
void writer_end(struct writer *writer);
void writer_text(struct writer *writer, const char *key, const char *text);
void writer_flag(struct writer *writer, const char *key, bool flag);
/* value / 10^scale, exactly; scale 0 to 18. */
void writer_decimal(struct writer *writer, const char *key, int64_t value, unsigned scale);
/* Milliseconds since 1970 as "2026-03-01T12:00:00.000Z"; 0, which stands for "not yet", is left out. */
void writer_moment(struct writer *writer, const char *key, int64_t ms);

#endif
