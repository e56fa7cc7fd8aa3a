/* journal.c - clocks and lines. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "clinic/server/journal.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

static int64_t clock_ms(clockid_t clock)
{
    struct timespec at = { .tv_sec = 0 };
    (void)clock_gettime(clock, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

int64_t server_now(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

int64_t server_utc(void)
{
    return clock_ms(CLOCK_REALTIME);
}

void server_log(int priority, const char *format, ...)
{
    char line[512];
    va_list list;
    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    fprintf(stderr, "<%d>cisterna clinic: %s\n", priority, line); /* one call: lines of threads do not mix */
}
