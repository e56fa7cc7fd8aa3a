/* font.h - the one font of the reports, from its own two files. What fonts and settings the machine has besides plays no part, so
 * that a report looks the same everywhere and is the same bytes. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_FONT_H
#define CLINIC_REPORT_FONT_H

#include <pango/pango.h>

/* As pango names it. */
extern const char FONT_FAMILY[];

/* The font, for this thread alone until it is given back: fontconfig, pango and cairo keep what they know of fonts for the whole
 * process, and no font may be drawn by two threads at once. Null, and nothing to give back, when its files are not there. */
PangoFontMap *font_map_take(void);
void font_map_give(void);

#endif
