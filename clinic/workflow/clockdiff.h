/* clockdiff.h - how far a pump's clock is from the programmer's own: day programs go by the pump's. REQ-TIME-08, HZ-29. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_CLOCKDIFF_H
#define CLINIC_WORKFLOW_CLOCKDIFF_H

#include <stdbool.h>
#include <stdint.h>

#include "core/calendar.h"

enum { CLOCKDIFF_TEXT_BYTES = 96 };

/* Ahead of the programmer's above zero, ms. False, and nothing is known: the pump has no zone ("", its clock was never set), or
 * one that is not of the form "Z", "+01" or "+01:00". `utc_ms` is the programmer's own time when it was asked. */
bool clockdiff(const struct calendar *calendar, instant_ms pump_now, int64_t utc_ms, int64_t *ahead_ms);
/* "2 min 5 s ahead of this programmer's clock", "within a second of ...", and that it is not known. */
void clockdiff_words(const struct calendar *calendar, instant_ms pump_now, int64_t utc_ms, char text[CLOCKDIFF_TEXT_BYTES]);

#endif
