/* catalog.c - the rows of the frozen lists. Each list is expanded once as a table and once as cases, so that a
 * missing row cannot be looked up and a code used twice does not compile. */
// SPDX-License-Identifier: Apache-2.0
#include "core/catalog.h"

#include <stddef.h>

_Static_assert(ALARM_COUNT <= 32, "a set of alarms fits 32 bits");

#define ALARM(name_, code_, priority_, latch_, onset_, repeat_, text_, hazard_)                                        \
    [ALARM_AT_##name_] = { .code = code_,                                                                              \
                           .priority = ALARM_PRIORITY_##priority_,                                                     \
                           .latch = latch_,                                                                            \
                           .onset_s = onset_,                                                                          \
                           .repeat_s = repeat_,                                                                        \
                           .name = #name_,                                                                             \
                           .text = text_,                                                                              \
                           .hazard = hazard_ },
static const struct alarm_row ALARM_ROWS[ALARM_COUNT] = {
#include "core/alarm.def"
};
#undef ALARM

const struct alarm_row *alarm_row(unsigned index)
{
    return index < ALARM_COUNT ? &ALARM_ROWS[index] : NULL;
}

unsigned alarm_position(uint8_t code)
{
#define ALARM(name, number, ...)                                                                                       \
    case number:                                                                                                       \
        return ALARM_AT_##name;
    switch (code) {
#include "core/alarm.def"
    default:
        return ALARM_COUNT;
    }
#undef ALARM
}

#define EVENT(name, ...) EVENT_AT_##name,
enum event_position {
#include "core/event.def"
    EVENT_COUNT
};
#undef EVENT

#define EVENT(name, code_, word_, fault_, field0, field1, field2, field3, cause_)                                              \
    [EVENT_AT_##name] = { .code = code_,                                                                               \
                          .fault = fault_,                                                                             \
                          .word = word_,                                                                               \
                          .field = { field0, field1, field2, field3 },                                                 \
                          .cause = cause_ },
static const struct event_row EVENT_ROWS[EVENT_COUNT] = {
#include "core/event.def"
};
#undef EVENT

const struct event_row *event_row(uint16_t code)
{
#define EVENT(name, number, ...)                                                                                       \
    case number:                                                                                                       \
        return &EVENT_ROWS[EVENT_AT_##name];
    switch (code) {
#include "core/event.def"
    default:
        return NULL;
    }
#undef EVENT
}

const char *mode_word(uint8_t mode)
{
#define MODE(name, number, word, text)                                                                                 \
    case number:                                                                                                       \
        return word;
    switch (mode) {
#include "core/mode.def"
    default:
        return NULL;
    }
#undef MODE
}
