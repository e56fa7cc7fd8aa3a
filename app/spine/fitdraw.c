/* fitdraw.c - a fit as a figure. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/fitdraw.h"

#include <math.h>
#include <stdio.h>

#include "app/spine/canvas.h"
#include "app/spine/fittable.h"

static const double WIDTH = 900, TOP = 70, ROW = 250, PANEL = 170, LEFT = 78, NG_ML = 1e6, HOUR_S = 3600, MARK = 3;
enum { ACROSS = 3, TICKS = 4 };

/* A frame with its scales; a logarithmic one is given in logarithms. */
struct panel {
    double left, top, wide, high;
    double x_low, x_high, y_low, y_high;
    bool x_log, y_log;
};

struct sheet {
    struct canvas *canvas;
    const struct fit *fit;
};

static double x_at(const struct panel *panel, double x)
{
    return panel->left + panel->wide * (x - panel->x_low) / (panel->x_high - panel->x_low);
}

static double y_at(const struct panel *panel, double y)
{
    return panel->top + panel->high * (1 - (y - panel->y_low) / (panel->y_high - panel->y_low));
}

static void panel_draw(struct canvas *canvas, const struct panel *panel, const char *title)
{
    cairo_set_source_rgb(canvas->cairo, 0.1, 0.1, 0.1);
    cairo_set_line_width(canvas->cairo, 1);
    cairo_rectangle(canvas->cairo, panel->left, panel->top, panel->wide, panel->high);
    cairo_stroke(canvas->cairo);
    canvas_write(canvas, panel->left, panel->top - 14, 11, 0, title);
    for (int i = 0; i <= TICKS; i++) {
        char text[32];
        double x = panel->x_low + (panel->x_high - panel->x_low) * i / TICKS;
        double y = panel->y_low + (panel->y_high - panel->y_low) * i / TICKS;
        (void)snprintf(text, sizeof text, "%.3g", panel->x_log ? exp(x) : x);
        canvas_line(canvas, x_at(panel, x), panel->top + panel->high, x_at(panel, x), panel->top + panel->high + 4);
        canvas_write(canvas, x_at(panel, x), panel->top + panel->high + 14, 9, 0.5, text);
        (void)snprintf(text, sizeof text, "%.3g", panel->y_log ? exp(y) : y);
        canvas_line(canvas, panel->left - 4, y_at(panel, y), panel->left, y_at(panel, y));
        canvas_write(canvas, panel->left - 7, y_at(panel, y), 9, 1, text);
    }
}

/* One place, one mark: a circle for fluid, a square for tissue, a triangle for the head. */
static void mark(struct canvas *canvas, const struct observation *row, double x, double y)
{
    cairo_t *cairo = canvas->cairo;
    cairo_new_path(cairo);
    switch (row->place) {
    case OBSERVATION_CSF:
        cairo_arc(cairo, x, y, MARK, 0, 6.2831853);
        break;
    case OBSERVATION_TISSUE:
        cairo_rectangle(cairo, x - MARK, y - MARK, 2 * MARK, 2 * MARK);
        break;
    case OBSERVATION_HEAD:
        cairo_move_to(cairo, x - MARK, y + MARK);
        cairo_line_to(cairo, x + MARK, y + MARK);
        cairo_line_to(cairo, x, y - MARK);
        cairo_close_path(cairo);
        break;
    }
    cairo_stroke(cairo);
}

static void observed_draw(const struct sheet *sheet)
{
    const struct fit *fit = sheet->fit;
    double low = HUGE_VAL, high = 0;
    for (size_t i = 0; i < fit->observations->count; i++) {
        double one = fit->observations->row[i].kg_m3 * NG_ML, other = fit->predicted[i] * NG_ML;
        high = fmax(high, fmax(one, other));
        low = fmin(low, fmin(one > 0 ? one : HUGE_VAL, other > 0 ? other : HUGE_VAL));
    }
    low = fmax(low, high * 1e-6);
    struct panel panel = { LEFT, TOP, 320, PANEL, log(low) - 0.2, log(high) + 0.2, log(low) - 0.2, log(high) + 0.2,
                           true, true };
    panel_draw(sheet->canvas, &panel, "Observed (upwards) and predicted, ng/mL");
    canvas_line(sheet->canvas, panel.left, panel.top + panel.high, panel.left + panel.wide, panel.top);
    for (size_t i = 0; i < fit->observations->count; i++) {
        double one = fmax(log(fit->observations->row[i].kg_m3 * NG_ML), panel.y_low);
        double other = fmax(log(fit->predicted[i] * NG_ML), panel.x_low);
        mark(sheet->canvas, &fit->observations->row[i], x_at(&panel, other), y_at(&panel, one));
    }
}

