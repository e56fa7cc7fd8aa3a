/* square.c - a short text as a QR code. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/square.h"

#include <qrencode.h>
#include <string.h>

/* Modules of white around it, as the standard asks; the bit of a dark one; the number of UTF-8 among the encodings of text. */
enum { QUIET = 4, DARK = 1, UTF_8 = 26, ASCII_LAST = 127 };

/* Readers guess an encoding where none is told, and guess wrong. */
static QRcode *encoded(const char *text)
{
    QRinput *input = QRinput_new2(0, QR_ECLEVEL_M);
    QRcode *code = NULL;
    bool plain = true;
    for (const char *c = text; *c != '\0'; c++)
        plain = plain && (unsigned char)*c <= ASCII_LAST;
    if (input == NULL)
        return NULL;
    if ((plain || QRinput_appendECIheader(input, UTF_8) == 0) &&
        QRinput_append(input, QR_MODE_8, (int)strlen(text), (const unsigned char *)text) == 0)
        code = QRcode_encodeInput(input);
    QRinput_free(input);
    return code;
}

bool square_draw(struct page *page, double x, double y, double width, const char *text)
{
    QRcode *code = encoded(text);
    if (code == NULL)
        return false;
    double module = width / (code->width + 2 * QUIET);
    cairo_save(page->cairo);
    cairo_set_source_rgb(page->cairo, 0, 0, 0);
    for (int row = 0; row < code->width; row++)
        for (int column = 0; column < code->width; column++)
            if ((code->data[row * code->width + column] & DARK) != 0)
                cairo_rectangle(page->cairo, x + (column + QUIET) * module, y + (row + QUIET) * module, module, module);
    cairo_fill(page->cairo);
    cairo_restore(page->cairo);
    QRcode_free(code);
    return true;
}
