/* draw.c - a course as a figure. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/draw.h"

#include <cairo-svg.h>
#include <cairo.h>
#include <errno.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "clinic/report/font.h"

static const double WIDTH = 900, HEIGHT = 760, LEFT = 78, RIGHT = 800, MAP_TOP = 64, MAP_BOTTOM = 380, CURVE_TOP = 440,
                    CURVE_BOTTOM = 690, NG_ML = 1e6, HOUR_S = 3600;
enum { DECADES = 4, CURVES = 5, MAP_COLUMNS = 361, TICKS = 8 };

struct sheet {
    cairo_t *cairo;
    PangoContext *pango;
    const struct table_head *head;
    const struct course *course;
    double most; /* ng/mL: the top of both scales, a power of ten */
};

bool draw_knows(const char *file)
{
    const char *dot = strrchr(file, '.');
    return dot != NULL && (strcmp(dot, ".png") == 0 || strcmp(dot, ".svg") == 0);
}

/* `align` 0: x is the text's left, 1: its right, 0.5: its middle. */
static void write_at(struct sheet *sheet, double x, double y, double size, double align, const char *text)
{
    int width = 0, height = 0;
    PangoLayout *layout = pango_layout_new(sheet->pango);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, FONT_FAMILY);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text, -1);
    pango_layout_get_size(layout, &width, &height);
    cairo_set_source_rgb(sheet->cairo, 0.1, 0.1, 0.1);
    cairo_move_to(sheet->cairo, x - align * width / PANGO_SCALE, y - 0.5 * height / PANGO_SCALE);
    pango_cairo_show_layout(sheet->cairo, layout);
    pango_font_description_free(font);
    g_object_unref(layout);
}

/* From white over blue-green to near black: it grows darker all the way, so that it reads without colour. */
static void shade(cairo_t *cairo, double share)
{
    double s = share < 0 ? 0 : share > 1 ? 1 : share;
    cairo_set_source_rgb(cairo, 1 - s * (0.6 + 0.36 * s), 1 - s * (0.15 + 0.75 * s), 1 - s * (0.1 + 0.6 * s));
}

/* Where a value stands between the lowest decade (0) and the top (1). */
static double on_scale(const struct sheet *sheet, double ng_ml)
{
    return ng_ml > 0 ? 1 + log10(ng_ml / sheet->most) / DECADES : -1;
}

static double x_of(const struct sheet *sheet, double at_s)
{
    return LEFT + (RIGHT - LEFT) * at_s / sheet->course->until_s;
}

static void line(struct sheet *sheet, double x1, double y1, double x2, double y2)
{
    cairo_move_to(sheet->cairo, x1, y1);
    cairo_line_to(sheet->cairo, x2, y2);
    cairo_stroke(sheet->cairo);
}

/* Steps that people count in, so that there are at most eight of them. */
static double tick_step(double whole)
{
    static const double steps[] = { 0.1, 0.25, 0.5, 1, 2, 3, 4, 6, 12, 24, 30, 60, 120, 360 };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (whole / steps[i] <= TICKS)
            return steps[i];
    return whole / TICKS;
}

static void frame(struct sheet *sheet, double top, double bottom)
{
    cairo_set_source_rgb(sheet->cairo, 0.1, 0.1, 0.1);
    cairo_set_line_width(sheet->cairo, 1);
    cairo_rectangle(sheet->cairo, LEFT, top, RIGHT - LEFT, bottom - top);
    cairo_stroke(sheet->cairo);
    double hours = sheet->course->until_s / HOUR_S, unit = hours > 96 ? 24 : 1, step = tick_step(hours / unit);
    for (int i = 0; i * step <= hours / unit; i++) {
        char text[32];
        double x = x_of(sheet, i * step * unit * HOUR_S);
        (void)snprintf(text, sizeof text, "%g %s", i * step, unit > 1 ? "d" : "h");
        line(sheet, x, bottom, x, bottom + 4);
        write_at(sheet, x, bottom + 14, 11, 0.5, text);
    }
}

/* The newest row at a time. */
static const struct course_row *row_at(const struct course *course, double at_s, size_t *from)
{
    while (*from + 1 < course->rows && course->row[*from + 1].at_s <= at_s)
        (*from)++;
    return &course->row[*from];
}

