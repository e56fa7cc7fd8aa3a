/* patientcare.c - the thread that talks with the pump. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/patientcare.h"

#include <pthread.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/hearing.h"
#include "app/patientclock.h"
#include "app/patientview.h"
#include "app/told.h"
#include "clinic/programmer/order.h"
#include "clinic/server/journal.h"
#include "link/permit.h"

/* As app/clinicwatch.c: sessions end after 120 s without a frame and 30 min in all (link/SPEC.md, section 6). Guesses. */
enum { QUIET_MS = 100 * 1000, TRIES = 12, TRIES_SILENT = 4, TRIES_OLD_SESSION = 3 };

/* Alarms that stand are asked for when they become others, and so seldom besides: a pump rations messages. Guess. */
enum { TURNS_ALARMS = 20 };

enum wish { WISH_NONE, WISH_PRESS, WISH_PAUSE };

struct patientcare {
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows up to `door` */
    pthread_cond_t woken;
    bool end;
    enum wish wish; /* wanted, or under way while view.busy */
    char ticket[PATIENT_TICKET_TEXT], used[PATIENT_TICKET_TEXT];
    int64_t shown_ms; /* when the ticket was shown last */
    struct patientview view;
    struct patientbook *book; /* the thread reads it without the lock: nobody else writes it */
    struct door door;
    int64_t every_ms;
    struct programmer programmer; /* the thread's alone, as all below */
    struct hearing hearing;
    bool alarms_read;
    unsigned alarms_turns; /* since then */
};

void patientcare_log(int priority, const char *format, ...)
{
    char text[240];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    fprintf(stderr, "<%d>cisterna patient: %s\n", priority, text);
}

static void ticket_new(struct patientcare *care)
{
    uint8_t bytes[(PATIENT_TICKET_TEXT - 1) / 2];
    randombytes_buf(bytes, sizeof bytes);
    (void)sodium_bin2hex(care->ticket, sizeof care->ticket, bytes, sizeof bytes);
}

static void lock(struct patientcare *care)
{
    (void)pthread_mutex_lock(&care->lock);
}

static void unlock(struct patientcare *care)
{
    (void)pthread_mutex_unlock(&care->lock);
}

/* What a receipt says of the press that is not known goes into the book. Under the lock. */
static void settle(struct patientcare *care, const struct receipt *receipt)
{
    const cisterna_Status *status = &care->view.status;
    struct calendar calendar = { .offset = { status->civil_offset_ms } };
    snprintf(calendar.zone, sizeof calendar.zone, "%.7s", status->zone);
    if (receipt->outcome == OUTCOME_NOT_APPLIED)
        patientview_refused(&care->view, receipt);
    if (!patientbook_settle(care->book, receipt, &calendar))
        patientcare_log(3, "the book could not be written: what became of a press is settled again at the next start");
}

/* Settles what the last contact, or the key, tells of a press that is not known. False: there is one still. */
static bool settle_known(struct patientcare *care, bool *was)
{
    struct receipt receipt;
    lock(care);
    const struct press *asked = patientbook_asked(care->book);
    *was = asked != NULL;
    if (asked != NULL && care->programmer.settled.id == asked->id)
        settle(care, &care->programmer.settled);
    else if (asked != NULL && patientbook_learn(care->book, &care->programmer.key, &receipt))
        settle(care, &receipt);
    bool none = patientbook_asked(care->book) == NULL;
    unlock(care);
    return none;
}

static enum contact alarms_ask(struct patientcare *care, const struct air *air, struct patientview *view)
{
    cisterna_Reply reply;
    unsigned standing = 0;
    view->alarms = 0;
    do {
        cisterna_Request request = { .which_ask = cisterna_Request_interrogate_tag,
                                     .ask.interrogate = { .topic = QUERY_ALARMS, .from = view->alarms } };
        enum contact contact = programmer_ask(&care->programmer, air, &request, &reply);
        if (contact != CONTACT_OK)
            return contact;
        standing = reply.tell.alarms.standing;
        view->silent_until_ms = reply.tell.alarms.silent_until_ms;
        for (unsigned i = 0; i < reply.tell.alarms.alarm_count && view->alarms < ALARM_COUNT; i++)
            view->alarm[view->alarms++] = reply.tell.alarms.alarm[i];
    } while (reply.tell.alarms.alarm_count > 0 && view->alarms < standing && view->alarms < ALARM_COUNT);
    return CONTACT_OK;
}

/* The status, in the session that stands or in a new one: a pump rations a patient's handshakes to one in two minutes. */
static enum contact status_ask(struct patientcare *care, const struct air *air, cisterna_Status *status)
{
    struct programmer *programmer = &care->programmer;
    bool stands = programmer->session.id != 0 &&
                  programmer->key.pending.id == 0 /* only a new session settles that */ &&
                  hearing_stands(&care->hearing, server_now());
    enum contact contact = CONTACT_SILENCE;
    uint16_t tries = programmer->patience.tries;
    programmer->patience.tries = tries < TRIES_OLD_SESSION ? tries : TRIES_OLD_SESSION;
    if (stands)
        contact = programmer_status(programmer, air, status);
    programmer->patience.tries = tries;
    if (contact != CONTACT_OK) {
        contact = programmer_open(programmer, air);
        hearing_open(&care->hearing);
        if (contact == CONTACT_OK)
            contact = programmer_status(programmer, air, status);
    }
    return contact;
}

