/* patientcare_test.c - presses at a pump of these tests: one press is one bolus whatever the air does, what is not known is
 * settled by the next contact, and a ticket is good once. REQ-PTNT-02, REQ-PTNT-03, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/patientcare.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clinic/server/journal.h"
#include "core/catalog.h"
#include "tests/clinic/fake_pump.h"

enum { EVERY_MS = 1, TRIES = 12 };

/* The pump, and how many of its answers are lost from the first command on. */
static struct bedside {
    struct fake_pump pump;
    struct key key;
    struct patientbook book;
    char folder[64], path[96];
    unsigned lost, losing;
    pthread_mutex_t lock;
    pthread_cond_t turned;
    unsigned turns;
} bedside;

static bool enter(void *context, const char *serial, uint8_t role, struct programmer *programmer, struct air *air,
                  char fault[DOOR_FAULT_BYTES])
{
    struct bedside *at = context;
    (void)fault;
    assert_int_equal(role, ROLE_PATIENT);
    assert_string_equal(serial, "C20-0001");
    if (programmer->key.slot == PAIRING_SLOT) {
        programmer_start(programmer, &at->key);
        programmer->patience.wait_ms = 1;
    }
    *air = fake_air(&at->pump);
    return true;
}

static void leave(void *context)
{
    struct bedside *at = context;
    (void)pthread_mutex_lock(&at->lock);
    at->turns++;
    (void)pthread_cond_signal(&at->turned);
    (void)pthread_mutex_unlock(&at->lock);
}

static void turn_wait(void)
{
    (void)pthread_mutex_lock(&bedside.lock);
    for (unsigned before = bedside.turns; bedside.turns == before;)
        (void)pthread_cond_wait(&bedside.turned, &bedside.lock);
    (void)pthread_mutex_unlock(&bedside.lock);
}

static enum fate plan_deaf(struct fake_pump *pump, enum way way, unsigned index)
{
    (void)index;
    if (way != WAY_TO_PROGRAMMER || pump->commands_heard == 0 || bedside.lost >= bedside.losing)
        return FATE_PASS;
    bedside.lost++;
    return FATE_LOSE;
}

