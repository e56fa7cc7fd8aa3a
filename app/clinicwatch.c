/* clinicwatch.c - the turns in which pumps are asked, spread over the time of one. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/clinicwatch.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/hearing.h"
#include "app/options.h"
#include "app/picture.h"
#include "app/told.h"
#include "app/visit.h"
#include "clinic/server/journal.h"

/* A session ends after 120 s without a frame and after 30 min in all (link/SPEC.md, section 6); what is sent into one that has
 * ended counts as a stranger's. Less than that by the time a turn may take: guesses. */
enum { QUIET_MS = 100000, TRIES = 3, TURNS_WHOLE = 10 };
/* Of the ration of a reader's messages (250, and six in a minute) what logs may take: so many at once, and so many more with each
 * turn. Guesses. */
enum { PAGES_AT_ONCE = 100, PAGES_A_TURN = 2, PAGES_LEAST = 4 };

/* A pump, as it was seen last. */
struct watched {
    char serial[SERIAL_BYTES]; /* empty: free */
    struct programmer programmer;
    struct calendar calendar;
    cisterna_Status status;
    struct picture picture;
    bool pictured, silent;
    unsigned turns; /* since all of the picture was asked for */
    struct hearing hearing;
    unsigned pages;          /* of its log that may be asked for now */
    uint64_t log_kept;       /* number of the last event that is in the records; */
    bool kept;               /* they are whole up to it, as of this session */
    enum records_fault came; /* of the last pull */
};

struct clinicwatch {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ending;
    bool end;
    struct desk desk; /* as of a command that looks at a pump */
    int64_t every_ms;
    struct feed *feed;
    struct clinicbook *book; /* null: what logs tell is not kept */
    struct door door;
    struct visit visit; /* with the pump that is being asked */
    struct watched watched[FEED_PUMPS_MAX];
};

/* The status: in the session that stands, or in a new one. Who was silent the last time is not waited for as long again. */
static enum contact status_ask(struct visit *visit, struct watched *pump)
{
    struct patience patience = visit->programmer.patience;
    bool stands = visit->programmer.session.id != 0 && hearing_stands(&pump->hearing, server_now());
    enum contact contact = CONTACT_SILENCE;
    visit->programmer.patience.tries = TRIES;
    if (stands)
        contact = programmer_status(&visit->programmer, &visit->air, &visit->status);
    if (!pump->silent)
        visit->programmer.patience = patience;
    if (contact != CONTACT_OK) {
        contact = visit_greet(visit);
        hearing_open(&pump->hearing);
        pump->pictured = pump->kept = false;
    }
    visit->programmer.patience = patience;
    if (contact == CONTACT_OK) {
        visit_heard(visit);
        hearing_take(&pump->hearing, server_now(), visit->status.now_ms);
    }
    return contact;
}

/* Is there more to ask for than the status? All of it now and then; and at once when what the status tells has become other. */
static bool is_new(const struct watched *pump, const cisterna_Status *now)
{
    const cisterna_Status *before = &pump->status;
    return !pump->pictured || pump->turns >= TURNS_WHOLE || now->alarms != before->alarms ||
           now->log_last != before->log_last || now->mode != before->mode || now->has_therapy != before->has_therapy ||
           now->therapy_token.size != before->therapy_token.size ||
           memcmp(now->therapy_token.bytes, before->therapy_token.bytes, now->therapy_token.size) != 0;
}

static json_t *picture_ask(struct visit *visit, struct watched *pump)
{
    if (is_new(pump, &visit->status)) {
        pump->pictured = picture_take(visit, &pump->picture);
        pump->turns = 0;
    }
    pump->turns++;
    return pump->pictured ? picture_json(visit, &pump->picture) : NULL;
}

/* What came of a pull, in the journal when it is another thing than before; what is wrong with the log itself always. */
static void pull_tell(struct watched *pump, enum records_fault came, const struct pull *pull, const char *fault)
{
    if (came != RECORDS_OK && came != pump->came)
        server_log(came == RECORDS_DAMAGED ? 3 : 4, "pump %s: its log is not kept: %s", pump->serial,
                   came == RECORDS_MISSING ? "no patient has this pump" : fault);
    else if (came == RECORDS_OK && pump->came != RECORDS_OK)
        server_log(6, "pump %s: its log is kept again", pump->serial);
    if (pull->breaks > 0)
        server_log(3, "pump %s: the chain of its log does not hold: something was deleted, changed or put elsewhere",
                   pump->serial);
    else if (pull->gaps > 0)
        server_log(4, "pump %s: its log has gaps", pump->serial);
    pump->came = came;
}

