/* patientview.c - from what the pump told to words. */
// SPDX-License-Identifier: Apache-2.0
#include "app/patientview.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/alarmact.h"
#include "app/patientclock.h"

enum { GIVEN_SHOWN = 20, TEXT_BYTES = 240 };

/* What `course` of a status is while a patient's bolus runs (link/cisterna.proto). */
enum { COURSE_OF_PATIENT = 5 };

static const struct alarm_words {
    const char *what, *act;
} WORDS[ALARM_COUNT] = {
#define PATIENT_ALARM(name, what_, act_) [ALARM_AT_##name] = { .what = what_, .act = act_ },
#include "app/patientalarm.def"
#undef PATIENT_ALARM
};

static struct calendar calendar_of(const cisterna_Status *status)
{
    struct calendar calendar = { .offset = { status->civil_offset_ms } };
    snprintf(calendar.zone, sizeof calendar.zone, "%.7s", status->zone);
    return calendar;
}

/* A day after one of the doses that the pump confirmed: then it is their number that has to come down, and not a lockout. */
static bool is_daily(const struct patientview *view, const struct patientbook *book, int64_t until_ms)
{
    for (unsigned i = 0; i < book->presses; i++) {
        const struct press *press = &book->press[i];
        if (press->epoch != view->status.epoch)
            continue;
        if (press->outcome == PRESS_APPLIED && press->at_ms + DAY_MS == until_ms)
            return true;
        if (press->outcome == PRESS_NOT_APPLIED && (press->reasons & VERDICT_DAILY_COUNT) != 0 &&
            press->earliest_ms == until_ms)
            return true;
    }
    return false;
}

static bool hold_stands(const struct patientview *view)
{
    const cisterna_Status *status = &view->status;
    return view->hold.reasons != 0 && view->hold.epoch == status->epoch && view->hold.until_ms > status->now_ms &&
           status->therapy_token.size == PATIENT_TOKEN_BYTES &&
           memcmp(view->hold.token, status->therapy_token.bytes, PATIENT_TOKEN_BYTES) == 0;
}

void patientview_refused(struct patientview *view, const struct receipt *receipt)
{
    const verdict limits = VERDICT_HOUR_LIMIT | VERDICT_DAY_LIMIT;
    view->hold.reasons = 0;
    if ((receipt->reasons & limits) == 0 || receipt->earliest.ms == INT64_MAX ||
        view->status.therapy_token.size != PATIENT_TOKEN_BYTES)
        return;
    view->hold =
        (struct hold){ .reasons = receipt->reasons, .until_ms = receipt->earliest.ms, .epoch = view->status.epoch };
    memcpy(view->hold.token, view->status.therapy_token.bytes, PATIENT_TOKEN_BYTES);
}

enum patient_state patientview_state(const struct patientview *view, const struct patientbook *book, int64_t *until_ms)
{
    const cisterna_Status *status = &view->status;
    *until_ms = 0;
    if (!view->heard || view->silent)
        return PATIENT_SILENT;
    if (status->mode != MODE_RUNNING || status->bolus_from_ms == INT64_MAX)
        return PATIENT_NONE;
    bool held = hold_stands(view) && view->hold.until_ms >= status->bolus_from_ms;
    *until_ms = held ? view->hold.until_ms : status->bolus_from_ms;
    if (*until_ms > status->now_ms)
        return (held && (view->hold.reasons & VERDICT_DAY_LIMIT) != 0) || is_daily(view, book, *until_ms)
                   ? PATIENT_DAILY_LIMIT
                   : PATIENT_LOCKED;
    return status->course != 0 ? PATIENT_NONE : PATIENT_READY;
}

bool patientview_may(const struct patientview *view, const struct patientbook *book)
{
    int64_t until_ms;
    bool open = book->presses > 0 && book->press[book->presses - 1].outcome == PRESS_ASKED;
    return !view->busy && !open && patientview_state(view, book, &until_ms) == PATIENT_READY;
}

static const char *none_text(const cisterna_Status *status)
{
    if (status->mode != MODE_RUNNING)
        return "The pump is not giving its usual treatment now. Call your clinic.";
    if (status->bolus_from_ms != INT64_MAX)
        return "The pump is busy giving something else. Try again later.";
    return "Your pump has no extra dose for you now: none was prescribed, or the time it was prescribed for is over. "
           "Ask your clinic.";
}

