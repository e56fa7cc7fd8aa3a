/* feed.h - what pumps last told, and the streams of those who look on. One who publishes wakes the streams; a stream always
 * tells the age of what it shows, and says so in time when nothing new comes. REQ-ALRM-14, HZ-38. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_FEED_H
#define CLINIC_SERVER_FEED_H

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/therapy.h"

enum { FEED_PUMPS_MAX = 64, FEED_STREAMS_MAX = 128, FEED_TEXT_BYTES = 4096 };

struct feed_pump {
    char serial[SERIAL_BYTES]; /* empty: free */
    uint64_t number;           /* rises with each state; 0: none yet */
    int64_t at_ms;             /* when it was told */
    bool silent;               /* the last try to ask it failed */
    char text[FEED_TEXT_BYTES]; /* the state, a JSON object */
    char fault[160];            /* why it is silent */
};

/* Waits for something to tell. */
struct feed_waiter {
    void (*wake)(void *context);
    void *context;
    bool asleep;
};

struct feed {
    pthread_mutex_t lock;
    struct feed_pump pump[FEED_PUMPS_MAX];
    struct feed_waiter *waiter[FEED_STREAMS_MAX];
    bool ending;
};

bool feed_start(struct feed *feed);
/* A pump's state, at `now_ms`. False when it is too long, or there are too many pumps. */
bool feed_publish(struct feed *feed, const char *serial, const json_t *state, int64_t now_ms);
/* It does not answer; the last state stays, and ages. */
bool feed_silent(struct feed *feed, const char *serial, const char *fault);
/* A copy of what is known of a pump; false when nothing is. */
bool feed_read(struct feed *feed, const char *serial, struct feed_pump *pump);
/* The pumps there are, as an array of objects. */
json_t *feed_json(struct feed *feed, int64_t now_ms);

/* A stream comes and goes; false when there are too many. */
bool feed_join(struct feed *feed, struct feed_waiter *waiter);
void feed_leave(struct feed *feed, struct feed_waiter *waiter);
/* Wakes all that sleep. */
void feed_wake(struct feed *feed);
/* Wakes all, and lets none sleep or come any more. */
void feed_end(struct feed *feed);
/* How many streams there are. */
unsigned feed_streams(struct feed *feed);
/* Age as a person reads it: "12 s". */
enum { FEED_AGE_BYTES = 48 };
void feed_age(char text[FEED_AGE_BYTES], int64_t ms);

#endif
