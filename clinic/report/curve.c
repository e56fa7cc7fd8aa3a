/* curve.c - curves on the pages of a report. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/curve.h"

#include <math.h>
#include <stdio.h>

#include "clinic/report/words.h"

enum { UPRIGHT_TICKS = 4 };
static const double AXIS_WIDTH = 46, FOOT_HEIGHT = 14, LEGEND_HEIGHT = 13;

/* Where on the page values go. */
struct field {
    double left, right, top, bottom;
    double x_from, x_to, y_from, y_to;
};

static double across(const struct field *field, double x)
{
    return field->left + (x - field->x_from) / (field->x_to - field->x_from) * (field->right - field->left);
}

static double up(const struct field *field, double y)
{
    return field->bottom - (y - field->y_from) / (field->y_to - field->y_from) * (field->bottom - field->top);
}

/* 1, 2 or 5 times a power of ten, at least this. */
static double round_step(double least)
{
    double power = pow(10, floor(log10(least)));
    for (unsigned i = 0; i < 3; i++)
        if (power * (double[]){ 1, 2, 5 }[i] >= least * 0.999999)
            return power * (double[]){ 1, 2, 5 }[i];
    return power * 10;
}

static void range_find(const struct curve *curve, struct field *field, double *step)
{
    double low = 0, high = 0;
    if (curve->has_band) {
        low = curve->band_low < low ? curve->band_low : low;
        high = curve->band_high > high ? curve->band_high : high;
    }
    for (unsigned i = 0; i < curve->lines; i++)
        for (size_t j = 0; j < curve->line[i].points; j++) {
            double y = curve->line[i].point[j].y;
            low = y < low ? y : low;
            high = y > high ? y : high;
        }
    *step = round_step((high > low ? high - low : 1) * 1.05 / UPRIGHT_TICKS);
    field->y_from = floor(low / *step) * *step;
    field->y_to = ceil((high > low ? high + (high - low) * 0.05 : 1) / *step) * *step;
}

static void axes_draw(struct page *page, const struct curve *curve, const struct field *field, double step)
{
    char number[WORDS_BYTES];
    for (int i = 0; field->y_from + i * step <= field->y_to + step * 0.001; i++) {
        double value = field->y_from + i * step, y = up(field, value);
        words_tick(number, fabs(value) < step * 1e-6 ? 0 : value);
        page_line(page, field->left, y, field->right, y, 0.3);
        page_text_at(page, SMALL_LETTERS, field->left - 4 - page_text_width(page, SMALL_LETTERS, number), y - 5, 0,
                     number);
    }
    for (unsigned i = 0; i < curve->ticks; i++) {
        double x = across(field, curve->tick[i].x), width = page_text_width(page, SMALL_LETTERS, curve->tick[i].text);
        double at = x - width / 2;
        if (at + width > page->right)
            at = page->right - width;
        page_line(page, x, field->top, x, field->bottom + 2, 0.3);
        page_text_at(page, SMALL_LETTERS, at, field->bottom + 3, 0, curve->tick[i].text);
    }
    cairo_save(page->cairo);
    cairo_set_line_width(page->cairo, 0.8);
    cairo_move_to(page->cairo, field->left, up(field, 0));
    cairo_line_to(page->cairo, field->right, up(field, 0));
    cairo_stroke(page->cairo);
    cairo_restore(page->cairo);
}

/* The look of the lines, in their order. */
static void pen_take(cairo_t *cairo, unsigned line)
{
    static const struct {
        double red, green, blue, width, dash[2];
        int dashes;
    } pens[CURVE_LINES_MAX] = { { 0, 0, 0, 1.2, { 0, 0 }, 0 },
                                { 0.15, 0.25, 0.65, 1.2, { 5, 2.5 }, 2 },
                                { 0.4, 0.4, 0.4, 1.2, { 1.5, 2 }, 2 },
                                { 0.45, 0.2, 0.5, 1.2, { 8, 3 }, 2 } };
    cairo_set_source_rgb(cairo, pens[line].red, pens[line].green, pens[line].blue);
    cairo_set_line_width(cairo, pens[line].width);
    cairo_set_dash(cairo, pens[line].dash, pens[line].dashes, 0);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_BEVEL);
}

