/* trace.h - a curve of any length in bounded room: of each of so many equal spans of time the first and last value and the
 * extremes are kept, in their order, so that no peak is lost. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_TRACE_H
#define CLINIC_REPORT_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clinic/report/curve.h"

enum { TRACE_SPANS = 300, TRACE_POINTS_MAX = 4 * TRACE_SPANS };

struct trace {
    int64_t total_ms;
    struct trace_span {
        bool any;
        struct trace_value {
            int64_t at_ms, value;
        } first, low, high, last;
    } span[TRACE_SPANS];
};

void trace_begin(struct trace *trace, int64_t total_ms);
/* At 0 to total_ms, not before what was added last. */
void trace_add(struct trace *trace, int64_t at_ms, int64_t value);
/* Hours across and value * factor upright; how many points. */
size_t trace_points(const struct trace *trace, double factor, struct point point[TRACE_POINTS_MAX]);

#endif