/* One contact: what is, and what became of what was not known. *earlier: something was settled by it. */
static enum contact contact_make(struct patientcare *care, const struct air *air, bool *earlier)
{
    struct patientview seen = { .alarms = care->view.alarms, .silent_until_ms = care->view.silent_until_ms };
    cisterna_Status status;
    uint32_t alarms = care->view.status.alarms;
    memcpy(seen.alarm, care->view.alarm, sizeof seen.alarm);
    enum contact contact = status_ask(care, air, &status);
    if (contact == CONTACT_OK &&
        (!care->alarms_read || status.alarms != alarms || care->alarms_turns >= TURNS_ALARMS)) {
        contact = alarms_ask(care, air, &seen);
        care->alarms_read = contact == CONTACT_OK;
        care->alarms_turns = 0;
    }
    care->alarms_turns++;
    lock(care);
    care->view.silent = contact != CONTACT_OK;
    if (contact == CONTACT_OK) {
        care->view.heard_ms = server_now();
        hearing_take(&care->hearing, care->view.heard_ms, status.now_ms);
        care->view.heard = true;
        care->view.status = status;
        memcpy(care->view.alarm, seen.alarm, sizeof seen.alarm);
        care->view.alarms = status.alarms != 0 ? seen.alarms : 0;
        care->view.silent_until_ms = seen.silent_until_ms;
        if (care->view.note == NOTE_PAUSE_UNKNOWN && care->programmer.key.pending.id == 0)
            care->view.note = NOTE_NOTHING; /* how long it is paused stands there now */
    }
    unlock(care);
    (void)settle_known(care, earlier);
    return contact;
}

static void note(struct patientcare *care, enum patient_note note)
{
    lock(care);
    care->view.note = note;
    unlock(care);
}

/* The one press: written down, sent once, and its outcome written down. */
static void press_give(struct patientcare *care, const struct air *air)
{
    struct command command = { .kind = COMMAND_PATIENT_BOLUS };
    struct receipt receipt;
    enum contact contact = CONTACT_OK;
    const cisterna_Status *status = &care->view.status;
    struct press press = { .id = order_next_id(&care->programmer.key),
                           .outcome = PRESS_ASKED,
                           .at_ms = status->now_ms,
                           .epoch = status->epoch };
    struct calendar calendar = { .offset = { status->civil_offset_ms } };
    patientclock_moment(press.when, &calendar, press.at_ms);
    lock(care);
    bool kept = patientbook_ask(care->book, &press);
    unlock(care);
    if (!kept)
        return note(care, NOTE_NOT_KEPT);
    enum told told = programmer_command(&care->programmer, air, &command, &receipt, &contact);
    if (told == TOLD_UNKNOWN)
        return patientcare_log(4, "what became of a press is not known: %s", told_contact(contact));
    lock(care);
    if (receipt.outcome == 0)
        receipt.outcome = OUTCOME_NOT_APPLIED; /* it was never sent, or the request itself was refused */
    settle(care, &receipt);
    unlock(care);
    patientcare_log(6, "a press was %s", told == TOLD_APPLIED ? "applied" : "not applied");
}

static void pause_give(struct patientcare *care, const struct air *air)
{
    struct command command = { .kind = COMMAND_SILENCE, .minutes = PATIENT_PAUSE_MINUTES };
    struct receipt receipt;
    enum contact contact = CONTACT_OK;
    enum told told = programmer_command(&care->programmer, air, &command, &receipt, &contact);
    care->alarms_read = false;
    note(care, told == TOLD_APPLIED ? NOTE_NOTHING : told == TOLD_UNKNOWN ? NOTE_PAUSE_UNKNOWN : NOTE_PAUSE_REFUSED);
}

/* A wish, in a contact of its own. What is not known from before comes first, and then the wish is not given: it was made
 * without knowing that. */
static void wish_give(struct patientcare *care, const struct air *air, enum wish wish)
{
    bool earlier = false, again = false;
    note(care, NOTE_NOTHING);
    if (contact_make(care, air, &earlier) != CONTACT_OK)
        return note(care, NOTE_NOT_SENT);
    if (earlier || care->programmer.key.pending.id != 0)
        return note(care, NOTE_EARLIER);
    if (wish == WISH_PRESS)
        press_give(care, air);
    else
        pause_give(care, air);
    (void)contact_make(care, air, &again); /* what is now; and, of what is not known, a first try to find out */
}

