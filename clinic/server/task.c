/* task.c - tasks come, are carried out by threads of their own, and go. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/task.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clinic/casebook/pull.h"
#include "clinic/casebook/recording.h"
#include "clinic/casebook/settle.h"
#include "clinic/server/journal.h"
#include "clinic/workflow/hands.h"

enum {
    WANTS_MAX = 16, /* more than any workflow has in a row without a person's answer */
    PULL_PAGES = 64 /* of the log, after a workflow: guess; the next one goes on */
};

bool tasks_start(struct tasks *tasks, pthread_mutex_t *sessions, const struct door *door,
                 const struct formulary *formulary, unsigned regions)
{
    *tasks = (struct tasks){ .sessions = sessions, .door = door, .formulary = formulary, .regions = regions };
    return pthread_mutex_init(&tasks->lock, NULL) == 0;
}

const struct formulary *tasks_formulary(const struct tasks *tasks, const char *region)
{
    for (unsigned i = 0; i < tasks->regions; i++)
        if (strcmp(tasks->formulary[i].region, region) == 0)
            return &tasks->formulary[i];
    return NULL;
}

struct task *tasks_find(const struct tasks *tasks, const char *serial)
{
    struct task *newest = NULL;
    for (unsigned i = 0; i < TASKS_MAX; i++) {
        struct task *task = tasks->task[i];
        if (task != NULL && strcmp(task->serial, serial) == 0 && (newest == NULL || task->number > newest->number))
            newest = task;
    }
    return newest;
}

/* Under both locks. */
static void task_free(struct task *task)
{
    struct tasks *tasks = task->tasks;
    for (unsigned i = 0; i < TASKS_MAX; i++)
        if (tasks->task[i] == task)
            tasks->task[i] = NULL;
    if (task->threaded)
        (void)pthread_join(task->thread, NULL);
    login_release(task->session);
    sodium_memzero(task, sizeof *task); /* keys of a session with the pump, and who the patient is */
    free(task);
}

static bool is_over(const struct task *task)
{
    return workflow_want(&task->workflow) == WANT_NOTHING;
}

struct task *tasks_begin(struct tasks *tasks, const struct task *made, enum work work, int64_t now_ms, int64_t utc_ms)
{
    struct task *before = tasks_find(tasks, made->serial);
    unsigned at = 0;
    bool over = before != NULL && !before->busy && is_over(before);
    /* The way down does not wait for what another has begun, nor for its records: the sweep ends that by itself. */
    if (before != NULL && !over && (work != WORK_EMERGENCY || before->session == made->session))
        return NULL;
    if (over)
        task_free(before);
    while (at < TASKS_MAX && tasks->task[at] != NULL)
        at++;
    struct task *task = at < TASKS_MAX ? calloc(1, sizeof *task) : NULL;
    if (task == NULL)
        return NULL;
    const struct formulary *formulary = made->practice.formulary;
    task->tasks = tasks;
    task->session = made->session;
    task->number = ++tasks->last;
    memcpy(task->serial, made->serial, sizeof task->serial);
    task->book = made->book;
    if (task->book.patient != 0)
        casebook_practice(&task->book, &task->practice);
    task->practice.accounts = true;
    task->practice.formulary = formulary;
    if (work == WORK_EMERGENCY && formulary == NULL) /* for the names of drugs alone */
        task->practice.formulary = &tasks->formulary[0];
    task->utc_ms = utc_ms - now_ms;
    workflow_begin(&task->workflow, work, task_time(task, now_ms));
    login_hold(task->session);
    tasks->task[at] = task;
    return task;
}

static bool is_of_pump(enum want want)
{
    return want == WANT_INTERROGATE || want == WANT_STAGE || want == WANT_ACTIVATE || want == WANT_COMMAND;
}

/* What a thread works on, apart from the task, which others look at meanwhile. */
struct turn {
    const struct door *door;
    struct login *session;
    struct casebook book;
    const char *serial;
    int64_t utc_ms;
    struct workflow workflow;
    struct programmer programmer;
    char fault[TASK_FAULT_BYTES];
};