static void residuals_draw(const struct sheet *sheet)
{
    const struct fit *fit = sheet->fit;
    double last = 0, most = 3;
    for (size_t i = 0; i < fit->observations->count; i++) {
        last = fmax(last, fit->observations->row[i].at_s / HOUR_S);
        most = fmax(most, ceil(fabs(fit->residual[i] / fit->sigma)));
    }
    struct panel panel = { LEFT + 410, TOP, 390, PANEL, 0, last > 0 ? 1.02 * last : 1, -most, most, false, false };
    panel_draw(sheet->canvas, &panel, "Residuals in standard deviations, over hours");
    canvas_line(sheet->canvas, panel.left, y_at(&panel, 0), panel.left + panel.wide, y_at(&panel, 0));
    for (size_t i = 0; i < fit->observations->count; i++)
        mark(sheet->canvas, &fit->observations->row[i], x_at(&panel, fit->observations->row[i].at_s / HOUR_S),
             y_at(&panel, fit->residual[i] / fit->sigma));
}

static void profile_draw(const struct sheet *sheet, int place)
{
    static const double dashes[] = { 4, 3 };
    const struct fit_figure *figure = &sheet->fit->figure[place];
    const struct figure_row *row = figure_row(figure->figure);
    cairo_t *cairo = sheet->canvas->cairo;
    char title[96];
    double limit = sheet->fit->limit;
    double low = log(figure->at[0]), high = log(figure->at[figure->points - 1]),
           edge = high > low ? 0.05 * (high - low) : 0.1;
    struct panel panel = { LEFT + 280 * (place % ACROSS),
                           TOP + ROW * (1 + place / ACROSS),
                           200,
                           PANEL,
                           low - edge,
                           high + edge,
                           0,
                           2 * limit,
                           true,
                           false };
    (void)snprintf(title, sizeof title, "%s, %s", row->word, row->unit);
    panel_draw(sheet->canvas, &panel, title);
    cairo_save(cairo);
    cairo_set_dash(cairo, dashes, 2, 0);
    canvas_line(sheet->canvas, panel.left, y_at(&panel, limit), panel.left + panel.wide, y_at(&panel, limit));
    cairo_restore(cairo);
    cairo_save(cairo);
    cairo_rectangle(cairo, panel.left, panel.top, panel.wide, panel.high);
    cairo_clip(cairo);
    cairo_new_path(cairo);
    cairo_set_line_width(cairo, 1.6);
    for (int i = 0; i < figure->points; i++)
        cairo_line_to(cairo, x_at(&panel, log(figure->at[i])), y_at(&panel, fmin(figure->rise[i], 4 * limit)));
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

static void sheet_draw(struct canvas *canvas, void *context)
{
    const struct fit *fit = context;
    struct sheet sheet = { canvas, fit };
    char text[160];
    (void)snprintf(text, sizeof text, "%s, tip at %s, %s: %zu observations", agent_word((enum agent)fit->subject->drug),
                   level_name((int)fit->subject->tip), fit->subject->regime_word, fit->observations->count);
    canvas_write(canvas, LEFT, 20, 15, 0, text);
    canvas_write(canvas, LEFT, 40, 10, 0,
                 "Circles: fluid, squares: tissue, triangles: head. Below: rise of the sum of squares; dashed: where "
                 "an interval of "
                 "19 in 20 ends.");
    observed_draw(&sheet);
    residuals_draw(&sheet);
    for (int i = 0; i < fit->figures; i++)
        if (fit->figure[i].points > 0)
            profile_draw(&sheet, i);
    canvas_write(canvas, 880, TOP + ROW * (1 + (fit->figures + ACROSS - 1) / ACROSS) - 30, 10, 1,
                 "SIMULATION. Not a medical device; never for use in people.");
}

const char *fitdraw_file(const char *file, const struct fit *fit)
{
    struct fit drawn = *fit;
    return canvas_file(file, WIDTH, TOP + ROW * (1 + (fit->figures + ACROSS - 1) / ACROSS) - 10, sheet_draw, &drawn);
}
