/* value.h - one value as a database keeps it: nothing, a whole number, a text or bytes. There are no others: an amount is an
 * integer in the units of core/quantity.h, a moment is milliseconds of UTC since 1970. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_VALUE_H
#define CLINIC_RECORDS_VALUE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Frozen: they stand in the bytes that are hashed. */
enum value_kind { VALUE_NOTHING = 0, VALUE_INTEGER = 1, VALUE_TEXT = 2, VALUE_BYTES = 3 };

/* Text and bytes belong to whoever made them; a text need not end in a zero. */
struct value {
    enum value_kind kind;
    int64_t integer;
    const void *bytes;
    size_t size;
};

static inline struct value value_nothing(void)
{
    return (struct value){ .kind = VALUE_NOTHING };
}

static inline struct value value_integer(int64_t integer)
{
    return (struct value){ .kind = VALUE_INTEGER, .integer = integer };
}

/* Zero stands for "not yet" in the records' structs, and for nothing in the database. */
static inline struct value value_moment(int64_t ms)
{
    return ms == 0 ? value_nothing() : value_integer(ms);
}

/* The same for the number of another row. */
static inline struct value value_link(int64_t id)
{
    return value_moment(id);
}

/* Null is nothing. */
static inline struct value value_text(const char *text)
{
    return text == NULL ? value_nothing() : (struct value){ .kind = VALUE_TEXT, .bytes = text, .size = strlen(text) };
}

static inline struct value value_bytes(const void *bytes, size_t size)
{
    return bytes == NULL ? value_nothing() : (struct value){ .kind = VALUE_BYTES, .bytes = bytes, .size = size };
}

#endif
