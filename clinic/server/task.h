/* task.h - tasks: the workflows under way, one a pump, each with its person's session; and the threads that carry out what they
 * want of pumps and records, so that no request waits for a pump. REQ-CLIN-11, REQ-CLIN-12, HZ-17, HZ-28; docs/clinic.md.
 *
 * A task lives as long as its person's claim on the pump. When claim or session ends, the draft is dropped and audited; what was
 * sent before is recorded as it is known. Its records are those of the person's session, which is held until then. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_TASK_H
#define CLINIC_SERVER_TASK_H

#include <pthread.h>

#include "clinic/casebook/casebook.h"
#include "clinic/server/door.h"
#include "clinic/server/login.h"
#include "clinic/workflow/workflow.h"

enum { TASKS_MAX = 64, TASK_FAULT_BYTES = RECORDS_ERROR_BYTES };

struct task {
    struct tasks *tasks;
    struct login *session; /* held */
    uint64_t number;       /* never used twice */
    char serial[SERIAL_BYTES];
    struct casebook book;
    struct practice practice; /* formulary null: of the region that the pump's therapy names, once it has answered */
    int64_t utc_ms; /* what UTC had above the clock that never goes back when it began: the workflow's times are
                               * those of that clock and this, so that they are UTC and never go back */
    struct workflow workflow;
    struct findings findings; /* of the last answers */
    struct programmer programmer;
    bool busy;     /* a thread carries out what is wanted; nothing else changes the task meanwhile */
    bool threaded; /* `thread` is to be joined */
    bool taken;    /* another took the pump for an emergency, if only for a moment: nobody is there for it */
    bool forsaken; /* nobody is there for it any more: it goes when all is written */
    char fault[TASK_FAULT_BYTES]; /* why what is wanted could not be done; empty: it could */
    pthread_t thread;
};

/* Where tasks are; all that is pointed to outlives them. */
struct tasks {
    pthread_mutex_t lock;      /* of all of it; taken after server->lock, before a session's */
    pthread_mutex_t *sessions; /* server->lock: under it sessions are held and let go */
    const struct door *door;
    const struct formulary *formulary; /* one a region */
    unsigned regions;
    const uint8_t *site_key; /* that signed limits are verified by, SIGN_KEY_BYTES; null: the site has none */
    uint64_t last;
    struct task *task[TASKS_MAX];
};

bool tasks_start(struct tasks *tasks, pthread_mutex_t *sessions, const struct door *door,
                 const struct formulary *formulary, unsigned regions);
/* Waits for the threads, writes what is still to be written, and lets everything go. Before the sessions are closed. */
void tasks_stop(struct tasks *tasks, int64_t now_ms);

/* A moment of the clock that never goes back, as the workflow counts. */
static inline int64_t task_time(const struct task *task, int64_t now_ms)
{
    return now_ms + task->utc_ms;
}

/* The formulary of a region; null when there is none. */
const struct formulary *tasks_formulary(const struct tasks *tasks, const char *region);

/* Under tasks->lock. The newest task at a pump, also one that has ended and is still looked at; null: none. */
struct task *tasks_find(const struct tasks *tasks, const char *serial);
/* Under both locks. Begins one in the place of one that has ended: session, serial, book and formulary are those of `made`, and
 * the session is held. An emergency is begun beside what another session has under way, which then ends. Null when there is no
 * place, or one is under way at this pump. */
struct task *tasks_begin(struct tasks *tasks, const struct task *made, enum work work, int64_t now_ms, int64_t utc_ms);
/* Under tasks->lock. Begins to carry out what is wanted of pump and records, if anything is. False when it cannot begin. */
bool task_go(struct task *task);
/* Another session takes the pump for an emergency: what the others have begun at it is dropped by the next sweep, even when they
 * have their claim back by then. Under the sessions' lock; takes tasks->lock. */
void tasks_take(struct tasks *tasks, const char *serial, const struct login *session);
/* Drops drafts that nobody answers, and tasks that nobody is there for any more, as `held` says, which is called with both locks
 * taken. To be called every second or so. */
void tasks_sweep(struct tasks *tasks, int64_t now_ms, bool (*held)(void *context, const struct task *task),
                 void *context);

#endif
