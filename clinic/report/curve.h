/* curve.h - curves on the pages of a report. Lines differ by their dashes, never by colour alone; red, yellow and cyan belong to
 * alarms (screen rules A1, A2). What a curve shows stands in words or a table beside it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_CURVE_H
#define CLINIC_REPORT_CURVE_H

#include "clinic/report/page.h"

enum { CURVE_LINES_MAX = 4, CURVE_TICKS_MAX = 16, CURVE_TICK_BYTES = 24 };

/* For drawing only: amounts in the unit of the axis. */
struct point {
    double x, y;
};

struct curve_line {
    const char *label;
    const struct point *point;
    size_t points;
    bool dots;  /* each point is marked, as a reading is */
    bool steps; /* a value holds until the next point */
};

struct curve {
    const char *title; /* with the unit of the upright axis */
    double height;
    double x_from, x_to;
    unsigned ticks;
    struct {
        double x;
        char text[CURVE_TICK_BYTES];
    } tick[CURVE_TICKS_MAX];
    unsigned lines;
    struct curve_line line[CURVE_LINES_MAX];
    bool has_band; /* a grey band between two values: what is within accuracy */
    double band_low, band_high;
    const char *band_label;
};

/* The upright axis reaches from zero, or below it, to beyond all that is drawn. */
void curve_draw(struct page *page, const struct curve *curve);

#endif
