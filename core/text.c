/* text.c - short texts for people inside records: how long they are, whether they may be shown, whether two agree. */
// SPDX-License-Identifier: Apache-2.0
#include "core/text.h"

#include <stdint.h>

size_t text_length(const char *field, size_t size)
{
    size_t length = 0;
    while (length < size && field[length] != '\0')
        length++;
    return length;
}

/* How many bytes a character takes by its first byte; 0 when no character starts so. */
static size_t character_size(uint8_t first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return 2;
    if (first >= 0xE0 && first <= 0xEF)
        return 3;
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

/* May this character stand in a text? The least code of each size shuts out overlong forms. */
static bool character_allowed(uint32_t code, size_t size)
{
    static const uint32_t CODE_LEAST[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    bool control = code < 0x20 || (code >= 0x7F && code <= 0x9F);
    bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code >= CODE_LEAST[size] && code <= 0x10FFFF && !control && !surrogate;
}

/* The size of the character that starts here, or 0 when it is none or may not stand in a text. */
static size_t character_read(const char *field, size_t left)
{
    static const uint8_t FIRST_MASK[5] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
    size_t size = character_size((uint8_t)field[0]);
    if (size == 0 || size > left)
        return 0;
    uint32_t code = (uint8_t)field[0] & FIRST_MASK[size];
    for (size_t i = 1; i < size; i++) {
        uint8_t next = (uint8_t)field[i];
        if ((next & 0xC0) != 0x80)
            return 0;
        code = (code << 6) | (next & 0x3F);
    }
    return character_allowed(code, size) ? size : 0;
}

bool text_valid(const char *field, size_t size)
{
    size_t length = text_length(field, size);
    if (length == size)
        return false;
    for (size_t i = length; i < size; i++)
        if (field[i] != '\0')
            return false;
    for (size_t at = 0; at < length;) {
        size_t step = character_read(field + at, length - at);
        if (step == 0)
            return false;
        at += step;
    }
    return true;
}

bool text_same(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static char letter_lowered(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

bool text_same_ignoring_case(const char *a, const char *b)
{
    while (*a != '\0' && letter_lowered(*a) == letter_lowered(*b)) {
        a++;
        b++;
    }
    return letter_lowered(*a) == letter_lowered(*b);
}

void text_write(struct byte_writer *writer, const char *field, size_t size)
{
    size_t length = text_length(field, size);
    byte_write(writer, length, 1);
    byte_write_block(writer, (const uint8_t *)field, length);
}

void text_read(struct byte_reader *reader, char *field, size_t size)
{
    size_t length = (size_t)byte_read(reader, 1);
    if (length >= size) {
        reader->bad = true;
        return;
    }
    byte_read_block(reader, (uint8_t *)field, length);
    for (size_t i = length; i < size; i++)
        field[i] = '\0';
    if (text_length(field, size) != length)
        reader->bad = true;
}
