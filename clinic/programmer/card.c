/* card.c - sixteen bytes as twenty-six characters that nobody takes for others. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/programmer/card.h"

#include <string.h>

static const char DIGITS[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* Crockford's base 32 */
enum { DIGIT_BITS = 5, GROUP_CHARACTERS = 5, GROUPS_ENDED = 4 };

void card_write(const uint8_t secret[CARD_SECRET_BYTES], char text[CARD_TEXT_BYTES])
{
    unsigned pool = 0, bits = 0, at = 0;
    size_t length = 0;
    for (unsigned i = 0; i < CARD_CHARACTERS; i++) {
        if (bits < DIGIT_BITS) {
            pool = (pool << 8) | (at < CARD_SECRET_BYTES ? secret[at++] : 0);
            bits += 8;
        }
        bits -= DIGIT_BITS;
        text[length++] = DIGITS[(pool >> bits) & 31];
        pool &= (1U << bits) - 1;
        if ((i + 1) % GROUP_CHARACTERS == 0 && (i + 1) / GROUP_CHARACTERS <= GROUPS_ENDED)
            text[length++] = '-';
    }
    text[length] = '\0';
}

/* The value of a character; 32 when it is none: there the zero byte stands that ends the digits. */
static unsigned digit_of(char character)
{
    if (character >= 'a' && character <= 'z')
        character = (char)(character - 'a' + 'A');
    if (character == 'O')
        character = '0';
    if (character == 'I' || character == 'L')
        character = '1';
    const char *found = strchr(DIGITS, character);
    return found != NULL ? (unsigned)(found - DIGITS) : 32;
}

bool card_read(const char *text, size_t size, uint8_t secret[CARD_SECRET_BYTES])
{
    uint8_t read[CARD_SECRET_BYTES] = { 0 };
    unsigned pool = 0, bits = 0, characters = 0, at = 0;
    bool good = true;
    for (size_t i = 0; i < size && good; i++) {
        if (text[i] == ' ' || text[i] == '-' || text[i] == '\n' || text[i] == '\r')
            continue;
        unsigned digit = digit_of(text[i]);
        good = digit < 32;
        characters++;
        pool = (pool << DIGIT_BITS) | digit;
        bits += DIGIT_BITS;
        if (good && bits >= 8 && at < CARD_SECRET_BYTES) {
            bits -= 8;
            read[at++] = (uint8_t)(pool >> bits);
            pool &= (1U << bits) - 1;
        }
    }
    good = good && characters == CARD_CHARACTERS && pool == 0;
    if (good)
        memcpy(secret, read, sizeof read);
    cipher_forget(read, sizeof read);
    return good;
}
