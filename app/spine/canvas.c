/* canvas.c - a sheet that figures of the spine are drawn on. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/canvas.h"

#include <cairo-svg.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "clinic/report/font.h"

bool canvas_knows(const char *file)
{
    const char *dot = strrchr(file, '.');
    return dot != NULL && (strcmp(dot, ".png") == 0 || strcmp(dot, ".svg") == 0);
}

void canvas_write(struct canvas *canvas, double x, double y, double size, double align, const char *text)
{
    int width = 0, height = 0;
    PangoLayout *layout = pango_layout_new(canvas->pango);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, FONT_FAMILY);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text, -1);
    pango_layout_get_size(layout, &width, &height);
    cairo_set_source_rgb(canvas->cairo, 0.1, 0.1, 0.1);
    cairo_move_to(canvas->cairo, x - align * width / PANGO_SCALE, y - 0.5 * height / PANGO_SCALE);
    pango_cairo_show_layout(canvas->cairo, layout);
    pango_font_description_free(font);
    g_object_unref(layout);
}

void canvas_line(struct canvas *canvas, double x1, double y1, double x2, double y2)
{
    cairo_move_to(canvas->cairo, x1, y1);
    cairo_line_to(canvas->cairo, x2, y2);
    cairo_stroke(canvas->cairo);
}

static cairo_status_t bytes_write(void *context, const unsigned char *bytes, unsigned size)
{
    return fwrite(bytes, 1, size, context) == size ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_status_t surface_write(FILE *out, bool svg, cairo_surface_t *surface, PangoFontMap *fonts,
                                    void (*draw)(struct canvas *, void *), void *context)
{
    struct canvas canvas = { cairo_create(surface), pango_font_map_create_context(fonts) };
    pango_context_set_language(canvas.pango, pango_language_from_string("en"));
    cairo_set_source_rgb(canvas.cairo, 1, 1, 1);
    cairo_paint(canvas.cairo);
    draw(&canvas, context);
    cairo_destroy(canvas.cairo);
    cairo_status_t status = svg ? CAIRO_STATUS_SUCCESS : cairo_surface_write_to_png_stream(surface, bytes_write, out);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    g_object_unref(canvas.pango);
    return status;
}

const char *canvas_file(const char *file, double width, double height, void (*draw)(struct canvas *, void *),
                        void *context)
{
    bool svg = strcmp(strrchr(file, '.'), ".svg") == 0;
    FILE *out = fopen(file, "wb");
    if (out == NULL)
        return strerror(errno);
    PangoFontMap *fonts = font_map_take();
    if (fonts == NULL) {
        (void)fclose(out);
        return "the font DejaVu Sans is not there: apt-get install fonts-dejavu-core";
    }
    cairo_surface_t *surface = svg ? cairo_svg_surface_create_for_stream(bytes_write, out, width, height)
                                   : cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    cairo_status_t status = surface_write(out, svg, surface, fonts, draw, context);
    font_map_give();
    if (fclose(out) != 0 && status == CAIRO_STATUS_SUCCESS)
        return strerror(errno);
    return status == CAIRO_STATUS_SUCCESS ? NULL : cairo_status_to_string(status);
}
