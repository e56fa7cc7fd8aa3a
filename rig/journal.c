/* journal.c - events as lines of JSON, and their tally. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/journal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/command.h"
#include "core/limits.h"
#include "core/program.h"
#include "pump/state.h"

void journal_civil(char text[CIVIL_TEXT_BYTES], instant_ms at, const struct calendar *calendar)
{
    struct civil_date date = civil_date(calendar_civil(calendar, at));
    snprintf(text, CIVIL_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d.%03d%.7s", (int)date.year, date.month, date.day,
             date.hour, date.minute, date.second, date.millisecond, calendar->zone);
}

void journal_alarm_name(char name[32], unsigned index)
{
    snprintf(name, 32, "%s", alarm_row(index)->name);
    for (char *c = name; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
}

json_t *journal_reasons(verdict reasons)
{
    json_t *list = json_array();
    for (unsigned bit = 0; bit < VERDICT_COUNT; bit++)
        if ((reasons >> bit & 1) != 0)
            json_array_append_new(list, json_string(verdict_word(bit)));
    return list;
}

static const char *word_at(const char *const *words, size_t count, int64_t index)
{
    return index >= 0 && (uint64_t)index < count ? words[index] : "unknown";
}

const char *journal_course_word(int64_t kind)
{
    static const char *const words[] = {
        [COURSE_NONE] = "none",           [COURSE_PRIME] = "prime",       [COURSE_BRIDGE] = "bridge",
        [COURSE_SINGLE] = "single",       [COURSE_PERIODIC] = "periodic", [COURSE_PATIENT] = "patient",
        [COURSE_CLINICIAN] = "clinician",
    };
    return word_at(words, sizeof words / sizeof words[0], kind);
}

static const char *course_cause_word(int64_t cause)
{
    static const char *const words[] = {
        [COURSE_COMPLETE] = "complete", [COURSE_CANCELLED] = "cancelled", [COURSE_STALLED] = "stalled",
        [COURSE_STOPPED] = "stopped",   [COURSE_RESET] = "reset",         [COURSE_REPLACED] = "replaced",
        [COURSE_EMPTY] = "empty",
    };
    return word_at(words, sizeof words / sizeof words[0], cause);
}

static const char *opening_word(int64_t kind)
{
    static const char *const words[] = {
        [OPENING_NONE] = "none", [OPENING_PRIME] = "prime", [OPENING_BRIDGE] = "bridge", [OPENING_SINGLE] = "single"
    };
    return word_at(words, sizeof words / sizeof words[0], kind);
}

const char *journal_actor_word(uint8_t actor)
{
    static const char *const words[] = { [ACTOR_PUMP] = "pump",
                                         [ACTOR_CLINICIAN] = "clinician",
                                         [ACTOR_PATIENT] = "patient",
                                         [ACTOR_READER] = "reader",
                                         [ACTOR_SERVICE] = "service" };
    return word_at(words, sizeof words / sizeof words[0], actor);
}

static unsigned alarm_of_code(int64_t code)
{
    unsigned index = 0;
    while (index < ALARM_COUNT && alarm_row(index)->code != code)
        index++;
    return index;
}

static void set_text(json_t *line, const char *name, const char *text)
{
    json_object_set_new(line, name, json_string(text != NULL ? text : "unknown"));
}

/* The characters of a lot, eight to a number. */
static const char *lot_text(const struct event *event, char text[32])
{
    for (unsigned i = 0; i < LOT_BYTES; i++)
        text[i] = (char)((uint64_t)event->field[i / 8] >> (8 * (i % 8)) & 0xFF);
    text[LOT_BYTES] = '\0';
    return text;
}