/* Keeps what is new in the pump's log, as far as its ration goes; the rest stays in the pump's rings until the next turns. */
static void log_keep(struct clinicwatch *watch, struct visit *visit, struct watched *pump)
{
    char fault[CLINICBOOK_FAULT_BYTES];
    struct pull pull;
    uint32_t asked = visit->programmer.request;
    pump->pages = pump->pages + PAGES_A_TURN < PAGES_AT_ONCE ? pump->pages + PAGES_A_TURN : PAGES_AT_ONCE;
    if ((pump->kept && pump->log_kept == visit->status.log_last) || pump->pages < PAGES_LEAST)
        return;
    enum records_fault came =
        clinicbook_pull(watch->book, pump->serial, &visit->programmer, &visit->air, pump->pages, &pull, fault);
    asked = visit->programmer.request - asked; /* fewer than before: in a new session */
    pump->pages -= asked < pump->pages ? asked : pump->pages;
    pump->kept = came == RECORDS_OK && pull.whole;
    pump->log_kept = visit->status.log_last;
    pull_tell(pump, came, &pull, fault);
}

/* What a pump tells; null, with the reason in `fault`. A pump rations a reader's handshakes (one in two minutes) and messages
 * (one in ten seconds): a session each time, with all of the questions, would use more than that up each minute, and the pump
 * would be deaf to us within the hour. So the session is kept, and mostly one question is asked. */
static json_t *pump_ask(struct clinicwatch *watch, struct watched *pump, char fault[DOOR_FAULT_BYTES])
{
    struct visit *visit = &watch->visit;
    json_t *state = NULL;
    *visit = (struct visit){
        .desk = &watch->desk, .socket = { .socket = -1 }, .programmer = pump->programmer, .calendar = pump->calendar
    };
    if (!watch->door.enter(watch->door.context, pump->serial, ROLE_READER, &visit->programmer, &visit->air, fault))
        return NULL;
    enum contact contact = status_ask(visit, pump);
    pump->silent = contact == CONTACT_SILENCE;
    if (contact == CONTACT_OK)
        state = picture_ask(visit, pump);
    if (state != NULL && watch->book != NULL)
        log_keep(watch, visit, pump);
    if (watch->every_ms >= QUIET_MS && visit->programmer.session.id != 0)
        programmer_close(&visit->programmer, &visit->air);
    watch->door.leave(watch->door.context);
    if (state == NULL && (contact == CONTACT_OK || contact == CONTACT_SILENCE))
        snprintf(fault, DOOR_FAULT_BYTES, "the pump did not answer: out of reach, or asked too often of late");
    else if (state == NULL)
        snprintf(fault, DOOR_FAULT_BYTES, "%s", told_contact(contact));
    pump->programmer = visit->programmer;
    pump->calendar = visit->calendar;
    pump->status = visit->status;
    cipher_forget(&visit->programmer, sizeof visit->programmer);
    return state;
}

/* The pump of this serial; null when there are too many. */
static struct watched *pump_of(struct clinicwatch *watch, const char *serial)
{
    for (unsigned i = 0; i < FEED_PUMPS_MAX; i++) {
        struct watched *pump = &watch->watched[i];
        if (*pump->serial == '\0') {
            snprintf(pump->serial, sizeof pump->serial, "%s", serial);
            pump->pages = PAGES_AT_ONCE;
        }
        if (strcmp(pump->serial, serial) == 0)
            return pump;
    }
    return NULL;
}

