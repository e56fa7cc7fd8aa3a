/* patientclock.c - moments in words. */
// SPDX-License-Identifier: Apache-2.0
#include "app/patientclock.h"

#include <inttypes.h>
#include <stdio.h>

#include "clinic/server/moment.h"

enum { YEAR_SET = 2000 /* a clock that was never set begins in 1970 */ };

static const char *const MONTHS[] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};

static bool date_of(const struct calendar *calendar, int64_t at_ms, struct civil_date *date)
{
    civil_ms civil = calendar_civil(calendar, (instant_ms){ at_ms });
    if (civil.ms < 0)
        return false;
    *date = civil_date(civil);
    return date->year >= YEAR_SET && date->month >= 1 && date->month <= 12;
}

void patientclock_moment(char text[PATIENTCLOCK_BYTES], const struct calendar *calendar, int64_t at_ms)
{
    struct civil_date date;
    text[0] = '\0';
    if (date_of(calendar, at_ms, &date))
        snprintf(text, PATIENTCLOCK_BYTES, "%04d-%s-%02d %02d:%02d", (int)date.year, MONTHS[date.month - 1], date.day,
                 date.hour, date.minute);
}

void patientclock_until(char text[PATIENTCLOCK_BYTES], const struct calendar *calendar, int64_t now_ms, int64_t at_ms)
{
    struct civil_date date;
    if (!date_of(calendar, now_ms, &date)) {
        int64_t minutes = (at_ms - now_ms + MINUTE_MS - 1) / MINUTE_MS;
        snprintf(text, PATIENTCLOCK_BYTES, "%" PRId64 " h %" PRId64 " min from now", minutes / 60, minutes % 60);
        return;
    }
    int64_t offset_ms = calendar->offset.ms;
    int64_t until_ms = (at_ms + offset_ms + MINUTE_MS - 1) / MINUTE_MS * MINUTE_MS - offset_ms;
    int64_t days = (until_ms + offset_ms) / DAY_MS - (now_ms + offset_ms) / DAY_MS;
    if (days > 1 || !date_of(calendar, until_ms, &date)) {
        patientclock_moment(text, calendar, until_ms);
        return;
    }
    snprintf(text, PATIENTCLOCK_BYTES, "%02d:%02d%s", date.hour, date.minute, days == 1 ? " tomorrow" : "");
}

bool patientclock_date(char text[PATIENTCLOCK_BYTES], const char *date)
{
    text[0] = '\0';
    if (!moment_date_good(date))
        return false;
    int month = (date[5] - '0') * 10 + (date[6] - '0');
    snprintf(text, PATIENTCLOCK_BYTES, "%.4s-%s-%.2s", date, MONTHS[month - 1], date + 8);
    return true;
}
