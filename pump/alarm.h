/* alarm.h - alarm conditions: raised once, logged, sounded and repeated, latched where the list says so. REQ-ALRM-01
 * to -12.
 *
 * Onset. A condition whose row has an onset must last that long before it counts; one that ends before has never been: no
 * sound, no record, no place in the list.
 * Tones. The implant has two: one beep for LOW, two tones for MEDIUM and HIGH alike, which both ask somebody to act soon
 * (clinical 1.1 names no third pattern). Of several that are due only the highest is heard.
 * Pause. It ends at its time, at a reset and at any new condition; what fell due meanwhile is heard at its end. Pauses that
 * follow each other, whoever asks, last no longer together than the longest single one: then the sound is heard before it is
 * paused again. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_ALARM_H
#define PUMP_ALARM_H

#include "pump/state.h"

/* One alarm as an interrogation lists it. */
struct alarm_entry {
    uint8_t alarm;    /* enum alarm_index */
    uint8_t priority; /* ALARM_PRIORITY_LOW to _HIGH */
    bool active;      /* its condition is present */
    bool latched;     /* a clinician must clear it */
    instant_ms since;
    int64_t value;    /* what was told with it; 0 after a reset */
};

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
/* Pauses the sound from now on, for 1 to SILENCE_MINUTES_MAX. False, with the end of the pause that holds, when that would be
 * longer together than pauses may be. */
bool alarm_pause(struct pump *pump, uint16_t minutes, instant_ms now, instant_ms *earliest);
/* Active or latched, bit set by alarm_index. */
uint32_t alarm_standing(const struct pump *pump);
/* Is this one active or latched? */
bool alarm_stands(const struct pump *pump, enum alarm_index alarm);
/* Those standing, one a cause: what only follows from another active one is left out. Highest priority first, then by
 * occurrence. Returns how many (REQ-ALRM-11). */
unsigned alarm_list(const struct pump *pump, struct alarm_entry list[ALARM_COUNT]);
/* Its priority under the therapy in force: ALARM_PRIORITY_LOW to _HIGH. */
uint8_t alarm_priority(const struct pump *pump, enum alarm_index alarm);
/* Lets conditions count that have lasted for their onset, and sounds what is due, the highest priority only. Returns
 * the instant of the next sound or onset. */
instant_ms alarm_sound(struct pump *pump, const struct board *board, instant_ms now);

#endif
