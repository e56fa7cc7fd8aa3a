/* plain.c - which characters nobody sees, and texts without them. */
// SPDX-License-Identifier: Apache-2.0
#include "document/plain.h"

#include <stdio.h>
#include <string.h>

/* Unicode 14: Default_Ignorable_Code_Point, Bidi_Control, all blanks but U+0020, line ends, annotation marks; and the blank of
 * Braille. */
static const struct range {
    uint32_t first, last;
} UNSEEN[] = {
    { 0x00, 0x1F },       { 0x7F, 0xA0 },       { 0xAD, 0xAD },     { 0x34F, 0x34F },   { 0x61C, 0x61C },
    { 0x115F, 0x1160 },   { 0x1680, 0x1680 },   { 0x17B4, 0x17B5 }, { 0x180B, 0x180F }, { 0x2000, 0x200F },
    { 0x2028, 0x202F },   { 0x205F, 0x206F },   { 0x2800, 0x2800 }, { 0x3000, 0x3000 }, { 0x3164, 0x3164 },
    { 0xFE00, 0xFE0F },   { 0xFEFF, 0xFEFF },   { 0xFFA0, 0xFFA0 }, { 0xFFF0, 0xFFFB }, { 0x1BCA0, 0x1BCA3 },
    { 0x1D173, 0x1D17A }, { 0xE0000, 0xE0FFF },
};

static bool unseen(uint32_t code)
{
    for (size_t i = 0; i < sizeof UNSEEN / sizeof UNSEEN[0]; i++)
        if (code >= UNSEEN[i].first && code <= UNSEEN[i].last)
            return true;
    return false;
}

/* The character that begins here and how many bytes it takes; 0 when none does. The final zero begins none. */
static size_t character_read(const char *text, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    uint8_t first = (uint8_t)*text;
    size_t size = first < 0x80   ? first != 0
                  : first < 0xC0 ? 0
                  : first < 0xE0 ? 2
                  : first < 0xF0 ? 3
                  : first < 0xF8 ? 4
                                 : 0;
    *code = size <= 1 ? first : first & (0x7FU >> size);
    for (size_t i = 1; i < size; i++) {
        if (((uint8_t)text[i] & 0xC0) != 0x80)
            return 0;
        *code = *code << 6 | ((uint8_t)text[i] & 0x3F);
    }
    bool surrogate = *code >= 0xD800 && *code <= 0xDFFF;
    return size > 1 && (*code < least[size] || *code > 0x10FFFF || surrogate) ? 0 : size;
}

bool plain_fits(const char *text, char fault[PLAIN_FAULT_BYTES])
{
    static const char right[] = "it must be of characters that are seen, with single blanks between them";
    uint32_t code = 0;
    for (size_t at = 0; text[at] != '\0';) {
        size_t size = character_read(text + at, &code);
        bool blank = code == ' ' && (at == 0 || text[at + 1] == ' ' || text[at + 1] == '\0');
        if (size == 0)
            snprintf(fault, PLAIN_FAULT_BYTES, "is not UTF-8 at byte %zu; %s", at + 1, right);
        else if (blank)
            snprintf(fault, PLAIN_FAULT_BYTES, "has a blank too much at byte %zu; %s", at + 1, right);
        else if (unseen(code))
            snprintf(fault, PLAIN_FAULT_BYTES, "holds U+%04lX at byte %zu, which nobody sees; %s", (unsigned long)code,
                     at + 1, right);
        if (size == 0 || blank || unseen(code))
            return false;
        at += size;
    }
    return true;
}

void plain_write(const char *text, char *out, size_t room)
{
    size_t used = 0;
    *out = '\0';
    while (*text != '\0') {
        char shown[16];
        uint32_t code = 0;
        size_t size = character_read(text, &code);
        if (size == 0)
            snprintf(shown, sizeof shown, "<%02X>", (unsigned)(uint8_t)*text);
        else if (unseen(code))
            snprintf(shown, sizeof shown, "<U+%04lX>", (unsigned long)code);
        else
            snprintf(shown, sizeof shown, "%.*s", (int)size, text);
        size_t length = strlen(shown);
        if (used + length >= room)
            return;
        memcpy(out + used, shown, length + 1);
        used += length;
        text += size > 0 ? size : 1;
    }
}
