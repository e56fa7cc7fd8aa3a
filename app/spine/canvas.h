/* canvas.h - a sheet that figures of the spine are drawn on: PNG or SVG, by the file's ending. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_CANVAS_H
#define APP_SPINE_CANVAS_H

#include <cairo.h>
#include <pango/pangocairo.h>
#include <stdbool.h>

struct canvas {
    cairo_t *cairo;
    PangoContext *pango;
};

/* Is the ending one that can be written? */
bool canvas_knows(const char *file);
/* Makes a white sheet, lets `draw` draw on it, and writes it. Null, or what went wrong, in words. */
const char *canvas_file(const char *file, double width, double height, void (*draw)(struct canvas *, void *),
                        void *context);
/* In near black. `align` 0: x is the text's left, 1: its right, 0.5: its middle; y is its middle. */
void canvas_write(struct canvas *canvas, double x, double y, double size, double align, const char *text);
void canvas_line(struct canvas *canvas, double x1, double y1, double x2, double y2);

#endif