json_t *journal_words(const struct event *event)
{
    json_t *line = json_object();
    unsigned alarm = ALARM_COUNT;
    char name[32];
    switch (event->code) {
    case EVENT_MODE:
        set_text(line, "from_word", mode_word((uint8_t)event->field[0]));
        set_text(line, "to_word", mode_word((uint8_t)event->field[1]));
        break;
    case EVENT_ACTIVATED:
        set_text(line, "opening_word", opening_word(event->field[3]));
        break;
    case EVENT_REFUSED:
        set_text(line, "command_word", command_word((uint8_t)event->field[0]));
        json_object_set_new(line, "reasons", journal_reasons((verdict)event->field[1]));
        break;
    case EVENT_COURSE_END:
        set_text(line, "cause_word", course_cause_word(event->field[3]));
        set_text(line, "kind_word", journal_course_word(event->field[0]));
        break;
    case EVENT_COURSE_START:
    case EVENT_COURSE_SKIPPED:
        set_text(line, "kind_word", journal_course_word(event->field[0]));
        break;
    case EVENT_ALARM_RAISED:
    case EVENT_ALARM_ENDED:
    case EVENT_ALARM_CLEARED:
        alarm = alarm_of_code(event->field[0]);
        if (alarm < ALARM_COUNT) {
            journal_alarm_name(name, alarm);
            set_text(line, "alarm_name", name);
            set_text(line, "alarm_text", alarm_row(alarm)->text);
        }
        break;
    case EVENT_WITHHELD:
        set_text(line, "window_word", event->field[1] == WINDOW_HOUR ? "hour" : "day");
        set_text(line, "drug_word", drug_word((uint16_t)event->field[2]));
        break;
    case EVENT_PAIRED:
    case EVENT_UNPAIRED:
    case EVENT_SESSION:
        set_text(line, "role_word", role_word((uint8_t)event->field[1]));
        break;
    case EVENT_LOT:
        set_text(line, "lot", lot_text(event, name));
        break;
    default: /* numbers say all there is */
        break;
    }
    return line;
}

static void count(struct tally *tally, const struct event *event)
{
    tally->events++;
    if (event->code < EVENT_CODES)
        tally->event[event->code]++;
    if (event->code == EVENT_REFUSED)
        for (unsigned bit = 0; bit < VERDICT_COUNT; bit++)
            tally->refused_because[bit] += (uint64_t)event->field[1] >> bit & 1;
    if (event->code != EVENT_ALARM_RAISED)
        return;
    unsigned alarm = alarm_of_code(event->field[0]);
    if (alarm < ALARM_COUNT && tally->alarm[alarm].count++ == 0)
        tally->alarm[alarm].first = event->at;
}

static void line_write(FILE *stream, json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER);
    if (text != NULL)
        fprintf(stream, "%s\n", text);
    free(text);
}

void journal_event(struct journal *journal, const struct event *event, const struct calendar *calendar)
{
    char civil[CIVIL_TEXT_BYTES];
    count(&journal->tally, event);
    if (journal->stream == NULL)
        return;
    const struct event_row *row = event_row(event->code);
    json_t *line = json_object();
    journal_civil(civil, event->at, calendar);
    json_object_set_new(line, "sequence", json_integer((json_int_t)event->sequence));
    json_object_set_new(line, "tick_ms", json_integer(event->at.ms));
    json_object_set_new(line, "epoch", json_integer(event->epoch));
    set_text(line, "civil", civil);
    set_text(line, "who", journal_actor_word(event->actor));
    set_text(line, "event", row != NULL ? row->word : NULL);
    for (unsigned i = 0; row != NULL && i < 4; i++)
        if (row->field[i][0] != '\0') /* the instant that never comes is null */
            json_object_set_new(line, row->field[i],
                                event->field[i] == INT64_MAX ? json_null() : json_integer(event->field[i]));
    json_t *words = journal_words(event);
    json_object_update(line, words);
    json_decref(words);
    line_write(journal->stream, line);
    json_decref(line);
}

void journal_outside(struct journal *journal, instant_ms at, const struct calendar *calendar, const char *who,
                     const char *what, json_t *detail)
{
    char civil[CIVIL_TEXT_BYTES];
    json_t *line = json_object();
    journal->tally.hardware_events++;
    journal_civil(civil, at, calendar);
    json_object_set_new(line, "tick_ms", json_integer(at.ms));
    set_text(line, "civil", civil);
    set_text(line, "who", who);
    set_text(line, "event", what);
    if (detail != NULL)
        json_object_update(line, detail);
    json_decref(detail);
    if (journal->stream != NULL)
        line_write(journal->stream, line);
    json_decref(line);
}
