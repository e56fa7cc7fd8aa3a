/* square.c - a short text as a QR code. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/square.h"

#include <qrencode.h>

enum { QUIET = 4, DARK = 1 }; /* modules of white around it, as the standard asks; the bit of a dark one */

bool square_draw(struct page *page, double x, double y, double width, const char *text)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
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