static struct patientcare *care_begin(unsigned losing)
{
    const struct door door = { .context = &bedside, .enter = enter, .leave = leave };
    char fault[PATIENTBOOK_FAULT_BYTES];
    memset(&bedside, 0, sizeof bedside);
    fake_start(&bedside.pump, 11);
    assert_int_equal(pthread_mutex_init(&bedside.lock, NULL), 0);
    assert_int_equal(pthread_cond_init(&bedside.turned, NULL), 0);
    struct air air = fake_air(&bedside.pump);
    bedside.key = fake_paired(&bedside.pump, &air, ROLE_PATIENT).key;
    bedside.losing = losing;
    bedside.pump.plan = plan_deaf;
    snprintf(bedside.folder, sizeof bedside.folder, "%s/bedside-XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(bedside.folder));
    snprintf(bedside.path, sizeof bedside.path, "%s/book", bedside.folder);
    assert_true(patientbook_open(&bedside.book, bedside.path, "C20-0001", fault));
    struct patientcare *care = patientcare_start(EVERY_MS, &door, &bedside.book, "");
    assert_non_null(care);
    return care;
}

static void book_end(void)
{
    char lock[112];
    patientbook_close(&bedside.book);
    snprintf(lock, sizeof lock, "%s.lock", bedside.path);
    (void)unlink(bedside.path);
    (void)unlink(lock);
    assert_int_equal(rmdir(bedside.folder), 0);
}

static void care_end(struct patientcare *care)
{
    patientcare_stop(care);
    book_end();
}

/* The first state in which there is a ticket, or what came of a press. */
static void state_until(struct patientcare *care, const char *outcome, char ticket[PATIENT_TICKET_TEXT])
{
    for (;;) {
        json_t *json = patientcare_json(care, server_now());
        const char *told = json_string_value(json_object_get(json, "outcome"));
        const char *given = json_string_value(json_object_get(json, "ticket"));
        bool busy = json_is_true(json_object_get(json, "busy"));
        bool there = !busy && (outcome != NULL ? strcmp(told, outcome) == 0 : given != NULL);
        if (there && given != NULL)
            snprintf(ticket, PATIENT_TICKET_TEXT, "%s", given);
        json_decref(json);
        if (there)
            return;
        turn_wait(); /* there is one each millisecond */
    }
}

static void press_with(unsigned losing, const char *outcome)
{
    char ticket[PATIENT_TICKET_TEXT];
    struct patientcare *care = care_begin(losing);
    state_until(care, NULL, ticket);
    assert_int_equal(patientcare_press(care, ticket, server_now()), WISH_TAKEN);
    assert_int_equal(patientcare_press(care, ticket, server_now()), WISH_AGAIN);
    state_until(care, outcome, ticket);
    assert_int_equal(bedside.pump.done_count, 1);
    assert_int_equal(bedside.lost, losing);
    assert_null(patientbook_asked(&bedside.book));
    assert_int_equal(bedside.book.press[0].outcome, PRESS_APPLIED);
    assert_int_equal(fake_done(&bedside.pump, bedside.book.press[0].id), 1);
    care_end(care);
}

static void test_a_press_is_one_bolus(void **state)
{
    (void)state;
    press_with(0, "applied");
}

/* The answers to the command are lost, all of them: the session still stands, and the outcome is asked for in a new one. */
static void test_answers_lost_are_asked_for_in_the_same_turn(void **state)
{
    (void)state;
    press_with(TRIES, "applied");
}

/* Those after it too: the pump is silent, and told so; heard again, it tells what came of the press. */
static void test_a_long_silence_after_a_press_is_settled_when_it_ends(void **state)
{
    (void)state;
    press_with(5 * TRIES, "applied");
}

static void test_a_refusal_is_told_and_gives_nothing(void **state)
{
    (void)state;
    char ticket[PATIENT_TICKET_TEXT];
    struct patientcare *care = care_begin(0);
    state_until(care, NULL, ticket);
    bedside.pump.reasons = VERDICT_LOCKOUT;
    assert_int_equal(patientcare_press(care, ticket, server_now()), WISH_TAKEN);
    state_until(care, "not_applied", ticket);
    assert_int_equal(bedside.pump.done_count, 0);
    assert_int_equal(bedside.book.press[0].reasons, VERDICT_LOCKOUT);
    care_end(care);
}

/* What cannot be written down is not sent. */
static void test_a_key_that_cannot_be_kept_sends_nothing(void **state)
{
    (void)state;
    char ticket[PATIENT_TICKET_TEXT];
    struct patientcare *care = care_begin(0);
    state_until(care, NULL, ticket);
    bedside.pump.keep_fails_from = 1;
    bedside.pump.keep_fails_to = UINT32_MAX;
    assert_int_equal(patientcare_press(care, ticket, server_now()), WISH_TAKEN);
    state_until(care, "not_applied", ticket);
    assert_int_equal(bedside.pump.commands_heard, 0);
    care_end(care);
}

static void test_a_ticket_is_good_once_and_not_for_long(void **state)
{
    (void)state;
    char ticket[PATIENT_TICKET_TEXT], next[PATIENT_TICKET_TEXT];
    struct patientcare *care = care_begin(0);
    state_until(care, NULL, ticket);
    int64_t late_ms = server_now() + PATIENT_TICKET_MS + 1000;
    assert_int_equal(patientcare_press(care, ticket, late_ms), WISH_STALE);
    assert_int_equal(patientcare_press(care, "", server_now()), WISH_STALE);
    assert_int_equal(patientcare_press(care, "00000000000000000000000000000000", server_now()), WISH_STALE);
    state_until(care, NULL, ticket); /* looked at again, it is good again */
    assert_int_equal(patientcare_press(care, ticket, server_now()), WISH_TAKEN);
    state_until(care, "applied", next);
    assert_int_equal(patientcare_press(care, ticket, server_now()), WISH_AGAIN);
    state_until(care, NULL, next);
    assert_string_not_equal(ticket, next);
    assert_int_equal(patientcare_press(care, next, server_now()), WISH_TAKEN);
    assert_int_equal(patientcare_press(care, ticket, server_now()), WISH_STALE);
    care_end(care);
    assert_int_equal(bedside.pump.done_count, 2);
}

/* A pump gives a patient's key a message in ten seconds in the long run (link/SPEC.md, section 4), and knows no exception for one
 * whose alarm stands. */
static void test_turns_stay_within_the_ration_while_an_alarm_stands(void **state)
{
    (void)state;
    struct patientcare *care = care_begin(0);
    unsigned messages = 0;
    bedside.pump.alarm = alarm_row(0)->code;
    for (unsigned turns = 0; turns < 300; turns++)
        turn_wait();
    patientcare_stop(care);
    for (unsigned i = 0; i < 16; i++)
        messages += bedside.pump.asked[i];
    assert_int_equal(bedside.pump.sessions, 1);
    assert_true(messages >= bedside.turns);
    assert_true(messages * 10 <= bedside.turns * PATIENT_EVERY_S);
    assert_true(bedside.pump.asked[3] > 0);
    book_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_press_is_one_bolus),
        cmocka_unit_test(test_answers_lost_are_asked_for_in_the_same_turn),
        cmocka_unit_test(test_a_long_silence_after_a_press_is_settled_when_it_ends),
        cmocka_unit_test(test_a_refusal_is_told_and_gives_nothing),
        cmocka_unit_test(test_a_key_that_cannot_be_kept_sends_nothing),
        cmocka_unit_test(test_turns_stay_within_the_ration_while_an_alarm_stands),
        cmocka_unit_test(test_a_ticket_is_good_once_and_not_for_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
