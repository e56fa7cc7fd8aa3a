/* live.h - what pumps last told, and the streams of those who look on. One who publishes wakes the streams; a stream always
 * tells the age of what it shows, and says so in time when nothing new comes. REQ-ALRM-14, HZ-38. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_LIVE_H
#define CLINIC_SERVER_LIVE_H

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/therapy.h"

enum { LIVE_PUMPS_MAX = 64, LIVE_STREAMS_MAX = 128, LIVE_TEXT_BYTES = 4096 };

struct live_pump {
    char serial[SERIAL_BYTES]; /* empty: free */
    uint64_t number;           /* rises with each state; 0: none yet */
    int64_t at_ms;             /* when it was told */
    bool silent;               /* the last try to ask it failed */
    char text[LIVE_TEXT_BYTES]; /* the state, a JSON object */
    char fault[160];            /* why it is silent */
};

/* Waits for something to tell. */
struct live_waiter {
    void (*wake)(void *context);
    void *context;
    bool asleep;
};

struct live {
    pthread_mutex_t lock;
    struct live_pump pump[LIVE_PUMPS_MAX];
    struct live_waiter *waiter[LIVE_STREAMS_MAX];
    bool ending;
};

bool live_start(struct live *live);
/* A pump's state, at `now_ms`. False when it is too long, or there are too many pumps. */
bool live_publish(struct live *live, const char *serial, const json_t *state, int64_t now_ms);
/* It does not answer; the last state stays, and ages. */
bool live_silent(struct live *live, const char *serial, const char *fault);
/* A copy of what is known of a pump; false when nothing is. */
bool live_read(struct live *live, const char *serial, struct live_pump *pump);
/* The pumps there are, as an array of objects. */
json_t *live_json(struct live *live, int64_t now_ms);

/* A stream comes and goes; false when there are too many. */
bool live_join(struct live *live, struct live_waiter *waiter);
void live_leave(struct live *live, struct live_waiter *waiter);
/* Wakes all that sleep. */
void live_wake(struct live *live);
/* Wakes all, and lets none sleep any more. */
void live_end(struct live *live);
/* Age as a person reads it: "12 s". */
enum { LIVE_AGE_BYTES = 48 };
void live_age(char text[LIVE_AGE_BYTES], int64_t ms);

#endif