static void line_draw(struct page *page, const struct curve_line *line, unsigned index, const struct field *field)
{
    cairo_t *cairo = page->cairo;
    cairo_save(cairo);
    pen_take(cairo, index);
    for (size_t i = 0; i < line->points; i++) {
        double x = across(field, line->point[i].x);
        if (line->steps && i > 0)
            cairo_line_to(cairo, x, up(field, line->point[i - 1].y));
        cairo_line_to(cairo, x, up(field, line->point[i].y));
    }
    cairo_stroke(cairo);
    for (size_t i = 0; line->dots && i < line->points; i++) {
        cairo_arc(cairo, across(field, line->point[i].x), up(field, line->point[i].y), 2, 0, 2 * G_PI);
        cairo_fill(cairo);
    }
    cairo_restore(cairo);
}

static double legend_entry(struct page *page, double x, double y, const char *label)
{
    page_text_at(page, SMALL_LETTERS, x + 24, y, 0, label);
    return x + 24 + page_text_width(page, SMALL_LETTERS, label) + 12;
}

static void legend_draw(struct page *page, const struct curve *curve, double x, double y)
{
    for (unsigned i = 0; i < curve->lines; i++) {
        if (curve->line[i].label == NULL)
            continue;
        cairo_save(page->cairo);
        pen_take(page->cairo, i);
        cairo_move_to(page->cairo, x, y + 5.5);
        cairo_line_to(page->cairo, x + 20, y + 5.5);
        cairo_stroke(page->cairo);
        cairo_restore(page->cairo);
        x = legend_entry(page, x, y, curve->line[i].label);
    }
    if (!curve->has_band)
        return;
    cairo_save(page->cairo);
    cairo_set_source_rgb(page->cairo, 0.87, 0.87, 0.87);
    cairo_rectangle(page->cairo, x, y + 1, 20, 8);
    cairo_fill(page->cairo);
    cairo_restore(page->cairo);
    legend_entry(page, x, y, curve->band_label);
}

void curve_draw(struct page *page, const struct curve *curve)
{
    double step = 1, all = page->right - page->left;
    double title = page_text_height(page, BOLD_LETTERS, all, curve->title);
    bool legend = curve->has_band || (curve->lines > 0 && curve->line[0].label != NULL);
    double above = title + (legend ? LEGEND_HEIGHT : 0) + 7;
    page_keep(page, above + curve->height + FOOT_HEIGHT);
    page_text_at(page, BOLD_LETTERS, page->left, page->y, all, curve->title);
    if (legend)
        legend_draw(page, curve, page->left + AXIS_WIDTH, page->y + title);
    struct field field = { .left = page->left + AXIS_WIDTH,
                           .right = page->right - 8,
                           .top = page->y + above,
                           .bottom = page->y + above + curve->height,
                           .x_from = curve->x_from,
                           .x_to = curve->x_to };
    range_find(curve, &field, &step);
    if (curve->has_band) {
        cairo_save(page->cairo);
        cairo_set_source_rgb(page->cairo, 0.87, 0.87, 0.87);
        cairo_rectangle(page->cairo, field.left, up(&field, curve->band_high), field.right - field.left,
                        up(&field, curve->band_low) - up(&field, curve->band_high));
        cairo_fill(page->cairo);
        cairo_restore(page->cairo);
    }
    axes_draw(page, curve, &field, step);
    for (unsigned i = 0; i < curve->lines; i++)
        line_draw(page, &curve->line[i], i, &field);
    page->y = field.bottom + FOOT_HEIGHT + 4;
}