/* One pump's turn. The journal tells when it falls silent, and when it is heard again. */
static void turn(struct clinicwatch *watch, const char *serial)
{
    struct feed_pump before = { .silent = false };
    char fault[DOOR_FAULT_BYTES];
    struct watched *pump = pump_of(watch, serial);
    json_t *state = pump != NULL ? pump_ask(watch, pump, fault) : NULL;
    if (pump == NULL)
        return server_log(4, "pump %s is not asked: %d are already", serial, FEED_PUMPS_MAX);
    (void)feed_read(watch->feed, serial, &before);
    bool told = state != NULL ? feed_publish(watch->feed, serial, state, server_now())
                              : feed_silent(watch->feed, serial, fault);
    if (!told)
        server_log(4, "what pump %s tells does not fit", serial);
    else if (state == NULL && !before.silent)
        server_log(4, "pump %s: %s", serial, fault);
    else if (state != NULL && before.silent)
        server_log(6, "pump %s answers again", serial);
    json_decref(state);
}

/* Waits for the moment `until_ms` of server_now(), or not at all when it is over; false when it is time to end. */
static bool wait_on(struct clinicwatch *watch, int64_t until_ms)
{
    const struct timespec until = { .tv_sec = (time_t)(until_ms / 1000),
                                    .tv_nsec = (long)(until_ms % 1000) * 1000000L };
    (void)pthread_mutex_lock(&watch->lock);
    while (!watch->end && pthread_cond_timedwait(&watch->ending, &watch->lock, &until) == 0)
        continue;
    bool end = watch->end;
    (void)pthread_mutex_unlock(&watch->lock);
    return !end;
}

static unsigned pumps_count(const struct door *door)
{
    char serial[SERIAL_BYTES];
    unsigned count = 0;
    while (door->pump_at(door->context, ROLE_READER, count, serial))
        count++;
    return count;
}

/* All pumps once, each at its part of the time. One that is silent costs its own patience; those behind it are late by that
 * much and no more, and are asked at their own time in the next round. */
static bool round_go(struct clinicwatch *watch, int64_t from_ms)
{
    unsigned count = pumps_count(&watch->door);
    char serial[SERIAL_BYTES];
    for (unsigned i = 0; i < count; i++) {
        if (!wait_on(watch, from_ms + watch->every_ms * i / count))
            return false;
        if (watch->door.pump_at(watch->door.context, ROLE_READER, i, serial))
            turn(watch, serial);
    }
    return true;
}

static void *turns(void *context)
{
    struct clinicwatch *watch = context;
    int64_t from_ms = server_now();
    if (pumps_count(&watch->door) == 0)
        server_log(4, "the key file holds no key of the role reader for such a pump: none is asked until there is one");
    while (round_go(watch, from_ms)) {
        int64_t now_ms = server_now();
        from_ms += watch->every_ms;
        if (from_ms < now_ms)
            from_ms = now_ms; /* what was missed is not made up for */
        if (!wait_on(watch, from_ms))
            break;
    }
    return NULL;
}

/* Waits by the clock that nobody sets. */
static bool ending_init(pthread_cond_t *ending)
{
    pthread_condattr_t monotonic;
    if (pthread_condattr_init(&monotonic) != 0)
        return false;
    bool good =
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 && pthread_cond_init(ending, &monotonic) == 0;
    (void)pthread_condattr_destroy(&monotonic);
    return good;
}

struct clinicwatch *clinicwatch_start(int64_t every_ms, const struct door *door, struct feed *feed,
                                      struct clinicbook *book)
{
    struct clinicwatch *watch = calloc(1, sizeof *watch);
    if (watch == NULL)
        return NULL;
    watch->desk.command = "clinic";
    watch->every_ms = every_ms;
    watch->door = *door;
    watch->feed = feed;
    watch->book = book;
    if (pthread_mutex_init(&watch->lock, NULL) == 0 && ending_init(&watch->ending) &&
        pthread_create(&watch->thread, NULL, turns, watch) == 0)
        return watch;
    fprintf(stderr, "cisterna clinic: no thread to ask the pumps\n");
    free(watch);
    return NULL;
}

void clinicwatch_stop(struct clinicwatch *watch)
{
    if (watch == NULL)
        return;
    (void)pthread_mutex_lock(&watch->lock);
    watch->end = true;
    (void)pthread_cond_signal(&watch->ending);
    (void)pthread_mutex_unlock(&watch->lock);
    (void)pthread_join(watch->thread, NULL);
    cipher_forget(watch->watched, sizeof watch->watched);
    free(watch);
}
