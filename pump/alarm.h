/* alarm.h - alarm conditions: raised once, logged, sounded and repeated, latched where the list says so. REQ-ALRM-01
 * to -11. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_ALARM_H
#define PUMP_ALARM_H

#include "pump/state.h"

/* The condition is present (again). Raising one that already is changes nothing. */
void alarm_raise(struct pump *pump, enum alarm_index alarm, int64_t value, instant_ms now);
/* Something happened that has no duration: raises a latching alarm that a clinician can clear for good, and that is
 * raised, logged and sounded anew at the next occurrence. */
void alarm_happen(struct pump *pump, enum alarm_index alarm, int64_t value, instant_ms now);
/* The condition is over; a latched alarm stays until cleared. */
void alarm_end(struct pump *pump, enum alarm_index alarm, instant_ms now);
/* A clinician clears a latched alarm, by code. False when the code is unknown or nothing is latched; a condition
 * still present stays active. */
bool alarm_clear(struct pump *pump, uint8_t code, instant_ms now);
/* Active or latched, bit set by alarm_index. */
uint32_t alarm_standing(const struct pump *pump);
/* Its priority under the therapy in force: ALARM_PRIORITY_LOW to _HIGH. */
uint8_t alarm_priority(const struct pump *pump, enum alarm_index alarm);
/* Sounds what is due, the highest priority only. Returns the instant of the next sound. */
instant_ms alarm_sound(struct pump *pump, const struct board *board, instant_ms now);

#endif
