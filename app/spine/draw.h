/* draw.h - a course as a figure: concentration along the spine over time as a map, and by level as curves. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_DRAW_H
#define APP_SPINE_DRAW_H

#include "app/spine/table.h"

/* Writes a PNG or SVG, by the file's ending (canvas_knows). Null, or what went wrong, in words. */
const char *draw_file(const char *file, const struct table_head *head, const struct course *course);

#endif
