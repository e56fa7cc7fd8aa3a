/* trace.c - a curve of any length in bounded room. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/trace.h"

#include <string.h>

#include "core/quantity.h"

void trace_begin(struct trace *trace, int64_t total_ms)
{
    memset(trace, 0, sizeof *trace);
    trace->total_ms = total_ms > 0 ? total_ms : 1;
}

void trace_add(struct trace *trace, int64_t at_ms, int64_t value)
{
    const struct trace_value now = { at_ms, value };
    int64_t length = trace->total_ms / TRACE_SPANS + 1, index = at_ms / length; /* below TRACE_SPANS at total_ms */
    struct trace_span *span = &trace->span[index];
    if (!span->any)
        *span = (struct trace_span){ true, now, now, now, now };
    if (value < span->low.value)
        span->low = now;
    if (value > span->high.value)
        span->high = now;
    span->last = now;
}

size_t trace_points(const struct trace *trace, double factor, struct point point[TRACE_POINTS_MAX])
{
    size_t count = 0;
    for (unsigned i = 0; i < TRACE_SPANS; i++) {
        const struct trace_span *span = &trace->span[i];
        bool low_first = span->low.at_ms <= span->high.at_ms;
        const struct trace_value value[4] = { span->first, low_first ? span->low : span->high,
                                              low_first ? span->high : span->low, span->last };
        for (unsigned j = 0; span->any && j < 4; j++)
            if (j == 0 || value[j].at_ms != value[j - 1].at_ms)
                point[count++] = (struct point){ (double)value[j].at_ms / HOUR_MS, (double)value[j].value * factor };
    }
    return count;
}
