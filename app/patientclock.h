/* patientclock.h - the pump's moments as a patient reads them, by the civil time that the pump was told. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PATIENTCLOCK_H
#define APP_PATIENTCLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/calendar.h"

enum { PATIENTCLOCK_BYTES = 32 };

/* "2026-Nov-23 14:05" (rule U7); of a pump whose civil time was never set "" */
void patientclock_moment(char text[PATIENTCLOCK_BYTES], const struct calendar *calendar, int64_t at_ms);
/* What follows "until": "14:05" today, "14:05 tomorrow", else the date too; where the civil time was never set,
 * "3 h 20 min from now". Rounded up to the minute, so that nobody comes too early. */
void patientclock_until(char text[PATIENTCLOCK_BYTES], const struct calendar *calendar, int64_t now_ms, int64_t at_ms);

/* "2026-05-20" as it is shown: "2026-May-20". False, and empty, for what is no such date. */
bool patientclock_date(char text[PATIENTCLOCK_BYTES], const char *date);

#endif