static const char *contact_words(enum contact contact)
{
    switch (contact) {
    case CONTACT_OK:
        return "";
    case CONTACT_SILENCE:
        return "the pump does not answer: hold the antenna nearer, and try again";
    case CONTACT_NOT_PAIRED:
        return "this programmer is not paired with the pump: pair it, with the implant card";
    case CONTACT_REFUSED:
        return "the pump answered that it will not do this for this programmer";
    case CONTACT_VERSION:
        return "the pump speaks a version that this programmer does not know";
    case CONTACT_PENDING:
        return "the pump was changing while it was asked: try again";
    case CONTACT_KEEP_FAILED:
        return "the key could not be kept on disk: nothing more is sent before it can";
    case CONTACT_MALFORMED:
        break;
    }
    return "what was to be sent cannot be";
}

/* Down, at once: nothing that the records are waits in its way. REQ-LINK-05 */
static bool is_emergency(const struct turn *turn)
{
    return turn->workflow.work == WORK_EMERGENCY;
}

/* Earlier visits whose outcome is unknown: what the pump says may tell it. What it does not tell stays unknown, and says so. */
static void visits_settle(struct turn *turn)
{
    struct records *records = &turn->session->records;
    int64_t left = 0;
    (void)pthread_mutex_lock(&turn->session->lock);
    if (casebook_settle(records, &turn->book, &turn->workflow.seen, &turn->programmer.key, server_utc(), &left) !=
        RECORDS_OK)
        snprintf(turn->fault, sizeof turn->fault, "%s", records->error);
    else if (left > 0 && !is_emergency(turn)) { /* until a person has told, nothing but the way down is given */
        snprintf(
            turn->fault, sizeof turn->fault,
            "of %lld earlier visits it is not known whether they were applied: read the pump's log, and tell it by "
            "cisterna records settle; until then workflow emergency alone would pass",
            (long long)left);
        (void)workflow_abandon(&turn->workflow);
    }
    (void)pthread_mutex_unlock(&turn->session->lock);
}

/* What is about to be sent stands in the records before: who dies with it leaves an open question, not nothing. */
static bool ahead_write(void *context, const struct workflow *workflow, uint64_t command_id)
{
    struct turn *turn = context;
    struct records *records = &turn->session->records;
    if (is_emergency(turn))
        return true;
    (void)pthread_mutex_lock(&turn->session->lock);
    enum records_fault fault = casebook_record_ahead(records, &turn->book, workflow, command_id, server_utc());
    if (fault != RECORDS_OK)
        snprintf(turn->fault, sizeof turn->fault, "nothing was sent: %s", records->error);
    (void)pthread_mutex_unlock(&turn->session->lock);
    return fault == RECORDS_OK;
}

/* One conversation with the pump. False when it did not come to what was wanted. */
static bool pump_turn(struct turn *turn, enum want want)
{
    struct air air;
    char fault[DOOR_FAULT_BYTES];
    if (turn->door->enter == NULL ||
        !turn->door->enter(turn->door->context, turn->serial, ROLE_CLINICIAN, &turn->programmer, &air, fault)) {
        snprintf(turn->fault, sizeof turn->fault, "%s",
                 turn->door->enter == NULL ? "this server reaches no pump: start it with --radio and --keys" : fault);
        return false;
    }
    turn->book.programmer = casebook_mark(&turn->programmer.key);
    uint8_t step = workflow_step(&turn->workflow);
    const struct hands_ahead ahead = { .context = turn, .write = ahead_write };
    *turn->fault = '\0';
    enum contact contact = hands_do(&turn->workflow, &turn->programmer, &air, server_now() + turn->utc_ms, &ahead);
    turn->door->leave(turn->door->context);
    if (contact != CONTACT_OK && *turn->fault == '\0')
        snprintf(turn->fault, sizeof turn->fault, "%s", contact_words(contact));
    else if (step == STEP_AT_INTERROGATE && turn->book.unknown > 0)
        visits_settle(turn);
    return contact == CONTACT_OK || workflow_want(&turn->workflow) != want || workflow_step(&turn->workflow) != step;
}

