/* feed.c - the last state of each pump, and who waits for the next. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


bool feed_start(struct feed *feed)
{
    memset(feed, 0, sizeof *feed);
    return pthread_mutex_init(&feed->lock, NULL) == 0;
}

/* The pump of this serial, or a free place made its own; null when there is none. */
static struct feed_pump *pump_of(struct feed *feed, const char *serial, bool make)
{
    for (unsigned i = 0; i < FEED_PUMPS_MAX; i++) {
        struct feed_pump *pump = &feed->pump[i];
        if (strcmp(pump->serial, serial) == 0)
            return pump;
        if (*pump->serial != '\0' || !make)
            continue;
        snprintf(pump->serial, sizeof pump->serial, "%s", serial);
        return pump;
    }
    return NULL;
}

static void wake_all(struct feed *feed)
{
    for (unsigned i = 0; i < FEED_STREAMS_MAX; i++) {
        struct feed_waiter *waiter = feed->waiter[i];
        if (waiter == NULL || !waiter->asleep)
            continue;
        waiter->asleep = false;
        waiter->wake(waiter->context);
    }
}

bool feed_publish(struct feed *feed, const char *serial, const json_t *state, int64_t now_ms)
{
    char *text = json_dumps(state, JSON_COMPACT);
    if (text == NULL)
        return false;
    (void)pthread_mutex_lock(&feed->lock);
    struct feed_pump *pump = strlen(text) < FEED_TEXT_BYTES && strlen(serial) < SERIAL_BYTES ? pump_of(feed, serial, true) : NULL;
    if (pump != NULL) {
        snprintf(pump->text, sizeof pump->text, "%s", text);
        pump->number++;
        pump->at_ms = now_ms;
        pump->silent = false;
        wake_all(feed);
    }
    (void)pthread_mutex_unlock(&feed->lock);
    free(text);
    return pump != NULL;
}

bool feed_silent(struct feed *feed, const char *serial, const char *fault)
{
    (void)pthread_mutex_lock(&feed->lock);
    struct feed_pump *pump = strlen(serial) < SERIAL_BYTES ? pump_of(feed, serial, true) : NULL;
    if (pump != NULL) {
        snprintf(pump->fault, sizeof pump->fault, "%s", fault);
        pump->silent = true;
    }
    (void)pthread_mutex_unlock(&feed->lock);
    return pump != NULL;
}

bool feed_read(struct feed *feed, const char *serial, struct feed_pump *pump)
{
    (void)pthread_mutex_lock(&feed->lock);
    const struct feed_pump *there = pump_of(feed, serial, false);
    if (there != NULL)
        *pump = *there;
    (void)pthread_mutex_unlock(&feed->lock);
    return there != NULL;
}

void feed_age(char text[FEED_AGE_BYTES], int64_t ms)
{
    snprintf(text, FEED_AGE_BYTES, "%" PRId64 " s", ms / 1000);
}

json_t *feed_json(struct feed *feed, int64_t now_ms)
{
    char age[FEED_AGE_BYTES];
    json_t *list = json_array();
    (void)pthread_mutex_lock(&feed->lock);
    for (unsigned i = 0; i < FEED_PUMPS_MAX; i++) {
        const struct feed_pump *pump = &feed->pump[i];
        if (*pump->serial == '\0')
            continue;
        json_t *one = json_pack("{s:s, s:b}", "serial", pump->serial, "silent", pump->silent);
        feed_age(age, now_ms - pump->at_ms);
        (void)json_object_set_new(one, "age", pump->number > 0 ? json_string(age) : json_null());
        (void)json_array_append_new(list, one);
    }
    (void)pthread_mutex_unlock(&feed->lock);
    return list;
}

bool feed_join(struct feed *feed, struct feed_waiter *waiter)
{
    bool joined = false;
    (void)pthread_mutex_lock(&feed->lock);
    for (unsigned i = 0; i < FEED_STREAMS_MAX && !joined && !feed->ending; i++) {
        if (feed->waiter[i] != NULL)
            continue;
        feed->waiter[i] = waiter;
        joined = true;
    }
    (void)pthread_mutex_unlock(&feed->lock);
    return joined;
}

void feed_leave(struct feed *feed, struct feed_waiter *waiter)
{
    (void)pthread_mutex_lock(&feed->lock);
    for (unsigned i = 0; i < FEED_STREAMS_MAX; i++)
        if (feed->waiter[i] == waiter)
            feed->waiter[i] = NULL;
    (void)pthread_mutex_unlock(&feed->lock);
}

void feed_wake(struct feed *feed)
{
    (void)pthread_mutex_lock(&feed->lock);
    wake_all(feed);
    (void)pthread_mutex_unlock(&feed->lock);
}

void feed_end(struct feed *feed)
{
    (void)pthread_mutex_lock(&feed->lock);
    feed->ending = true;
    wake_all(feed);
    (void)pthread_mutex_unlock(&feed->lock);
}

unsigned feed_streams(struct feed *feed)
{
    unsigned count = 0;
    (void)pthread_mutex_lock(&feed->lock);
    for (unsigned i = 0; i < FEED_STREAMS_MAX; i++)
        count += feed->waiter[i] != NULL;
    (void)pthread_mutex_unlock(&feed->lock);
    return count;
}
