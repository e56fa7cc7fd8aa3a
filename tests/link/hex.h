/* hex.h - vectors as their sources print them. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_LINK_HEX_H
#define TESTS_LINK_HEX_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline unsigned hex_digit(char digit)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *at = strchr(digits, digit);
    assert_true(digit != '\0' && at != NULL);
    return (unsigned)(at - digits) % 16;
}

/* Reads a text of hexadecimal digits; returns how many bytes they are, `room` at most. */
static inline size_t hex_read(const char *text, uint8_t *bytes, size_t room)
{
    size_t size = strlen(text) / 2;
    assert_true(strlen(text) % 2 == 0 && size <= room);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(hex_digit(text[2 * i]) << 4 | hex_digit(text[2 * i + 1]));
    return size;
}

static inline void assert_hex(const uint8_t *bytes, size_t size, const char *text)
{
    uint8_t expected[1024];
    assert_int_equal(hex_read(text, expected, sizeof expected), size);
    assert_memory_equal(bytes, expected, size);
}

#endif