static void map_draw(struct sheet *sheet)
{
    const struct course *course = sheet->course;
    double length_m = course->end_m[course->cells], tall = MAP_BOTTOM - MAP_TOP;
    size_t from = 0;
    cairo_set_antialias(sheet->cairo, CAIRO_ANTIALIAS_NONE);
    for (int column = 0; column < MAP_COLUMNS; column++) {
        double wide = (RIGHT - LEFT) / MAP_COLUMNS, x = LEFT + column * wide;
        const struct course_row *row = row_at(course, course->until_s * column / (MAP_COLUMNS - 1), &from);
        for (int cell = 0; cell < course->cells; cell++) {
            double y = MAP_TOP + tall * course->end_m[cell] / length_m;
            double high = tall * (course->end_m[cell + 1] - course->end_m[cell]) / length_m;
            shade(sheet->cairo, on_scale(sheet, row->cell[cell] * NG_ML));
            cairo_rectangle(sheet->cairo, x, y, wide + 0.6, high + 0.6);
            cairo_fill(sheet->cairo);
        }
    }
    cairo_set_antialias(sheet->cairo, CAIRO_ANTIALIAS_DEFAULT);
    frame(sheet, MAP_TOP, MAP_BOTTOM);
    static const enum level shown[] = { LEVEL_C1,  LEVEL_C4, LEVEL_T1, LEVEL_T4, LEVEL_T8,
                                        LEVEL_T12, LEVEL_L2, LEVEL_L5, LEVEL_S2 };
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        double y = MAP_TOP + tall * level_middle(shown[i]) / length_m;
        line(sheet, LEFT - 4, y, LEFT, y);
        write_at(sheet, LEFT - 8, y, 11, 1, level_name((int)shown[i]));
    }
    double tip_y = MAP_TOP + tall * level_middle(sheet->head->tip) / length_m;
    cairo_move_to(sheet->cairo, RIGHT + 2, tip_y);
    cairo_line_to(sheet->cairo, RIGHT + 10, tip_y - 5);
    cairo_line_to(sheet->cairo, RIGHT + 10, tip_y + 5);
    cairo_close_path(sheet->cairo);
    cairo_fill(sheet->cairo);
    write_at(sheet, RIGHT + 14, tip_y, 11, 0, "tip");
}

static void scale_draw(struct sheet *sheet)
{
    double left = LEFT + 360, wide = 60;
    for (int i = 0; i < DECADES; i++) {
        char text[32];
        for (int part = 0; part < 10; part++) {
            shade(sheet->cairo, (i + (part + 0.5) / 10) / DECADES);
            cairo_rectangle(sheet->cairo, left + (i + part / 10.0) * wide, 40, wide / 10 + 0.5, 8);
            cairo_fill(sheet->cairo);
        }
        (void)snprintf(text, sizeof text, "%g", sheet->most * pow(10, i - DECADES));
        write_at(sheet, left + i * wide, 56, 9, 0.5, text);
    }
    char text[48];
    (void)snprintf(text, sizeof text, "%g ng/mL", sheet->most);
    write_at(sheet, left + DECADES * wide, 56, 9, 0.5, text);
}

static void curve_draw(struct sheet *sheet, enum level level, int style)
{
    static const double dashes[CURVES][4] = {
        { 1, 0, 1, 0 }, { 9, 4, 9, 4 }, { 3, 3, 3, 3 }, { 9, 3, 2, 3 }, { 1, 3, 1, 3 }
    };
    const struct course *course = sheet->course;
    cairo_t *cairo = sheet->cairo;
    cairo_save(cairo);
    cairo_rectangle(cairo, LEFT, CURVE_TOP, RIGHT - LEFT, CURVE_BOTTOM - CURVE_TOP);
    cairo_clip(cairo);
    cairo_set_source_rgb(cairo, 0.1, 0.1, 0.1);
    cairo_set_line_width(cairo, style == 0 ? 2 : 1.2);
    if (style > 0)
        cairo_set_dash(cairo, dashes[style], 4, 0);
    for (size_t i = 0; i < course->rows; i++) {
        double share = on_scale(sheet, course->row[i].csf[level] * NG_ML);
        cairo_line_to(cairo, x_of(sheet, course->row[i].at_s),
                      CURVE_BOTTOM - (CURVE_BOTTOM - CURVE_TOP) * (share > -0.1 ? share : -0.1));
    }
    cairo_stroke(cairo);
    cairo_restore(cairo);
    cairo_save(cairo);
    cairo_set_source_rgb(cairo, 0.1, 0.1, 0.1);
    cairo_set_line_width(cairo, style == 0 ? 2 : 1.2);
    if (style > 0)
        cairo_set_dash(cairo, dashes[style], 4, 0);
    line(sheet, LEFT + style * 140, 726, LEFT + style * 140 + 40, 726);
    cairo_restore(cairo);
    char text[32];
    (void)snprintf(text, sizeof text, "%s%s", level_name((int)level), level == sheet->head->tip ? " (tip)" : "");
    write_at(sheet, LEFT + style * 140 + 46, 726, 11, 0, text);
}

