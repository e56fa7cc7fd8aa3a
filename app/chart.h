/* chart.h - a run as three small charts for a terminal of 80 columns. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_CHART_H
#define APP_CHART_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { CHART_COLUMNS = 66, CHART_CURVES = 3 };

/* What is followed: volume and drug that have left the tip since the start, and what is left. */
struct chart_point {
    int64_t at_ms;
    int64_t delivered_nl, remaining_nl, drug_ng;
};

/* Values stand at the ends of CHART_COLUMNS equal spans of time, drawn between samples as straight lines. */
struct chart {
    int64_t total_ms;
    int columns; /* filled so far */
    bool begun;
    struct chart_point last;                      /* newest sample */
    struct chart_point edge[CHART_COLUMNS + 1];   /* at the left edge of each column, and the end */
};

void chart_begin(struct chart *chart, int64_t total_ms);
void chart_add(struct chart *chart, const struct chart_point *point);
/* `drug` is the primary drug's name. Block characters, or plain ASCII without utf8. */
void chart_draw(const struct chart *chart, const char *drug, bool utf8, FILE *out);

#endif