static void state_add(json_t *object, const struct patientview *view, const struct patientbook *book)
{
    static const char *const STATES[] = { "ready", "locked", "daily_limit", "silent", "none" };
    char title[TEXT_BYTES], detail[TEXT_BYTES] = "", when[PATIENTCLOCK_BYTES];
    struct calendar calendar = calendar_of(&view->status);
    int64_t until_ms = 0;
    enum patient_state state = patientview_state(view, book, &until_ms);
    patientclock_until(when, &calendar, view->status.now_ms, until_ms);
    switch (state) {
    case PATIENT_READY:
        snprintf(title, sizeof title, "Ready");
        snprintf(detail, sizeof detail, "You may ask for your extra dose.");
        break;
    case PATIENT_LOCKED:
        snprintf(title, sizeof title, "Locked until %s", when);
        snprintf(detail, sizeof detail, "Your prescription asks for a wait between extra doses.");
        break;
    case PATIENT_DAILY_LIMIT:
        snprintf(title, sizeof title, "Daily limit reached");
        snprintf(detail, sizeof detail, "The next extra dose is possible at %s.", when);
        break;
    case PATIENT_SILENT:
        snprintf(title, sizeof title, "Pump not answering");
        snprintf(detail, sizeof detail,
                 "Bring the controller closer to your pump and keep still. A pump does not need the controller to go "
                 "on, but this page cannot tell you what yours does now.");
        break;
    case PATIENT_NONE:
        snprintf(title, sizeof title, "No extra dose now");
        snprintf(detail, sizeof detail, "%s", none_text(&view->status));
        break;
    }
    (void)json_object_set_new(object, "state", json_string(STATES[state]));
    (void)json_object_set_new(object, "title", json_string(title));
    (void)json_object_set_new(object, "detail", json_string(detail));
}

/* The first reason that a patient can understand. */
static void refusal_text(char text[TEXT_BYTES], const struct press *press)
{
    static const struct {
        uint64_t reason;
        const char *text;
    } WHY[] = {
#define VERDICT(name, bit, word, text) [bit] = { UINT64_C(1) << (bit), text },
#include "core/verdict.def"
#undef VERDICT
    };
    const verdict daily = VERDICT_DAILY_COUNT | VERDICT_DAY_LIMIT;
    const char *why = NULL;
    if ((press->reasons & daily) != 0)
        why = "the limit for a day is reached";
    else if ((press->reasons & (VERDICT_LOCKOUT | VERDICT_HOUR_LIMIT)) != 0)
        why = "it is too soon after the last one";
    for (unsigned i = 0; i < sizeof WHY / sizeof WHY[0] && why == NULL; i++)
        if ((press->reasons & WHY[i].reason) != 0)
            why = WHY[i].text;
    if (why == NULL)
        snprintf(text, TEXT_BYTES, "Nothing was given: your request never reached the pump.");
    else
        snprintf(text, TEXT_BYTES, "The pump gave no extra dose: %s.", why);
}

static const char *note_text(enum patient_note note)
{
    switch (note) {
    case NOTE_NOTHING:
        break;
    case NOTE_NOT_SENT:
        return "Nothing was sent and nothing was given: the pump did not answer.";
    case NOTE_NOT_KEPT:
        return "Nothing was sent and nothing was given: this controller could not write your request down. Call your "
               "clinic.";
    case NOTE_EARLIER:
        return "Nothing new was sent: first it had to be found out what became of your earlier request. It is told "
               "now.";
    case NOTE_PAUSE_REFUSED:
        return "The pump did not pause its sound: it was paused for so long that it must be heard again.";
    case NOTE_PAUSE_UNKNOWN:
        return "It is not known whether the pump paused its sound.";
    }
    return "";
}

/* What became of a press, in a word for the page, and in a sentence for people. */
static const char *press_text(char text[TEXT_BYTES], const struct press *press, bool busy)
{
    char at[PATIENTBOOK_WHEN_BYTES + 4] = "";
    if (*press->when != '\0')
        snprintf(at, sizeof at, " at %s", press->when);
    switch (press->outcome) {
    case PRESS_ASKED:
        if (busy) {
            snprintf(text, TEXT_BYTES, "Asking the pump. Nothing counts as given until the pump says so.");
            return "asking";
        }
        snprintf(text, TEXT_BYTES,
                 "It is not known whether the pump gave the extra dose you asked for%s. Do not ask for it in another "
                 "way. This "
                 "page tells you as soon as the pump answers.",
                 at);
        return "unknown";
    case PRESS_APPLIED:
        snprintf(text, TEXT_BYTES, "The pump confirmed it: your extra dose was begun%s.", at);
        return "applied";
    case PRESS_NOT_APPLIED:
        refusal_text(text, press);
        return "not_applied";
    case PRESS_LOST:
        break;
    }
    snprintf(text, TEXT_BYTES,
             "It can no longer be found out here whether the extra dose asked for%s was given. Call your clinic: "
             "it can read the pump's log.",
             at);
    return "lost";
}

