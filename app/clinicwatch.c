/* clinicwatch.c - the turns in which a pump is asked. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/clinicwatch.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app/options.h"
#include "app/status.h"
#include "app/visit.h"
#include "clinic/server/journal.h"

struct clinicwatch {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ending;
    bool end;
    struct desk desk; /* as of a command that looks at a pump */
    int64_t every_ms;
    struct feed *feed;
    struct visit visit;
};

/* One turn: a whole session, closed again. */
static void turn(struct clinicwatch *watch)
{
    char serial[PUMP_ID_BYTES + 1];
    json_t *state = NULL;
    int code = visit_begin(&watch->desk, PURPOSE_LOOK, &watch->visit);
    if (code == EXIT_DONE) {
        visit_serial(&watch->visit.programmer.key, serial);
        state = status_json(&watch->visit);
        visit_end(&watch->visit);
    }
    if (state != NULL && !feed_publish(watch->feed, serial, state, server_now()))
        server_log(4, "what pump %s tells does not fit", serial);
    /* Without a session nobody knows which pump was asked, unless the command line says so. */
    if (state == NULL && desk_has(&watch->desk, OPTION_AT_PUMP))
        (void)feed_silent(watch->feed, watch->desk.value[OPTION_AT_PUMP], "the pump did not answer");
    json_decref(state);
}

/* Waits for the next turn; false when it is time to end. */
static bool wait_on(struct clinicwatch *watch)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += (time_t)(watch->every_ms / 1000);
    until.tv_nsec += (long)(watch->every_ms % 1000) * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    (void)pthread_mutex_lock(&watch->lock);
    while (!watch->end && pthread_cond_timedwait(&watch->ending, &watch->lock, &until) == 0)
        continue;
    bool end = watch->end;
    (void)pthread_mutex_unlock(&watch->lock);
    return !end;
}

static void *turns(void *context)
{
    struct clinicwatch *watch = context;
    do {
        turn(watch);
    } while (wait_on(watch));
    return NULL;
}

struct clinicwatch *clinicwatch_start(const struct clinic_ask *ask, struct feed *feed)
{
    struct clinicwatch *watch = calloc(1, sizeof *watch);
    if (watch == NULL)
        return NULL;
    watch->desk.command = "clinic";
    watch->desk.value[OPTION_AT_RADIO] = ask->value[CLINIC_RADIO_AT];
    watch->desk.value[OPTION_AT_KEYS] = ask->value[CLINIC_KEYS_AT];
    watch->desk.value[OPTION_AT_PASSPHRASE_FILE] = ask->value[CLINIC_PASSPHRASE_FILE_AT];
    watch->desk.value[OPTION_AT_PUMP] = ask->value[CLINIC_PUMP_AT];
    watch->desk.value[OPTION_AT_ROLE] = "reader";
    watch->every_ms = ask->every_ms;
    watch->feed = feed;
    if (pthread_mutex_init(&watch->lock, NULL) == 0 && pthread_cond_init(&watch->ending, NULL) == 0 &&
        pthread_create(&watch->thread, NULL, turns, watch) == 0)
        return watch;
    fprintf(stderr, "cisterna clinic: no thread to ask the pump\n");
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
    free(watch);
}