/* What the pump wrote down goes into the records, to the visit; then its session ends with the workflow. A pump that is not heard
 * keeps its log for the next one, and ends the session by itself. */
static void pump_leave(struct turn *turn, int64_t visit)
{
    struct records *records = &turn->session->records;
    struct air air;
    char fault[DOOR_FAULT_BYTES];
    struct pull pull = { .breaks = 0 };
    if (turn->programmer.session.id == 0 ||
        !turn->door->enter(turn->door->context, turn->serial, ROLE_CLINICIAN, &turn->programmer, &air, fault))
        return;
    if (visit != 0) {
        (void)pthread_mutex_lock(&turn->session->lock);
        struct casebook book;
        enum records_fault came = casebook_of_pump(records, turn->serial, &book); /* an implant has its row only now */
        if (came == RECORDS_OK)
            came = casebook_pull(records, &book, visit, &turn->programmer, &air, PULL_PAGES, server_utc(), &pull);
        if (came != RECORDS_OK)
            snprintf(turn->fault, sizeof turn->fault, "the pump's log: %s", records->error);
        (void)pthread_mutex_unlock(&turn->session->lock);
    }
    if (pull.breaks > 0)
        server_log(4, "the log of pump %s does not hold together in %llu places", turn->serial,
                   (unsigned long long)pull.breaks);
    programmer_close(&turn->programmer, &air);
    turn->door->leave(turn->door->context);
}

/* Record or audit. What has been written answers true for ever, so that nothing is written twice. */
static bool records_turn(struct turn *turn, enum want want)
{
    struct records *records = &turn->session->records;
    int64_t visit = 0, at_ms = server_utc();
    if (want == WANT_AUDIT)
        pump_leave(turn, 0);
    if (turn->book.patient == 0) { /* an emergency at a pump that is nobody's, as far as the records know */
        server_log(4, "emergency at pump %s, which no record has, by user %lld: %s", turn->serial,
                   (long long)turn->session->user.id, workflow_ending_word(turn->workflow.ending));
        snprintf(turn->fault, sizeof turn->fault,
                 "NOT IN THE RECORDS, which do not know this pump: write it down by hand");
        workflow_recorded(&turn->workflow);
        workflow_audited(&turn->workflow);
        return true;
    }
    (void)pthread_mutex_lock(&turn->session->lock);
    enum records_fault fault = want == WANT_RECORD
                                   ? casebook_record(records, &turn->book, &turn->workflow, at_ms, &visit)
                                   : casebook_audit(records, &turn->book, &turn->workflow, at_ms);
    if (fault != RECORDS_OK)
        snprintf(turn->fault, sizeof turn->fault, "%s", records->error);
    (void)pthread_mutex_unlock(&turn->session->lock);
    if (fault != RECORDS_OK)
        return false;
    if (want == WANT_RECORD)
        pump_leave(turn, visit);
    if (want == WANT_RECORD)
        workflow_recorded(&turn->workflow);
    else
        workflow_audited(&turn->workflow);
    return true;
}

/* Shows what has come of it so far. */
static void turn_show(struct task *task, const struct turn *turn)
{
    (void)pthread_mutex_lock(&task->tasks->lock);
    task->workflow = turn->workflow;
    task->programmer = turn->programmer;
    const struct interrogation *seen = &task->workflow.seen;
    if (task->practice.formulary == NULL && seen->has_therapy)
        task->practice.formulary = tasks_formulary(task->tasks, seen->therapy.region);
    memcpy(task->fault, turn->fault, sizeof task->fault);
    (void)pthread_mutex_unlock(&task->tasks->lock);
}

