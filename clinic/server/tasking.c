/* tasking.c - tasks over HTTP. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/tasking.h"

#include <string.h>

#include "clinic/records/list.h"
#include "clinic/server/answering.h"
#include "clinic/server/card.h"
#include "clinic/server/typing.h"

/* Both locks, in their order. */
static void lock_both(struct server *server)
{
    (void)pthread_mutex_lock(&server->lock);
    (void)pthread_mutex_lock(&server->tasks.lock);
}

static void unlock_both(struct server *server)
{
    (void)pthread_mutex_unlock(&server->tasks.lock);
    (void)pthread_mutex_unlock(&server->lock);
}

/* Under both locks. Whoever has the claim stays its owner by working. */
static bool claim_pass(struct request *request, struct answer *answer)
{
    char text[CLAIM_TOKEN_TEXT];
    if (!request->session->ended &&
        claims_take(&request->server->claims, request->parameter[0], request->session->number,
                    request->session->user.name, request_text(request, "claim"), request->now_ms, text) == CLAIM_OK)
        return true;
    answer_problem(answer, 409, "claim-lost", "claim",
                   "this token does not hold the pump: look at it again, and claim it anew");
    return false;
}

/* Under both locks, past claim_pass(). What was taken for an emergency is for nothing else. */
static bool emergency_pass(const struct request *request, struct answer *answer, enum work work)
{
    const struct claim *claim = claims_find(&request->server->claims, request->parameter[0], request->now_ms);
    if (work == WORK_EMERGENCY || (claim != NULL && !claim->emergency))
        return true;
    answer_problem(
        answer, 409, "emergency", "workflow",
        "the pump was claimed for an emergency: workflow emergency alone would pass; for another release it, "
        "and claim it without \"emergency\"");
    return false;
}

/* Under both locks. The task of this session at this pump, or for SECOND of another, which nothing is carried out for just now;
 * null, answered. */
static struct task *task_pass(struct request *request, struct answer *answer, uint8_t step)
{
    struct task *task = tasks_find(&request->server->tasks, request->parameter[0]);
    if (task == NULL)
        answer_problem(answer, 404, "missing", "path", "no workflow is under way at this pump");
    else if (task->session != request->session && step != STEP_AT_SECOND)
        answer_problem(answer, 409, "claim-lost", NULL,
                       "it was begun in another session, and ends: look again in a moment");
    else if (task->busy)
        answer_problem(answer, 409, "busy", NULL, "the pump is being asked or told: look again in a moment");
    else
        return task;
    return NULL;
}

static void card_answer(struct request *request, struct answer *answer, unsigned status, const struct task *task)
{
    answer_json(answer, status, card_json(task, request->now_ms));
}

void task_get(struct request *request, struct answer *answer)
{
    struct tasks *tasks = &request->server->tasks;
    (void)pthread_mutex_lock(&tasks->lock);
    const struct task *task = tasks_find(tasks, request->parameter[0]);
    if (task != NULL)
        card_answer(request, answer, 200, task);
    else
        answer_problem(answer, 404, "missing", "path", "no workflow is under way at this pump");
    (void)pthread_mutex_unlock(&tasks->lock);
}

/* The patient and the pump, by the records. */
static bool book_open(struct request *request, struct answer *answer, enum work work, struct casebook *book)
{
    int64_t patient = json_integer_value(json_object_get(request->body.value, "patient"));
    const char *serial = request->parameter[0];
    if ((work == WORK_IMPLANT) != (patient != 0)) {
        answer_problem(answer, 400, "malformed", "patient",
                       "workflow implant, and no other, needs the number of a patient");
        return false;
    }
    struct records *records = request_records(request);
    enum records_fault fault =
        patient != 0 ? casebook_of_patient(records, patient, serial, book) : casebook_of_pump(records, serial, book);
    if (fault ==
        RECORDS_EXISTS) /* it may be this patient's: a first therapy that was refused leaves the pump in place */
        fault = casebook_of_pump(records, serial, book) == RECORDS_OK && book->patient == patient ? RECORDS_OK : fault;
    if (work == WORK_EMERGENCY && fault != RECORDS_OK) { /* nothing that the records are waits in its way */
        *book = (struct casebook){ .patient = 0 };
        fault = RECORDS_OK;
    }
    if (fault != RECORDS_OK)
        answer_records(answer, records, fault);
    request_done(request);
    return fault == RECORDS_OK;
}

