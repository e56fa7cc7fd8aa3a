/* moment.c - civil time and a zone's label as a moment of a report. */
// SPDX-License-Identifier: Apache-2.0
#include "app/moment.h"

struct moment moment_of(civil_ms civil, const char zone[ZONE_LABEL_BYTES])
{
    int32_t minutes = (zone[1] - '0') * 600 + (zone[2] - '0') * 60 + (zone[4] - '0') * 10 + (zone[5] - '0');
    if (zone[0] == '-')
        minutes = -minutes;
    return (struct moment){ civil.ms - (int64_t)minutes * MINUTE_MS, minutes };
}
