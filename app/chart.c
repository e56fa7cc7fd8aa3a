/* chart.c - a run as three small charts for a terminal of 80 columns. */
// SPDX-License-Identifier: Apache-2.0
#include "app/chart.h"

#include <string.h>

#include "amount/amount.h"
#include "core/quantity.h"
#include "rig/nearest.h"

enum { ROWS = 5, LEVELS = 8 };

void chart_begin(struct chart *chart, int64_t total_ms)
{
    memset(chart, 0, sizeof *chart);
    chart->total_ms = total_ms;
}

static int64_t between(int64_t before, int64_t after, double share)
{
    return before + nearest((double)(after - before) * share);
}

void chart_add(struct chart *chart, const struct chart_point *point)
{
    if (!chart->begun) {
        chart->begun = true;
        chart->last = chart->edge[0] = *point;
    }
    while (chart->columns < CHART_COLUMNS) {
        int64_t edge = chart->total_ms / CHART_COLUMNS * (chart->columns + 1);
        if (chart->columns + 1 == CHART_COLUMNS)
            edge = chart->total_ms;
        if (point->at_ms < edge)
            break;
        const struct chart_point *last = &chart->last;
        double share =
            point->at_ms > last->at_ms ? (double)(edge - last->at_ms) / (double)(point->at_ms - last->at_ms) : 1.0;
        chart->edge[++chart->columns] =
            (struct chart_point){ edge, between(last->delivered_nl, point->delivered_nl, share),
                                  between(last->remaining_nl, point->remaining_nl, share),
                                  between(last->drug_ng, point->drug_ng, share) };
    }
    chart->last = *point;
}

static double per_day(int64_t amount, int64_t ms)
{
    return ms > 0 ? (double)amount / 1e6 * DAY_MS / (double)ms : 0;
}

/* The height of one column of one curve: mL/day, mL, mg/day. */
static double value_at(const struct chart *chart, int curve, int column)
{
    const struct chart_point *left = &chart->edge[column], *right = &chart->edge[column + 1];
    int64_t ms = right->at_ms - left->at_ms;
    if (curve == 0)
        return per_day(right->delivered_nl - left->delivered_nl, ms);
    if (curve == 1)
        return (double)right->remaining_nl / 1e6;
    return per_day(right->drug_ng - left->drug_ng, ms);
}

/* 1, 2, 2.5 or 5 times a power of ten, not below the value: an axis people can read. */
static double axis_top(double value)
{
    static const double steps[] = { 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 };
    double power = 1e-6;
    while (power * 10 < value && power < 1e9)
        power *= 10;
    for (unsigned i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i] * power >= value)
            return steps[i] * power;
    return value;
}

static void row_draw(const struct chart *chart, int curve, int row, double top, bool utf8, FILE *out)
{
    static const char *const blocks[] = { " ",      "\u2581", "\u2582", "\u2583", "\u2584",
                                          "\u2585", "\u2586", "\u2587", "\u2588" };
    static const char *const letters[] = { " ", ".", ".", ":", ":", "+", "+", "#", "#" };
    for (int column = 0; column < chart->columns; column++) {
        double height = value_at(chart, curve, column) / top * ROWS * LEVELS - row * LEVELS;
        int level = (int)(height + 0.5);
        if (row == 0 && level == 0 && height > 0)
            level = 1; /* little is not nothing */
        level = level < 0 ? 0 : level > LEVELS ? LEVELS : level;
        fputs(utf8 ? blocks[level] : letters[level], out);
    }
}

static void curve_draw(const struct chart *chart, int curve, const char *title, bool utf8, FILE *out)
{
    double most = 0;
    for (int column = 0; column < chart->columns; column++)
        most = value_at(chart, curve, column) > most ? value_at(chart, curve, column) : most;
    double top = axis_top(most);
    fprintf(out, "  %s\n", title);
    for (int row = ROWS - 1; row >= 0; row--) {
        char label[AMOUNT_TEXT_BYTES] = "";
        if (row == ROWS - 1)
            amount_write(label, nearest(top * 1e6), 6, 0, "");
        else if (row == 0)
            amount_write(label, 0, 0, 0, "");
        fprintf(out, "%9.9s %s", label, utf8 ? "\u2502" : "|");
        row_draw(chart, curve, row, top, utf8, out);
        fputc('\n', out);
    }
}

static void axis_draw(const struct chart *chart, bool utf8, FILE *out)
{
    char end[AMOUNT_TEXT_BYTES], middle[AMOUNT_TEXT_BYTES];
    fprintf(out, "%9s %s", "", utf8 ? "\u2514" : "+");
    for (int column = 0; column < CHART_COLUMNS; column++)
        fputs(utf8 ? "\u2500" : "-", out);
    amount_write(middle, (chart->total_ms / 2 + 4320000) / 8640000, 1, 0, "");
    amount_write(end, (chart->total_ms + 4320000) / 8640000, 1, 0, "d");
    fprintf(out, "\n%10s0 d%*s%*s\n", "", CHART_COLUMNS / 2 - 1, middle, CHART_COLUMNS - CHART_COLUMNS / 2 - 1, end);
}

void chart_draw(const struct chart *chart, const char *drug, bool utf8, FILE *out)
{
    char title[96];
    curve_draw(chart, 0, "delivered at the tip, mL/day", utf8, out);
    curve_draw(chart, 1, "reservoir as calculated, mL", utf8, out);
    if (drug != NULL) {
        snprintf(title, sizeof title, "%s at the tip, mg/day", drug);
        curve_draw(chart, 2, title, utf8, out);
    }
    axis_draw(chart, utf8, out);
}
