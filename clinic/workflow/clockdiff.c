/* clockdiff.c - how far a pump's clock is from the programmer's own. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/clockdiff.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SECOND_MS = 1000 };

static bool two(const char *text, int64_t below, int64_t *value)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return false;
    *value = 10 * (text[0] - '0') + (text[1] - '0');
    return *value < below;
}

/* How much the zone is ahead of UTC. */
static bool zone_read(const char zone[ZONE_LABEL_BYTES], int64_t *ms)
{
    int64_t hours = 0, minutes = 0;
    size_t size = strlen(zone);
    *ms = 0;
    if (size == 1 && zone[0] == 'Z')
        return true;
    if ((size != 3 && size != 6) || (zone[0] != '+' && zone[0] != '-') || !two(zone + 1, 24, &hours) ||
        (size == 6 && (zone[3] != ':' || !two(zone + 4, 60, &minutes))))
        return false;
    *ms = (hours * HOUR_MS + minutes * MINUTE_MS) * (zone[0] == '-' ? -1 : 1);
    return true;
}

bool clockdiff(const struct calendar *calendar, instant_ms pump_now, int64_t utc_ms, int64_t *ahead_ms)
{
    int64_t zone_ms = 0;
    if (!zone_read(calendar->zone, &zone_ms))
        return false;
    *ahead_ms = pump_now.ms + calendar->offset.ms - zone_ms - utc_ms;
    return true;
}

/* The two largest units of it. */
static void span_write(char *text, size_t room, int64_t ms)
{
    static const struct {
        int64_t ms;
        const char *name;
    } UNITS[] = { { DAY_MS, "d" }, { HOUR_MS, "h" }, { MINUTE_MS, "min" }, { SECOND_MS, "s" } };
    unsigned i = 0;
    while (i < 3 && ms < UNITS[i].ms)
        i++;
    int used = snprintf(text, room, "%" PRId64 " %s", ms / UNITS[i].ms, UNITS[i].name);
    int64_t rest = i < 3 ? ms % UNITS[i].ms / UNITS[i + 1].ms : 0;
    if (rest > 0)
        (void)snprintf(text + used, room - (size_t)used, " %" PRId64 " %s", rest, UNITS[i + 1].name);
}

void clockdiff_words(const struct calendar *calendar, instant_ms pump_now, int64_t utc_ms, char text[CLOCKDIFF_TEXT_BYTES])
{
    char span[CLOCKDIFF_TEXT_BYTES / 2];
    int64_t ahead = 0;
    if (!clockdiff(calendar, pump_now, utc_ms, &ahead)) {
        (void)snprintf(text, CLOCKDIFF_TEXT_BYTES, "not known how far from this programmer's clock: it was never set");
        return;
    }
    if (ahead > -SECOND_MS && ahead < SECOND_MS) {
        (void)snprintf(text, CLOCKDIFF_TEXT_BYTES, "within a second of this programmer's clock");
        return;
    }
    span_write(span, sizeof span, ahead < 0 ? -ahead : ahead);
    (void)snprintf(text, CLOCKDIFF_TEXT_BYTES, "%s %s this programmer's clock", span, ahead < 0 ? "behind" : "ahead of");
}
