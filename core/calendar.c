/* calendar.c - days and dates of civil time (the Gregorian calendar, no leap seconds). */
// SPDX-License-Identifier: Apache-2.0
#include "core/calendar.h"

enum {
    YEAR_FIRST = 1970,
    YEAR_LAST = 2199,
    ERA_YEARS = 400,  /* the Gregorian calendar repeats after this many years, */
    ERA_DAYS = 146097, /* which are this many days */
    /* Days from 0000-03-01 to 1970-01-01. Years counted from March put the leap day at their end, where it disturbs no
     * month's beginning. */
    EPOCH_DAYS = 719468
};

/* Whole days since 1970-01-01, rounded towards the past. */
static int64_t civil_day(civil_ms civil)
{
    int64_t day = civil.ms / DAY_MS;
    return civil.ms % DAY_MS < 0 ? day - 1 : day;
}

civil_ms calendar_civil(const struct calendar *calendar, instant_ms instant)
{
    return (civil_ms){ instant.ms + calendar->offset.ms };
}

uint8_t civil_weekday(civil_ms civil)
{
    int64_t weekday = (civil_day(civil) + THURSDAY) % WEEK_DAYS; /* 1970-01-01 was a Thursday */
    return (uint8_t)(weekday < 0 ? weekday + WEEK_DAYS : weekday);
}

span_ms civil_time_of_day(civil_ms civil)
{
    return (span_ms){ civil.ms - civil_day(civil) * DAY_MS };
}

struct civil_date civil_date(civil_ms civil)
{
    int64_t day = civil_day(civil) + EPOCH_DAYS;
    int64_t era = (day >= 0 ? day : day - (ERA_DAYS - 1)) / ERA_DAYS;
    int64_t era_day = day - era * ERA_DAYS;
    int64_t era_year = (era_day - era_day / 1460 + era_day / 36524 - era_day / 146096) / 365;
    int64_t year_day = era_day - (365 * era_year + era_year / 4 - era_year / 100);
    int64_t march_month = (5 * year_day + 2) / 153; /* months from March on follow a cycle of 153 days in five */
    int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
    int64_t time = civil_time_of_day(civil).ms;
    return (struct civil_date){
        .year = (int32_t)(era * ERA_YEARS + era_year + (month <= 2 ? 1 : 0)),
        .month = (uint8_t)month,
        .day = (uint8_t)(year_day - (153 * march_month + 2) / 5 + 1),
        .hour = (uint8_t)(time / HOUR_MS),
        .minute = (uint8_t)(time / MINUTE_MS % 60),
        .second = (uint8_t)(time / 1000 % 60),
        .millisecond = (uint16_t)(time % 1000),
        .weekday = civil_weekday(civil),
    };
}

static uint8_t month_days(int32_t year, uint8_t month)
{
    static const uint8_t DAYS[13] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return (uint8_t)(DAYS[month] + (month == 2 && leap ? 1 : 0));
}

static bool date_exists(const struct civil_date *date)
{
    if (date->year < YEAR_FIRST || date->year > YEAR_LAST || date->month < 1 || date->month > 12)
        return false;
    if (date->day < 1 || date->day > month_days(date->year, date->month))
        return false;
    return date->hour < 24 && date->minute < 60 && date->second < 60 && date->millisecond < 1000;
}

enum result civil_from_date(const struct civil_date *date, civil_ms *civil)
{
    if (!date_exists(date))
        return RESULT_MALFORMED;
    int64_t year = date->month <= 2 ? date->year - 1 : date->year;
    int64_t march_month = date->month <= 2 ? date->month + 9 : date->month - 3;
    int64_t day = year * 365 + year / 4 - year / 100 + year / 400 + (153 * march_month + 2) / 5 + date->day - 1;
    int64_t time = (int64_t)date->hour * HOUR_MS + date->minute * MINUTE_MS + date->second * 1000 + date->millisecond;
    civil->ms = (day - EPOCH_DAYS) * DAY_MS + time;
    return RESULT_OK;
}
