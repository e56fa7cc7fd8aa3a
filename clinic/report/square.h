/* square.h - a short text as a square that cameras read (QR code). */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_SQUARE_H
#define CLINIC_REPORT_SQUARE_H

#include "clinic/report/page.h"

/* Draws it this wide, its quiet border included, with its upper left corner here. False when the text is too long. */
bool square_draw(struct page *page, double x, double y, double width, const char *text);

#endif
