/* moment.c - moments of UTC, written and read. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/moment.h"

#include <stdio.h>
#include <string.h>

#include "core/calendar.h"

/* Do digits and marks stand where the form has them? 'd' is a digit. */
static bool formed(const char *text, const char *form)
{
    size_t size = strlen(form);
    if (strlen(text) != size)
        return false;
    for (size_t i = 0; i < size; i++)
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    return true;
}

static unsigned number(const char *text, unsigned digits)
{
    unsigned value = 0;
    for (unsigned i = 0; i < digits; i++)
        value = value * 10 + (unsigned)(text[i] - '0');
    return value;
}

bool moment_read(const char *text, int64_t *ms)
{
    bool whole = formed(text, "dddd-dd-ddTdd:dd:ddZ"), parts = formed(text, "dddd-dd-ddTdd:dd:dd.dddZ");
    civil_ms civil;
    if (!whole && !parts)
        return false;
    const struct civil_date date = { .year = (int32_t)number(text, 4),
                                     .month = (uint8_t)number(text + 5, 2),
                                     .day = (uint8_t)number(text + 8, 2),
                                     .hour = (uint8_t)number(text + 11, 2),
                                     .minute = (uint8_t)number(text + 14, 2),
                                     .second = (uint8_t)number(text + 17, 2),
                                     .millisecond = (uint16_t)(parts ? number(text + 20, 3) : 0) };
    if (date.hour > 23 || date.minute > 59 || date.second > 59 || civil_from_date(&date, &civil) != RESULT_OK)
        return false;
    *ms = civil.ms;
    return true;
}

void moment_write(char text[MOMENT_TEXT_BYTES], int64_t ms)
{
    const civil_ms civil = { ms };
    struct civil_date date = civil_date(civil);
    char rest[8] = "";
    if (date.millisecond != 0)
        snprintf(rest, sizeof rest, ".%03u", date.millisecond % 1000U);
    snprintf(text, MOMENT_TEXT_BYTES, "%04d-%02u-%02uT%02u:%02u:%02u%sZ", date.year % 10000, date.month % 100U, date.day % 100U,
             date.hour % 100U, date.minute % 100U, date.second % 100U, rest);
}

json_t *moment_json(int64_t ms)
{
    char text[MOMENT_TEXT_BYTES];
    if (ms == 0)
        return json_null();
    moment_write(text, ms);
    return json_string(text);
}

bool moment_date_good(const char *text)
{
    static const uint8_t DAYS[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (!formed(text, "dddd-dd-dd"))
        return false;
    unsigned year = number(text, 4), month = number(text + 5, 2), day = number(text + 8, 2);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return year >= 1800 && month >= 1 && month <= 12 && day >= 1 && day <= DAYS[month - 1] && (leap || month != 2 || day <= 28);
}
