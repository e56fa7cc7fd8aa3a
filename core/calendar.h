/* calendar.h - civil time as a labelled offset on the pump's monotonic clock. REQ-TIME-01, REQ-TIME-02, HZ-29.
 * The offset changes only by an explicit command; day programs follow the civil time it gives from then on. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_CALENDAR_H
#define CORE_CALENDAR_H

#include "core/quantity.h"
#include "core/result.h"

enum { ZONE_LABEL_BYTES = 8 };

struct calendar {
    span_ms offset;                 /* civil = instant + offset */
    char zone[ZONE_LABEL_BYTES];    /* a label for people, such as "+01:00"; padded with zeros, last byte zero */
};

enum weekday { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

struct civil_date {
    int32_t year; /* 1970 to 2199 */
    uint8_t month, day, hour, minute, second;
    uint16_t millisecond;
    uint8_t weekday; /* enum weekday */
};

civil_ms calendar_civil(const struct calendar *calendar, instant_ms instant);
/* 0 = Monday ... 6 = Sunday. Civil times from 1970 on. */
uint8_t civil_weekday(civil_ms civil);
/* Milliseconds since the civil midnight. */
span_ms civil_time_of_day(civil_ms civil);
struct civil_date civil_date(civil_ms civil);
/* RESULT_MALFORMED for a date that does not exist or lies outside 1970 to 2199. */
MUST_USE enum result civil_from_date(const struct civil_date *date, civil_ms *civil);

#endif