void task_begin(struct request *request, struct answer *answer)
{
    struct server *server = request->server;
    struct tasks *tasks = &server->tasks;
    const char *region = request_text(request, "region");
    enum work work = (enum work)work_find(request_text(request, "workflow"));
    struct task made = { .session = request->session };
    if (strlen(request->parameter[0]) >= SERIAL_BYTES) {
        answer_problem(answer, 404, "missing", "path", "a serial has at most %d characters", SERIAL_BYTES - 1);
        return;
    }
    if (*region == '\0' && work == WORK_IMPLANT) {
        answer_problem(answer, 400, "malformed", "region",
                       "a new pump names no region of the library: US or EU would pass");
        return;
    }
    if (!book_open(request, answer, work, &made.book))
        return;
    memcpy(made.serial, request->parameter[0], strlen(request->parameter[0]));
    made.practice.formulary = *region != '\0' ? tasks_formulary(tasks, region) : NULL;
    lock_both(server);
    if (claim_pass(request, answer) && emergency_pass(request, answer, work)) {
        struct task *task = tasks_begin(tasks, &made, work, request->now_ms, request->utc_ms);
        if (task == NULL)
            answer_problem(answer, 409, "busy", NULL,
                           "a workflow is under way at this pump, or %d at others: end it, or abandon it", TASKS_MAX);
        else if (!task_go(task))
            answer_problem(answer, 503, "busy", NULL, "no thread to ask the pump with: POST .../again tries it anew");
        else
            card_answer(request, answer, 202, task);
    }
    unlock_both(server);
}

void task_again(struct request *request, struct answer *answer)
{
    struct server *server = request->server;
    lock_both(server);
    struct task *task = claim_pass(request, answer) ? task_pass(request, answer, STEPS) : NULL;
    if (task != NULL && !task_go(task))
        answer_problem(answer, 503, "busy", NULL, "no thread to ask the pump with: try again");
    else if (task != NULL)
        card_answer(request, answer, task->busy ? 202 : 200, task);
    unlock_both(server);
}

void task_abandon(struct request *request, struct answer *answer)
{
    struct server *server = request->server;
    lock_both(server);
    struct task *task = claim_pass(request, answer) ? task_pass(request, answer, STEPS) : NULL;
    if (task != NULL && task->workflow.ending == ENDING_NONE && !workflow_abandon(&task->workflow))
        answer_problem(answer, 409, "unknown-outcome", NULL,
                       "the outcome of the last command is unknown: it has to be found out first, by POST .../again");
    else if (task != NULL && task_go(task))
        card_answer(request, answer, 202, task);
    else if (task != NULL)
        answer_problem(answer, 503, "busy", NULL, "no thread to write it down with: try again");
    unlock_both(server);
}

/* Is it to this finish screen that somebody agrees? What was drafted since another looked is another one. */
static bool digest_pass(struct request *request, struct answer *answer, const struct task *task, uint8_t step)
{
    char digest[CARD_DIGEST_TEXT];
    int64_t number = json_integer_value(json_object_get(request->body.value, "task"));
    if (step != STEP_AT_FINISH && step != STEP_AT_SECOND)
        return true;
    card_digest(task, digest);
    if (strcmp(digest, request_text(request, "digest")) == 0 &&
        (step == STEP_AT_FINISH || number == (int64_t)task->number))
        return true;
    answer_problem(answer, 409, "another-finish", "digest",
                   "what would change is not what was read: look at the card again, and agree to that");
    return false;
}

