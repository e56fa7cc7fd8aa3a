/* text.h - short texts for people inside records: UTF-8, no control characters, padded with zeros to a fixed size. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/bytes.h"

/* Is this whole field a text? Well-formed UTF-8 (no overlong form, no surrogate, nothing above U+10FFFF), no control
 * character (U+0000 to U+001F, U+007F to U+009F), then only zeros, at least one. */
bool text_valid(const char *field, size_t size);
/* Bytes before the first zero; `size` when there is none. */
size_t text_length(const char *field, size_t size);
/* Same bytes up to the final zero of both. */
bool text_same(const char *a, const char *b);
/* The same, A to Z and a to z taken for equal. */
bool text_same_ignoring_case(const char *a, const char *b);

/* A text as a length byte and that many bytes. Reading pads the field with zeros; a text that does not fit with one
 * zero after it, or hides a zero within, turns the reader bad. Whether it may be shown is for text_valid to say. */
void text_write(struct byte_writer *writer, const char *field, size_t size);
void text_read(struct byte_reader *reader, char *field, size_t size);

#endif
