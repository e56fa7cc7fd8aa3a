/* font.h - the one font of the reports, from its own two files. What fonts and settings the machine has besides plays no part, so
 * that a report looks the same everywhere and is the same bytes. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_FONT_H
#define CLINIC_REPORT_FONT_H

#include <pango/pango.h>

/* As pango names it. */
extern const char FONT_FAMILY[];

/* Null when the files of the font are not there. One at a time: fontconfig knows one configuration in force. */
PangoFontMap *font_map_make(void);
void font_map_free(PangoFontMap *fonts);

#endif