static void *carry_out(void *context)
{
    struct task *task = context;
    struct turn *turn = calloc(1, sizeof *turn);
    if (turn != NULL) {
        *turn = (struct turn){ .door = task->tasks->door,
                               .session = task->session,
                               .book = task->book,
                               .serial = task->serial,
                               .utc_ms = task->utc_ms,
                               .workflow = task->workflow,
                               .programmer = task->programmer };
        for (unsigned i = 0; i < WANTS_MAX; i++) {
            enum want want = workflow_want(&turn->workflow);
            bool on = is_of_pump(want) ? pump_turn(turn, want)
                                       : (want == WANT_RECORD || want == WANT_AUDIT) && records_turn(turn, want);
            turn_show(task, turn);
            if (!on)
                break;
        }
        sodium_memzero(turn, sizeof *turn);
    }
    free(turn);
    (void)pthread_mutex_lock(&task->tasks->lock);
    task->busy = false;
    (void)pthread_mutex_unlock(&task->tasks->lock);
    return NULL;
}

bool task_go(struct task *task)
{
    enum want want = workflow_want(&task->workflow);
    if (task->busy || want == WANT_NOTHING || want == WANT_ANSWER)
        return true;
    if (task->threaded)
        (void)pthread_join(task->thread, NULL); /* it has ended: it is not busy */
    task->threaded = task->busy = pthread_create(&task->thread, NULL, carry_out, task) == 0;
    *task->fault = '\0';
    return task->threaded;
}

/* Nobody is there for it: nothing more is sent, and what was done is written. */
static void task_forsake(struct task *task)
{
    task->forsaken = true;
    if (!workflow_abandon(&task->workflow))
        workflow_forsake(&task->workflow);
}

void tasks_take(struct tasks *tasks, const char *serial, const struct login *session)
{
    (void)pthread_mutex_lock(&tasks->lock);
    for (unsigned i = 0; i < TASKS_MAX; i++) {
        struct task *task = tasks->task[i];
        if (task != NULL && task->session != session && strcmp(task->serial, serial) == 0)
            task->taken = true;
    }
    (void)pthread_mutex_unlock(&tasks->lock);
}

void tasks_sweep(struct tasks *tasks, int64_t now_ms, bool (*held)(void *context, const struct task *task),
                 void *context)
{
    (void)pthread_mutex_lock(tasks->sessions);
    (void)pthread_mutex_lock(&tasks->lock);
    for (unsigned i = 0; i < TASKS_MAX; i++) {
        struct task *task = tasks->task[i];
        if (task == NULL || task->busy)
            continue;
        (void)workflow_pass(&task->workflow, task_time(task, now_ms));
        if ((task->taken || !held(context, task)) && !task->forsaken)
            task_forsake(task);
        if (task->forsaken && is_over(task))
            task_free(task);
        else if (task->workflow.ending != ENDING_NONE)
            (void)task_go(task);
    }
    (void)pthread_mutex_unlock(&tasks->lock);
    (void)pthread_mutex_unlock(tasks->sessions);
}

static bool nobody(void *context, const struct task *task)
{
    (void)context;
    (void)task;
    return false;
}

/* Until the thread of each task has ended. */
static void tasks_join(struct tasks *tasks)
{
    for (unsigned i = 0; i < TASKS_MAX; i++) {
        (void)pthread_mutex_lock(&tasks->lock);
        struct task *task = tasks->task[i];
        bool threaded = task != NULL && task->threaded;
        if (threaded)
            task->threaded = false;
        (void)pthread_mutex_unlock(&tasks->lock);
        if (threaded)
            (void)pthread_join(task->thread, NULL);
    }
}

void tasks_stop(struct tasks *tasks, int64_t now_ms)
{
    tasks_join(tasks);
    tasks_sweep(tasks, now_ms, nobody, NULL);
    tasks_join(tasks);
    (void)pthread_mutex_lock(tasks->sessions);
    (void)pthread_mutex_lock(&tasks->lock);
    for (unsigned i = 0; i < TASKS_MAX; i++)
        if (tasks->task[i] != NULL)
            task_free(tasks->task[i]);
    (void)pthread_mutex_unlock(&tasks->lock);
    (void)pthread_mutex_unlock(tasks->sessions);
}
