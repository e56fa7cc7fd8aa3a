/* draw.c - a course as a figure. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/draw.h"

#include <math.h>
#include <stdio.h>

#include "app/spine/canvas.h"

static const double WIDTH = 900, HEIGHT = 760, LEFT = 78, RIGHT = 800, MAP_TOP = 64, MAP_BOTTOM = 380, CURVE_TOP = 440,
                    CURVE_BOTTOM = 690, NG_ML = 1e6, HOUR_S = 3600;
enum { DECADES = 4, CURVES = 5, MAP_COLUMNS = 361, TICKS = 8 };

struct sheet {
    struct canvas *canvas;
    const struct table_head *head;
    const struct course *course;
    double most; /* ng/mL: the top of both scales, a power of ten */
};

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
    cairo_set_source_rgb(sheet->canvas->cairo, 0.1, 0.1, 0.1);
    cairo_set_line_width(sheet->canvas->cairo, 1);
    cairo_rectangle(sheet->canvas->cairo, LEFT, top, RIGHT - LEFT, bottom - top);
    cairo_stroke(sheet->canvas->cairo);
    double hours = sheet->course->until_s / HOUR_S, unit = hours > 96 ? 24 : 1, step = tick_step(hours / unit);
    for (int i = 0; i * step <= hours / unit; i++) {
        char text[32];
        double x = x_of(sheet, i * step * unit * HOUR_S);
        (void)snprintf(text, sizeof text, "%g %s", i * step, unit > 1 ? "d" : "h");
        canvas_line(sheet->canvas, x, bottom, x, bottom + 4);
        canvas_write(sheet->canvas, x, bottom + 14, 11, 0.5, text);
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
    cairo_set_antialias(sheet->canvas->cairo, CAIRO_ANTIALIAS_NONE);
    for (int column = 0; column < MAP_COLUMNS; column++) {
        double wide = (RIGHT - LEFT) / MAP_COLUMNS, x = LEFT + column * wide;
        const struct course_row *row = row_at(course, course->until_s * column / (MAP_COLUMNS - 1), &from);
        for (int cell = 0; cell < course->cells; cell++) {
            double y = MAP_TOP + tall * course->end_m[cell] / length_m;
            double high = tall * (course->end_m[cell + 1] - course->end_m[cell]) / length_m;
            shade(sheet->canvas->cairo, on_scale(sheet, row->cell[cell] * NG_ML));
            cairo_rectangle(sheet->canvas->cairo, x, y, wide + 0.6, high + 0.6);
            cairo_fill(sheet->canvas->cairo);
        }
    }
    cairo_set_antialias(sheet->canvas->cairo, CAIRO_ANTIALIAS_DEFAULT);
    frame(sheet, MAP_TOP, MAP_BOTTOM);
    static const enum level shown[] = { LEVEL_C1,  LEVEL_C4, LEVEL_T1, LEVEL_T4, LEVEL_T8,
                                        LEVEL_T12, LEVEL_L2, LEVEL_L5, LEVEL_S2 };
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        double y = MAP_TOP + tall * level_middle(shown[i]) / length_m;
        canvas_line(sheet->canvas, LEFT - 4, y, LEFT, y);
        canvas_write(sheet->canvas, LEFT - 8, y, 11, 1, level_name((int)shown[i]));
    }
    double tip_y = MAP_TOP + tall * level_middle(sheet->head->tip) / length_m;
    cairo_move_to(sheet->canvas->cairo, RIGHT + 2, tip_y);
    cairo_line_to(sheet->canvas->cairo, RIGHT + 10, tip_y - 5);
    cairo_line_to(sheet->canvas->cairo, RIGHT + 10, tip_y + 5);
    cairo_close_path(sheet->canvas->cairo);
    cairo_fill(sheet->canvas->cairo);
    canvas_write(sheet->canvas, RIGHT + 14, tip_y, 11, 0, "tip");
}

static void scale_draw(struct sheet *sheet)
{
    double left = LEFT + 360, wide = 60;
    for (int i = 0; i < DECADES; i++) {
        char text[32];
        for (int part = 0; part < 10; part++) {
            shade(sheet->canvas->cairo, (i + (part + 0.5) / 10) / DECADES);
            cairo_rectangle(sheet->canvas->cairo, left + (i + part / 10.0) * wide, 40, wide / 10 + 0.5, 8);
            cairo_fill(sheet->canvas->cairo);
        }
        (void)snprintf(text, sizeof text, "%g", sheet->most * pow(10, i - DECADES));
        canvas_write(sheet->canvas, left + i * wide, 56, 9, 0.5, text);
    }
    char text[48];
    (void)snprintf(text, sizeof text, "%g ng/mL", sheet->most);
    canvas_write(sheet->canvas, left + DECADES * wide, 56, 9, 0.5, text);
}

static void curve_draw(struct sheet *sheet, enum level level, int style)
{
    static const double dashes[CURVES][4] = {
        { 1, 0, 1, 0 }, { 9, 4, 9, 4 }, { 3, 3, 3, 3 }, { 9, 3, 2, 3 }, { 1, 3, 1, 3 }
    };
    const struct course *course = sheet->course;
    cairo_t *cairo = sheet->canvas->cairo;
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
    canvas_line(sheet->canvas, LEFT + style * 140, 726, LEFT + style * 140 + 40, 726);
    cairo_restore(cairo);
    char text[32];
    (void)snprintf(text, sizeof text, "%s%s", level_name((int)level), level == sheet->head->tip ? " (tip)" : "");
    canvas_write(sheet->canvas, LEFT + style * 140 + 46, 726, 11, 0, text);
}

static void curves_draw(struct sheet *sheet)
{
    enum level shown[CURVES] = { sheet->head->tip, LEVEL_T12, LEVEL_T6, LEVEL_T1, LEVEL_C1 };
    frame(sheet, CURVE_TOP, CURVE_BOTTOM);
    for (int i = 0; i <= DECADES; i++) {
        char text[32];
        double y = CURVE_BOTTOM - (CURVE_BOTTOM - CURVE_TOP) * i / DECADES;
        (void)snprintf(text, sizeof text, "%g", sheet->most * pow(10, i - DECADES));
        canvas_line(sheet->canvas, LEFT - 4, y, LEFT, y);
        canvas_write(sheet->canvas, LEFT - 8, y, 11, 1, text);
    }
    canvas_write(sheet->canvas, LEFT, CURVE_TOP - 14, 12, 0, "In the fluid by level, ng/mL");
    for (int i = 0; i < CURVES; i++)
        if (i == 0 || shown[i] != sheet->head->tip)
            curve_draw(sheet, shown[i], i);
}

static void sheet_draw(struct canvas *canvas, void *context)
{
    struct sheet *sheet = context;
    char text[160];
    sheet->canvas = canvas;
    (void)snprintf(text, sizeof text, "%s, tip at %s, %s, ID %s", sheet->head->drug, level_name((int)sheet->head->tip),
                   sheet->head->regime, sheet->head->id);
    canvas_write(sheet->canvas, LEFT, 20, 15, 0, text);
    canvas_write(sheet->canvas, LEFT, 46, 12, 0, "In the fluid, from the foramen to the sac");
    canvas_write(sheet->canvas, RIGHT, 748, 10, 1, "SIMULATION. Not a medical device; never for use in people.");
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

const char *draw_file(const char *file, const struct table_head *head, const struct course *course)
{
    struct sheet sheet = { .head = head, .course = course, .most = top_of(course) };
    return canvas_file(file, WIDTH, HEIGHT, sheet_draw, &sheet);
}