/* One turn at the pump. The journal tells when it falls silent, and when it is heard again. */
static void turn(struct patientcare *care, enum wish wish)
{
    char fault[DOOR_FAULT_BYTES] = "the pump did not answer: out of reach, or asked too often of late";
    struct air air;
    bool before = care->view.silent, earlier = false;
    if (!care->door.enter(care->door.context, care->book->serial, ROLE_PATIENT, &care->programmer, &air, fault)) {
        lock(care);
        care->view.silent = true;
        care->view.note = wish != WISH_NONE ? NOTE_NOT_SENT : care->view.note;
        unlock(care);
    } else {
        /* Who was silent the last time is not waited for as long again, unless a person waits, too. */
        care->programmer.patience.tries = before && wish == WISH_NONE ? TRIES_SILENT : TRIES;
        if (wish != WISH_NONE)
            wish_give(care, &air, wish);
        else
            (void)contact_make(care, &air, &earlier);
        if (care->every_ms >= QUIET_MS && care->programmer.session.id != 0)
            programmer_close(&care->programmer, &air);
        care->door.leave(care->door.context);
    }
    if (care->view.silent && !before)
        patientcare_log(4, "%s", fault);
    else if (!care->view.silent && before)
        patientcare_log(6, "the pump answers");
}

static void *turns(void *context)
{
    struct patientcare *care = context;
    bool end = false;
    while (!end) {
        lock(care);
        enum wish wish = care->wish;
        unlock(care);
        turn(care, wish);
        int64_t next_ms = server_now() + care->every_ms;
        const struct timespec next = { .tv_sec = (time_t)(next_ms / 1000),
                                       .tv_nsec = (long)(next_ms % 1000) * 1000000L };
        lock(care);
        if (wish != WISH_NONE) { /* it is over, whatever came of it */
            care->wish = WISH_NONE;
            care->view.busy = false;
        }
        while (!care->end && care->wish == WISH_NONE && pthread_cond_timedwait(&care->woken, &care->lock, &next) == 0)
            continue;
        end = care->end && care->wish == WISH_NONE;
        unlock(care);
    }
    return NULL;
}

json_t *patientcare_json(struct patientcare *care, int64_t now_ms)
{
    lock(care);
    json_t *json = patientview_json(&care->view, care->book, now_ms);
    bool may = patientview_may(&care->view, care->book);
    (void)json_object_set_new(json, "ticket", may ? json_string(care->ticket) : json_null());
    if (may)
        care->shown_ms = now_ms;
    (void)json_object_set_new(json, "every_s", json_integer(care->every_ms / 1000));
    unlock(care);
    return json;
}

enum wish_taken patientcare_press(struct patientcare *care, const char *ticket, int64_t now_ms)
{
    enum wish_taken taken = WISH_STALE;
    lock(care);
    if (*care->used != '\0' && strcmp(ticket, care->used) == 0) {
        taken = WISH_AGAIN;
    } else if (strcmp(ticket, care->ticket) == 0 && now_ms - care->shown_ms <= PATIENT_TICKET_MS) {
        taken = patientview_may(&care->view, care->book) ? WISH_TAKEN : WISH_BARRED;
    }
    if (taken == WISH_TAKEN) {
        memcpy(care->used, care->ticket, sizeof care->used);
        ticket_new(care);
        care->wish = WISH_PRESS;
        care->view.busy = true;
        care->view.note = NOTE_NOTHING;
        (void)pthread_cond_signal(&care->woken);
    }
    unlock(care);
    return taken;
}

enum wish_taken patientcare_pause(struct patientcare *care)
{
    enum wish_taken taken = WISH_BARRED;
    lock(care);
    if (care->wish == WISH_PAUSE) {
        taken = WISH_AGAIN;
    } else if (!care->view.busy && care->view.heard && !care->view.silent) {
        taken = WISH_TAKEN;
        care->wish = WISH_PAUSE;
        care->view.busy = true;
        (void)pthread_cond_signal(&care->woken);
    }
    unlock(care);
    return taken;
}

/* Waits by the clock that nobody sets. */
static bool woken_init(pthread_cond_t *woken)
{
    pthread_condattr_t monotonic;
    if (pthread_condattr_init(&monotonic) != 0)
        return false;
    bool good =
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 && pthread_cond_init(woken, &monotonic) == 0;
    (void)pthread_condattr_destroy(&monotonic);
    return good;
}

struct patientcare *patientcare_start(int64_t every_ms, const struct door *door, struct patientbook *book,
                                      const char *refill)
{
    struct patientcare *care = calloc(1, sizeof *care);
    if (care == NULL)
        return NULL;
    care->every_ms = every_ms;
    care->door = *door;
    care->book = book;
    snprintf(care->view.refill, sizeof care->view.refill, "%s", refill);
    ticket_new(care);
    if (pthread_mutex_init(&care->lock, NULL) == 0 && woken_init(&care->woken) &&
        pthread_create(&care->thread, NULL, turns, care) == 0)
        return care;
    fprintf(stderr, "cisterna patient: no thread to ask the pump\n");
    free(care);
    return NULL;
}

void patientcare_stop(struct patientcare *care)
{
    if (care == NULL)
        return;
    lock(care);
    care->end = true;
    (void)pthread_cond_signal(&care->woken);
    unlock(care);
    (void)pthread_join(care->thread, NULL);
    cipher_forget(&care->programmer, sizeof care->programmer);
    free(care);
}
