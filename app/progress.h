/* progress.h - a progress bar with the time left, on a terminal only. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool on, utf8;
    int64_t begun_ms, drawn_ms;
};

/* Draws only when standard error is a terminal that can move its cursor (TERM is not "dumb"). */
void progress_begin(struct progress *progress);
void progress_draw(struct progress *progress, int64_t done, int64_t total);
/* Wipes the bar away. */
void progress_end(struct progress *progress);

/* Milliseconds of the machine's monotonic clock. */
int64_t progress_clock(void);
/* Does the locale show UTF-8? */
bool progress_utf8(void);

#endif
