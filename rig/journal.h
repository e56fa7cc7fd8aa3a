/* journal.h - events as lines of JSON for programs and people, and their tally. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_JOURNAL_H
#define RIG_JOURNAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "core/calendar.h"
#include "core/event.h"
#include "core/verdict.h"

enum { EVENT_CODES = 256 };

/* How often what happened. */
struct tally {
    uint64_t events, hardware_events;
    uint64_t event[EVENT_CODES];             /* by code */
    uint64_t refused_because[VERDICT_COUNT]; /* refused commands, by each of their reasons */
    struct tally_alarm {
        uint64_t count;
        instant_ms first;
    } alarm[ALARM_COUNT];
};

/* Where events go: counted, and written as one line each when there is a stream. */
struct journal {
    FILE *stream;
    struct tally tally;
};

void journal_event(struct journal *journal, const struct event *event, const struct calendar *calendar);
/* Something that happened outside the pump: `detail` (may be null; taken over) is added to the line. */
void journal_outside(struct journal *journal, instant_ms at, const struct calendar *calendar, const char *who,
                     const char *what, json_t *detail);

/* "2026-03-01T08:00:00.000+01:00". */
enum { CIVIL_TEXT_BYTES = 48 };
void journal_civil(char text[CIVIL_TEXT_BYTES], instant_ms at, const struct calendar *calendar);
/* An alarm's name in small letters, by position. */
void journal_alarm_name(char name[32], unsigned index);
/* The reasons of a refusal, as a list of words. */
json_t *journal_reasons(verdict reasons);
const char *journal_course_word(int64_t kind);
const char *journal_actor_word(uint8_t actor);
/* The codes of an event as words, a new object. The word of a field is "FIELD_word", of an alarm "alarm_name" and
 * "alarm_text"; the reasons of a refusal are "reasons", the characters of a lot "lot". The one table for all who show events. */
json_t *journal_words(const struct event *event);

#endif