/* What came of the last wish: none, asking, unknown, applied, not_applied, lost, or sound. */
static void last_add(json_t *object, const struct patientview *view, const struct patientbook *book)
{
    const struct press *press = book->presses > 0 ? &book->press[book->presses - 1] : NULL;
    char told[TEXT_BYTES] = "", text[2 * TEXT_BYTES];
    const char *outcome = press != NULL ? press_text(told, press, view->busy) : "none";
    bool open = press != NULL && press->outcome == PRESS_ASKED;
    snprintf(text, sizeof text, "%s", told);
    if (view->busy && !open) {
        outcome = "asking";
        snprintf(text, sizeof text, "Asking the pump.");
    } else if (view->note == NOTE_EARLIER) {
        snprintf(text, sizeof text, "%s %s", note_text(view->note), told);
    } else if (view->note != NOTE_NOTHING && !open) {
        outcome = view->note < NOTE_EARLIER ? "not_applied" : "sound";
        snprintf(text, sizeof text, "%s", note_text(view->note));
    }
    (void)json_object_set_new(object, "outcome", json_string(outcome));
    (void)json_object_set_new(object, "outcome_text", json_string(text));
}

static json_t *given_json(const struct patientbook *book)
{
    json_t *list = json_array();
    for (unsigned i = book->presses; i-- > 0 && json_array_size(list) < GIVEN_SHOWN;)
        if (book->press[i].outcome == PRESS_APPLIED)
            (void)json_array_append_new(list,
                                        json_pack("{s:s, s:s, s:s}", "when",
                                                  *book->press[i].when != '\0' ? book->press[i].when : "time not known",
                                                  "what", "Extra dose begun", "source", "the pump's receipt"));
    return list;
}

/* The therapy, which says how bad too little is, is not for the patient's key: what it decides is high here. */
static const char *priority_of(const struct alarm_row *row)
{
    return row->priority == ALARM_PRIORITY_DRUG     ? "high"
           : row->priority == ALARM_PRIORITY_LOW    ? "low"
           : row->priority == ALARM_PRIORITY_MEDIUM ? "medium"
                                                    : "high";
}

static json_t *alarms_json(const struct patientview *view)
{
    struct calendar calendar = calendar_of(&view->status);
    json_t *list = json_array();
    char since[PATIENTCLOCK_BYTES];
    for (unsigned i = 0; i < view->alarms; i++) {
        unsigned at = alarm_position((uint8_t)view->alarm[i].alarm);
        const struct alarm_words *words = at < ALARM_COUNT ? &WORDS[at] : NULL;
        patientclock_moment(since, &calendar, view->alarm[i].since_ms);
        (void)json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s, s:s, s:s}", "priority", at < ALARM_COUNT ? priority_of(alarm_row(at)) : "high",
                      "what",
                      words != NULL ? words->what : "Your pump has an alarm that this controller does not know.", "act",
                      words != NULL ? words->act : "Call your clinic or its emergency number now.", "does",
                      alarmact_patient(at), "since", since));
    }
    return list;
}

static void reservoir_add(json_t *object, const struct patientview *view)
{
    const cisterna_Status *status = &view->status;
    struct calendar calendar = calendar_of(status);
    char when[PATIENTCLOCK_BYTES] = "", text[TEXT_BYTES] = "";
    int64_t days =
        status->base_nl_day > 0 && status->reservoir_nl >= 0 ? status->reservoir_nl / status->base_nl_day : -1;
    if (view->heard && days >= 0 && days < 3650)
        patientclock_moment(when, &calendar, status->now_ms + days * DAY_MS);
    int length = *view->refill != '\0' ? snprintf(text, sizeof text, "Your clinic's date: %s. ", view->refill)
                                       : snprintf(text, sizeof text, "Keep the date your clinic gave you. ");
    if (*when != '\0')
        snprintf(text + length, sizeof text - (size_t)length,
                 "By calculation, at the flow that the pump told last and without extra doses, the medicine is used up "
                 "on %.11s. "
                 "Your refill is due before that.",
                 when);
    else
        snprintf(text + length, sizeof text - (size_t)length, "How long the medicine lasts is not known here.");
    (void)json_object_set_new(object, "refill", json_string(text));
}

json_t *patientview_json(const struct patientview *view, const struct patientbook *book, int64_t now_ms)
{
    json_t *object = json_object();
    char until[PATIENTCLOCK_BYTES] = "";
    struct calendar calendar = calendar_of(&view->status);
    bool answers = view->heard && !view->silent;
    (void)json_object_set_new(object, "pump", json_string(book->serial));
    state_add(object, view, book);
    last_add(object, view, book);
    (void)json_object_set_new(object, "busy", json_boolean(view->busy));
    (void)json_object_set_new(object, "age_s",
                              view->heard ? json_integer((now_ms - view->heard_ms) / 1000) : json_null());
    (void)json_object_set_new(object, "giving", json_boolean(answers && view->status.course == COURSE_OF_PATIENT));
    (void)json_object_set_new(object, "given", given_json(book));
    (void)json_object_set_new(object, "alarms_known", json_boolean(answers));
    (void)json_object_set_new(object, "alarms", alarms_json(view));
    if (answers && view->silent_until_ms > view->status.now_ms)
        patientclock_until(until, &calendar, view->status.now_ms, view->silent_until_ms);
    (void)json_object_set_new(object, "paused_until", *until != '\0' ? json_string(until) : json_null());
    reservoir_add(object, view);
    return object;
}