static void curves_draw(struct sheet *sheet)
{
    enum level shown[CURVES] = { sheet->head->tip, LEVEL_T12, LEVEL_T6, LEVEL_T1, LEVEL_C1 };
    frame(sheet, CURVE_TOP, CURVE_BOTTOM);
    for (int i = 0; i <= DECADES; i++) {
        char text[32];
        double y = CURVE_BOTTOM - (CURVE_BOTTOM - CURVE_TOP) * i / DECADES;
        (void)snprintf(text, sizeof text, "%g", sheet->most * pow(10, i - DECADES));
        line(sheet, LEFT - 4, y, LEFT, y);
        write_at(sheet, LEFT - 8, y, 11, 1, text);
    }
    write_at(sheet, LEFT, CURVE_TOP - 14, 12, 0, "In the fluid by level, ng/mL");
    for (int i = 0; i < CURVES; i++)
        if (i == 0 || shown[i] != sheet->head->tip)
            curve_draw(sheet, shown[i], i);
}

static void sheet_draw(struct sheet *sheet)
{
    char text[160];
    cairo_set_source_rgb(sheet->cairo, 1, 1, 1);
    cairo_paint(sheet->cairo);
    (void)snprintf(text, sizeof text, "%s, tip at %s, %s, ID %s", sheet->head->drug, level_name((int)sheet->head->tip),
                   sheet->head->regime, sheet->head->id);
    write_at(sheet, LEFT, 20, 15, 0, text);
    write_at(sheet, LEFT, 46, 12, 0, "In the fluid, from the foramen to the sac");
    write_at(sheet, RIGHT, 748, 10, 1, "SIMULATION. Not a medical device; never for use in people.");
    scale_draw(sheet);
    map_draw(sheet);
    curves_draw(sheet);
}

static double top_of(const struct course *course)
{
    double most = 0;
    for (size_t i = 0; i < course->rows; i++)
        for (int level = 0; level < LEVELS_ALL; level++)
            most = fmax(most, course->row[i].csf[level] * NG_ML);
    return most > 0 ? pow(10, ceil(log10(most))) : 1;
}

static cairo_status_t bytes_write(void *context, const unsigned char *bytes, unsigned size)
{
    return fwrite(bytes, 1, size, context) == size ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_status_t surface_draw(FILE *out, bool svg, PangoFontMap *fonts, struct sheet *sheet)
{
    cairo_surface_t *surface = svg ? cairo_svg_surface_create_for_stream(bytes_write, out, WIDTH, HEIGHT)
                                   : cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)WIDTH, (int)HEIGHT);
    sheet->cairo = cairo_create(surface);
    sheet->pango = pango_font_map_create_context(fonts);
    pango_context_set_language(sheet->pango, pango_language_from_string("en"));
    sheet_draw(sheet);
    cairo_destroy(sheet->cairo);
    cairo_status_t status = svg ? CAIRO_STATUS_SUCCESS : cairo_surface_write_to_png_stream(surface, bytes_write, out);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    g_object_unref(sheet->pango);
    return status;
}

const char *draw_file(const char *file, const struct table_head *head, const struct course *course)
{
    struct sheet sheet = { .head = head, .course = course, .most = top_of(course) };
    FILE *out = fopen(file, "wb");
    if (out == NULL)
        return strerror(errno);
    PangoFontMap *fonts = font_map_take();
    if (fonts == NULL) {
        (void)fclose(out);
        return "the font DejaVu Sans is not there: apt-get install fonts-dejavu-core";
    }
    cairo_status_t status = surface_draw(out, strcmp(strrchr(file, '.'), ".svg") == 0, fonts, &sheet);
    font_map_give();
    if (fclose(out) != 0 && status == CAIRO_STATUS_SUCCESS)
        return strerror(errno);
    return status == CAIRO_STATUS_SUCCESS ? NULL : cairo_status_to_string(status);
}