/* Who may answer: at SECOND somebody else, from a session of their own; otherwise whoever holds the pump. */
static bool person_pass(struct request *request, struct answer *answer, uint8_t step)
{
    if (step != STEP_AT_SECOND)
        return claim_pass(request, answer);
    if (json_is_true(json_object_get(request->body.value, "agree")))
        return true;
    answer_problem(answer, 422, "refused", "agree",
                   "who does not agree tells the first clinician so: it is abandoned there");
    return false;
}

static void given_answer(struct request *request, struct answer *answer, struct task *task, enum given given)
{
    if (given == GIVEN_OUT_OF_ORDER)
        answer_problem(answer, 409, "step", "path",
                       "the workflow is at step %s, or wants no answer now: look at it again",
                       task->workflow.ending != ENDING_NONE ? "end" : step_word(workflow_step(&task->workflow)));
    else if (given == GIVEN_ON && !task_go(task))
        answer_problem(answer, 503, "busy", NULL, "no thread to go on with: POST .../again tries it anew");
    else if (given == GIVEN_ON)
        card_answer(request, answer, 200, task);
    if (given != GIVEN_HELD)
        return;
    answer_problem(answer, 422, "held", NULL, "not taken: the findings of \"task\" say why, and what would pass");
    (void)json_object_set_new(answer->json, "task", card_json(task, request->now_ms));
}

/* Under both locks. The body as answers to the step at hand; false, answered, when it is none. */
static bool answers_pass(struct request *request, struct answer *answer, struct task *task, uint8_t step,
                         struct answers *answers)
{
    if (workflow_step(&task->workflow) != step) {
        given_answer(request, answer, task, GIVEN_OUT_OF_ORDER);
        return false;
    }
    if (task->practice.formulary == NULL) {
        answer_problem(answer, 409, "region", NULL,
                       "the pump names no region that the library has: abandon this, and begin with \"region\"");
        return false;
    }
    if (!digest_pass(request, answer, task, step))
        return false;
    if (answering_read(&request->body, task, step, request->session->user.id, answers))
        return true;
    answer_complaints(answer, request->reader);
    return false;
}

/* One step's answers. Held ones are 422, with the findings; the workflow stays where it is. */
static void step_answer(struct request *request, struct answer *answer, uint8_t step)
{
    struct server *server = request->server;
    struct answers answers;
    typing_keep(request, step);
    lock_both(server);
    struct task *task = person_pass(request, answer, step) ? task_pass(request, answer, step) : NULL;
    if (task != NULL && answers_pass(request, answer, task, step, &answers))
        given_answer(request, answer, task,
                     workflow_give(&task->workflow, &task->practice, &answers, task_time(task, request->now_ms),
                                   &task->findings));
    unlock_both(server);
}

#define PERSON_STEPS(X)                                                                                                \
    X(IDENTIFY, identify)                                                                                              \
    X(LOWER, lower)                                                                                                    \
    X(CATHETER, catheter)                                                                                              \
    X(PORT, port)                                                                                                      \
    X(RESIDUAL, residual)                                                                                              \
    X(FILL, fill)                                                                                                      \
    X(THERAPY, therapy)                                                                                                \
    X(SCHEDULE, schedule)                                                                                              \
    X(BRIDGE, bridge) X(PRIME, prime) X(ASPIRATE, aspirate) X(INJECT, inject) X(SCAN, scan) X(EMPTY, empty)            \
        X(FINISH, finish) X(SECOND, second) X(READBACK, readback) X(WATCH, watch)
#define HANDLER(step, name)                                                                                            \
    void task_##name(struct request *request, struct answer *answer)                                                   \
    {                                                                                                                  \
        step_answer(request, answer, STEP_AT_##step);                                                                  \
    }
PERSON_STEPS(HANDLER)
