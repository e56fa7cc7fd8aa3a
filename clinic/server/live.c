/* live.c - the last state of each pump, and who waits for the next. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/live.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


bool live_start(struct live *live)
{
    memset(live, 0, sizeof *live);
    return pthread_mutex_init(&live->lock, NULL) == 0;
}

/* The pump of this serial, or a free place made its own; null when there is none. */
static struct live_pump *pump_of(struct live *live, const char *serial, bool make)
{
    for (unsigned i = 0; i < LIVE_PUMPS_MAX; i++) {
        struct live_pump *pump = &live->pump[i];
        if (strcmp(pump->serial, serial) == 0)
            return pump;
        if (*pump->serial != '\0' || !make)
            continue;
        snprintf(pump->serial, sizeof pump->serial, "%s", serial);
        return pump;
    }
    return NULL;
}

static void wake_all(struct live *live)
{
    for (unsigned i = 0; i < LIVE_STREAMS_MAX; i++) {
        struct live_waiter *waiter = live->waiter[i];
        if (waiter == NULL || !waiter->asleep)
            continue;
        waiter->asleep = false;
        waiter->wake(waiter->context);
    }
}

bool live_publish(struct live *live, const char *serial, const json_t *state, int64_t now_ms)
{
    char *text = json_dumps(state, JSON_COMPACT);
    if (text == NULL)
        return false;
    (void)pthread_mutex_lock(&live->lock);
    struct live_pump *pump = strlen(text) < LIVE_TEXT_BYTES && strlen(serial) < SERIAL_BYTES ? pump_of(live, serial, true) : NULL;
    if (pump != NULL) {
        snprintf(pump->text, sizeof pump->text, "%s", text);
        pump->number++;
        pump->at_ms = now_ms;
        pump->silent = false;
        wake_all(live);
    }
    (void)pthread_mutex_unlock(&live->lock);
    free(text);
    return pump != NULL;
}

bool live_silent(struct live *live, const char *serial, const char *fault)
{
    (void)pthread_mutex_lock(&live->lock);
    struct live_pump *pump = strlen(serial) < SERIAL_BYTES ? pump_of(live, serial, true) : NULL;
    if (pump != NULL) {
        snprintf(pump->fault, sizeof pump->fault, "%s", fault);
        pump->silent = true;
    }
    (void)pthread_mutex_unlock(&live->lock);
    return pump != NULL;
}

bool live_read(struct live *live, const char *serial, struct live_pump *pump)
{
    (void)pthread_mutex_lock(&live->lock);
    const struct live_pump *there = pump_of(live, serial, false);
    if (there != NULL)
        *pump = *there;
    (void)pthread_mutex_unlock(&live->lock);
    return there != NULL;
}

void live_age(char text[LIVE_AGE_BYTES], int64_t ms)
{
    snprintf(text, LIVE_AGE_BYTES, "%" PRId64 " s", ms / 1000);
}

json_t *live_json(struct live *live, int64_t now_ms)
{
    char age[LIVE_AGE_BYTES];
    json_t *list = json_array();
    (void)pthread_mutex_lock(&live->lock);
    for (unsigned i = 0; i < LIVE_PUMPS_MAX; i++) {
        const struct live_pump *pump = &live->pump[i];
        if (*pump->serial == '\0')
            continue;
        json_t *one = json_pack("{s:s, s:b}", "serial", pump->serial, "silent", pump->silent);
        live_age(age, now_ms - pump->at_ms);
        (void)json_object_set_new(one, "age", pump->number > 0 ? json_string(age) : json_null());
        (void)json_array_append_new(list, one);
    }
    (void)pthread_mutex_unlock(&live->lock);
    return list;
}

bool live_join(struct live *live, struct live_waiter *waiter)
{
    bool joined = false;
    (void)pthread_mutex_lock(&live->lock);
    for (unsigned i = 0; i < LIVE_STREAMS_MAX && !joined && !live->ending; i++) {
        if (live->waiter[i] != NULL)
            continue;
        live->waiter[i] = waiter;
        joined = true;
    }
    (void)pthread_mutex_unlock(&live->lock);
    return joined;
}

void live_leave(struct live *live, struct live_waiter *waiter)
{
    (void)pthread_mutex_lock(&live->lock);
    for (unsigned i = 0; i < LIVE_STREAMS_MAX; i++)
        if (live->waiter[i] == waiter)
            live->waiter[i] = NULL;
    (void)pthread_mutex_unlock(&live->lock);
}

void live_wake(struct live *live)
{
    (void)pthread_mutex_lock(&live->lock);
    wake_all(live);
    (void)pthread_mutex_unlock(&live->lock);
}

void live_end(struct live *live)
{
    (void)pthread_mutex_lock(&live->lock);
    live->ending = true;
    wake_all(live);
    (void)pthread_mutex_unlock(&live->lock);
}
