/* progress.c - a progress bar with the time left, on a terminal only. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "app/progress.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CELLS = 40, REDRAW_MS = 100, SHOWN_AFTER_MS = 300 };

int64_t progress_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool progress_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

void progress_begin(struct progress *progress)
{
    const char *term = getenv("TERM");
    *progress = (struct progress){ .begun_ms = progress_clock(), .utf8 = progress_utf8() };
    progress->on = isatty(STDERR_FILENO) == 1 && term != NULL && strcmp(term, "dumb") != 0;
}

void progress_draw(struct progress *progress, int64_t done, int64_t total)
{
    if (!progress->on || total <= 0)
        return;
    int64_t now = progress_clock(), spent = now - progress->begun_ms;
    if (spent < SHOWN_AFTER_MS || now - progress->drawn_ms < REDRAW_MS)
        return;
    progress->drawn_ms = now;
    char bar[CELLS * 3 + 1] = "";
    double share = (double)done / (double)total;
    for (int i = 0; i < CELLS; i++)
        strcat(bar, (double)i < share * CELLS ? (progress->utf8 ? "\u2588" : "#") : (progress->utf8 ? "\u2591" : "."));
    int64_t left = done > 0 ? (int64_t)((double)spent * (1 - share) / share) / 1000 : 0;
    fprintf(stderr, "\r%s %3d %%  day %lld of %lld  %lld:%02lld left \033[K", bar, (int)(share * 100),
            (long long)(done / 86400000), (long long)(total / 86400000), (long long)(left / 60),
            (long long)(left % 60));
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->on && progress->drawn_ms != 0)
        fputs("\r\033[K", stderr);
}
