/* catalog.h - the frozen lists: events, alarms, modes. Each has one .def file, from which enum, words and tables
 * are made. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_CATALOG_H
#define CORE_CATALOG_H

#include <stdint.h>

#define EVENT(name, code, ...) EVENT_##name = code,
enum event_code {
#include "core/event.def"
};
#undef EVENT

#define ALARM(name, code, ...) ALARM_##name = code,
enum alarm_code {
#include "core/alarm.def"
};
#undef ALARM

/* Dense positions of alarms, for tables and bit sets. */
#define ALARM(name, ...) ALARM_AT_##name,
enum alarm_index {
#include "core/alarm.def"
    ALARM_COUNT
};
#undef ALARM

#define MODE(name, code, word, text) MODE_##name = code,
enum mode {
#include "core/mode.def"
};
#undef MODE

enum { ALARM_PRIORITY_DRUG = 0, ALARM_PRIORITY_LOW = 1, ALARM_PRIORITY_MEDIUM = 2, ALARM_PRIORITY_HIGH = 3 };

struct alarm_row {
    uint8_t code;
    uint8_t priority; /* ALARM_PRIORITY_* */
    uint8_t latch;
    uint32_t onset_s, repeat_s;
    const char *name, *text, *hazard;
};

struct event_row {
    uint16_t code;
    uint8_t fault; /* 1: also kept in the ring of faults */
    const char *word;
    const char *field[4];
    const char *cause;
};

/* The row of an alarm by position; null from ALARM_COUNT on. */
const struct alarm_row *alarm_row(unsigned index);
/* The position of an alarm by its frozen code; ALARM_COUNT when unknown. */
unsigned alarm_position(uint8_t code);
/* The row of an event code; null when unknown. */
const struct event_row *event_row(uint16_t code);
/* The machine word of a mode; null when unknown. */
const char *mode_word(uint8_t mode);

#endif
